"""Bins: edges between values, atoms of their own, levels kept, and the same whatever the order of the rows."""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qod.bins import Bins, below_and_above, freeze_categorical, freeze_numeric

FEW_VALUES = st.lists(st.sampled_from([-2.5, 0.0, 0.1, 1.0, 1.0000000001, 3.0, 1e9]), min_size=1, max_size=60)
ANY_VALUES = st.lists(st.floats(allow_nan=True, allow_infinity=True, width=64), min_size=1, max_size=60)
NUMBERS = st.one_of(FEW_VALUES, ANY_VALUES)


def test_deciles_of_whole_numbers_stand_halfway_after_each_quantile() -> None:
    assert freeze_numeric(np.arange(1, 101)).edges == (10.5, 20.5, 30.5, 40.5, 50.5, 60.5, 70.5, 80.5, 90.5)


def test_a_value_with_a_tenth_of_the_rows_gets_a_bin_of_its_own() -> None:
    # 0 holds 91 of 100 rows: without an edge on either side everything would be one bin.
    bins = freeze_numeric([0.0] * 91 + [1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert bins.edges == (pytest.approx(-9e-6), 0.5)
    # An atom in the middle: 5 with 10 of 100 rows has the edges 4.5 and 5.5, though no decile ends at 4.
    middle = freeze_numeric([4.0] * 5 + [5.0] * 10 + list(range(100, 185)))
    assert middle.edges[:2] == (4.5, 52.5)
    assert freeze_numeric([4.0] * 5 + [5.0] * 9 + list(range(100, 185))).edges[0] == 52.5


def test_an_atom_at_either_end_has_its_outer_edge_a_millionth_of_the_range_outside() -> None:
    bins = freeze_numeric(np.repeat(np.arange(7.0), 3))
    assert bins.edges == (-6e-6, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.000006)


def test_a_constant_column_has_a_bin_for_its_value_and_one_on_either_side() -> None:
    for value in (5.0, 0.0, -1e300, 1e-300):
        low, high = freeze_numeric([value] * 20).edges
        assert low < value < high


def test_without_any_finite_value_there_are_no_edges() -> None:
    for values in ([], [np.nan], [np.inf, -np.inf, np.nan]):
        assert freeze_numeric(values) == Bins("numeric")


def test_values_with_no_number_between_them_are_still_told_apart() -> None:
    right = np.nextafter(1.0, 2.0)
    (edge,) = freeze_numeric([1.0] * 6 + [right] * 2 + [right] * 4, bins=2).edges[1:-1]
    assert edge == 1.0  # bins are closed on the right: 1.0 falls left of it, its neighbour right


def test_huge_values_do_not_overflow() -> None:
    most = sys.float_info.max
    bins = freeze_numeric([-most] * 5 + [most] * 5)
    assert all(np.isfinite(bins.edges))
    assert any(-most < edge < most for edge in bins.edges)


@given(NUMBERS)
def test_every_edge_separates_training_values_and_stands_on_none(values: list[float]) -> None:
    bins = freeze_numeric(values)
    distinct = np.unique([v for v in values if np.isfinite(v)])
    assert list(bins.edges) == sorted(set(bins.edges))
    for edge in bins.edges:
        left, right = distinct[distinct < edge], distinct[distinct > edge]
        if edge in distinct:  # only where two values have no number between them, or at the largest of all floats
            assert right.size == 0 or np.nextafter(edge, np.inf) == right[0] or abs(edge) == sys.float_info.max
        elif left.size and right.size:
            assert edge == pytest.approx(left[-1] / 2 + right[0] / 2)


@given(NUMBERS)
def test_every_value_with_a_tenth_of_the_rows_is_alone_in_its_bin(values: list[float]) -> None:
    finite = [v + 0.0 for v in values if np.isfinite(v)]
    bins = freeze_numeric(values)
    place = {v: int(np.searchsorted(bins.edges, v, side="left")) for v in finite}
    for value, rows in Counter(finite).items():
        if rows * 10 >= len(finite):
            assert [v for v in set(finite) if place[v] == place[value]] == [value]


@given(NUMBERS, st.randoms())
def test_the_order_of_rows_does_not_matter(values: list[float], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert freeze_numeric(values) == freeze_numeric(shuffled)


def test_up_to_50_levels_are_all_kept_most_frequent_first() -> None:
    bins = freeze_categorical(["rare", "b", "a", "often"], [1, 10, 10, 10_000])
    assert bins.levels == ("often", "a", "b", "rare")
    assert bins.tail == ()


def test_of_more_levels_those_that_hold_99_and_a_half_percent_are_kept_50_at_most() -> None:
    even = freeze_categorical([f"l{i:03}" for i in range(120)], [1] * 120)
    assert even.levels == tuple(f"l{i:03}" for i in range(50))
    assert even.tail == tuple(f"l{i:03}" for i in range(50, 120))
    # 995 rows of 1,000 are exactly enough: the first level holds them.
    one = freeze_categorical([f"l{i:03}" for i in range(61)], [11_940] + [1] * 60)
    assert one.levels == ("l000",)
    two = freeze_categorical([f"l{i:03}" for i in range(61)], [11_939] + [1] * 60)
    assert two.levels == ("l000", "l001")


def test_a_tail_too_long_to_remember_is_open() -> None:
    bins = freeze_categorical([f"l{i}" for i in range(10_100)], [1] * 10_100)
    assert bins.open_tail
    assert bins.tail == ()


def test_levels_without_rows_are_no_levels() -> None:
    assert freeze_categorical(["a", "b"], [3, 0]).levels == ("a",)
    assert freeze_categorical([], []).levels == ()


def test_bounds_leave_room_for_a_last_bit() -> None:
    low, high = below_and_above(freeze_numeric(np.linspace(0.1, 0.7, 50)))
    assert low < 0.1 < high
    assert float(np.float32(0.7)) < high < 0.70001
    assert below_and_above(Bins("numeric")) == (-np.inf, np.inf)


def test_bins_refuse_edges_that_do_not_ascend_and_levels_that_stand_twice() -> None:
    with pytest.raises(ValueError, match="ascend"):
        Bins("numeric", edges=(1.0, 1.0))
    with pytest.raises(ValueError, match="twice"):
        Bins("categorical", levels=("a", "a"))
