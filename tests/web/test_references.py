"""What two versions' training data say of each other: no number where the bins allow none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.web.views.references import common_bins, differences, moved_least


def numeric(name: str, edges: list[float], counts: list[int], **more: Any) -> dict[str, Any]:
    assert len(counts) == len(edges) + 2
    facts = {"mean": 1.0, "sd": 2.0, "type": "number", "importance": 0.5, **more}
    return {"variable": name, "kind": "numeric", "edges": edges, "levels": [], "counts": counts, **facts}


def levels(name: str, kept: list[str], counts: list[int], **more: Any) -> dict[str, Any]:
    assert len(counts) == len(kept) + 3
    facts = {"mean": None, "sd": None, "type": "text", "importance": None, **more}
    return {"variable": name, "kind": "categorical", "edges": [], "levels": kept, "counts": counts, **facts}


def test_equal_edges_are_compared_bin_by_bin() -> None:
    left, right = numeric("x", [1.0, 2.0], [1, 2, 3, 4]), numeric("x", [1.0, 2.0], [5, 6, 7, 8])
    bins = common_bins(left, right)
    assert bins is not None
    assert bins.whole
    assert bins.of_left(left["counts"]).tolist() == [1, 2, 3, 4]
    assert bins.of_right(right["counts"]).tolist() == [5, 6, 7, 8]


def test_bins_are_added_up_between_the_edges_that_both_have() -> None:
    left = numeric("x", [1.0, 2.0, 3.0, 4.0], [1, 10, 100, 1000, 10000, 7])
    right = numeric("x", [1.0, 2.5, 3.0, 4.0], [2, 20, 200, 2000, 20000, 8])
    bins = common_bins(left, right)
    assert bins is not None
    assert (bins.edges, bins.whole) == ((1.0, 3.0, 4.0), False)
    assert bins.of_left(left["counts"]).tolist() == [1, 110, 1000, 10000, 7]
    assert bins.of_right(right["counts"]).tolist() == [2, 220, 2000, 20000, 8]


def test_one_sides_edges_among_the_others_are_enough_and_two_of_many_are_not() -> None:
    many = numeric("x", [1.0, 2.0, 3.0, 4.0], [1] * 6)
    assert common_bins(numeric("x", [2.0], [1, 1, 0]), many) is not None
    assert common_bins(numeric("x", [1.0, 2.0, 8.0, 9.0], [1] * 6), many) is None
    assert common_bins(numeric("x", [], [1, 0]), many) is None
    assert common_bins(levels("x", ["a"], [1, 0, 0, 0]), many) is None


def test_levels_that_one_side_lacks_are_added_to_the_rest() -> None:
    left = levels("x", ["a", "b", "c"], [1, 2, 3, 4, 5, 6])
    right = levels("x", ["c", "a", "d"], [10, 20, 30, 40, 50, 60])
    bins = common_bins(left, right)
    assert bins is not None
    assert bins.levels == ("a", "c")
    assert bins.of_left(left["counts"]).tolist() == [1, 3, 2 + 4 + 5, 6]
    assert bins.of_right(right["counts"]).tolist() == [20, 10, 30 + 40 + 50, 60]
    assert common_bins(left, levels("x", ["z"], [1, 0, 0, 0])) is None


def test_the_least_that_must_have_moved_is_hand_computed() -> None:
    # Left: 80 % at or below 2. Right: 10 % at or below 1, 30 % at or below 3, so at 2 it has 10 to 30 %.
    left, right = numeric("x", [2.0], [80, 20, 0]), numeric("x", [1.0, 3.0], [10, 20, 70, 5])
    assert moved_least(left, right) == pytest.approx(0.5)
    assert moved_least(right, left) == pytest.approx(0.5)
    assert moved_least(left, levels("x", ["a"], [1, 0, 0, 0])) is None
    assert moved_least(left, numeric("x", [2.0], [0, 0, 9])) is None


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=40),
    st.lists(st.integers(0, 30), min_size=1, max_size=40),
    st.sets(st.integers(0, 30), max_size=6),
    st.sets(st.integers(0, 30), max_size=6),
)
def test_the_least_never_exceeds_what_the_rows_themselves_say(
    left: list[int], right: list[int], cuts: set[int], other_cuts: set[int]
) -> None:
    def counted(rows: list[int], edges: list[float]) -> dict[str, Any]:
        places = np.searchsorted(edges, rows, side="left")
        return numeric("x", edges, [*np.bincount(places, minlength=len(edges) + 1).tolist(), 0])

    ours, theirs = (
        counted(left, [float(c) for c in sorted(cuts)]),
        counted(right, [float(c) for c in sorted(other_cuts)]),
    )
    distance = max(abs(np.mean(np.array(left) <= x) - np.mean(np.array(right) <= x)) for x in range(31))
    assert (moved_least(ours, theirs) or 0.0) <= distance + 1e-12


def test_changes_in_kind_come_first_then_the_largest_difference() -> None:
    left = [
        numeric("calm", [1.0, 2.0], [50, 30, 20, 0]),
        numeric("moved", [1.0, 2.0], [10, 30, 60, 0], mean=5.0),
        numeric("retyped", [1.0], [1, 1, 0]),
        numeric("new", [1.0], [1, 1, 0]),
    ]
    right = [
        numeric("calm", [1.0, 2.0], [50, 30, 20, 0]),
        numeric("moved", [1.0, 2.0], [60, 30, 10, 0], mean=1.0),
        levels("retyped", ["a"], [1, 0, 0, 0]),
        numeric("gone", [1.0], [1, 1, 0]),
    ]
    found = differences(left, right)
    assert [(one.variable, one.change) for one in found] == [
        ("new", "came"), ("gone", "went"), ("retyped", "type"), ("moved", ""), ("calm", ""),
    ]  # fmt: skip
    moved = found[3]
    assert moved.psi == pytest.approx(1.73, abs=0.03)
    assert moved.shift == pytest.approx(2.0)
    assert found[4].psi == pytest.approx(0.0)
    assert found[2].psi is None


def test_a_variable_without_rows_on_one_side_has_no_number() -> None:
    found = differences([numeric("x", [1.0], [0, 0, 0])], [numeric("x", [1.0], [3, 4, 0])])
    assert found[0].psi is None
