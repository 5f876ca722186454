"""Baselines: AUC and DeLong's standard error against other ways to compute them, and what has no value."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from qod.baseline import accuracy, auc_delong, count_by_score, mae, rmse


def test_auc_and_its_standard_error_by_the_definition() -> None:
    random = np.random.default_rng(4)
    outcomes = (random.random(90) < 0.3).astype(float)
    scores = np.round(random.normal(size=90) + outcomes, 1)  # with ties
    found = auc_delong(*count_by_score(scores, outcomes))
    positive, negative = scores[outcomes == 1], scores[outcomes == 0]
    wins = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    variance = wins.mean(axis=1).var(ddof=1) / len(positive) + wins.mean(axis=0).var(ddof=1) / len(negative)
    assert found.value == pytest.approx(roc_auc_score(outcomes, scores), abs=1e-12)
    assert found.se == pytest.approx(np.sqrt(variance), abs=1e-12)
    assert found.n == 90


def test_an_inverted_score_has_the_inverted_auc() -> None:
    scores, positives, negatives = np.arange(20.0), np.repeat([0, 1], 10), np.repeat([1, 0], 10)
    assert auc_delong(scores, positives, negatives).value == 1.0
    assert auc_delong(-scores, positives, negatives).value == 0.0
    assert auc_delong([0.5], [10], [10]).value == 0.5


def test_too_few_of_a_class_have_no_auc() -> None:
    assert np.isnan(auc_delong([0.0, 1.0], [0, 9], [50, 0]).value)
    assert np.isnan(auc_delong([], [], []).value)
    assert auc_delong([0.0, 1.0], [0, 10], [10, 0]).value == 1.0


def test_rows_without_score_or_outcome_are_left_out() -> None:
    scores, positives, negatives = count_by_score(np.array([0.1, 0.1, np.nan, 0.3]), np.array([1.0, 0.0, 1.0, np.nan]))
    assert (scores.tolist(), positives.tolist(), negatives.tolist()) == ([0.1], [1], [1])


def test_errors_of_a_regression_by_hand() -> None:
    residuals = np.array([3.0, -1.0, 1.0, 1.0])
    assert rmse(residuals).value == pytest.approx(np.sqrt(3))
    assert rmse(residuals).se == pytest.approx(4 / np.sqrt(4) / (2 * np.sqrt(3)))  # sd of 9, 1, 1, 1 is 4
    assert (mae(residuals).value, mae(residuals).se) == (1.5, pytest.approx(0.5))
    assert (rmse(np.zeros(5)).value, rmse(np.zeros(5)).se) == (0.0, 0.0)
    assert np.isnan([rmse(np.array([1.0])).value, mae(np.array([])).value]).all()


def test_accuracy_by_hand() -> None:
    assert accuracy(3, 4).value == 0.75
    assert accuracy(3, 4).se == pytest.approx(np.sqrt(0.75 * 0.25 / 4))
    assert np.isnan(accuracy(0, 0).value)
