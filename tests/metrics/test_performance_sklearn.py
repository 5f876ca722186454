"""Every measure of performance against scikit-learn and scipy on random truths, and what it says where they do not.

gini, average_precision, log_loss, brier, calibration_error, ks_classes, lift, precision, recall, specificity, f1,
macro_f1, auc_ovr, bias, r2, mape; and auc, accuracy, rmse, mae again.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics as sk

from dashboard.performance.by_task import AT_THRESHOLD, BINARY
from dashboard.performance.truth_counts import ScoreCounts, residuals
from tests.metrics.truths import Array, class_counts, of

CLOSE: dict[str, float] = {"rel": 1e-9, "abs": 1e-9}
NOTHING = (None, None, None, None)


# -- binary ------------------------------------------------------------------------------------------------

tied = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.65, 0.9, 1.0])
free = st.floats(0, 1)
counts_of = st.sampled_from([0, 0, 1, 2, 7, 40, 3000])
huge = st.integers(0, 10**12)


@st.composite
def truths(draw: st.DrawFn, scores: st.SearchStrategy[float] = tied | free, rows: Any = counts_of) -> ScoreCounts:
    """Counts per score, in any order, a score several times, some of them of nobody; at least 10 rows of each class."""
    drawn = draw(st.lists(st.tuples(scores, rows, rows), min_size=1, max_size=25))
    score, positives, negatives = (np.array(column) for column in zip(*drawn, strict=True))
    positives[0] += 10
    negatives[-1] += 10
    return ScoreCounts(score.astype(float), positives.astype(np.int64), negatives.astype(np.int64))


def weighted(counts: ScoreCounts) -> tuple[Array, Array, Array]:
    """(truth, score, weight) of one entry a score and class, without those of nobody."""
    y = np.repeat([1, 0], len(counts.scores))
    weight = np.concatenate([counts.positives, counts.negatives])
    held = weight > 0
    return y[held], np.tile(counts.scores, 2)[held], weight[held].astype(float)


def spread_out(counts: ScoreCounts) -> tuple[Array, Array]:
    """(truth, score) of every row."""
    y, score, weight = weighted(counts)
    return np.repeat(y, weight.astype(int)), np.repeat(score, weight.astype(int))


@settings(max_examples=100, deadline=None)
@given(truths(), st.sampled_from([0.0, 0.3, 0.5, 0.65, 1.0, 2.0]))
def test_binary_measures_are_scikit_learns(counts: ScoreCounts, threshold: float) -> None:
    y, score, weight = weighted(counts)
    found, w = of(counts, threshold=threshold), {"sample_weight": weight}
    assert found["auc"].value == pytest.approx(sk.roc_auc_score(y, score, **w), **CLOSE)
    assert found["gini"].value == pytest.approx(2 * sk.roc_auc_score(y, score, **w) - 1, **CLOSE)
    assert found["average_precision"].value == pytest.approx(sk.average_precision_score(y, score, **w), **CLOSE)
    chance = np.clip(score, 1e-15, 1 - 1e-15)
    assert found["log_loss"].value == pytest.approx(sk.log_loss(y, chance, **w), **CLOSE)
    assert found["brier"].value == pytest.approx(sk.brier_score_loss(y, score, **w), **CLOSE)
    predicted = score >= threshold
    assert found["accuracy"].value == pytest.approx(sk.accuracy_score(y, predicted, **w), **CLOSE)
    assert found["recall"].value == pytest.approx(sk.recall_score(y, predicted, **w), **CLOSE)
    assert found["specificity"].value == pytest.approx(sk.recall_score(1 - y, ~predicted, **w), **CLOSE)
    assert found["f1"].value == pytest.approx(sk.f1_score(y, predicted, zero_division=0, **w), **CLOSE)
    if weight[predicted].sum() >= 10:
        assert found["precision"].value == pytest.approx(sk.precision_score(y, predicted, **w), **CLOSE)
    else:
        assert found["precision"].value is None, "fewer than 10 rows are predicted positive"


@settings(max_examples=50, deadline=None)
@given(truths(rows=huge))
def test_they_still_are_where_there_are_a_million_million_rows(counts: ScoreCounts) -> None:
    y, score, weight = weighted(counts)
    found = of(counts)
    assert found["auc"].value == pytest.approx(sk.roc_auc_score(y, score, sample_weight=weight), **CLOSE)
    expected = sk.average_precision_score(y, score, sample_weight=weight)
    assert found["average_precision"].value == pytest.approx(expected, **CLOSE)
    assert found["brier"].value == pytest.approx(sk.brier_score_loss(y, score, sample_weight=weight), **CLOSE)


@settings(max_examples=80, deadline=None)
@given(truths(rows=st.integers(0, 30)))
def test_ks_lift_and_calibration_are_those_of_the_rows_one_by_one(counts: ScoreCounts) -> None:
    y, score = spread_out(counts)
    found = of(counts)
    ks = stats.ks_2samp(score[y == 1], score[y == 0], method="asymp").statistic
    assert found["ks_classes"].value == pytest.approx(ks, **CLOSE)
    # The tenth with the highest scores, drawn at random among those that tie at its cut.
    left, hits = len(y) / 10, 0.0
    for value in sorted(set(score), reverse=True):
        here = y[score == value]
        hits += here.mean() * min(left, len(here))
        left -= min(left, len(here))
    assert found["lift"].value == pytest.approx(hits / (len(y) / 10) / y.mean(), **CLOSE)
    cuts = np.quantile(score, np.linspace(0.1, 0.9, 9), method="lower")
    bins = np.searchsorted(cuts, score, side="left")
    gaps = [abs((score - y)[bins == one].sum()) for one in range(10)]
    assert found["calibration_error"].value == pytest.approx(sum(gaps) / len(y), **CLOSE)


@settings(max_examples=50, deadline=None)
@given(truths(), st.randoms())
def test_neither_the_order_of_scores_nor_scores_of_nobody_matter(counts: ScoreCounts, random: Any) -> None:
    places = list(range(len(counts.scores)))
    random.shuffle(places)
    turned = ScoreCounts(
        np.append(counts.scores[places], [0.33, math.nan]),
        np.append(counts.positives[places], [0, 0]),
        np.append(counts.negatives[places], [0, 0]),
    )
    others = of(turned)
    for key, one in of(counts).items():
        assert one.value == pytest.approx(others[key].value, **CLOSE), key
        if one.se is not None:
            assert one.se == pytest.approx(others[key].se, rel=1e-6, abs=1e-7), key


@settings(max_examples=50, deadline=None)
@given(truths(), truths())
def test_counts_of_two_batches_add_up(one: ScoreCounts, other: ScoreCounts) -> None:
    joined = ScoreCounts(
        *(np.concatenate([getattr(one, name), getattr(other, name)]) for name in ("scores", "positives", "negatives"))
    )
    y, score, weight = weighted(joined)
    assert of(joined)["auc"].value == pytest.approx(sk.roc_auc_score(y, score, sample_weight=weight), **CLOSE)


FEW = (
    ScoreCounts(np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64)),
    ScoreCounts(np.array([0.2, 0.8]), np.array([4, 5]), np.array([500, 500])),
    ScoreCounts(np.array([0.2, 0.8]), np.array([0, 0]), np.array([500, 500])),
    ScoreCounts(np.array([0.2, 0.8]), np.array([500, 500]), np.array([4, 5])),
    ScoreCounts(np.array([0.2, math.nan]), np.array([50, 50]), np.array([50, 50])),
)


@pytest.mark.parametrize("counts", FEW)
@pytest.mark.parametrize("key", ["gini", *BINARY])
def test_one_class_few_rows_or_a_broken_score_give_no_value(counts: ScoreCounts, key: str) -> None:
    one = of(counts)[key]
    assert (one.value, one.se, one.low, one.high) == NOTHING


@pytest.mark.parametrize("counts", FEW[:4])
@pytest.mark.parametrize("key", [*AT_THRESHOLD])
def test_nor_does_one_class_or_few_rows_at_a_threshold(counts: ScoreCounts, key: str) -> None:
    one = of(counts, threshold=0.5)[key]
    assert (one.value, one.se, one.low, one.high) == NOTHING


def test_without_a_threshold_nothing_is_said_at_one() -> None:
    counts = ScoreCounts(np.array([0.2, 0.8]), np.array([10, 40]), np.array([40, 10]))
    assert not AT_THRESHOLD.keys() & of(counts).keys()
    assert AT_THRESHOLD.keys() <= of(counts, threshold=0.0).keys()


def test_scores_that_are_no_probabilities_rank_but_are_not_calibrated() -> None:
    found = of(ScoreCounts(np.array([-3.0, 12.0]), np.array([10, 40]), np.array([40, 10])))
    assert found["auc"].value == pytest.approx(0.8)
    assert found["lift"].value is not None
    for key in ("log_loss", "brier", "calibration_error"):
        assert found[key].value is None, key


def test_constant_and_perfect_scores() -> None:
    constant = of(ScoreCounts(np.array([0.25]), np.array([20]), np.array([60])))
    assert (constant["auc"].value, constant["gini"].value, constant["ks_classes"].value) == (0.5, 0.0, 0.0)
    assert (constant["average_precision"].value, constant["calibration_error"].value) == (0.25, 0.0)
    assert constant["lift"].value == pytest.approx(1.0)
    # Its average precision is the share of positives, and varies as that does.
    assert constant["average_precision"].se == pytest.approx(math.sqrt(0.25 * 0.75 / 80))
    perfect = of(ScoreCounts(np.array([0.0, 1.0]), np.array([0, 20]), np.array([80, 0])))
    assert (perfect["auc"].value, perfect["average_precision"].value, perfect["brier"].value) == (1, 1, 0)
    assert perfect["log_loss"].value == pytest.approx(1e-15)
    assert perfect["lift"].value == pytest.approx(5.0), "all of the tenth are positive, one in five of all"
    assert (perfect["auc"].low, perfect["average_precision"].low) == (None, None), "the logit has no value at 1"


def test_an_asymmetric_example_by_hand() -> None:
    # Of 100 rows 30 are positive. At .5: 24 found, 10 false alarms, 6 missed, 60 left in peace.
    counts = ScoreCounts(np.array([0.1, 0.4, 0.6, 0.9]), np.array([1, 5, 10, 14]), np.array([40, 20, 8, 2]))
    found = of(counts, threshold=0.5)
    by_hand = {"precision": 24 / 34, "recall": 24 / 30, "specificity": 60 / 70, "f1": 48 / 64, "accuracy": 84 / 100}
    assert {key: found[key].value for key in by_hand} == pytest.approx(by_hand)
    # The tenth: 10 of the 16 rows of score .9, of which 14 are positive.
    assert found["lift"].value == pytest.approx(14 / 16 / 0.3)
    assert found["ks_classes"].value == pytest.approx(60 / 70 - 6 / 30)
    average = (14 * 14 / 16 + 10 * 24 / 34 + 5 * 29 / 59 + 1 * 30 / 100) / 30
    assert found["average_precision"].value == pytest.approx(average)
    assert (found["precision"].n, found["recall"].n, found["specificity"].n, found["f1"].n) == (34, 30, 70, 100)


# -- classes -----------------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=10, max_size=80))
def test_measures_of_classes_are_scikit_learns(rows: list[tuple[int, int]]) -> None:
    true, predicted = (np.array(column) for column in zip(*rows, strict=True))
    found = of(class_counts(true, predicted))
    assert found["accuracy"].value == pytest.approx(sk.accuracy_score(true, predicted), **CLOSE)
    assert found["macro_f1"].value == pytest.approx(sk.f1_score(true, predicted, average="macro"), **CLOSE)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.sampled_from([1, 2, 16]))
def test_measures_of_probabilities_are_scikit_learns(seed: int, classes: int, digits: int) -> None:
    chance = np.random.default_rng(seed)
    # Tenths tie often; sixteenths of all digits never do.
    parts = np.round(chance.dirichlet(np.ones(classes), 60), digits) + 1e-3
    probabilities = parts / parts.sum(axis=1, keepdims=True)
    true = np.concatenate([np.repeat(np.arange(classes), 10), chance.integers(0, classes, 60 - 10 * classes)])
    names = tuple(str(one) for one in range(classes))
    found = of(class_counts(true, probabilities.argmax(axis=1), probabilities), classes=names)
    assert found["log_loss"].value == pytest.approx(sk.log_loss(true, probabilities), **CLOSE)
    given_ = probabilities[:, 1] if classes == 2 else probabilities
    expected = sk.roc_auc_score(true, given_, multi_class="ovr", average="macro")
    assert found["auc_ovr"].value == pytest.approx(expected, **CLOSE)


def test_what_classes_and_probabilities_cannot_say() -> None:
    true, predicted = np.repeat([0, 1, 2], 10), np.repeat([0, 1], 15)
    probabilities = np.full((30, 3), 1 / 3)
    names = ("0", "1", "2")
    whole = of(class_counts(true, predicted, probabilities), classes=names)
    assert (whole["auc_ovr"].value, whole["log_loss"].value) == pytest.approx((0.5, math.log(3)))
    assert not {"auc_ovr", "log_loss"} & of(class_counts(true, predicted, probabilities)).keys()
    for broken in (probabilities[:, :2], probabilities + 1, np.where(probabilities > 0, math.nan, 0.0)):
        found = of(class_counts(true, predicted, broken), classes=names)
        assert (found["auc_ovr"].value, found["log_loss"].value) == (None, None)
    rare = np.where(np.arange(30) == 0, 1, true)
    found = of(class_counts(rare, predicted, probabilities), classes=names)
    assert found["auc_ovr"].value is None, "a class has nine rows"
    assert found["log_loss"].value is not None
    stranger = of(class_counts(np.where(true == 2, 7, true), predicted, probabilities), classes=names)
    assert stranger["log_loss"].value == pytest.approx((20 * math.log(3) - 10 * math.log(1e-15)) / 30)
    assert of(class_counts(true[:9], predicted[:9]))["macro_f1"].value is None


def test_the_docstring_example_of_macro_f1() -> None:
    found = of(class_counts(np.array([0, 1, 2, 0, 1, 2] * 2), np.array([0, 2, 1, 0, 0, 1] * 2)))
    assert found["macro_f1"].value == pytest.approx(0.8 / 3)


# -- numbers -----------------------------------------------------------------------------------------------

number = st.floats(-1e6, 1e6, allow_subnormal=False) | st.integers(-5, 5).map(float)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(number, number), min_size=10, max_size=60), st.sampled_from([0.0, 1e9, -1e-6]))
def test_measures_of_numbers_are_scikit_learns(rows: list[tuple[float, float]], offset: float) -> None:
    predicted, true = (np.array(column) + offset for column in zip(*rows, strict=True))
    found = of(residuals(predicted, true, np.ones(len(rows), np.int64)))
    assert found["bias"].value == pytest.approx(float((predicted - true).mean()), **CLOSE)
    assert found["mae"].value == pytest.approx(sk.mean_absolute_error(true, predicted), **CLOSE)
    assert found["rmse"].value == pytest.approx(sk.root_mean_squared_error(true, predicted), **CLOSE)
    if np.var(true) > 1e-12 * np.max(np.abs(true)) ** 2:
        assert found["r2"].value == pytest.approx(sk.r2_score(true, predicted), **CLOSE)
    if np.abs(true).min() >= 1e-9:
        assert found["mape"].value == pytest.approx(sk.mean_absolute_percentage_error(true, predicted), **CLOSE)
    elif np.abs(true).min() == 0:
        assert found["mape"].value is None, "no error is in proportion to nothing"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(number, number, st.integers(0, 9)), min_size=3, max_size=20))
def test_rows_that_are_counted_are_rows(entries: list[tuple[float, float, int]]) -> None:
    predicted, true, n = (np.array(column) for column in zip(*entries, strict=True))
    n[:1] += 10
    counted = of(residuals(predicted, true, n))
    rows = of(residuals(np.repeat(predicted, n), np.repeat(true, n), np.ones(int(n.sum()), np.int64)))
    for key, one in counted.items():
        if one.value is not None and key != "r2":
            assert one.value == pytest.approx(rows[key].value, rel=1e-9, abs=1e-6), key


def test_numbers_by_hand_and_what_they_cannot_say() -> None:
    # Errors 1, 1, 1, 5 three times over: bias 2; true values 1, 2, 3, 5 with mean 2.75.
    predicted, true = np.array([2.0, 3, 4, 10]), np.array([1.0, 2, 3, 5])
    found = of(residuals(predicted, true, np.array([3, 3, 3, 3])))
    assert found["bias"].value == 2
    assert found["bias"].se == pytest.approx(np.std([1, 1, 1, 5] * 3, ddof=1) / math.sqrt(12))
    assert found["r2"].value == pytest.approx(1 - 28 / 8.75)
    assert found["mape"].value == pytest.approx((1 + 1 / 2 + 1 / 3 + 1) / 4)
    constant = of(residuals(np.arange(12.0), np.full(12, 3.0), np.ones(12, np.int64)))
    assert constant["r2"].value is None, "an outcome that does not vary has no variance to explain"
    assert constant["rmse"].value is not None
    for few in (0, 1, 9):
        nine = of(residuals(np.arange(float(few)), np.arange(float(few)) + 1, np.ones(few, np.int64)))
        assert all(one.value is None for one in nine.values())


@pytest.mark.parametrize("size", [1e78, 1e155, 1e300])
def test_errors_too_large_for_their_powers_give_no_value_rather_than_nonsense(size: float) -> None:
    true = np.linspace(1, 2, 20)
    found = of(residuals(true + size, true, np.ones(20, np.int64)))
    assert found["rmse"].value is None
    for one in found.values():
        assert one.value is None or (math.isfinite(one.value) and one.se is not None and math.isfinite(one.se))
