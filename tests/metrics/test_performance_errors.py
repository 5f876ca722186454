"""What chance leaves open about measures of performance: standard errors, intervals, the level of calibration.

gini, average_precision, log_loss, brier, calibration_error, ks_classes, lift, recall, f1, macro_f1, auc_ovr, bias, r2,
mape.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from dashboard.metrics.calibration_error import calibrated_level, calibration_error, decile
from dashboard.performance.truth_counts import ClassCounts, ScoreCounts, Truth, residuals
from tests.metrics.truths import class_counts, of

Draw = Callable[[np.random.Generator], Truth]


def drawn_scores(chance: np.random.Generator) -> ScoreCounts:
    score = np.round(chance.beta(1.5, 3.0, 500), 2)
    y = chance.random(500) < score
    distinct, place = np.unique(score, return_inverse=True)
    return ScoreCounts(distinct, np.bincount(place, y).astype(np.int64), np.bincount(place, ~y).astype(np.int64))


def drawn_classes(chance: np.random.Generator) -> ClassCounts:
    probabilities = chance.dirichlet([1.0, 1.5, 2.5], 500)
    true = (probabilities.cumsum(axis=1) < chance.random(500)[:, None]).sum(axis=1)
    return class_counts(true, probabilities.argmax(axis=1), probabilities)


def drawn_residuals(chance: np.random.Generator) -> Truth:
    true = chance.gamma(4.0, 2.0, 500) + 1
    return residuals(true + chance.normal(0.5, 1.0 + true / 10), true, np.ones(500, np.int64))


@pytest.mark.parametrize(
    ("draw", "keys"),
    [
        (drawn_scores, ("auc", "gini", "average_precision", "log_loss", "brier", "ks_classes", "lift", "f1", "recall")),
        (drawn_classes, ("accuracy", "macro_f1", "log_loss", "auc_ovr")),
        (drawn_residuals, ("rmse", "mae", "bias", "r2", "mape")),
    ],
)
def test_standard_errors_are_how_far_values_scatter_and_intervals_hold_19_of_20(draw: Draw, keys: Any) -> None:
    chance = np.random.default_rng(20)
    rows = [of(draw(chance), threshold=0.4, classes=("0", "1", "2")) for _ in range(400)]
    for key in keys:
        values = np.array([row[key].value for row in rows], float)
        errors = np.array([row[key].se for row in rows], float)
        assert errors.mean() == pytest.approx(values.std(ddof=1), rel=0.15), key
        within = np.mean([row[key].low <= values.mean() <= row[key].high for row in rows])
        assert 0.90 < within <= 1, (key, within)


@pytest.mark.parametrize("rows", [200, 5000])
def test_a_calibrated_model_stays_below_the_level_95_times_of_100(rows: int) -> None:
    chance = np.random.default_rng(5)
    exceeded = []
    for _ in range(1000):
        score = np.round(chance.beta(2.0, 5.0, rows), 2)
        distinct, place = np.unique(score, return_inverse=True)
        n = np.bincount(place)
        y = chance.binomial(n, distinct)
        found = calibration_error(ScoreCounts(distinct, y, n - y))
        exceeded.append(found.value > found.high)  # type: ignore[operator]
    assert 0.03 < np.mean(exceeded) < 0.07


def test_the_level_of_one_bin_is_that_of_a_half_normal() -> None:
    counts = ScoreCounts(np.array([0.5]), np.array([500]), np.array([500]))
    level = calibrated_level(counts, decile(counts))
    assert level == pytest.approx(stats.halfnorm.isf(0.05) * math.sqrt(0.25 / 1000), rel=0.02)
