"""What holds of every drift measure and of the rule, whatever the counts: beside the tests of each measure's file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, false_discovery_control, wasserstein_distance

from dashboard.colour import GREY
from dashboard.evaluation.assess import assess
from dashboard.history import Spread, VersionHistory
from dashboard.metrics.changed import changed
from dashboard.metrics.chi_square import chi_square
from dashboard.metrics.chi_square_p_value import chi_square_tail
from dashboard.metrics.js_distance import js_distance
from dashboard.metrics.ks import ks
from dashboard.metrics.l_infinity import l_infinity
from dashboard.metrics.psi import bins_in_use, contributions, psi, sampling
from dashboard.metrics.psi_debiased import psi_debiased
from dashboard.metrics.psi_noise import noise
from dashboard.metrics.psi_p_value import psi_p_value
from dashboard.metrics.wasserstein import Values, wasserstein
from dashboard.policy import Policy
from dashboard.rules import constant, drift
from dashboard.tally import tally
from qod.bins import freeze_numeric
from qod.counting import count_numeric
from tests.histories import categorical, history, numeric, version
from tests.metrics.counts import Whole, pairs
from tests.rules.test_drift_day_by_day import POLICIES


def of(a: Whole, b: Whole) -> dict[str, Any]:
    """Every measure that comes from counts alone."""
    scale, bins = sampling(a, b), bins_in_use(a, b)
    value, statistic = psi(a, b), chi_square(a, b)
    return {
        "psi": value,
        "psi_noise": noise(scale, bins),
        "psi_debiased": psi_debiased(value, noise(scale, bins)),
        "psi_p_value": psi_p_value(value, scale, bins),
        "js_distance": js_distance(a, b),
        "l_infinity": l_infinity(a, b),
        "ks": ks(a, b),
        "chi_square": statistic,
        "chi_square_p_value": chi_square_tail(statistic, bins),
    }


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    for name in one:
        np.testing.assert_allclose(one[name], other[name], rtol=1e-9, atol=1e-9, err_msg=name)


@given(pairs(), st.lists(st.integers(0, 8), max_size=4))
def test_bins_that_are_empty_on_both_sides_change_nothing(sides: tuple[Whole, Whole], places: list[int]) -> None:
    at = [min(place, len(sides[0])) for place in places]
    same(of(*sides), of(*(np.insert(side, at, 0) for side in sides)))


@given(pairs(), st.randoms(use_true_random=False))
def test_the_order_of_bins_matters_to_ks_alone(sides: tuple[Whole, Whole], random: Any) -> None:
    order = random.sample(range(len(sides[0])), len(sides[0]))
    one, other = of(*sides), of(*(side[order] for side in sides))
    del one["ks"], other["ks"]
    same(one, other)


@given(pairs(), st.integers(1, 1000))
def test_shares_are_all_that_distances_know(sides: tuple[Whole, Whole], times: int) -> None:
    a, b = sides
    for measure in (js_distance, l_infinity, ks):
        assert measure(a * times, b) == pytest.approx(measure(a, b), abs=1e-9)
        assert measure(b, a) == pytest.approx(measure(a, b), abs=1e-9)


@given(pairs())
def test_psi_is_never_negative_and_symmetric_in_its_raw_form(sides: tuple[Whole, Whole]) -> None:
    a, b = sides
    assert (contributions(a, b) >= 0).all()
    assert not psi(a, b) < 0
    there, back = psi(a, b, pseudo_count=0), psi(b, a, pseudo_count=0)
    np.testing.assert_allclose(there, back, rtol=1e-9, atol=1e-12)
    assert np.isinf(there) == (bins_in_use(a, b) > 1 and bool(((a == 0) != (b == 0)).any()))


@given(pairs())
def test_a_p_value_is_that_of_scipy(sides: tuple[Whole, Whole]) -> None:
    a, b = sides
    degrees, value = bins_in_use(a, b) - 1, psi(a, b)
    if degrees > 0:
        expected = chi2.sf(value / (1 / a.sum() + 1 / b.sum()), degrees)
        assert psi_p_value(value, sampling(a, b), bins_in_use(a, b)) == pytest.approx(expected, abs=1e-9)


@given(
    st.lists(st.lists(st.one_of(st.sampled_from([0.0, 1e-300, 0.001, 0.002, 1.0]), st.floats(0, 1)), min_size=1)),
    st.floats(0.001, 0.5),
)
def test_the_marks_of_many_batches_are_those_of_scipy(batches: list[list[float]], q: float) -> None:
    for p_values in batches:
        adjusted = false_discovery_control(p_values)
        clear = np.abs(adjusted - q) > 1e-9
        np.testing.assert_array_equal(changed(np.array(p_values), q=q)[clear], (adjusted <= q)[clear])


@given(
    st.lists(st.integers(-5, 5), min_size=2, max_size=60).filter(lambda rows: len(set(rows)) > 1),
    st.lists(st.integers(0, 40), min_size=1, max_size=60),
    st.sampled_from([-1, 1]),
)
def test_wasserstein_is_that_of_scipy_where_the_rows_are_apart(
    training: list[int], further: list[int], side: int
) -> None:
    """Ties, one row or many: a batch wholly beyond the training has no bin whose inside would have to be guessed."""
    batch = np.array([side * (6 + row) for row in further], float)
    bins = freeze_numeric(np.array(training, float))
    found = [count_numeric(np.asarray(rows, float), bins) for rows in (training, batch)]
    one, other = (Values(f.counts[0, :-1], f.mean[0], f.low[0], f.high[0], f.quantiles[0]) for f in found)
    sd = np.std(training, ddof=1)
    assert wasserstein(np.array(bins.edges), np.array(sd), one, other) == pytest.approx(
        wasserstein_distance(training, batch) / sd, rel=1e-9
    )


# -- the rule ------------------------------------------------------------------------------------------------


def world(seed: int, days: int = 12) -> VersionHistory:
    """Batches of all kinds: empty, small, all missing, constant, moved, with variables that training lacked."""
    rng = np.random.default_rng(seed)
    week = rng.multinomial(2000, [0.1] * 10 + [0], size=7)
    variables = [
        replace(numeric("a", week.sum(axis=0).tolist()), weekdays=week, noise=Spread(30, 0.02, 0.03)),
        replace(numeric("b"), noise=Spread(30, 0.5, 0.1)),
        numeric("e", [0] * 4 + [500] + [0] * 6),
        numeric("f", [0] * 10 + [500]),
        categorical("g"),
    ]
    kinds = ([1] * 10 + [0], [1] * 5 + [4] * 5 + [0], [0] * 10 + [1], [0] * 4 + [1] + [0] * 6)
    batches = []
    for _ in range(days):
        n = int(rng.choice([0, 1, 150, 500, 10**6]))
        batch = {}
        for variable in variables:
            shares = np.array(kinds[rng.integers(len(kinds))] if len(variable.counts) == 11 else [4, 3, 0, 1, 1], float)
            if rng.random() < 0.85:
                batch[variable.name] = rng.multinomial(n, shares / shares.sum()).tolist()
        batches.append(batch)
    return version(variables, batches)


@given(st.integers(0, 2**32 - 1), st.sampled_from(POLICIES))
@settings(max_examples=60)
def test_what_does_not_exist_is_grey_and_never_green(seed: int, given: dict[str, Any]) -> None:
    counted = tally(world(seed))
    found = drift.judge(counted, Policy(**given), frozen=constant.is_frozen(counted))
    nothing = np.isnan(found.verdicts.numbers["psi"])
    np.testing.assert_array_equal(nothing, found.shown == GREY)
    np.testing.assert_array_equal(nothing, found.soft == GREY)
    assert nothing[counted.n == 0].all()


@given(st.integers(0, 2**32 - 1), st.sampled_from(POLICIES), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_variables_batches_and_levels_does_not_matter(
    seed: int, given: dict[str, Any], random: Any
) -> None:
    whole, policy = world(seed), Policy(**given)
    t, v = (random.sample(range(n), n) for n in (len(whole.batches), len(whole.variables)))
    turned = replace(
        whole,
        variables=tuple(whole.variables[place] for place in v),
        batches=tuple(whole.batches[place] for place in t),
        counts=whole.counts[np.ix_(t, v)].copy(),
        present=whole.present[np.ix_(t, v)],
        below=whole.below[np.ix_(t, v)],
        above=whole.above[np.ix_(t, v)],
    )
    levels = [one.name for one in turned.variables].index("g")
    turned.counts[:, levels, :2] = turned.counts[:, levels, 1::-1]
    other = replace(turned.variables[levels], levels=("b", "a"), counts=np.array([4000, 6000, 0, 0, 0]))
    turned = replace(turned, variables=(*turned.variables[:levels], other, *turned.variables[levels + 1 :]))
    here, there = (assess(history(one, policy=policy)).findings for one in (whole, turned))
    for one, other_one in zip(_drift(here), _drift(there), strict=True):
        assert one.facts.keys() == other_one.facts.keys()
        assert (one.subject, one.batch_id, one.colour) == (other_one.subject, other_one.batch_id, other_one.colour)
        numbers = [[f.facts[name] or 0.0 for name in ("psi", "amber", "upper")] for f in (one, other_one)]
        assert numbers[0] == pytest.approx(numbers[1], rel=1e-9)


def _drift(findings: list[Any]) -> list[Any]:
    return sorted((f for f in findings if f.rule == "drift"), key=lambda f: (f.batch_id, f.subject))


@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
@settings(max_examples=30)
def test_a_day_in_parts_is_the_day(seed: int, days: int) -> None:
    """In windows of days it makes no difference into how many batches a day is cut."""
    whole = world(seed, days=8)
    rng = np.random.default_rng(seed)
    parts = rng.binomial(whole.counts, 0.4)
    cut = replace(
        whole,
        batches=tuple(
            replace(batch, batch_id=f"{batch.batch_date}-{part}") for batch in whole.batches for part in range(2)
        ),
        counts=np.stack([parts, whole.counts - parts], axis=1).reshape(-1, *whole.counts.shape[1:]),
        **{name: np.repeat(getattr(whole, name), 2, axis=0) for name in ("present", "below", "above")},
    )
    policy = Policy(drift_window_days=days)
    one, two = (
        drift.judge(tally(of), policy, frozen=np.zeros(of.counts.shape[:2], bool)).verdicts.numbers
        for of in (whole, cut)
    )
    in_both = (tally(cut).n[1::2] > 0) & (tally(cut).missing[1::2] < tally(cut).n[1::2])
    for name in ("psi", "noise", "upper", "n", "floor", "amber"):
        a, b = np.broadcast_to(one[name], in_both.shape)[in_both], np.broadcast_to(two[name], (16, 5))[1::2][in_both]
        np.testing.assert_array_equal(a, b, err_msg=name)


def test_every_month_of_flights_equals_the_published_numbers() -> None:
    """All columns that the product has, of every variable and month, from the table's own counts."""
    table = pd.read_csv(Path(__file__).parents[1] / "data" / "flights" / "expected_psi_by_month.csv")
    columns = {"psi": "psi_laplace", "psi_noise": "psi_null_mean", "psi_debiased": "psi_debiased"}
    columns |= {"psi_p_value": "psi_p", "js_distance": "js_distance_b2", "l_infinity": "linf"}
    columns |= {"chi_square": "chi2", "chi_square_p_value": "chi2_p", "ks": "ks_binned"}
    for row in table.to_dict("records"):
        a, b = (np.array(row[side].split(), np.int64) for side in ("ref_counts", "cur_counts"))
        found = of(a, b)
        if row["type"] == "cat":
            found["ks"] = np.nan
        for name, column in columns.items():
            assert found[name] == pytest.approx(row[column], rel=1e-6, abs=1e-8, nan_ok=True), (row["feature"], name)
        assert bins_in_use(a, b) == row["bins_nonempty"]
    assert len(table) == 132
