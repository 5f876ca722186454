"""Estimates held against the truth that came later: usable, failed, or not yet to be told."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import metrics
from dashboard.metric import Estimate
from dashboard.performance.backtest import Foretold, back_test, sentence

METRICS = metrics.load()


def cohorts(*pairs: tuple[float | None, float | None], se: float | None = 0.0) -> list[Foretold]:
    """Cohorts of one month after another: (estimated, realised), the realised with a standard error."""
    return [
        Foretold(
            f"month:2026-{month:02}",
            date(2026, month, 1),
            Estimate(said, None, None, None, 500),
            Estimate(came, se, None, None, 500),
        )
        for month, (said, came) in enumerate(pairs, 1)
    ]


def test_by_hand() -> None:
    test = back_test(METRICS["auc"], cohorts((0.75, 0.74), (0.75, 0.77), (0.75, 0.75)))
    assert [error for _, error in test.errors] == pytest.approx([0.01, -0.02, 0.0])
    assert test.rms == pytest.approx(math.sqrt((0.0001 + 0.0004) / 3))
    assert (test.allowed, test.verdict) == (0.02, "usable")


def test_a_drift_of_meaning_fails_the_estimate() -> None:
    test = back_test(METRICS["auc"], cohorts((0.75, 0.70), (0.75, 0.69), (0.75, 0.71)))
    assert test.verdict == "failed"
    # Not where the truth itself is no surer than that.
    few = back_test(METRICS["auc"], cohorts((0.75, 0.70), (0.75, 0.69), (0.75, 0.71), se=0.03))
    assert (few.verdict, few.allowed) == ("usable", pytest.approx(0.06))
    unsure = back_test(METRICS["f1"], cohorts((0.75, 0.70), (0.75, 0.69), (0.75, 0.71), se=None))
    assert unsure.verdict == "failed"


@pytest.mark.parametrize(("metric", "verdict"), [("rmse", "usable"), ("log_loss", "usable"), ("accuracy", "failed")])
def test_losses_are_allowed_a_tenth_of_their_value(metric: str, verdict: str) -> None:
    test = back_test(METRICS[metric], cohorts((0.95, 0.9), (0.85, 0.9), (0.95, 0.9)))
    assert test.verdict == verdict
    assert test.allowed == pytest.approx(0.09 if METRICS[metric].better == "low" else 0.02)


def test_it_takes_three_cohorts_with_both_values() -> None:
    test = back_test(METRICS["auc"], cohorts((0.75, 0.4), (0.75, None), (None, 0.7), (0.7, 0.4)))
    assert (test.verdict, test.rms, test.allowed, len(test.errors)) == ("untested", None, None, 2)
    assert back_test(METRICS["auc"], []).verdict == "untested"


@given(st.permutations(cohorts((0.75, 0.74), (0.7, 0.77), (0.8, 0.75), (0.6, 0.7))))
def test_the_order_of_the_cohorts_changes_nothing(turned: list[Foretold]) -> None:
    straight = sorted(turned, key=lambda cohort: cohort.first_day)
    assert back_test(METRICS["auc"], turned) == back_test(METRICS["auc"], straight)


def test_the_sentence_says_by_how_much_and_over_how_many() -> None:
    failed = sentence(back_test(METRICS["auc"], cohorts((0.75, 0.70), (0.75, 0.69), (0.75, 0.71))))
    assert "not usable" in failed.en
    assert "off by .051" in failed.en
    assert "over the 3 cohorts" in failed.en
    assert "inutilisable" in failed.fr
    assert "0,051" in failed.fr
    usable = sentence(back_test(METRICS["accuracy"], cohorts((0.75, 0.74), (0.75, 0.76), (0.75, 0.75))))
    assert "0.8\u00a0points" in usable.en
    untested = sentence(back_test(METRICS["rmse"], cohorts((3.0, 2.0))))
    assert "1 of the 3 cohorts" in untested.en
