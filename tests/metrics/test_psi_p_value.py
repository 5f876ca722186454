"""The p-value of a PSI and the marks made of many: psi_p_value and changed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, false_discovery_control

from dashboard.metrics.changed import changed
from dashboard.metrics.psi import bins_in_use, psi, sampling
from dashboard.metrics.psi_noise import critical
from dashboard.metrics.psi_p_value import psi_p_value
from tests.metrics.counts import Whole, pairs

EXAMPLES = [
    example
    for example in json.loads((Path(__file__).parents[1] / "data" / "worked-examples.json").read_text("utf-8"))
    if "p" in example
]


def p_of(a: Whole, b: Whole) -> np.ndarray:  # type: ignore[type-arg]
    return psi_p_value(psi(a, b), sampling(a, b), bins_in_use(a, b))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_published_p_values(example: dict) -> None:  # type: ignore[type-arg]
    a, b = (np.array(example["input"][side]) for side in ("ref_counts", "cur_counts"))
    assert p_of(a, b) == pytest.approx(example["p"], rel=1e-6)


def test_the_critical_value_has_the_p_value_it_was_made_for() -> None:
    scale, bins = np.array([0.00102, 0.5]), np.array([10, 2])
    assert psi_p_value(critical(scale, bins, 0.005), scale, bins) == pytest.approx([0.005, 0.005], rel=1e-9)
    assert psi_p_value(np.array([0.018]), scale[:1], bins[:1]) == pytest.approx(chi2.sf(0.018 / 0.00102, 9), rel=1e-9)


@given(pairs())
def test_it_is_a_probability_or_nothing(sides: tuple[Whole, Whole]) -> None:
    value = p_of(*sides)
    assert np.isnan(value) if bins_in_use(*sides) < 2 else 0 <= value <= 1


def test_chance_alone_gives_every_p_value_as_often_as_it_says() -> None:
    rng = np.random.default_rng(20261121)
    shares = np.array([0.3, 0.3, 0.2, 0.15, 0.05])
    value = p_of(rng.multinomial(5000, shares, 4000), rng.multinomial(1000, shares, 4000))
    for alpha in (0.01, 0.05, 0.5):
        assert (value < alpha).mean() == pytest.approx(alpha, abs=3.5 * (alpha * (1 - alpha) / 4000) ** 0.5)


def test_the_marks_by_hand() -> None:
    # Limits .002 .004 .006 .008 .010 in ascending order.
    p = np.array([0.3, 0.003, 0.8, 0.0001, 0.02])
    np.testing.assert_array_equal(changed(p), [0, 1, 0, 1, 0])
    # .0041 alone exceeds its limit .004, and holds all the same because .0059 keeps to its own.
    np.testing.assert_array_equal(changed(np.array([0.0001, 0.0041, 0.0059, 0.5, 0.6])), [1, 1, 1, 0, 0])


@given(st.lists(st.one_of(st.floats(0, 1), st.floats(0, 0.02), st.just(0.0)), min_size=1, max_size=30))
def test_the_marks_agree_with_scipy(p: list[float]) -> None:
    adjusted = false_discovery_control(p, method="bh")
    far = np.abs(adjusted - 0.01) > 1e-12  # on the limit itself the last bit decides
    np.testing.assert_array_equal(changed(np.array(p))[far], (adjusted <= 0.01)[far])


def test_what_was_not_tested_has_no_mark_and_is_no_test() -> None:
    p = np.array([[0.004, np.nan, 0.5], [np.nan, np.nan, np.nan], [0.009, np.nan, np.nan]])
    np.testing.assert_array_equal(changed(p), [[1, np.nan, 0], [np.nan, np.nan, np.nan], [1, np.nan, np.nan]])
    assert changed(np.empty((4, 0))).shape == (4, 0)


def test_of_the_marks_few_are_false() -> None:
    rng = np.random.default_rng(7)
    shares = np.full(10, 0.1)
    moved = np.array([0.06, 0.08, 0.09, 0.1, 0.1, 0.1, 0.1, 0.11, 0.12, 0.14])
    batch = np.concatenate([rng.multinomial(1000, shares, (400, 40)), rng.multinomial(1000, moved, (400, 10))], axis=1)
    marks = changed(p_of(rng.multinomial(50_000, shares, (400, 50)), batch))
    false = marks[:, :40].sum(axis=1) / np.maximum(marks.sum(axis=1), 1)
    assert false.mean() < 0.02
    assert marks[:, 40:].mean() > 0.9
