"""The split of a change into mix and within: exact, additive, by hand, and with segments that come and go."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss, roc_auc_score

from dashboard.history import Training
from dashboard.performance.by_task import performance
from dashboard.performance.segment_report import change_of, split_sentences
from dashboard.performance.segment_split import SPLIT, split_from_cohort, split_from_training, trained_names
from dashboard.performance.segments import Segment
from dashboard.performance.split import Means, Split, pairs_of, split_means, split_pairs
from dashboard.performance.truth_counts import ClassCounts, ScoreCounts, residuals
from dashboard.text import Text
from qod.scored import Scored
from qod.segments import segments_of as trained_segments


def adds_up(split: Split) -> None:
    assert split.mix + split.within + split.new == pytest.approx(split.after - split.before, abs=1e-9)
    for part in ("mix", "within", "new"):
        of_segments = sum(getattr(segment, part) for segment in split.segments)
        assert of_segments == pytest.approx(getattr(split, part), abs=1e-9)


# -- means -------------------------------------------------------------------------------------------------


def means(**of: tuple[float, float]) -> Means:
    weights, values = zip(*of.values(), strict=True) if of else ((), ())
    return Means(tuple(of), np.array(weights, np.float64), np.array(values, np.float64))


def test_a_change_of_means_by_hand() -> None:
    # 60 % at .2 and 40 % at .5: .32; then 30 % at .2 and 70 % at .6: .48.
    split = split_means(means(a=(0.6, 0.2), b=(0.4, 0.5)), means(a=(0.3, 0.2), b=(0.7, 0.6)))
    assert split is not None
    assert (split.before, split.after) == pytest.approx((0.32, 0.48))
    assert (split.mix, split.within, split.new) == pytest.approx((0.09, 0.07, 0))
    assert [segment.segment for segment in split.segments] == ["b", "a"]
    assert split.segments[0].within == pytest.approx(0.07)
    assert split.segments[0].mix == pytest.approx(0.3 * (0.5 - 0.32))
    assert (split.came, split.went) == ((), ())


def test_segments_that_come_and_go_are_named_and_told_apart() -> None:
    split = split_means(means(a=(0.5, 0.2), gone=(0.5, 0.4)), means(a=(0.5, 0.2), fresh=(0.5, 0.9)))
    assert split is not None
    assert (split.came, split.went) == (("fresh",), ("gone",))
    assert (split.mix, split.within, split.new) == pytest.approx((-0.5 * (0.4 - 0.3), 0, 0.5 * (0.9 - 0.3)))
    adds_up(split)


def test_one_segment_has_no_mix_and_no_rows_have_no_split() -> None:
    split = split_means(means(a=(1.0, 0.2)), means(a=(1.0, 0.5)))
    assert split is not None
    assert (split.mix, split.within) == pytest.approx((0, 0.3))
    nothing = means()
    assert split_means(nothing, means(a=(1.0, 0.2))) is None
    assert split_means(means(a=(1.0, 0.2)), nothing) is None


# -- AUC ---------------------------------------------------------------------------------------------------

COUNTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=3)
COHORT = st.dictionaries(st.sampled_from("abcd"), COUNTS, max_size=4)


def counts(of: list[tuple[int, int]]) -> ScoreCounts:
    """Positives and negatives at the scores .2, .5 and .9."""
    rows = np.array(of, np.int64)
    return ScoreCounts(np.array([0.2, 0.5, 0.9]), rows[:, 0], rows[:, 1])


def pooled(cohort: dict[str, list[tuple[int, int]]]) -> tuple[np.ndarray, np.ndarray]:
    rows = [
        (score, outcome)
        for of in cohort.values()
        for score, both in zip((0.2, 0.5, 0.9), of, strict=True)
        for outcome, n in zip((1, 0), both, strict=True)
        for _ in range(n)
    ]
    given = np.array(rows, np.float64).reshape(-1, 2)
    return given[:, 1], given[:, 0]


@given(COHORT, COHORT)
def test_the_split_of_an_auc_adds_up_whatever_came_and_went(before: dict, after: dict) -> None:  # type: ignore[type-arg]
    sides = [pairs_of(list(cohort), [counts(of) for of in cohort.values()]) for cohort in (before, after)]
    split = split_pairs(*sides)
    truths = [pooled(cohort) for cohort in (before, after)]
    if any(len(set(true)) < 2 for true, _ in truths):
        assert split is None
        return
    assert split is not None
    adds_up(split)
    assert (split.before, split.after) == pytest.approx(tuple(roc_auc_score(*truth) for truth in truths))


def test_a_change_of_mix_alone_is_mix_alone() -> None:
    """Twice as many rows of one segment, no score better or worse than before."""
    a, b = [(1, 6), (2, 3), (6, 1)], [(3, 3), (3, 3), (3, 3)]
    before = pairs_of(["a", "b"], [counts(a), counts(b)])
    after = pairs_of(["b", "a"], [counts([(6, 6)] * 3), counts(a)])
    split = split_pairs(before, after)
    assert split is not None
    assert split.within == pytest.approx(0)
    assert split.mix == pytest.approx(split.after - split.before)
    assert split.mix < -0.01


# -- segments of a cohort ----------------------------------------------------------------------------------

TRAINING = Training(threshold=0.5)


def segment(name: str, truth: object, extra: int = 0) -> Segment:
    known = truth.n  # type: ignore[attr-defined]
    return Segment(name, known + extra, known, truth, performance(truth, TRAINING))  # type: ignore[arg-type]


def test_the_measures_that_split_are_those_of_the_whole_cohort() -> None:
    before = [segment("a", counts([(1, 6), (2, 3), (6, 1)])), segment("b", counts([(3, 3), (3, 3), (3, 3)]))]
    after = [segment("a", counts([(4, 6), (2, 3), (6, 4)])), segment("c", counts([(1, 9), (3, 3), (9, 1)]))]
    for key in SPLIT["binary"]:
        split = split_from_cohort(key, before, after)
        assert split is not None
        adds_up(split)
        assert (split.came, split.went) == (("c",), ("b",))
    true, scores = pooled({"a": [(4, 6), (2, 3), (6, 4)], "c": [(1, 9), (3, 3), (9, 1)]})
    split = split_from_cohort("log_loss", before, after)
    assert split is not None
    assert split.after == pytest.approx(log_loss(true, scores))


def test_other_tasks_split_their_means() -> None:
    one = residuals(np.array([1.0, 2.0]), np.array([0.0, 4.0]), np.array([3, 1]))
    two = residuals(np.array([1.0]), np.array([3.0]), np.array([4]))
    split = split_from_cohort("mse", [segment("a", one)], [segment("a", one), segment("b", two)])
    assert split is not None
    adds_up(split)
    assert (split.before, split.after) == pytest.approx(((3 + 4) / 4, (3 + 4 + 16) / 8))
    classes = ClassCounts(("x", "y"), np.array([0, 0]), np.array([0, 1]), np.array([30, 10]))
    split = split_from_cohort("accuracy", [segment("a", classes)], [segment("a", classes)])
    assert split is not None
    assert (split.before, split.mix, split.within) == pytest.approx((0.75, 0, 0))


def test_a_score_that_is_no_probability_has_no_log_loss_to_split() -> None:
    margins = ScoreCounts(np.array([-2.0, 3.0]), np.array([3, 9]), np.array([9, 3]))
    assert split_from_cohort("log_loss", [segment("a", margins)], [segment("a", margins)]) is None
    assert split_from_cohort("auc", [segment("a", margins)], [segment("a", margins)]) is not None
    assert split_from_cohort("auc", [], [segment("a", margins)]) is None
    assert split_from_cohort("brier", [], []) is None


# -- against training --------------------------------------------------------------------------------------


def trained(cohort: dict[str, list[tuple[int, int]]]) -> dict:  # type: ignore[type-arg]
    """What a reference delivers of training rows like these."""
    import pyarrow as pa

    true, scores = pooled(cohort)
    names = [name for name, of in cohort.items() for both in of for _ in range(sum(both))]
    scored = Scored("binary", np.arange(len(true)), scores, true)
    return trained_segments(scored, "region", pa.chunked_array([names]))


def test_a_cohort_like_training_has_not_changed_and_another_is_split_exactly() -> None:
    a, b = [(1, 6), (2, 3), (6, 1)], [(3, 3), (4, 3), (3, 9)]
    told = trained({"a": a, "b": b})
    same = [segment("a", counts(a)), segment("b", counts(b))]
    other = [segment("b", counts(a)), segment("c", counts(b))]
    for key in SPLIT["binary"]:
        split = split_from_training(key, told, same)
        assert split is not None
        assert (split.mix, split.within, split.new) == pytest.approx((0, 0, 0))
        split = split_from_training(key, told, other)
        assert split is not None
        adds_up(split)
        assert split.came == ("c",)
    assert split_from_training("auc", {"segments": {}}, same) is None
    assert split_from_training("log_loss", {"segments": {"a": {"n": 5}}}, same) is None


def test_segments_that_training_pooled_are_pooled_here_too() -> None:
    told: dict[str, dict[str, dict[str, int]]] = {"segments": {"a": {}, "(other)": {}}}
    assert trained_names(told, ("a", "b", "c")) == ("a",)
    assert trained_names({"segments": {"a": {}}}, ("a", "b")) == ("a", "b")
    assert math.isnan(pairs_of(["a"], [counts([(1, 0), (0, 0), (0, 0)])]).areas[0, 0])


@pytest.mark.parametrize(
    ("key", "mix", "shown"),
    [("auc", 0.00002, "<\u00a0.0001 by"), ("accuracy", -0.0001, ": 0\u00a0points by"), ("auc", -0.02, "\u2212.020 by")],
)
def test_a_part_too_small_to_show_has_no_sign(key: str, mix: float, shown: str) -> None:
    (sentence,) = split_sentences(key, Split(0.8, 0.7, mix, -0.1 - mix, 0.0, (), (), ()))
    assert shown in sentence.en


def test_the_change_of_a_quantity_has_no_digits_the_quantity_could_not_show() -> None:
    split = Split(547.1, 544.6, -0.00296, -2.497, 0.0, (), (), ())
    assert change_of("mse", split.within, split) == Text("\u22122.5", "\u22122,5")
    assert change_of("mse", split.mix, split) == Text("0.0", "0,0")
    (told,) = split_sentences("mae", Split(18.61, 18.59, -0.000064, -0.01396, 0.0, (), (), ()))
    assert "0.00 by the mix of segments, \u22120.01 within" in told.en
