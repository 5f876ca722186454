"""AUC from counts: scikit-learn's value, DeLong's error by definition, the logit interval, and too little truth."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from dashboard.metrics.auc import auc
from dashboard.performance.interval import logit_interval
from dashboard.performance.truth_counts import ScoreCounts


def counts(scores: list[float], positives: list[int], negatives: list[int]) -> ScoreCounts:
    return ScoreCounts(np.array(scores, float), np.array(positives, np.int64), np.array(negatives, np.int64))


def test_the_published_example_ten_times_over() -> None:
    given_rows = json.loads((Path(__file__).parents[1] / "data" / "worked-examples.json").read_text("utf-8"))
    example = next(row for row in given_rows if row["id"] == "sk_auc")
    truth = np.array(example["input"]["y"])
    found = auc(counts(example["input"]["s"], list(truth * 10), list((1 - truth) * 10)))
    assert found.value == pytest.approx(example["expected"], abs=example["tol"])
    assert found.n == 40


def test_an_asymmetric_example_by_hand() -> None:
    # Positives mostly high: pairs won 12*30 + ties ... counted out.
    found = auc(counts([0.2, 0.5, 0.9], [2, 4, 14], [20, 8, 2]))
    won = 4 * 20 + 14 * 28 + 0.5 * (2 * 20 + 4 * 8 + 14 * 2)
    assert found.value == pytest.approx(won / (20 * 30))
    exchanged = auc(counts([0.2, 0.5, 0.9], [20, 8, 2], [2, 4, 14]))
    assert exchanged.value == pytest.approx(1 - won / 600), "truth and estimate cannot be swapped unseen"


def test_delong_by_its_definition() -> None:
    scores, positives, negatives = [0.1, 0.4, 0.6, 0.8], [3, 5, 6, 9], [12, 9, 4, 2]
    x, y = np.repeat(scores, positives), np.repeat(scores, negatives)
    wins = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    variance = wins.mean(axis=1).var(ddof=1) / len(x) + wins.mean(axis=0).var(ddof=1) / len(y)
    found = auc(counts(scores, positives, negatives))
    assert found.value == pytest.approx(wins.mean())
    assert found.se == pytest.approx(math.sqrt(variance))


def test_the_interval_is_that_of_r_on_the_logit_scale() -> None:
    # Flights of January 2013: AUC, error and logit interval as computed with R's pROC.
    assert logit_interval(0.72369338, 0.0045168261) == pytest.approx((0.71475349, 0.73245797), abs=2e-8)
    assert all(math.isnan(bound) for bound in logit_interval(1.0, 0.0))


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=12).filter(
        lambda rows: sum(p for _, p, _ in rows) >= 10 and sum(n for _, _, n in rows) >= 10
    ),
    st.randoms(use_true_random=False),
)
def test_it_agrees_with_scikit_learn_whatever_the_ties_and_order(
    rows: list[tuple[int, int, int]], random: object
) -> None:
    random.shuffle(rows)  # type: ignore[attr-defined]
    scores, positives, negatives = ([float(row[i]) / 7 for row in rows] if i == 0 else [row[i] for row in rows]
                                    for i in range(3))  # fmt: skip
    expected = roc_auc_score(
        [1] * len(rows) + [0] * len(rows), [*scores, *scores], sample_weight=[*positives, *negatives]
    )
    found = auc(counts(scores, positives, negatives))
    assert found.value == pytest.approx(expected, abs=1e-9)
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1


@pytest.mark.parametrize(
    ("scores", "positives", "negatives"),
    [
        ([], [], []),
        ([0.5], [9], [1000]),
        ([0.5], [1000], [9]),
        ([0.1, 0.2], [0, 0], [500, 500]),
        ([0.1, math.nan], [20, 20], [20, 20]),
    ],
)
def test_too_little_truth_or_a_broken_score_gives_no_value(
    scores: list[float], positives: list[int], negatives: list[int]
) -> None:
    found = auc(counts(scores, positives, negatives))
    assert (found.value, found.se, found.low, found.high) == (None, None, None, None)


def test_constant_and_perfect_scores() -> None:
    assert auc(counts([0.5], [20], [30])).value == 0.5
    perfect = auc(counts([0.1, 0.9], [0, 20], [30, 0]))
    assert (perfect.value, perfect.se, perfect.low) == (1.0, 0.0, None)
