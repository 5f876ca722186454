"""The segments of a cohort: named, pooled beyond 200, without a name, and in any order of rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import metrics
from dashboard.history import Judged, Training
from dashboard.metric import Estimate
from dashboard.performance.cohort_verdicts import judged_text
from dashboard.performance.cohort_views import back_tests, cohort_views
from dashboard.performance.estimates import ESTIMATED
from dashboard.performance.segment_report import segment_report, split_sentences
from dashboard.performance.segments import MOST, segment_names, segments_of
from tests.histories import model

TRAINING = Training(threshold=0.5)


def rows(*given: tuple[str | None, float, str | None, int]) -> pa.Table:
    """Rows of ``segment_truth``: segment, score, outcome, and how many."""
    segment, score, outcome, n = zip(*given, strict=True) if given else ((), (), (), ())
    return pa.table(
        {
            "segment": pa.array(segment, pa.string()),
            "score": pa.array(score, pa.float64()),
            "prediction": pa.nulls(len(given), pa.string()),
            "outcome": pa.array(outcome, pa.string()),
            "probabilities": pa.array([[] for _ in given], pa.list_(pa.float64())),
            "n": pa.array(n, pa.int64()),
        }
    )


A_COHORT = (
    *(("north", 0.9, "1", 40), ("north", 0.1, "0", 50), ("north", 0.1, None, 10)),
    *(("south", 0.9, "0", 20), ("south", 0.1, "1", 30), (None, 0.5, "1", 3), ("", 0.5, None, 2)),
)


def test_by_hand() -> None:
    found = segments_of(rows(*A_COHORT), "binary", segment_names(rows(*A_COHORT)), TRAINING)
    assert [(one.name, one.predicted, one.known) for one in found] == [
        ("north", 100, 90),
        ("south", 50, 50),
        ("(none)", 5, 3),
    ]
    assert [one.measures["auc"].value for one in found] == [1.0, 0.0, None]
    assert found[0].completeness == pytest.approx(0.9)


@given(st.permutations(A_COHORT))
def test_the_order_of_rows_changes_nothing(turned: list[Any]) -> None:
    straight, other = (segment_report(rows(*given), "binary", TRAINING) for given in (A_COHORT, turned))
    assert [(one.name, one.known, one.measures) for one in straight.segments] == [
        (one.name, one.known, one.measures) for one in other.segments
    ]
    assert straight.weakest == other.weakest


def test_no_more_segments_than_are_kept_have_names() -> None:
    given = [(f"s{place:03}", 0.5, "1", 1000 - place) for place in range(MOST + 5)]
    cohort = rows(*given, (None, 0.5, "0", 7))
    found = segments_of(cohort, "binary", segment_names(cohort), TRAINING)
    assert len(found) == MOST + 2
    assert [one.name for one in found[:2]] == ["s000", "s001"]
    assert [(one.name, one.predicted) for one in found[-2:]] == [
        ("(other)", sum(1000 - place for place in range(MOST, MOST + 5))),
        ("(none)", 7),
    ]


def test_segments_are_named_by_both_cohorts_that_are_compared() -> None:
    report = segment_report(
        rows(*A_COHORT), "binary", TRAINING, before=rows(("west", 0.9, "1", 9), ("west", 0.1, "0", 9))
    )
    split = report.splits["auc"]
    assert (split.came, split.went) == (("north", "south", "(none)"), ("west",))
    told = split_sentences("auc", split)
    assert "Segments that were not there before: north, south, (none)." in told[1].en
    assert "west" in told[2].fr
    assert "no value before" in told[0].en


def test_an_empty_cohort_has_no_segments_and_one_without_segments_says_so() -> None:
    empty = segment_report(rows(), "binary", TRAINING)
    assert (empty.segments, empty.weakest.tried, empty.splits, empty.named) == ((), (), {}, False)
    assert not segment_report(rows((None, 0.5, "1", 9)), "binary", TRAINING).named
    compared = segment_report(rows(*A_COHORT), "binary", TRAINING, before=rows())
    assert compared.splits == {}


# -- cohorts -----------------------------------------------------------------------------------------------


def stored(month: int, estimates: dict[str, Estimate], *, known: int = 100, code: int = 0) -> dict[str, Any]:
    """A row of ``evaluated_cohorts``."""
    last = date(2026, month + 1, 1).replace(day=1)
    return {
        "model_version": "v1",
        "batch_id": f"month:2026-{month:02}",
        "batch_date": date(2026, month, 1),
        "last_day": date.fromordinal(last.toordinal() - 1),
        "predicted": 100,
        "known": known,
        "verdict": judged_text(Judged(estimates, code, {}), shown=None),
    }


def value(of: float) -> Estimate:
    return Estimate(of, 0.001, of - 0.01, of + 0.01, 100)


def test_only_matured_cohorts_test_an_estimate() -> None:
    told = [stored(month, {"auc": value(0.7), "estimated_auc": value(0.8)}) for month in (1, 2, 3)]
    told.append(stored(4, {"auc": value(0.7), "estimated_auc": value(0.8)}, known=50))
    told.append(stored(5, {"auc": Estimate(None, None, None, None, 0), "estimated_auc": value(0.8)}, known=0))
    views = cohort_views(told[::-1], model(outcome_window_days=10), today=date(2026, 7, 1))
    assert [view.mature for view in views] == [True, True, True, False, False]
    assert [view.colour for view in views] == ["green", "green", "green", None, None]
    assert views[4].estimated["auc"].value == 0.8
    test = back_tests(views, model())["v1"]["auc"]
    assert (test.verdict, len(test.errors)) == ("failed", 3)
    early = cohort_views(told, model(outcome_window_days=10), today=date(2026, 4, 9))
    assert [view.mature for view in early] == [True, True, False, False, False]
    assert back_tests(early, model())["v1"]["auc"].verdict == "untested"


def test_a_regression_is_estimated_from_its_batches() -> None:
    def batch(day: int, metric: str, number: float | None, n: int, version: str = "v1") -> dict[str, Any]:
        row = {"model_version": version, "batch_id": f"b{day}", "batch_date": date(2026, 1, day)}
        return {**row, "metric": metric, "value": number, "low": None, "high": None, "n": n}

    batches = [
        *(batch(5, "estimated_rmse", 2.0, 300), batch(12, "estimated_rmse", 4.0, 100)),
        *(batch(5, "estimated_mae", 1.0, 300), batch(12, "estimated_mae", None, 100)),
        *(batch(12, "estimated_rmse", 9.0, 100, "v2"), batch(12, "rmse", 7.0, 100)),
    ]
    entry = model(task="regression")
    given = [stored(1, {"rmse": value(2.5)}), stored(2, {"rmse": value(2.5)})]
    january, february = cohort_views(given, entry, today=date(2026, 7, 1), batches=batches)
    assert january.estimated["rmse"].value == pytest.approx(np.sqrt((300 * 4 + 100 * 16) / 400))
    assert january.estimated["rmse"].n == 400
    assert set(january.estimated) == {"rmse"}
    assert february.estimated == {}
    single = {**stored(1, {}), "batch_id": "batch:b12", "batch_date": date(2026, 1, 12), "last_day": date(2026, 1, 12)}
    assert cohort_views([single], entry, today=date(2026, 7, 1), batches=batches)[0].estimated["rmse"].value == 4.0


@pytest.mark.parametrize("key", [key for key in metrics.load() if key.startswith(ESTIMATED)])
def test_an_estimate_is_written_as_what_it_foretells(key: str) -> None:
    said, came = (metrics.load()[name] for name in (key, key.removeprefix(ESTIMATED)))
    assert (said.unit, said.better, said.subjects) == (came.unit, came.better, came.subjects)
    assert said.name.en == f"{came.name.en}, estimated"
