"""Curves of a cohort: by hand, in one order or another, and of nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from dashboard.performance.curves import calibration_curve, error_bins, gain_curve, value_curve
from dashboard.performance.truth_counts import ScoreCounts


def counts(scores: list[float], positives: list[int], negatives: list[int]) -> ScoreCounts:
    return ScoreCounts(np.array(scores, np.float64), np.array(positives, np.int64), np.array(negatives, np.int64))


NOTHING = counts([], [], [])


def test_a_calibration_curve_by_hand() -> None:
    # Ten scores of ten rows: ten bins; and two scores that share a bin because there are few of each.
    scores = [place / 10 for place in range(10)]
    curve = calibration_curve(counts(scores[::-1], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
    assert curve.n.tolist() == [10] * 10
    assert curve.scores == pytest.approx(scores)
    assert curve.shares == pytest.approx([place / 10 for place in range(10)])
    assert (curve.low <= curve.shares).all()
    assert (curve.high >= curve.shares).all()
    # Wilson's interval of 5 in 10.
    assert (curve.low[5], curve.high[5]) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_rows_of_one_score_stay_together() -> None:
    curve = calibration_curve(counts([0.1, 0.9], [30, 5], [60, 5]))
    assert curve.n.tolist() == [90, 10]
    assert curve.shares == pytest.approx([1 / 3, 0.5])
    single = calibration_curve(counts([0.4], [1], [0]))
    assert (single.n.tolist(), single.shares.tolist()) == ([1], [1.0])


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30))
def test_the_bins_hold_every_row_once(rows: list[tuple[int, int, int]]) -> None:
    scores, positives, negatives = (list(column) for column in zip(*rows, strict=True))
    truth = counts([score / 20 for score in scores], positives, negatives)
    curve = calibration_curve(truth)
    assert curve.n.sum() == truth.n
    assert (curve.n * curve.shares).sum() == pytest.approx(truth.m)
    assert (np.diff(curve.scores) > 0).all()
    turned = calibration_curve(counts([score / 20 for score in scores[::-1]], positives[::-1], negatives[::-1]))
    assert turned.shares == pytest.approx(curve.shares)


def test_a_gain_curve_by_hand() -> None:
    # 20 rows at .9 with 8 of 10 positives, 80 at .2 with the other 2.
    curve = gain_curve(counts([0.2, 0.9], [2, 8], [78, 12]), points=11)
    assert curve is not None
    assert curve.rows == pytest.approx(np.linspace(0, 1, 11))
    assert curve.found[:4] == pytest.approx([0, 0.4, 0.8, 0.8 + 0.2 / 8])
    assert curve.found[-1] == 1
    assert curve.lift[1:4] == pytest.approx([4, 4, (0.8 + 0.2 / 8) / 0.3])
    assert math.isnan(curve.lift[0])


def test_the_area_under_a_gain_curve_is_that_of_the_auc() -> None:
    rng = np.random.default_rng(3)
    scores, true = np.round(rng.random(400), 2), rng.random(400) < 0.3
    distinct, at = np.unique(scores, return_inverse=True)
    curve = gain_curve(
        counts(
            distinct.tolist(),
            np.bincount(at[true], minlength=len(distinct)).tolist(),
            np.bincount(at[~true], minlength=len(distinct)).tolist(),
        ),
        points=4001,
    )
    assert curve is not None
    area, share = np.trapezoid(curve.found, curve.rows), true.mean()
    assert (area - share / 2) / (1 - share) == pytest.approx(roc_auc_score(true, scores), abs=1e-4)


def test_predicted_against_true_by_hand() -> None:
    curve = value_curve(np.array([3.0, 1.0, 1.0]), np.array([5.0, 0.0, 4.0]), np.array([10, 5, 5]))
    assert curve.predicted == pytest.approx([1, 3])
    assert curve.true == pytest.approx([2, 5])
    assert curve.n.tolist() == [10, 10]


def test_nothing_has_no_curve() -> None:
    assert calibration_curve(NOTHING).n.size == 0
    assert gain_curve(NOTHING) is None
    assert gain_curve(counts([0.4], [0], [9])) is None
    assert value_curve(np.empty(0), np.empty(0), np.empty(0, np.int64)).n.size == 0


def test_errors_lie_in_bins_around_nothing() -> None:
    predicted, true = np.array([10.0, 10.0, 12.0, 7.0]), np.array([10.0, 9.0, 10.0, 10.0])
    found = error_bins(predicted, true, np.array([5, 3, 2, 1]), bins=7)
    assert found is not None
    # Errors 0 (5 rows), 1 (3), 2 (2), -3 (1): bins of width 1, the middle one from -.5 to .5.
    assert found.edges == pytest.approx([-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5])
    assert found.n.tolist() == [1, 0, 0, 5, 3, 2, 0]
    assert (found.below, found.above) == (0, 0)


def test_a_few_wild_errors_do_not_flatten_the_others() -> None:
    errors = np.concatenate([np.linspace(-1, 1, 999), [1e9]])
    found = error_bins(errors, np.zeros(1000), np.ones(1000, np.int64))
    assert found is not None
    assert found.edges[-1] < 2
    assert found.above >= 1
    assert int(found.n.sum()) + found.below + found.above == 1000


def test_errors_of_nothing_and_of_a_perfect_model() -> None:
    none = np.empty(0)
    assert error_bins(none, none, np.empty(0, np.int64)) is None
    perfect = error_bins(np.array([5.0]), np.array([5.0]), np.array([30]))
    assert perfect is not None
    assert perfect.n.tolist()[20] == 30
