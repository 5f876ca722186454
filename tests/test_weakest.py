"""The weakest segment: found where there is one, not where there is none, however many are tried."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from dashboard.performance.truth_counts import ClassCounts, Residuals, ScoreCounts, residuals
from dashboard.performance.weakest import sentence, weakest
from qod.baseline import auc_delong, count_by_score


def binary(rng: np.random.Generator, n: int, shift: float) -> ScoreCounts:
    """Scores of ``n`` rows, a third positive and higher by ``shift``."""
    true = rng.random(n) < 1 / 3
    return ScoreCounts(*count_by_score(np.round(rng.normal(true * shift, 1.0), 2), true.astype(float)))


def test_by_hand_against_a_test_of_two_areas() -> None:
    rng = np.random.default_rng(1)
    parts = [binary(rng, 400, 1.5), binary(rng, 300, 0.7), binary(rng, 500, 1.4)]
    found = weakest(("a", "b", "c"), parts)
    worst = found.tried[0]
    assert (worst.segment, len(found.tried), found.too_few) == ("b", 3, ())
    rest_scores = np.concatenate([parts[0].scores, parts[2].scores])
    rest = auc_delong(
        *merged(rest_scores, [parts[0].positives, parts[2].positives], [parts[0].negatives, parts[2].negatives])
    )
    own = auc_delong(parts[1].scores, parts[1].positives, parts[1].negatives)
    z = (rest.value - own.value) / np.hypot(rest.se, own.se)
    assert (worst.value, worst.rest, worst.z) == pytest.approx((own.value, rest.value, z))
    assert worst.p == pytest.approx(stats.norm.sf(z))
    assert worst.p_adjusted == pytest.approx(3 * worst.p)
    assert worst.significant


def merged(scores: np.ndarray, positives: list[np.ndarray], negatives: list[np.ndarray]) -> tuple:  # type: ignore[type-arg]
    distinct, at = np.unique(scores, return_inverse=True)
    return distinct, *(np.bincount(at, np.concatenate(side), len(distinct)) for side in (positives, negatives))


def test_holm_is_applied_in_order_and_never_falls() -> None:
    rng = np.random.default_rng(2)
    found = weakest(tuple("abcdef"), [binary(rng, 300, shift) for shift in (0.6, 0.8, 1.0, 1.1, 1.2, 1.3)])
    p = [one.p for one in found.tried]
    assert p == sorted(p)
    adjusted = [min(value * (6 - place), 1.0) for place, value in enumerate(p)]
    assert [one.p_adjusted for one in found.tried] == pytest.approx(np.maximum.accumulate(adjusted).tolist())


def test_of_many_segments_alike_one_is_seldom_named() -> None:
    rng = np.random.default_rng(3)
    names = tuple(str(place) for place in range(20))
    named = sum(weakest(names, [binary(rng, 150, 1.0) for _ in names]).tried[0].significant for _ in range(60))
    # 5 % of 60 is 3; without the correction it would be 64 % of them.
    assert named <= 9


def test_segments_with_too_few_rows_are_not_tried_and_said() -> None:
    rng = np.random.default_rng(4)
    small = ScoreCounts(np.array([0.1, 0.9]), np.array([15, 14]), np.array([500, 500]))
    parts = [binary(rng, 300, 1.0), small, binary(rng, 300, 1.0), binary(rng, 300, 0.2)]
    found = weakest(("a", "small", "b", "(other)"), parts)
    assert [one.segment for one in found.tried if one.segment in ("small", "(other)")] == []
    assert found.too_few == ("small",)
    alone = weakest(("a",), [parts[0]])
    assert (alone.tried, alone.too_few) == ((), ("a",))
    assert weakest((), []).tried == ()
    assert "takes 30 rows" in sentence(alone, "binary").en


def test_other_tasks_by_their_means() -> None:
    classes = [
        ClassCounts(("x", "y"), np.array([0, 0]), np.array([0, 1]), np.array([right, 100 - right]))
        for right in (90, 70)
    ]
    found = weakest(("a", "b"), classes)
    z = 0.2 / np.sqrt(0.9 * 0.1 / 99 + 0.7 * 0.3 / 99)
    assert (found.tried[0].segment, found.tried[0].z) == ("b", pytest.approx(z))
    assert "accuracy 70" in sentence(found, "multiclass").en
    rng = np.random.default_rng(5)
    errors = [residuals(rng.normal(0, sd, 200), np.zeros(200), np.ones(200, np.int64)) for sd in (1.0, 1.0, 2.0)]
    found = weakest(("a", "b", "c"), errors)
    assert found.tried[0].segment == "c"
    assert found.tried[0].significant
    assert "RMSE" in sentence(found, "regression").en
    assert "\u00ab" in sentence(found, "regression").fr
    # A sum that is not finite has no value to compare.
    broken = Residuals(100, 1.0, float("inf"), 1.0, float("inf"))
    assert weakest(("a", "b"), [errors[0], broken]).tried == ()
