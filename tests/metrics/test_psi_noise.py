"""The noise of a PSI: published critical values, simulation, and where there is no law."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from dashboard.metrics.psi import bins_in_use, psi, sampling
from dashboard.metrics.psi_debiased import psi_debiased, size_interval
from dashboard.metrics.psi_noise import ALPHA, critical, noise

EXAMPLES = [
    example
    for example in json.loads((Path(__file__).parents[1] / "data" / "worked-examples.json").read_text("utf-8"))
    if example["id"].startswith("psi_crit")
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_published_critical_values(example: dict) -> None:  # type: ignore[type-arg]
    given = example["input"]
    scale, bins = np.array([1 / given["n"] + 1 / given["m"]]), np.array([given["B"]])
    assert critical(scale, bins, given["alpha"])[0] == pytest.approx(example["expected"], abs=example["tol"])


def test_chance_alone_gives_the_mean_and_exceeds_the_critical_value_as_often_as_it_says() -> None:
    rng = np.random.default_rng(20261119)
    shares = np.array([0.3, 0.3, 0.2, 0.15, 0.05])
    reference, batches = rng.multinomial(5000, shares, 4000), rng.multinomial(1000, shares, 4000)
    value = psi(reference, batches)
    scale, bins = sampling(reference, batches), bins_in_use(reference, batches)
    assert value.mean() == pytest.approx(noise(scale, bins).mean(), rel=0.03)
    assert (value > critical(scale, bins, 0.05)).mean() == pytest.approx(0.05, abs=0.012)


def test_one_bin_or_no_rows_have_no_noise() -> None:
    scale, bins = np.array([0.01, 0.01, np.inf]), np.array([1, 0, 4])
    assert np.isnan(noise(scale, bins)).all()
    assert np.isnan(critical(scale, bins, ALPHA)).all()
    assert critical(np.empty((0, 3)), np.empty((0, 3), int), ALPHA).shape == (0, 3)


def test_the_size_of_a_change_has_its_noise_off_and_its_interval_around_it() -> None:
    # By hand: c = .01, B = 5, PSI = .24: noise .04, D = .20, l = 20, half width .01 * 1.645 * sqrt(8 + 80).
    value, scale, bins = np.array([0.24, 0.03]), np.array([0.01, 0.01]), np.array([5, 5])
    size = psi_debiased(value, noise(scale, bins))
    assert size == pytest.approx([0.20, 0.0])
    low, high = size_interval(size, scale, bins)
    half = 0.01 * 1.645 * math.sqrt(88)
    assert low[0] == pytest.approx(0.20 - half)
    assert high[0] == pytest.approx(0.20 + half)
    assert low[1] == 0.0
    assert high[1] == pytest.approx(0.01 * 1.645 * math.sqrt(8))
