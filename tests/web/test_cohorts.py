"""How good a version was: the mean covers all of its final cohorts, and what is not final or measured is left out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.metric import Estimate
from dashboard.performance.cohort_views import CohortView
from dashboard.web.views.cohorts import MainCohort, by_version, cold

START = date(2026, 1, 1)


def cohort(number: int, value: float | None, *, mature: bool = True) -> MainCohort:
    day = START + timedelta(days=number)
    return MainCohort(f"batch:b{number}", day, day, mature, False, value, None, None)


def test_the_mean_covers_every_final_cohort_however_many_a_figure_draws() -> None:
    cohorts = [cohort(number, 0.5 if number < 200 else 0.9) for number in range(400)]
    known = cold(cohorts)
    assert known is not None
    assert (known.newest, known.cohorts) == (cohorts[-1], 400)
    assert known.mean == pytest.approx(0.7)


def test_what_is_provisional_or_has_no_value_does_not_count() -> None:
    final = cohort(1, 0.8)
    known = cold([cohort(0, None), final, cohort(2, None), cohort(3, 0.1, mature=False)])
    assert known is not None
    assert (known.newest, known.mean, known.cohorts) == (final, 0.8, 1)
    assert cold([cohort(0, 0.8, mature=False), cohort(1, None)]) is None
    assert cold([]) is None


def view(version: str, day: int, realised: dict[str, Estimate], *, mature: bool) -> CohortView:
    first = START + timedelta(days=day)
    final_on = first + timedelta(days=30)
    return CohortView(version, f"batch:b{day}", first, first, 9, 9, 1.0, final_on, mature, None, realised, {})


def test_each_version_has_its_own_cohorts_in_the_measure_that_colours_them() -> None:
    auc, mae = Estimate(0.7, 0.02, 0.66, 0.74, 9), Estimate(3.0, None, None, None, 9)
    views = [
        view("v1", 0, {"auc": auc, "mae": mae}, mature=True),
        view("v1", 1, {"mae": mae}, mature=False),
        view("v2", 2, {"auc": Estimate(None, None, 0.1, 0.2, 0)}, mature=False),
    ]
    found = by_version(views, "auc", today=START + timedelta(days=31))
    assert {version: [row.cohort_id for row in rows] for version, rows in found.items()} == {
        "v1": ["batch:b0", "batch:b1"],
        "v2": ["batch:b2"],
    }
    assert [(row.value, row.low, row.high) for row in found["v1"]] == [(0.7, 0.66, 0.74), (None, None, None)]
    assert (found["v2"][0].value, found["v2"][0].low) == (None, None)
    assert [row.overdue for rows in found.values() for row in rows] == [False, True, False]
