"""L-infinity: the largest change of a share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from scipy.spatial.distance import chebyshev

from dashboard.metrics.l_infinity import l_infinity
from tests.metrics.counts import Whole, pairs


def test_an_asymmetric_example_by_hand() -> None:
    assert l_infinity(np.array([60, 30, 10]), np.array([2, 4, 4])) == pytest.approx(0.4, abs=1e-15)
    assert l_infinity(np.array([5, 5, 0]), np.array([1, 1, 2])) == pytest.approx(0.5)


@given(pairs())
def test_it_agrees_with_scipy_in_any_order(sides: tuple[Whole, Whole]) -> None:
    a, b = sides
    expected = chebyshev(a / a.sum(), b / b.sum())
    assert l_infinity(a, b) == pytest.approx(expected, abs=1e-12)
    assert l_infinity(a[::-1], b[::-1]) == l_infinity(a, b) == l_infinity(np.append(a, 0), np.append(b, 0))


def test_no_rows_is_nan() -> None:
    assert np.isnan(l_infinity(np.array([0, 0]), np.array([1, 2])))
    assert np.isnan(l_infinity(np.array([[1, 2]] * 3), np.array([0, 0]))).all()
    assert np.isnan(l_infinity(np.empty((3, 0), int), np.empty((3, 0), int))).all()
