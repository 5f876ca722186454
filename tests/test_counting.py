"""Counting: every row falls into one bin, and counts of parts add up to the counts of the whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qod.bins import Bins, freeze_categorical, freeze_numeric
from qod.counting import count_levels, count_numeric, level_places

VALUES = st.lists(st.one_of(st.integers(-5, 5).map(float), st.floats(width=64)), max_size=40)


def test_numeric_counts_by_hand() -> None:
    bins = Bins("numeric", edges=(0.0, 10.0), low=-1.0, high=20.0)
    found = count_numeric([-np.inf, -3.0, 0.0, 0.5, 10.0, 20.0, 25.0, np.inf, np.nan, np.nan], bins)
    # <= 0: -inf, -3, 0; <= 10: .5, 10; the rest: 20, 25, inf; then missing.
    assert found.counts.tolist() == [[3, 2, 3, 2]]
    assert (found.below.tolist(), found.above.tolist()) == ([2], [2])
    assert found.mean[0] == pytest.approx(52.5 / 6)
    assert found.sd[0] == pytest.approx(np.std([-3, 0, 0.5, 10, 20, 25], ddof=1))
    assert (found.low[0], found.high[0], found.distinct[0]) == (-3.0, 25.0, 8)
    assert found.quantiles[0].tolist() == pytest.approx(
        np.quantile([-3, 0, 0.5, 10, 20, 25], [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
    )


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, -np.inf]])
def test_a_batch_without_finite_values_has_counts_and_no_summary(values: list[float]) -> None:
    found = count_numeric(values, Bins("numeric", edges=(1.0,), low=0.0, high=2.0))
    assert found.counts.sum() == len(values)
    assert np.isnan([found.mean[0], found.sd[0], found.low[0], found.high[0], *found.quantiles[0]]).all()


def test_one_value_has_a_mean_and_no_deviation() -> None:
    found = count_numeric([4.0], Bins("numeric"))
    assert found.mean[0] == found.low[0] == found.high[0] == 4.0
    assert np.isnan(found.sd[0])
    assert found.quantiles[0].tolist() == [4.0] * 7


def test_deviation_of_large_numbers_close_together_is_exact() -> None:
    values = 1e9 + np.tile([0.0, 1.0], 40_000)
    assert count_numeric(values, Bins("numeric")).sd[0] == pytest.approx(np.std([0, 1] * 40_000, ddof=1), rel=1e-12)


@given(st.lists(VALUES, min_size=1, max_size=5), VALUES)
def test_counts_of_many_batches_are_those_of_each_and_add_up(parts: list[list[float]], training: list[float]) -> None:
    bins = freeze_numeric(training)
    offsets = np.cumsum([0, *(len(part) for part in parts)])
    together = count_numeric(np.array([v for part in parts for v in part]), bins, offsets=offsets)
    alone = [count_numeric(part, bins) for part in parts]
    whole = count_numeric([v for part in parts for v in part], bins)
    assert together.counts.tolist() == [one.counts[0].tolist() for one in alone]
    assert together.counts.sum(axis=0).tolist() == whole.counts[0].tolist()
    assert together.counts.sum(axis=1).tolist() == [len(part) for part in parts]
    assert [together.below.sum(), together.above.sum()] == [whole.below[0], whole.above[0]]
    for name in ("mean", "sd", "low", "high", "quantiles", "distinct"):
        np.testing.assert_array_equal(getattr(together, name), np.concatenate([getattr(one, name) for one in alone]))


@given(VALUES, VALUES, st.randoms())
def test_the_order_of_rows_does_not_matter(training: list[float], values: list[float], random: object) -> None:
    bins = freeze_numeric(training)
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = count_numeric(values, bins), count_numeric(shuffled, bins)
    np.testing.assert_array_equal(one.counts, other.counts)
    np.testing.assert_array_equal(one.mean, other.mean)
    np.testing.assert_array_equal(one.sd, other.sd)


def test_levels_fall_into_kept_other_unseen_and_missing() -> None:
    bins = Bins("categorical", levels=("a", "b"), tail=("z",))
    texts = ["b", "z", "new", "newer", "a"]
    codes = [0, 0, 1, 2, 2, 3, -1, 4]
    found = count_levels(codes, texts, level_places(texts, bins), bins)
    assert found.counts.tolist() == [[1, 2, 1, 3, 1]]
    assert found.unseen == ((("new", 2), ("newer", 1)),)
    assert found.distinct.tolist() == [5]


def test_unseen_levels_are_the_20_most_frequent_by_name_where_equal() -> None:
    bins = Bins("categorical", levels=("a",))
    texts = [f"n{i:02}" for i in range(40)]
    codes = [*range(39, -1, -1), 39, 39]
    ((first, *others),) = count_levels(codes, texts, level_places(texts, bins), bins).unseen
    assert first == ("n39", 3)
    assert others == [(f"n{i:02}", 1) for i in range(19)]


def test_an_open_tail_takes_what_nobody_remembers_for_other() -> None:
    bins = Bins("categorical", levels=("a",), open_tail=True)
    assert level_places(["a", "who knows"], bins).tolist() == [0, 1]


def test_the_same_level_in_another_spelling_is_not_unseen() -> None:
    bins = Bins("categorical", levels=("1", "true", "2.50", "A"))
    assert level_places(["1.0", "TRUE", "2.5", "a"], bins).tolist() == [0, 1, 5, 5]
    assert level_places(["1", "false"], Bins("categorical", levels=("1.0", "False"))).tolist() == [0, 1]


@given(
    st.lists(st.lists(st.one_of(st.none(), st.sampled_from("abcdefg")), max_size=30), min_size=1, max_size=4),
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9)),
)
def test_level_counts_of_batches_add_up(parts: list[list[str | None]], training: dict[str, int]) -> None:
    bins = freeze_categorical(list(training), list(training.values()))
    texts = sorted({v for part in parts for v in part if v is not None})
    rows = [-1 if v is None else texts.index(v) for part in parts for v in part]
    batch = [s for s, part in enumerate(parts) for _ in part]
    places = level_places(texts, bins)
    together = count_levels(np.array(rows, int), texts, places, bins, batch=np.array(batch, int), batches=len(parts))
    whole = count_levels(np.array(rows, int), texts, places, bins)
    assert together.counts.sum(axis=0).tolist() == whole.counts[0].tolist()
    assert together.counts.sum(axis=1).tolist() == [len(part) for part in parts]
    for s, part in enumerate(parts):
        new = {level: part.count(level) for level in set(part) - {None} - set(training)}
        assert dict(together.unseen[s]) == new
        assert together.distinct[s] == len(set(part) - {None})
