"""Accuracy and Wilson's interval."""

from __future__ import annotations

import math

import pytest
from scipy.stats import binomtest

from dashboard.metrics.accuracy import accuracy
from dashboard.performance.interval import wilson_interval
from tests.histories import classes


@pytest.mark.parametrize(("right", "n"), [(81, 100), (0, 12), (12, 12), (1, 5000)])
def test_the_interval_is_scipys(right: int, n: int) -> None:
    expected = binomtest(right, n).proportion_ci(0.95, method="wilson")
    found = accuracy(classes(n, right))
    assert found.value == right / n
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_by_hand_and_too_few() -> None:
    assert accuracy(classes(200, 150)).se == pytest.approx(math.sqrt(0.75 * 0.25 / 200))
    assert accuracy(classes(9, 9)).value is None
    assert accuracy(classes(0, 0)).value is None
    assert all(math.isnan(bound) for bound in wilson_interval(0, 0))
