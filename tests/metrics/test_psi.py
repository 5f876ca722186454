"""PSI: published values, a hand-computed one, and what it does where there is nothing to compare."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from dashboard.metrics.psi import bins_in_use, contributions, psi, sampling
from dashboard.metrics.psi_debiased import psi_debiased
from dashboard.metrics.psi_noise import noise

EXAMPLES = {
    example["id"]: example
    for example in json.loads((Path(__file__).parents[1] / "data" / "worked-examples.json").read_text("utf-8"))
}


def example(name: str) -> tuple[dict[str, Any], float, float]:
    found = EXAMPLES[name]
    return found["input"], found["expected"], found["tol"]


def test_an_asymmetric_example_by_hand() -> None:
    # 60, 30, 10 against 20, 40, 40: each side + 0.5, over 101.5.
    p, q = [60.5 / 101.5, 30.5 / 101.5, 10.5 / 101.5], [20.5 / 101.5, 40.5 / 101.5, 40.5 / 101.5]
    expected = sum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True))
    assert psi(np.array([60, 30, 10]), np.array([20, 40, 40])) == pytest.approx(expected, abs=1e-12)
    assert expected == pytest.approx(0.8534216, abs=1e-6)
    # With other row counts on both sides, exchanging them gives another value: the added 0.5 weighs differently.
    there, back = psi(np.array([60, 30, 0]), np.array([2, 4, 4])), psi(np.array([2, 4, 4]), np.array([60, 30, 0]))
    assert there == pytest.approx(back)
    assert there != pytest.approx(psi(np.array([60, 30, 0]), np.array([20, 40, 40])), abs=0.05)


def test_published_values_without_smoothing() -> None:
    given_counts, expected, tolerance = example("psi_kascore")
    found = psi(np.array(given_counts["ref_counts"]), np.array(given_counts["cur_counts"]), pseudo_count=0)
    assert found == pytest.approx(expected, abs=tolerance)
    shares, expected, tolerance = example("psi_exact_same")
    reference, batch = (np.rint(np.array(shares[side]) * 10_000).astype(int) for side in ("ref", "cur"))
    assert psi(reference, batch, pseudo_count=0) == pytest.approx(expected, abs=tolerance)
    _, expected, tolerance = example("psi_strappy_x")
    assert psi(np.array([6, 5]), np.array([5, 4]), pseudo_count=0) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.startswith("flights")])
def test_flights_by_month(name: str) -> None:
    found = EXAMPLES[name]
    reference, batch = (np.array(found["input"][side]) for side in ("ref_counts", "cur_counts"))
    value = psi(reference, batch)
    chance = noise(sampling(reference, batch), bins_in_use(reference, batch))
    assert value == pytest.approx(found["expected"], abs=found["tol"])
    assert chance == pytest.approx(found["noise"], abs=1e-10)
    assert psi_debiased(value, chance) == pytest.approx(found["debiased"], abs=1e-9)


@pytest.mark.parametrize("shift", [0.1, 0.25, 0.5, 1.0])
def test_the_psi_of_a_shifted_normal(shift: float) -> None:
    edges = np.concatenate([[-np.inf], norm.ppf(np.arange(1, 10) / 10), [np.inf]])
    rows = 10**12
    reference = np.full(10, rows // 10)
    batch = np.rint(np.diff(norm.cdf(edges, loc=shift)) * rows).astype(np.int64)
    _, expected, tolerance = example(f"psi_shift_{shift}")
    assert psi(reference, batch) == pytest.approx(expected, abs=tolerance)


def test_zero_padding_and_common_empty_bins_change_nothing() -> None:
    reference, batch = np.array([5, 0, 7, 0]), np.array([2, 3, 1, 0])
    padded = psi(np.append(reference, [0, 0]), np.append(batch, [0, 0]))
    assert padded == psi(reference[:3], batch[:3])
    assert bins_in_use(reference, batch) == 3


def test_nothing_to_compare_is_nan_never_zero() -> None:
    some, none = np.array([3, 4]), np.array([0, 0])
    assert math.isnan(psi(some, none))
    assert math.isnan(psi(none, some))
    assert math.isnan(psi(none, none))
    assert math.isnan(psi(np.array([9, 0]), np.array([4, 0]))), "one bin has no distribution"
    assert psi(np.array([9, 0]), np.array([4, 1])) > 0
    assert psi(np.empty((3, 0), int), np.empty((3, 0), int)).shape == (3,)


counts = st.lists(st.integers(0, 2000), min_size=3, max_size=3)


@given(counts, st.lists(counts, min_size=1, max_size=4))
def test_batches_and_variables_are_vectorised(reference: list[int], batches: list[list[int]]) -> None:
    together = psi(np.array([reference, reference[::-1]]), np.array([[b, b[::-1]] for b in batches]))
    assert together.shape == (len(batches), 2)
    for row, batch in zip(together, batches, strict=True):
        alone = psi(np.array(reference), np.array(batch))
        np.testing.assert_allclose(row, [alone, alone], rtol=1e-12, equal_nan=True)
        if not math.isnan(alone):
            assert alone >= 0
            assert contributions(np.array(reference), np.array(batch)).sum() == pytest.approx(float(alone))


@given(counts, counts, st.permutations(range(3)))
def test_the_order_of_bins_does_not_matter(reference: list[int], batch: list[int], order: list[int]) -> None:
    a, b = np.array(reference), np.array(batch)
    np.testing.assert_allclose(psi(a[order], b[order]), psi(a, b), rtol=1e-12, equal_nan=True)
