"""The truth of cohorts: from counted predictions and outcomes to what a measure is computed from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dashboard.evaluation.cube import Scope, runs_of
from dashboard.history import Cohort, ModelEntry
from dashboard.performance.truth_counts import (
    ClassCounts,
    Predicted,
    PredictedClasses,
    PredictedScores,
    Residuals,
    ScoreCounts,
    Truth,
    residuals,
)
from qod.columns import parse_number

_TRUE: Final = "1"


def end_of(day: date) -> datetime:
    """The moment after the last of a day, UTC."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)


def cohorts_of(rows: pa.Table, models: Mapping[str, ModelEntry]) -> dict[Scope, list[Cohort]]:
    """The cohorts of each version of each of the models, from rows of ``cohort_truth``; see ``truth_of``."""
    found: dict[Scope, list[Cohort]] = {}
    if rows.num_rows == 0:
        return found
    columns = ("model_id", "model_version", "first_day", "batch_id")
    for a, b in pairwise(runs_of(rows, *columns)):
        model_id, version, first_day, batch_id = (rows.column(c)[a].as_py() for c in columns)
        model = models[model_id]
        of_cohort = _rows(rows.slice(a, b - a), _OF_TASK[model.task])
        found.setdefault((model_id, version), []).append(
            Cohort(
                cohort_id=cohort_id(model.cohort, first_day, batch_id),
                first_day=first_day,
                last_day=last_day(model.cohort, first_day),
                predicted=int(of_cohort.n.sum()),
                known=int(of_cohort.n[of_cohort.known].sum()),
                data=_DATA[model.task](of_cohort),
                predicted_scores=_predicted(of_cohort, model.task),
            )
        )
    return found


def truth_of(rows: pa.Table, task: str) -> tuple[int, int, Truth]:
    """Predictions, those of them whose truth is known, and what is known; ``rows`` as those of one cohort.

    A text that is no truth of the task (see the contract) is not known.
    """
    of_rows = _rows(rows, _OF_TASK[task])
    return int(of_rows.n.sum()), int(of_rows.n[of_rows.known].sum()), _DATA[task](of_rows)


def pairs_of_values(rows: pa.Table) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Predicted and true values of a regression, and the rows with each pair; ``rows`` as in ``truth_of``."""
    of_rows = _rows(rows, _OF_TASK["regression"])
    score = _scores(of_rows)
    met = of_rows.known & ~np.isnan(score)
    return score[met], _numbers(of_rows.outcome)[met], of_rows.n[met]


def first_day(cohort: str, day: date) -> date:
    """The first day of the cohort that a day belongs to."""
    if cohort == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if cohort == "week" else day


def cohort_id(cohort: str, first_day: date, batch_id: str) -> str:
    """The identifier of a cohort: ``batch:<batch>``, ``month:2026-10`` or ``week:2026-W41`` (ISO week)."""
    if cohort == "month":
        return f"month:{first_day:%Y-%m}"
    if cohort == "week":
        return f"week:{first_day:%G-W%V}"
    return f"batch:{batch_id}"


def last_day(cohort: str, first_day: date) -> date:
    """The last calendar day of a cohort: a month that is not over is not complete."""
    if cohort == "month":
        return (first_day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first_day + timedelta(days=6) if cohort == "week" else first_day


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one cohort: how many there are of each, and whether their truth is known."""

    table: pa.Table
    n: NDArray[np.int64]
    outcome: pa.StringArray
    known: NDArray[np.bool_]


def _rows(table: pa.Table, is_truth: Callable[[pa.StringArray], NDArray[np.bool_]]) -> _Rows:
    outcome = table.column("outcome").combine_chunks()
    return _Rows(table, np.asarray(table.column("n").combine_chunks()).astype(np.int64), outcome, is_truth(outcome))


def _is_binary(outcome: pa.StringArray) -> NDArray[np.bool_]:
    return np.asarray(pc.is_in(outcome, value_set=pa.array(["0", "1"])))


def _is_class(outcome: pa.StringArray) -> NDArray[np.bool_]:
    return np.asarray(outcome.is_valid())


def _is_number(outcome: pa.StringArray) -> NDArray[np.bool_]:
    return np.isfinite(_numbers(outcome))


_OF_TASK: Final = {"binary": _is_binary, "multiclass": _is_class, "regression": _is_number}


def _numbers(texts: pa.StringArray) -> NDArray[np.float64]:
    """The numbers that texts stand for, NaN for one that stands for none."""
    try:
        return np.asarray(texts.cast(pa.float64()).fill_null(np.nan))
    except pa.ArrowInvalid:
        read = (None if text is None else parse_number(text) for text in texts.to_pylist())
        return np.array([np.nan if number is None else number for number in read], np.float64)


def _scores(rows: _Rows) -> NDArray[np.float64]:
    return np.asarray(rows.table.column("score").combine_chunks().fill_null(np.nan)).astype(np.float64)


def _score_counts(rows: _Rows) -> ScoreCounts:
    score = _scores(rows)
    met = rows.known & ~np.isnan(score)
    n, true = rows.n[met], np.asarray(pc.equal(rows.outcome, _TRUE).fill_null(False))[met]
    scores, place = np.unique(score[met], return_inverse=True)
    return ScoreCounts(
        scores=scores,
        positives=np.bincount(place[true], n[true], len(scores)).astype(np.int64),
        negatives=np.bincount(place[~true], n[~true], len(scores)).astype(np.int64),
    )


def _residuals(rows: _Rows) -> Residuals:
    score = _scores(rows)
    met = rows.known & ~np.isnan(score)
    return residuals(score[met], _numbers(rows.outcome)[met], rows.n[met])


def _class_counts(rows: _Rows) -> ClassCounts:
    predicted = rows.table.column("prediction").combine_chunks()
    met = rows.known & np.asarray(predicted.is_valid())
    labels, (truth, guess) = _places(rows.outcome, predicted)
    pairs, place = np.unique(np.stack([truth[met], guess[met]]), axis=1, return_inverse=True)
    with_chances, probabilities = _probabilities(rows.table)
    told = rows.known[with_chances]
    return ClassCounts(
        labels=labels,
        true=pairs[0],
        predicted=pairs[1],
        rows=np.bincount(place, rows.n[met], pairs.shape[1]).astype(np.int64),
        probabilities=probabilities[told],
        outcomes=truth[with_chances][told],
    )


_DATA: Final[Mapping[str, Callable[[_Rows], Truth]]] = {
    "binary": _score_counts,
    "multiclass": _class_counts,
    "regression": _residuals,
}


def _predicted(rows: _Rows, task: str) -> Predicted:
    """All predictions, their truth known or not."""
    if task != "multiclass":
        score = _scores(rows)
        met = ~np.isnan(score)
        scores, place = np.unique(score[met], return_inverse=True)
        return PredictedScores(scores, np.bincount(place, rows.n[met], len(scores)).astype(np.int64))
    labels, (guess,) = _places(rows.table.column("prediction").combine_chunks())
    with_chances, probabilities = _probabilities(rows.table)
    return PredictedClasses(labels, guess[with_chances], probabilities)


def _places(*columns: pa.StringArray) -> tuple[tuple[str, ...], list[NDArray[np.int64]]]:
    """The values of all columns, ascending, and the place of each row's own in them; -1 where it has none."""
    values = sorted(set().union(*(pc.unique(column).drop_null().to_pylist() for column in columns)))
    known = pa.array(values, pa.string())
    found = [np.asarray(pc.index_in(column, value_set=known).fill_null(-1)).astype(np.int64) for column in columns]
    return tuple(values), found


def _probabilities(table: pa.Table) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which rows came with probabilities, and these (R, K); rows with another number of them than most have none."""
    if "probabilities" not in table.column_names:
        return np.zeros(table.num_rows, bool), np.empty((0, 0))
    lists = table.column("probabilities").combine_chunks()
    lengths = np.asarray(pc.list_value_length(lists).fill_null(0)).astype(np.int64)
    classes = int(np.bincount(lengths[lengths > 0]).argmax()) if (lengths > 0).any() else 0
    met = (lengths == classes) & (classes > 0)
    numbers = np.asarray(lists.filter(pa.array(met)).flatten().fill_null(np.nan)).astype(np.float64)
    return met, numbers.reshape(int(met.sum()), classes)
