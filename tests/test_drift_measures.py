"""Every drift measure of a batch when it is asked for: of each variable a value, or the reason why there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import metrics
from dashboard.counted import frozen_bins, side
from dashboard.drift_measures import REASONS, DriftMeasures, Side, drift_measures
from dashboard.metrics.psi import psi

NUMERIC = {"variable": "x", "kind": "numeric", "edges": [1.0, 2.0], "levels": [], "counts": [50, 30, 20, 0]}
NUMERIC |= {"mean": 1.2, "sd": 0.8, "low": 0.0, "high": 3.0}
LEVELS = {"variable": "c", "kind": "categorical", "edges": [], "levels": ["a", "b"], "counts": [60, 40, 0, 0, 0]}
LEVELS |= {"mean": None, "sd": None, "low": None, "high": None}
REFERENCE = [NUMERIC, LEVELS]


def batch(x: list[int] | None, c: list[int] | None, **more: Any) -> list[dict[str, Any]]:
    given = []
    if x is not None:
        where = {"mean": 1.7, "low": 0.1, "high": 2.9, "quantiles": [0.1, 0.3, 1.0, 1.8, 2.3, 2.8, 2.9], **more}
        given.append({"variable": "x", "counts": x, **where})
    if c is not None:
        none = {"mean": None, "low": None, "high": None, "quantiles": []}
        given.append({"variable": "c", "counts": c, **none})
    return given


def against_training(x: list[int] | None, c: list[int] | None, **more: Any) -> DriftMeasures:
    frozen = frozen_bins(REFERENCE)
    return drift_measures(frozen, side(REFERENCE, frozen), side(batch(x, c, **more), frozen))


def values(found: DriftMeasures, variable: int) -> dict[str, float]:
    return {metric: float(measure.value[variable]) for metric, measure in found.by_metric.items()}


def why(found: DriftMeasures, metric: str, variable: int) -> str | None:
    reason = REASONS[int(found.by_metric[metric].reason[variable])]
    return reason and reason.en


def test_a_batch_against_training() -> None:
    found = against_training([20, 40, 30, 10], [30, 60, 5, 5, 0])
    x, c = values(found, 0), values(found, 1)
    assert x["psi"] == pytest.approx(float(psi(np.array([50, 30, 20, 0]), np.array([20, 40, 30, 10]))))
    assert found.contributions[0].sum() == pytest.approx(x["psi"])
    assert x["psi_noise"] == pytest.approx(0.02 * 3)
    assert x["psi_debiased"] == pytest.approx(x["psi"] - 0.06)
    assert (x["bins_in_use"], c["bins_in_use"]) == (4, 4)
    assert x["l_infinity"] == pytest.approx(0.3)
    assert x["ks"] == pytest.approx(abs(0.5 - 20 / 90)), "the missing rows take no part"
    assert x["wasserstein"] >= 0.5 / 0.8
    assert (x["changed"], c["changed"]) == (1, 1)
    assert x["chi_square_p_value"] < 1e-4
    assert np.isnan(c["ks"])
    assert np.isnan(c["wasserstein"])
    assert why(found, "ks", 1) == why(found, "wasserstein", 1) == "it is for numeric variables"
    assert set(found.by_metric) | {"psi_contribution"} <= set(metrics.load()), "every measure is declared"
    size = found.by_metric["psi_debiased"]
    assert size.low is not None
    assert size.high is not None
    assert size.low[0] < x["psi_debiased"] < size.high[0]


def test_a_measure_has_a_value_or_a_reason_never_both_nor_neither() -> None:
    one = {"mean": None, "low": None, "high": None, "quantiles": []}
    for found in (
        against_training([20, 40, 30, 10], [30, 60, 5, 5, 0]),
        against_training(None, [1, 0, 0, 0, 0]),
        against_training([0, 0, 0, 0], None),
        against_training([0, 0, 0, 9], [0, 0, 0, 0, 3], **one),
        against_training([1, 0, 0, 0], [1, 2], mean=1e308, low=-1e308, high=1e308),
        against_training([1, 2], [1, 2]),
    ):
        for metric, measure in found.by_metric.items():
            for v in range(2):
                assert np.isfinite(measure.value[v]) == (measure.reason[v] == 0), f"{metric} of {found.names[v]}"


def test_why_there_is_no_value() -> None:
    absent = against_training(None, [1, 2])
    assert why(absent, "psi", 0) == "the batch has no rows of it in these bins"
    assert why(absent, "js_distance", 1) == why(absent, "psi", 0), "counts of other bins are no counts"
    assert np.isnan(absent.contributions).all(), "no contribution of 0 where there is no PSI"
    empty = against_training([0, 0, 0, 9], None, mean=None, low=None, high=None, quantiles=[])
    assert why(empty, "ks", 0) == why(empty, "wasserstein", 0) == "one side has no row with a value"
    assert values(empty, 0)["js_distance"] == 1
    frozen = frozen_bins([{**NUMERIC, "sd": 0.0, "counts": [100, 0, 0, 0]}])
    constant = drift_measures(
        frozen, side([{**NUMERIC, "counts": [100, 0, 0, 0]}], frozen), side(batch([5, 0, 0, 0], None), frozen)
    )
    assert why(constant, "psi", 0) == why(constant, "changed", 0) == "all rows are in one bin"
    assert why(constant, "wasserstein", 0) == "the spread in training is 0 or unknown"
    assert values(constant, 0)["js_distance"] == 0


def test_no_variables_and_only_levels() -> None:
    for reference in ([], [LEVELS]):
        frozen = frozen_bins(reference)
        found = drift_measures(frozen, side(reference, frozen), side(batch(None, [3, 4, 0, 0, 0]), frozen))
        assert found.by_metric["psi"].value.shape == (len(reference),)
        assert found.by_metric["wasserstein"].value.shape == (len(reference),)


def test_a_variable_with_fewer_bins_than_others_is_measured_alone() -> None:
    few = {**NUMERIC, "variable": "y", "edges": [1.5], "counts": [60, 30, 10]}
    row = {**batch([20, 70, 10], None)[0], "variable": "y"}
    wide, alone = (
        drift_measures(frozen, side(reference, frozen), side([row], frozen))
        for reference in ([NUMERIC, few], [few])
        for frozen in [frozen_bins(reference)]
    )
    for metric, measure in alone.by_metric.items():
        assert wide.by_metric[metric].value[-1] == pytest.approx(measure.value[0]), metric
    assert alone.by_metric["ks"].value[0] == pytest.approx(60 / 90 - 20 / 90), "the missing rows take no part"


def test_another_batch_takes_the_place_of_training() -> None:
    frozen = frozen_bins(REFERENCE)
    before, now = (
        side(batch(x, c), frozen) for x, c in (([20, 40, 30, 10], [30, 60, 5, 5, 0]), ([9, 9, 9, 9], [1, 9, 0, 0, 0]))
    )
    found = drift_measures(frozen, before, now)
    np.testing.assert_allclose(found.by_metric["psi"].value, psi(before.counts, now.counts))
    same = drift_measures(frozen, before, before)
    for metric in ("psi", "js_distance", "l_infinity", "ks", "chi_square", "changed", "wasserstein"):
        assert same.by_metric[metric].value[0] == pytest.approx(0, abs=1e-12), metric
    assert same.by_metric["chi_square_p_value"].value[0] == pytest.approx(1)


counted = st.tuples(
    st.lists(st.integers(0, 60), min_size=4, max_size=4), st.lists(st.integers(0, 60), min_size=5, max_size=5)
)
FROM_COUNTS = ("psi", "psi_p_value", "changed", "js_distance", "l_infinity", "chi_square", "chi_square_p_value", "ks")


@given(st.lists(counted, min_size=1, max_size=4))
def test_many_batches_at_once_are_each_alone(given: list[tuple[list[int], list[int]]]) -> None:
    frozen = frozen_bins(REFERENCE)
    training, sides = side(REFERENCE, frozen), [side(batch(x, c), frozen) for x, c in given]
    stacked = Side(*(np.array([getattr(s, k) for s in sides]) for k in ("counts", "mean", "low", "high", "quantiles")))
    together = drift_measures(frozen, training, stacked)
    for t, one in enumerate(sides):
        alone = drift_measures(frozen, training, one)
        for metric, measure in alone.by_metric.items():
            np.testing.assert_allclose(together.by_metric[metric].value[t], measure.value, rtol=1e-9, err_msg=metric)
            np.testing.assert_array_equal(together.by_metric[metric].reason[t], measure.reason)


@given(st.integers(0, 2**32 - 1), st.integers(0, 400), st.integers(0, 400))
def test_merging_the_counts_of_two_batches_is_counting_their_union(seed: int, n: int, m: int) -> None:
    from qod.bins import freeze_numeric
    from qod.counting import count_numeric

    rng = np.random.default_rng(seed)
    training = rng.normal(size=500)
    bins = freeze_numeric(training)
    values = np.where(rng.random(n + m) < 0.1, np.nan, rng.normal(0.5, 1, n + m))
    parts = count_numeric(values, bins, offsets=np.array([0, n, n + m])).counts
    whole = count_numeric(values, bins).counts
    base = count_numeric(training, bins).counts
    reference = [{**NUMERIC, "edges": list(bins.edges), "counts": base[0].tolist()}]
    frozen = frozen_bins(reference)
    merged, union = (
        drift_measures(frozen, side(reference, frozen), side(batch(counts.tolist(), None), frozen))
        for counts in (parts.sum(axis=0), whole[0])
    )
    for metric in FROM_COUNTS:
        np.testing.assert_array_equal(merged.by_metric[metric].value, union.by_metric[metric].value)


@given(counted, st.permutations(range(2)))
def test_the_order_of_levels_and_of_variables_does_not_matter(
    given: tuple[list[int], list[int]], order: list[int]
) -> None:
    turned = {**LEVELS, "levels": ["b", "a"], "counts": [40, 60, 0, 0, 0]}
    x, c = given
    here = against_training(x, c)
    reference = [[NUMERIC, turned][v] for v in order]
    frozen = frozen_bins(reference)
    there = drift_measures(frozen, side(reference, frozen), side(batch(x, [c[1], c[0], *c[2:]]), frozen))
    for metric in FROM_COUNTS:
        found = there.by_metric[metric].value[[order.index(0), order.index(1)]]
        np.testing.assert_allclose(found, here.by_metric[metric].value, rtol=1e-9, atol=1e-12, err_msg=metric)
