"""The cohorts of the page on performance: which count, what they are held to, where their colours would begin."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from dashboard.colour import GREY
from dashboard.history import Baseline, ModelEntry
from dashboard.metric import Estimate
from dashboard.performance.cohort_views import cohort_views
from dashboard.policy import Policy
from dashboard.told import baselines_of
from dashboard.web.views.performance import CohortRow, baseline, cohort_rows, last_cohorts, periods, thresholds

BASELINE = json.dumps({"auc": {"value": 0.77, "se": 0.005, "n": 100}})


def cohort(known: int, *, today: date, auc: float | None = 0.7, code: int = 2) -> CohortRow:
    estimates = {"auc": [auc, 0.005, 0.69, 0.71, 500], "positives": [77.0, None, None, None, 500]}
    row = {
        "model_version": "v1",
        "batch_id": "month:2026-09",
        "batch_date": date(2026, 9, 1),
        "last_day": date(2026, 9, 30),
        "predicted": 1000,
        "known": known,
        "verdict": json.dumps({"estimates": estimates, "code": code, "facts": {}}),
    }
    model = ModelEntry("churn", "Churn", "binary", "P1D", "month", 30)
    views = cohort_views([row], model, today=today)
    baselines = {"v1": baselines_of(BASELINE)}
    (found,) = cohort_rows(views, baselines, task="binary", policy=Policy(), today=today)
    return found


def test_a_cohort_counts_once_its_window_has_passed_and_its_truth_is_there() -> None:
    final = date(2026, 10, 30)
    counts = cohort(960, today=final)
    assert (counts.view.final_on, counts.mature, counts.view.colour, counts.value) == (final, True, "red", 0.7)
    assert counts.baseline == Baseline(0.77, 0.005, 100)
    young = cohort(960, today=final - timedelta(days=1))
    assert (young.mature, young.view.colour, young.overdue) == (False, None, False)
    late = cohort(500, today=final)
    assert (late.mature, late.view.colour, late.overdue) == (False, None, True)
    assert cohort(960, today=final, code=GREY).view.colour == "grey"
    assert not cohort(0, today=final).mature
    assert cohort(960, today=final, auc=None).value is None


def interval(low: float, high: float) -> Estimate:
    return Estimate((low + high) / 2, None, low, high, 100)


def test_thresholds_move_away_where_rows_are_few() -> None:
    level = baseline(BASELINE, "auc")
    sure = thresholds(level, interval(0.7699, 0.7701), task="binary", policy=Policy())
    assert sure == pytest.approx((0.77 - 2.33 * 0.005, 0.77 - 0.03), abs=1e-4)
    unsure = thresholds(level, interval(0.6, 0.9), task="binary", policy=Policy())
    assert unsure[0] is not None
    assert unsure[0] < 0.6
    assert thresholds(None, interval(0.6, 0.9), task="binary", policy=Policy()) == (None, None)
    assert thresholds(level, None, task="binary", policy=Policy()) == (None, None)


def test_a_regression_is_worse_when_its_error_rises() -> None:
    level = baseline('{"rmse": {"value": 20.0, "se": 0.001}}', "rmse")
    amber, red = thresholds(level, interval(20.0, 20.0), task="regression", policy=Policy())
    assert (amber, red) == pytest.approx((21.0, 23.0))


@pytest.mark.parametrize(
    "text", [None, "", "rubbish", "[1]", '{"auc": {}}', '{"auc": {"value": NaN}}', '{"mae": {"value": 1}}']
)
def test_a_baseline_that_cannot_be_read_is_none(text: str | None) -> None:
    assert baseline(text, "auc") is None


def test_a_window_of_cohorts_is_one_of_periods() -> None:
    final = date(2026, 12, 1)
    rows = [cohort(960, today=final), cohort(500, today=final)]
    assert last_cohorts(rows, 1) == rows, "two versions of one month are one period"
    assert last_cohorts([], 12) == []


def test_on_the_axis_a_batch_lasts_until_the_next_is_due() -> None:
    row = cohort(960, today=date(2026, 11, 1))
    assert periods([row], cadence_days=1) == [(date(2026, 9, 1), date(2026, 9, 30))]
