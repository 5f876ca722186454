"""KS on bins: scipy's on binned rows, and a lower bound of that of the rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from dashboard.metrics.ks import ks
from qod.bins import freeze_numeric
from qod.counting import count_numeric
from tests.metrics.counts import Whole, pairs


def test_an_asymmetric_example_by_hand() -> None:
    # Up to each bin .6 .9 1 against .2 .6 1.
    assert ks(np.array([60, 30, 10]), np.array([2, 4, 4])) == pytest.approx(0.4)
    assert ks(np.array([60, 10, 30]), np.array([2, 4, 4])) == pytest.approx(0.4)
    assert ks(np.array([10, 60, 30]), np.array([2, 4, 4])) == pytest.approx(0.1), "the order of the bins counts"


@given(pairs(most=300))
def test_it_agrees_with_scipy_on_rows_in_their_bins(sides: tuple[Whole, Whole]) -> None:
    a, b = sides
    expected = ks_2samp(*(np.repeat(np.arange(len(side)), side) for side in sides)).statistic
    assert ks(a, b) == pytest.approx(expected, abs=1e-9)


@given(st.integers(0, 2**32 - 1), st.floats(-1, 1), st.sampled_from([30, 300, 3000]))
def test_it_is_never_more_than_that_of_the_rows(seed: int, shift: float, n: int) -> None:
    rng = np.random.default_rng(seed)
    training, batch = rng.normal(size=2000), rng.normal(size=n) + shift
    bins = freeze_numeric(training)
    binned = ks(*(count_numeric(rows, bins).counts[0, :-1] for rows in (training, batch)))
    assert binned <= ks_2samp(training, batch, method="asymp").statistic + 1e-12


def test_no_rows_is_nan() -> None:
    assert np.isnan(ks(np.array([0, 0]), np.array([1, 2])))
    assert np.isnan(ks(np.array([1, 2]), np.array([0, 0])))
