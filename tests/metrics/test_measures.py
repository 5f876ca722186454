"""What an assessment writes into measures: missing_share, unseen_share, out_of_range_share, rows, duplicate_ids, ..."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from dashboard import metrics
from dashboard.evaluation.assess import assess
from dashboard.evaluation.measure_rows import COLUMNS
from dashboard.history import Baseline, Cohort
from dashboard.metrics.drift import colour_values
from dashboard.metrics.missing_share import share_of
from dashboard.performance.truth_counts import Residuals, ScoreCounts
from tests.histories import categorical, classes, history, numeric, version


def rows_of(assessment: Any) -> dict[tuple[str, str, str], dict[str, Any]]:
    columns = assessment.measures.columns()
    assert tuple(columns) == COLUMNS
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    found = {(row["batch_id"], row["subject"], row["metric"]): row for row in rows}
    assert len(found) == len(rows), "a key stands twice"
    return found


def test_the_measures_of_a_batch_by_hand() -> None:
    x, c = numeric("x", [400, 400, 200]), categorical("c", [600, 390, 0, 0, 10])
    one = version(
        [x, c],
        [{"x": [30, 50, 20], "c": [50, 30, 0, 15, 5]}],
        duplicate_ids=[3],
        unseen={(0, "c"): [("Nothing", 15)]},
    )
    one.below[0, 0], one.above[0, 0] = 1, 3
    found = rows_of(assess(history(one)))
    day = "2026-11-01"
    assert found[day, "x", "missing_share"]["value"] == 0.20
    assert found[day, "x", "missing_share"]["n"] == 100
    assert found[day, "x", "out_of_range_share"]["value"] == 0.04
    assert (day, "x", "unseen_share") not in found
    assert found[day, "c", "unseen_share"]["value"] == 0.15
    assert (day, "c", "out_of_range_share") not in found
    assert found[day, "batch", "rows"]["value"] == 100
    assert found[day, "batch", "duplicate_ids"]["value"] == 3
    psi = found[day, "x", "psi"]
    assert psi["low"] == pytest.approx((1 / 1000 + 1 / 100) * 2), "what chance gives on average"
    assert psi["high"] == pytest.approx((1 / 1000 + 1 / 100) * 10.5966, rel=1e-4), "and at most"
    drift = found[day, "x", "drift"]
    assert (drift["value"], drift["low"]) == (None, None), "100 rows are too few: no colour"
    assert {key for _, _, key in found} <= set(metrics.load()), "every metric that is written is declared"


def test_shares_of_no_rows_and_colours_of_grey_are_nan() -> None:
    assert np.isnan(share_of(np.array([0]), np.array([0])))[0]
    found = colour_values(np.array([-1, 0, 1, 2, 3], np.int8))
    np.testing.assert_array_equal(found, [np.nan, 0, 1, 2, np.nan])
    assert rows_of(assess(history(version([numeric()], [{}]))))["2026-11-01", "x", "psi"]["value"] is None


def cohort(known: int, data: Any, month: int = 9) -> Cohort:
    return Cohort(f"month:2026-{month:02}", date(2026, month, 1), date(2026, month, 28), 100, known, data)


def test_a_cohort_has_its_measures_before_it_matures_but_no_colour() -> None:
    counts = ScoreCounts(np.array([0.2, 0.8]), np.array([10, 40]), np.array([40, 10]))
    matured, young = cohort(96, counts), cohort(90, counts, month=10)
    one = version([], [{}], rows=[10], baselines={"auc": Baseline(0.8, 0.02, 900)}, cohorts=[young, matured])
    found = rows_of(assess(history(one, as_of=date(2026, 11, 19))))
    assert found["month:2026-09", "model", "auc"]["value"] == pytest.approx(0.8)
    assert found["month:2026-09", "model", "auc"]["batch_date"] == date(2026, 9, 1)
    assert found["month:2026-09", "model", "performance"]["value"] == 0
    assert found["month:2026-09", "model", "positives"]["value"] == 50
    assert found["month:2026-10", "model", "auc"]["value"] == pytest.approx(0.8)
    assert found["month:2026-10", "model", "completeness"]["value"] == pytest.approx(0.9)
    assert found["month:2026-10", "model", "performance"]["value"] is None


def test_the_measures_of_the_other_tasks() -> None:
    residuals = Residuals(100, 200.0, 500.0, 0.0, 4000.0)
    one = version([], [{}], rows=[10], cohorts=[cohort(100, residuals)])
    found = rows_of(assess(history(one, as_of=date(2026, 11, 19), task="regression")))
    assert found["month:2026-09", "model", "rmse"]["value"] == pytest.approx(5**0.5)
    assert found["month:2026-09", "model", "mae"]["value"] == 2.0
    one = version([], [{}], rows=[10], cohorts=[cohort(100, classes(100, 80))])
    found = rows_of(assess(history(one, as_of=date(2026, 11, 19), task="multiclass")))
    assert found["month:2026-09", "model", "accuracy"]["value"] == 0.8


def test_truth_of_another_task_or_none_at_all_has_no_value() -> None:
    for data in (None, Residuals(100, 200.0, 500.0, 0.0, 4000.0)):
        one = version([], [{}], rows=[10], cohorts=[cohort(100, data)])
        found = rows_of(assess(history(one, as_of=date(2026, 11, 19))))
        assert found["month:2026-09", "model", "auc"]["value"] is None
        assert found["month:2026-09", "model", "performance"]["value"] is None
