"""The test of a share against training, and that of rows outside its range, against scipy: ties, ends, huge numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact, nbinom

from dashboard.judging.proportion import SIGNIFICANCE, rise_p_value
from dashboard.rules.out_of_range import EXTREMES

COUNTS = st.integers(0, 60) | st.integers(0, 5_000_000)
"""Few rows and many; the small ones tie and touch their ends often."""


def p_value(hits: int, rows: int, known: int, training: int) -> float:
    return float(rise_p_value(np.array(hits), np.array(rows), np.array(known), np.array(training)))


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_it_is_the_smaller_of_two_binomial_tails(a: int, b: int, c: int, d: int) -> None:
    hits, rows, known, training = min(a, b), max(a, b), min(c, d), max(c, d)
    found = p_value(hits, rows, known, training)
    if not rows or not training:
        assert np.isnan(found)
        return
    share = rows / (rows + training)
    wanted = binom.sf(hits - 1, hits + known, share)
    if training > known:
        wanted = min(wanted, binom.cdf(rows - hits, rows - hits + training - known, share))
    assert found == pytest.approx(wanted if hits else 1.0, rel=1e-6, abs=1e-290)


@pytest.mark.parametrize(
    ("hits", "rows", "known", "training"),
    [
        (1, 1, 0, 10**9),
        (10**9, 10**9, 0, 10**9),
        (10**9, 10**9, 10**9, 10**9),
        (0, 5, 5, 5),
        (5, 5, 5, 5),
        (1, 1, 1, 1),
    ],
)
def test_the_ends_have_a_probability(hits: int, rows: int, known: int, training: int) -> None:
    assert 0 <= p_value(hits, rows, known, training) <= 1


@given(st.integers(0, 40), st.integers(1, 60), st.integers(0, 40), st.integers(1, 400))
def test_what_is_significant_is_so_for_fisher(hits: int, more: int, known: int, training: int) -> None:
    rows, training = hits + more, known + training
    if p_value(hits, rows, known, training) < SIGNIFICANCE:
        assert fisher_exact([[hits, more], [known, training - known]], alternative="greater").pvalue < SIGNIFICANCE


def test_it_is_made_only_where_it_is_asked_for() -> None:
    hits, rows = np.array([[5, 50], [5, 50]]), np.array([[100, 100], [0, 100]])
    every = rise_p_value(hits, rows, np.array([1, 1]), np.array([900, 900]))
    some = rise_p_value(hits, rows, np.array([1, 1]), np.array([900, 900]), where=hits > 9)
    assert np.isnan(every).tolist() == [[False, False], [True, False]]
    assert np.isnan(some).tolist() == [[True, False], [True, False]]
    assert (some[:, 1] == every[:, 1]).all()


@given(st.integers(1, 400), st.integers(0, 400), st.integers(2, 5000))
def test_rows_beyond_both_ends_of_another_sample_are_negative_binomial(hits: int, more: int, training: int) -> None:
    rows = hits + more
    wanted = nbinom.sf(hits - 1, 2, training / (rows + training))
    assert p_value(hits, rows, EXTREMES, training) <= wanted * (1 + 1e-9)
    assert p_value(hits, 10 * rows, EXTREMES, 10**7) == pytest.approx(
        nbinom.sf(hits - 1, 2, 10**7 / (10 * rows + 10**7)), rel=1e-6, abs=1e-290
    )


def test_rows_outside_by_chance_are_not_a_break_however_small_training_was() -> None:
    """100 training rows and 20,000 in the batch, of one law: 2 % of the batch lie outside, some times 5 %."""
    random = np.random.default_rng(5)
    outside = random.binomial(20_000, random.beta(2, 99, 20_000))  # what two ends of 100 rows leave out
    rows, training = np.full(20_000, 20_000), np.full(20_000, 100)
    found = [rise_p_value(outside, rows, np.full(20_000, known), training) for known in (EXTREMES, 0)]
    right, naive = ((values < 0.01).mean() for values in found)
    assert right == pytest.approx(0.01, abs=0.003)
    assert naive > 0.05, "the same, had training no row at its own ends"
