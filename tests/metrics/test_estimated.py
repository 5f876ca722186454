"""Estimates before the truth: by hand, against draws from the chances they rest on, and nothing from too little."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
)

from dashboard.history import Training
from dashboard.metric import Estimate
from dashboard.metrics.estimated_accuracy import estimated_class_accuracy
from dashboard.metrics.estimated_auc_ovr import estimated_auc_ovr
from dashboard.metrics.estimated_log_loss import estimated_class_log_loss
from dashboard.metrics.estimated_macro_f1 import estimated_macro_f1
from dashboard.metrics.estimated_mae import estimated_mae, pooled_mae
from dashboard.metrics.estimated_rmse import estimated_rmse, pooled_rmse
from dashboard.performance.estimates import BINARY, MULTICLASS, estimates
from dashboard.performance.expected_classes import ExpectedClasses, expect_classes
from dashboard.performance.expected_losses import expected_losses
from dashboard.performance.truth_counts import PredictedClasses, PredictedScores
from tests.histories import categorical, counted, numeric

# -- binary ------------------------------------------------------------------------------------------------


def by_score(scores: list[float], rows: list[int]) -> PredictedScores:
    return PredictedScores(np.array(scores, np.float64), np.array(rows, np.int64))


KNOTS = {"scores": [0.2, 0.8], "shares": [0.1, 0.7]}


def of_example() -> dict[str, Estimate]:
    """50 rows each at .2 and .8, where .1 and .7 are positive."""
    return estimates(by_score([0.2, 0.8], [50, 50]), Training(threshold=0.5, calibration={"1": KNOTS}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        # 35 true and 15 false positives, 5 false and 45 true negatives.
        ("estimated_accuracy", 0.8),
        ("estimated_precision", 0.7),
        ("estimated_recall", 35 / 40),
        ("estimated_f1", 70 / 90),
        ("estimated_auc", (35 * (45 + 7.5) + 5 * 22.5) / (40 * 60)),
        ("estimated_brier", 0.5 * (0.7 * 0.04 + 0.3 * 0.64) + 0.5 * (0.1 * 0.64 + 0.9 * 0.04)),
        ("estimated_log_loss", -0.5 * (0.7 + 0.9) * math.log(0.8) - 0.5 * (0.3 + 0.1) * math.log(0.2)),
    ],
)
def test_an_example_by_hand(key: str, value: float) -> None:
    found = of_example()[key]
    assert found.value == pytest.approx(value, abs=1e-12)
    assert found.n == 100
    assert found.low is not None
    assert found.high is not None
    assert found.low < value < found.high


def test_the_errors_of_shares_are_binomial_by_hand() -> None:
    each = 50 * 0.7 * 0.3, 50 * 0.1 * 0.9
    found = of_example()
    assert found["estimated_accuracy"].se == pytest.approx(math.sqrt(sum(each)) / 100)
    assert found["estimated_precision"].se == pytest.approx(math.sqrt(each[0]) / 50)


def test_what_comes_is_spread_around_the_estimate_as_it_says() -> None:
    """Truths drawn from the chances: their mean and spread are the estimate and its standard error."""
    rng = np.random.default_rng(5)
    scores = np.round(rng.beta(1, 2, 600), 2)
    chances = scores**1.5
    distinct, rows = np.unique(scores, return_counts=True)
    training = Training(
        threshold=0.4, calibration={"1": {"scores": distinct.tolist(), "shares": (distinct**1.5).tolist()}}
    )
    found = estimates(PredictedScores(distinct, rows), training)
    said = scores >= 0.4
    realised = {
        "estimated_auc": lambda y: roc_auc_score(y, scores),
        "estimated_accuracy": lambda y: accuracy_score(y, said),
        "estimated_precision": lambda y: precision_score(y, said),
        "estimated_recall": lambda y: recall_score(y, said),
        "estimated_f1": lambda y: f1_score(y, said),
        "estimated_log_loss": lambda y: log_loss(y, np.clip(scores, 1e-15, 1 - 1e-15)),
        "estimated_brier": lambda y: brier_score_loss(y, scores),
    }
    assert set(realised) == set(found) == set(BINARY)
    truths = rng.random((120, len(scores))) < chances
    for key, measure in realised.items():
        came = np.array([measure(truth) for truth in truths])
        estimate = found[key]
        assert estimate.value == pytest.approx(came.mean(), abs=4 * came.std() / math.sqrt(len(came))), key
        assert estimate.se == pytest.approx(came.std(), rel=0.25), key


@given(st.permutations(range(6)), st.lists(st.integers(1, 40), min_size=6, max_size=6))
def test_neither_order_nor_repeats_of_scores_matter(order: list[int], rows: list[int]) -> None:
    scores = np.array([0.1, 0.1, 0.3, 0.6, 0.6, 0.9])
    training = Training(threshold=0.5, calibration={"1": KNOTS})
    held = np.array(rows)
    one = estimates(PredictedScores(scores, held), training)
    other = estimates(PredictedScores(scores[order], held[order]), training)
    assert {key: found.value for key, found in one.items()} == pytest.approx(
        {key: found.value for key, found in other.items()}, nan_ok=True
    )


def test_there_is_no_value_where_there_is_nothing_to_rest_on() -> None:
    training = Training(threshold=0.5, calibration={"1": KNOTS})
    assert estimates(by_score([0.2], [100]), Training()) == {}
    assert estimates(None, training) == {}
    empty = estimates(by_score([], []), training)
    few = estimates(by_score([0.2, 0.8], [4, 5]), training)
    assert all(found.value is None for found in (*empty.values(), *few.values()))
    # No threshold: what is predicted is not known, the ranking is.
    unsaid = estimates(by_score([0.2, 0.8], [50, 50]), Training(calibration={"1": KNOTS}))
    lacking = {key for key, found in unsaid.items() if found.value is None}
    assert lacking == {"estimated_accuracy", "estimated_precision", "estimated_recall", "estimated_f1"}
    # Scores that are no probabilities have no log loss and no Brier score.
    raw = {"1": {"scores": [-3.0, 5.0], "shares": [0.1, 0.7]}}
    margins = estimates(by_score([-2.0, 4.0], [50, 50]), Training(threshold=0.0, calibration=raw))
    assert {key for key, found in margins.items() if found.value is None} == {"estimated_log_loss", "estimated_brier"}
    # A score beyond those of training is worth what the nearest was; one that is no number is left out.
    beyond = estimates(by_score([0.05, 0.95, math.nan], [50, 50, 7]), training)
    assert beyond["estimated_precision"].value == pytest.approx(0.7)
    assert beyond["estimated_auc"].n == 100


def test_one_score_alone_ranks_nothing() -> None:
    training = Training(threshold=0.5, calibration={"1": KNOTS})
    assert estimates(by_score([0.5], [100]), training)["estimated_auc"].value == pytest.approx(0.5)


# -- several classes ---------------------------------------------------------------------------------------


def classes_example() -> ExpectedClasses:
    chances = np.array([[0.7, 0.2, 0.1]] * 50 + [[0.1, 0.1, 0.8]] * 50)
    named = chances == chances.max(axis=1, keepdims=True)
    return ExpectedClasses(chances, chances, named, np.ones(100, bool))


def test_an_example_of_classes_by_hand() -> None:
    expected = classes_example()
    assert estimated_class_accuracy(expected).value == pytest.approx(0.75)
    assert estimated_macro_f1(expected).value == pytest.approx((70 / 90 + 0 + 80 / 95) / 3)
    areas = (
        (35 * (45 + 7.5) + 5 * 22.5) / (40 * 60),
        (10 * (45 + 20) + 5 * 22.5) / (15 * 85),
        (40 * (45 + 5) + 5 * 22.5) / (45 * 55),
    )
    assert estimated_auc_ovr(expected).value == pytest.approx(sum(areas) / 3)
    loss = -0.5 * sum(p * math.log(p) for p in (0.7, 0.2, 0.1, 0.1, 0.1, 0.8))
    assert estimated_class_log_loss(expected).value == pytest.approx(loss)


def test_what_comes_of_classes_is_spread_as_the_estimate_says() -> None:
    rng = np.random.default_rng(7)
    chances = rng.dirichlet([1.5, 1.0, 0.8], 500)
    predicted = chances.argmax(axis=1)
    given = PredictedClasses(("a", "b", "c"), predicted, chances)
    straight = {"scores": [0.0, 1.0], "shares": [0.0, 1.0]}
    training = Training(classes=("a", "b", "c"), calibration=dict.fromkeys("abc", straight))
    found = estimates(given, training)
    realised = {
        "estimated_accuracy": lambda y: accuracy_score(y, predicted),
        "estimated_macro_f1": lambda y: f1_score(y, predicted, average="macro"),
        "estimated_auc_ovr": lambda y: roc_auc_score(y, chances, multi_class="ovr"),
        "estimated_log_loss": lambda y: log_loss(y, chances),
    }
    assert set(realised) == set(found) == set(MULTICLASS)
    # One uniform number a row picks its class.
    truths = (rng.random((120, 500, 1)) > chances.cumsum(axis=1)[None]).sum(axis=2)
    for key, measure in realised.items():
        came = np.array([measure(truth) for truth in truths])
        assert found[key].value == pytest.approx(came.mean(), abs=4 * came.std() / math.sqrt(len(came))), key
        assert found[key].se == pytest.approx(came.std(), rel=0.25), key


def test_classes_are_calibrated_each_and_then_add_up() -> None:
    calibration = {
        "a": {"scores": [0.0, 1.0], "shares": [0.0, 0.5]},
        "b": {"scores": [0.0, 1.0], "shares": [0.0, 1.0]},
    }
    given = PredictedClasses(("b", "x"), np.array([0, 1, -1]), np.array([[0.6, 0.4], [0.5, 0.5], [0.0, 0.0]]))
    expected = expect_classes(given, calibration, ("a", "b"))
    assert expected is not None
    assert expected.chances == pytest.approx(np.array([[0.3 / 0.7, 0.4 / 0.7], [1 / 3, 2 / 3], [0.5, 0.5]]))
    assert expected.named.tolist() == [[False, True], [False, False], [False, False]]
    assert expected.known.tolist() == [True, True, False]
    assert expect_classes(given, {"a": calibration["a"]}, ("a", "b")) is None
    nobody = PredictedClasses((), np.empty(0, np.int64), np.empty((0, 2)))
    training = Training(classes=("a", "b"), calibration=calibration)
    assert all(found.value is None for found in estimates(nobody, training).values())


# -- regression --------------------------------------------------------------------------------------------

LOSSES = {"mean": 4.0, "effects": {"x": [3.0, -1.0, 0.0], "c": [0.5, -0.5, 0.0, 2.0, 0.0]}}


def test_expected_losses_by_hand() -> None:
    variables = [numeric("x", [250, 750, 0]), categorical("c", [500, 500, 0, 0, 0])]
    batches = [
        {"x": [250, 750, 0], "c": [500, 500, 0, 0, 0]},  # as at training
        {"x": [75, 25, 0], "c": [50, 30, 0, 20, 0]},
        {"x": [75, 25, 0]},  # c is absent
        {"x": [0, 0, 0], "c": [0, 0, 0, 0, 0]},
    ]
    found = expected_losses(counted(variables, batches), LOSSES)
    assert found[:2] == pytest.approx([4.0, 4 + 0.75 * 3 - 0.25 + 0.5 * 0.5 - 0.3 * 0.5 + 0.2 * 2])
    assert np.isnan(found[2:]).all()


def test_effects_of_other_bins_give_nothing_and_those_of_unknown_variables_are_left_alone() -> None:
    counts = counted([numeric("x", [250, 750, 0])], [{"x": [75, 25, 0]}])
    assert np.isnan(expected_losses(counts, {"mean": 4.0, "effects": {"x": [3.0, -1.0]}})).all()
    found = expected_losses(counts, {"mean": 4.0, "effects": {"x": [3.0, -1.0, 0.0], "unknown": [9.0]}})
    assert found == pytest.approx([6.0])


def test_an_empty_batch_has_no_expected_loss_even_without_effects() -> None:
    counts = counted([numeric("x", [250, 750, 0])], [{"x": [0, 0, 0]}, {"x": [1, 0, 0]}])
    assert expected_losses(counts, {"mean": 4.0, "effects": {}}) == pytest.approx([math.nan, 4.0], nan_ok=True)


def test_a_stale_batch_has_no_expected_loss() -> None:
    stale = counted([numeric("x", [250, 750, 0])], [{"x": [75, 25, 0]}], stale=[True])
    assert np.isnan(expected_losses(stale, LOSSES)).all()
    assert np.isnan(expected_losses(stale, {"mean": 4.0, "effects": {}})).all()


def test_losses_become_the_measures_and_pool_by_rows() -> None:
    assert estimated_rmse(np.array([6.25, -0.1, math.nan])) == pytest.approx([2.5, 0.0, math.nan], nan_ok=True)
    assert estimated_mae(np.array([1.5, -0.1])) == pytest.approx([1.5, 0.0])
    rows = np.array([300, 100])
    assert pooled_rmse(np.array([2.0, 4.0]), rows) == pytest.approx(math.sqrt((3 * 4 + 16) / 4))
    assert pooled_mae(np.array([2.0, 4.0]), rows) == pytest.approx(2.5)
    assert math.isnan(pooled_rmse(np.array([2.0, math.nan]), rows))
    assert math.isnan(pooled_mae(np.empty(0), np.empty(0, np.int64)))
