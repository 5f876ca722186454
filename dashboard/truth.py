"""The truth of cohorts: from counted predictions and outcomes to what a measure is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dashboard.cube import Scope, runs_of
from dashboard.history import ClassCounts, Cohort, ModelEntry, Residuals, ScoreCounts

_TRUE: Final = "1"


def end_of(day: date) -> datetime:
    """The moment after the last of a day, UTC."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)


def cohorts_of(rows: pa.Table, models: Mapping[str, ModelEntry]) -> dict[Scope, list[Cohort]]:
    """The cohorts of each version of each of the models, from rows of ``cohort_truth``."""
    found: dict[Scope, list[Cohort]] = {}
    if rows.num_rows == 0:
        return found
    columns = ("model_id", "model_version", "first_day", "batch_id")
    for a, b in pairwise(runs_of(rows, *columns)):
        model_id, version, first_day, batch_id = (rows.column(c)[a].as_py() for c in columns)
        model, part = models[model_id], rows.slice(a, b - a)
        n = _array(part, "n", np.int64)
        found.setdefault((model_id, version), []).append(
            Cohort(
                cohort_id=cohort_id(model.cohort, first_day, batch_id),
                first_day=first_day,
                last_day=last_day(model.cohort, first_day),
                predicted=int(n.sum()),
                known=int(n[np.asarray(part.column("outcome").combine_chunks().is_valid())].sum()),
                data=_data(model.task, part),
            )
        )
    return found


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


def _array(rows: pa.Table, name: str, dtype: Any) -> NDArray[Any]:
    return np.asarray(rows.column(name).combine_chunks().fill_null(0)).astype(dtype)


def _data(task: str, rows: pa.Table) -> ScoreCounts | Residuals | ClassCounts:
    """The truth of one cohort; the rows come in one order, so that sums of floats are the same on every run."""
    outcome = rows.column("outcome").combine_chunks()
    guess = rows.column("prediction" if task == "multiclass" else "score").combine_chunks()
    met = np.asarray(pc.and_(outcome.is_valid(), guess.is_valid()))
    n = _array(rows, "n", np.int64)[met]
    if task == "multiclass":
        right = np.asarray(pc.equal(guess, outcome).fill_null(False))[met]
        return ClassCounts(n=int(n.sum()), correct=int(n[right].sum()))
    score = _array(rows, "score", np.float64)[met]
    if task == "regression":
        error = score - np.asarray(outcome.filter(pa.array(met)).cast(pa.float64()))
        return Residuals(
            n=int(n.sum()),
            sum=float((n * error).sum()),
            sum_abs=float((n * np.abs(error)).sum()),
            sum_sq=float((n * error**2).sum()),
            sum_4th=float((n * error**4).sum()),
        )
    true = np.asarray(pc.equal(outcome, _TRUE).fill_null(False))[met]
    scores, place = np.unique(score, return_inverse=True)
    return ScoreCounts(
        scores=scores,
        positives=np.bincount(place[true], n[true], len(scores)).astype(np.int64),
        negatives=np.bincount(place[~true], n[~true], len(scores)).astype(np.int64),
    )
