"""From counted predictions and outcomes to the truth of cohorts: what is known, and what measures rest on."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dashboard.history import ModelEntry
from dashboard.performance.truth import cohort_id, cohorts_of, first_day, last_day, truth_of
from dashboard.performance.truth_counts import ClassCounts, PredictedClasses, PredictedScores, Residuals, ScoreCounts


def rows(*entries: tuple[Any, str | None, int], guess: str = "score", **columns: Any) -> pa.Table:
    """Rows of ``cohort_truth``: a score or class, an outcome and how often."""
    first, outcome, n = zip(*entries, strict=True)
    return pa.table(
        {
            "score": pa.array(first if guess == "score" else [None] * len(first), pa.float64()),
            "prediction": pa.array(first if guess == "prediction" else [None] * len(first), pa.string()),
            "outcome": pa.array(outcome, pa.string()),
            "n": pa.array(n, pa.int64()),
            **columns,
        }
    )


def test_positives_and_negatives_are_counted_by_score() -> None:
    predicted, known, found = truth_of(
        rows((0.2, "1", 3), (0.2, "0", 5), (0.2, None, 7), (0.8, "1", 2), (None, "1", 11), (0.5, None, 13)), "binary"
    )
    assert isinstance(found, ScoreCounts)
    assert (predicted, known) == (41, 21)
    assert found.scores.tolist() == [0.2, 0.8]
    assert (found.positives.tolist(), found.negatives.tolist()) == ([3, 2], [5, 0])


@pytest.mark.parametrize(
    ("task", "texts", "known"),
    [
        ("binary", ["0", "1", "yes", "2", "", "1.0", None], 2),
        ("regression", ["1.5", " 2 ", "1e3", "no number", "", "inf", "nan", None], 3),
        ("multiclass", ["a", "", "é", None], 3),
    ],
)
def test_a_text_that_is_no_truth_of_the_task_is_not_known(task: str, texts: list[str | None], known: int) -> None:
    guess = "prediction" if task == "multiclass" else "score"
    given = rows(*(("a" if task == "multiclass" else 0.5, text, 1) for text in texts), guess=guess)
    assert truth_of(given, task)[:2] == (len(texts), known)


def test_errors_are_summed_up_with_the_rows_they_are_of() -> None:
    _, _, found = truth_of(rows((2.0, "1", 2), (10.0, "5", 1), (3.0, None, 9), (None, "4", 9)), "regression")
    assert isinstance(found, Residuals)
    assert (found.n, found.sum, found.sum_abs, found.sum_sq, found.sum_4th) == (3, 7, 7, 27, 627)
    true = np.array([1, 1, 5])
    assert found.sum_true_sq == pytest.approx(((true - true.mean()) ** 2).sum())
    assert found.sum_relative == 3


def test_classes_are_counted_by_pair_and_probabilities_row_by_row() -> None:
    given = rows(
        *(("a", "a", 4), ("b", "a", 2), ("a", None, 8), (None, "a", 16)),
        *(("a", "b", 1), ("b", None, 1), ("b", "a", 1)),
        guess="prediction",
        probabilities=pa.array([[], [], [], None, [0.75, 0.25], [0.5, 0.5], [0.125, 0.875]], pa.list_(pa.float64())),
    )
    _, known, found = truth_of(given, "multiclass")
    assert isinstance(found, ClassCounts)
    assert (known, found.n, found.correct) == (24, 8, 4)
    pairs = zip(found.true.tolist(), found.predicted.tolist(), found.rows.tolist(), strict=True)
    assert {(found.labels[t], found.labels[p]): n for t, p, n in pairs} == {
        ("a", "a"): 4,
        ("a", "b"): 3,
        ("b", "a"): 1,
    }
    assert found.probabilities.tolist() == [[0.75, 0.25], [0.125, 0.875]]
    assert [found.labels[place] for place in found.outcomes] == ["b", "a"]
    chances = found.chances(("b", "a"))
    assert chances is None, "two rows are too few"


def table(models: list[str], *, task: str) -> pa.Table:
    given = [("a", "a", 6), ("b", None, 4)] if task == "multiclass" else [(0.25, "1", 6), (0.75, None, 4)]
    one = rows(
        *given,
        guess="prediction" if task == "multiclass" else "score",
        probabilities=pa.array([[0.75, 0.25], [0.5, 0.5]], pa.list_(pa.float64())),
    )
    parts = []
    for model in models:
        part = one.append_column("model_id", pa.array([model] * 2)).append_column("model_version", pa.array(["1"] * 2))
        part = part.append_column("first_day", pa.array([date(2026, 10, 1)] * 2))
        parts.append(part.append_column("batch_id", pa.array([""] * 2)))
    return pa.concat_tables(parts)


def entry(model_id: str, task: str) -> ModelEntry:
    return ModelEntry(model_id, "M", task, "P1D", "month", 30)


def test_a_cohort_holds_what_was_predicted_though_nothing_is_known_of_it() -> None:
    found = cohorts_of(table(["m", "o"], task="binary"), {name: entry(name, "binary") for name in ("m", "o")})
    assert list(found) == [("m", "1"), ("o", "1")]
    (cohort,) = found["m", "1"]
    assert (cohort.cohort_id, cohort.last_day) == ("month:2026-10", date(2026, 10, 31))
    assert (cohort.predicted, cohort.known) == (10, 6)
    assert isinstance(cohort.data, ScoreCounts)
    assert isinstance(cohort.predicted_scores, PredictedScores)
    assert cohort.data.scores.tolist() == [0.25]
    assert (cohort.predicted_scores.scores.tolist(), cohort.predicted_scores.rows.tolist()) == ([0.25, 0.75], [6, 4])


def test_so_does_one_of_classes() -> None:
    ((cohort,),) = cohorts_of(table(["m"], task="multiclass"), {"m": entry("m", "multiclass")}).values()
    assert isinstance(cohort.predicted_scores, PredictedClasses)
    assert isinstance(cohort.data, ClassCounts)
    assert cohort.predicted_scores.labels == ("a", "b")
    assert cohort.predicted_scores.predicted.tolist() == [0, 1]
    assert cohort.predicted_scores.probabilities.tolist() == [[0.75, 0.25], [0.5, 0.5]]
    assert cohort.data.probabilities.tolist() == [[0.75, 0.25]]


def test_no_rows_make_no_cohorts() -> None:
    assert cohorts_of(pa.table({}), {}) == {}


@pytest.mark.parametrize(
    ("cohort", "day", "first", "last", "name"),
    [
        ("month", date(2026, 2, 14), date(2026, 2, 1), date(2026, 2, 28), "month:2026-02"),
        ("week", date(2027, 1, 2), date(2026, 12, 28), date(2027, 1, 3), "week:2026-W53"),
        ("batch", date(2026, 2, 14), date(2026, 2, 14), date(2026, 2, 14), "batch:b1"),
    ],
)
def test_a_day_belongs_to_its_batch_week_or_month(cohort: str, day: date, first: date, last: date, name: str) -> None:
    assert first_day(cohort, day) == first
    assert last_day(cohort, first) == last
    assert cohort_id(cohort, first, "b1") == name
