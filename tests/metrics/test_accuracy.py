"""Accuracy and Wilson's interval."""

from __future__ import annotations

import math

import pytest
from scipy.stats import binomtest

from dashboard.history import ClassCounts
from dashboard.metrics.accuracy import accuracy, wilson_interval


@pytest.mark.parametrize(("right", "n"), [(81, 100), (0, 12), (12, 12), (1, 5000)])
def test_the_interval_is_scipys(right: int, n: int) -> None:
    expected = binomtest(right, n).proportion_ci(0.95, method="wilson")
    found = accuracy(ClassCounts(n=n, correct=right))
    assert found.value == right / n
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_by_hand_and_too_few() -> None:
    assert accuracy(ClassCounts(n=200, correct=150)).se == pytest.approx(math.sqrt(0.75 * 0.25 / 200))
    assert accuracy(ClassCounts(n=9, correct=9)).value is None
    assert accuracy(ClassCounts(n=0, correct=0)).value is None
    assert all(math.isnan(bound) for bound in wilson_interval(0, 0))
