"""Which cohort is looked into when none is named, and what is asked of its truth."""

from __future__ import annotations

from datetime import UTC, date, datetime

from dashboard.metric import Estimate
from dashboard.performance.cohort_views import CohortView, newest_known
from dashboard.performance.truth_question import truth_question, undated_question

MEASURED = {"auc": Estimate(0.7, 0.01, 0.68, 0.72, 500)}


def view(month: int, *, known: int = 100, mature: bool = True, measured: bool = True, batch: str = "") -> CohortView:
    first = date(2026, month, 1)
    return CohortView(
        model_version="v1",
        cohort_id=f"batch:{batch}" if batch else f"month:2026-{month:02d}",
        first_day=first,
        last_day=first if batch else date(2026, month, 28),
        predicted=100,
        known=known,
        completeness=known / 100,
        final_on=date(2026, 12, 1),
        mature=mature,
        colour="green" if mature else None,
        realised=MEASURED if measured else {},
        estimated={},
    )


def test_the_newest_final_cohort_is_looked_into_before_any_provisional_one() -> None:
    final, young = view(5), view(6, mature=False)
    assert newest_known([view(4), final, young]) is final
    assert newest_known([young, view(7, mature=False, measured=False)]) is young, "a measure says more than 7 outcomes"
    bare = view(7, mature=False, measured=False)
    assert newest_known([bare, view(8, known=0, mature=False, measured=False)]) is bare
    assert newest_known([view(8, known=0, mature=False, measured=False)]) is None


def test_the_question_about_a_cohort_ends_today_and_knows_no_later_truth() -> None:
    asked = truth_question(view(5), "churn", date(2026, 5, 20), undated=False)
    assert (asked["since"], asked["until"], asked["scored_since"]) == (
        date(2026, 5, 1),
        date(2026, 5, 20),
        date(2026, 5, 1),
    )
    assert asked["known_before"] == datetime(2026, 5, 21, tzinfo=UTC)
    assert asked["batch_id"] == ""
    assert truth_question(view(5), "churn", date(2026, 6, 1), undated=True)["scored_since"] == date.min
    assert truth_question(view(5, batch="a:b"), "churn", date(2026, 6, 1), undated=False)["batch_id"] == "a:b"
    assert undated_question(view(5), "churn", date(2026, 5, 20)) == {
        "models": ["churn"],
        "since": date(2026, 5, 1),
        "until": date(2026, 5, 20),
    }
