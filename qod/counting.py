"""Counting rows into frozen bins, for one batch or for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from qod.bins import Bins, Counts, Floats, below_and_above, rank_levels
from qod.columns import spellings
from qod.contract import QUANTILES
from qod.names import LONGEST

Codes = npt.NDArray[np.int64]

_BLOCK: Final = 16_384

NAMED_UNSEEN: Final = 20
"""Unseen levels that are kept with their names, the most frequent."""


@dataclass(frozen=True, slots=True)
class NumericCounts:
    """A numeric variable in S batches: ``counts`` (S, bins), and (S,) of the rest; NaN where there is no number.

    ``quantiles`` is (S, 7), linear between values; ``mean``, ``sd`` (n - 1), ``low``, ``high`` and the quantiles
    are over finite values; ``below`` and ``above`` are rows outside the training range, infinite ones included.
    """

    counts: Counts
    below: Counts
    above: Counts
    mean: Floats
    sd: Floats
    low: Floats
    high: Floats
    quantiles: Floats
    distinct: Counts


@dataclass(frozen=True, slots=True)
class LevelCounts:
    """A categorical variable in S batches: ``counts`` (S, bins), the unseen levels of each, distinct levels (S,)."""

    counts: Counts
    unseen: tuple[tuple[tuple[str, int], ...], ...]
    distinct: Counts


def sort_batches(values: Floats, offsets: Counts, *, copy: bool = True) -> Floats:
    """``values`` sorted within each batch (NaN last); batch s is ``values[offsets[s]:offsets[s + 1]]``."""
    ordered = values.copy() if copy else values
    for start, stop in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        ordered[start:stop].sort()
    return ordered


def count_numeric(values: npt.ArrayLike, bins: Bins, *, offsets: Counts | None = None) -> NumericCounts:
    """Count numeric rows into ``bins``; NaN is missing, infinities fall into the end bins.

    ``offsets`` (S + 1,) cuts the rows into S batches that stand one after the other; by default all are one batch.
    """
    array = np.asarray(values, dtype=np.float64)
    cuts = np.array([0, len(array)], dtype=np.int64) if offsets is None else offsets
    return count_sorted(sort_batches(array, cuts), bins, offsets=cuts)


def count_sorted(ordered: Floats, bins: Bins, *, offsets: Counts) -> NumericCounts:
    """``count_numeric`` for values that ``sort_batches`` has sorted already."""
    batches = len(offsets) - 1
    edges = np.asarray(bins.edges, dtype=np.float64)
    lowest, highest = below_and_above(bins)
    bounds = np.array([-np.inf, highest, np.inf])
    counts = np.zeros((batches, bins.size), dtype=np.int64)
    below, above, distinct = (np.zeros(batches, dtype=np.int64) for _ in range(3))
    mean, sd = (np.full(batches, np.nan) for _ in range(2))
    first, last = (np.zeros(batches, dtype=np.int64) for _ in range(2))
    for s in range(batches):
        start, stop = int(offsets[s]), int(offsets[s + 1])
        part = ordered[start:stop]
        # Sorted: the NaN are the last ones, the infinities stand at the ends before them.
        known = int(np.searchsorted(part, np.nan, side="left"))
        part = part[:known]
        reached = np.searchsorted(part, edges, side="right")
        counts[s, 0 : len(edges)] = reached
        counts[s, len(edges)] = known
        counts[s, -1] = stop - start - known
        low_inf, over, high_inf = np.searchsorted(part, bounds, side="right")
        high_inf = int(np.searchsorted(part, np.inf, side="left"))
        below[s] = int(np.searchsorted(part, lowest, side="left"))
        above[s] = known - int(over)
        distinct[s] = int(np.count_nonzero(part[1:] != part[:-1])) + 1 if known else 0
        first[s], last[s] = start + int(low_inf), start + high_inf
        mean[s], sd[s] = _mean_and_sd(part[int(low_inf) : high_inf])
    counts[:, 1:-1] = np.diff(counts[:, :-1], axis=1)
    ends = _at(ordered, first, last, np.array([0.0, 1.0]))
    return NumericCounts(
        counts=counts,
        below=below,
        above=above,
        mean=mean,
        sd=sd,
        low=ends[:, 0],
        high=ends[:, 1],
        quantiles=_at(ordered, first, last, np.asarray(QUANTILES)),
        distinct=distinct,
    )


def _mean_and_sd(values: Floats) -> tuple[float, float]:
    """Mean and standard deviation (n - 1) of finite values; NaN where there is none, or none that a float holds."""
    n = len(values)
    if n == 0:
        return np.nan, np.nan
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(np.add.reduce(values)) / n
        squares = 0.0
        # In blocks that stay in the processor's cache.
        for start in range(0, n, _BLOCK):
            away = values[start : start + _BLOCK] - mean
            away *= away
            squares += float(np.add.reduce(away))
    if not np.isfinite(mean):
        return np.nan, np.nan
    return mean, float(np.sqrt(squares / (n - 1))) if n > 1 and np.isfinite(squares) else np.nan


def _at(ordered: Floats, first: Counts, last: Counts, shares: Floats) -> Floats:
    """The quantiles of each batch's finite values, linear between neighbours; NaN for a batch without any."""
    held = (last - first)[:, None]
    place = shares[None, :] * np.maximum(held - 1, 0)
    under = np.floor(place).astype(np.int64)
    over = np.minimum(under + 1, np.maximum(held - 1, 0))
    if len(ordered) == 0:
        return np.full((len(first), len(shares)), np.nan)
    start = np.minimum(first, len(ordered) - 1)[:, None]
    left = ordered[np.minimum(start + under, len(ordered) - 1)]
    right = ordered[np.minimum(start + over, len(ordered) - 1)]
    share = place - under
    with np.errstate(invalid="ignore", over="ignore"):
        value = left * (1 - share) + right * share
    value = np.where(left == right, left, value)
    return np.where(held > 0, value, np.nan)


def count_levels(
    codes: npt.ArrayLike,
    levels: Sequence[str],
    places: npt.ArrayLike,
    bins: Bins,
    *,
    batch: npt.ArrayLike | None = None,
    batches: int = 1,
) -> LevelCounts:
    """Count categorical rows into ``bins``.

    ``codes`` (n,) index ``levels``, -1 is missing; ``places`` (levels,) is each level's bin (see ``level_places``);
    ``batch`` (n,) is each row's batch, 0 .. batches - 1; by default all rows are one batch.
    """
    row_codes = np.asarray(codes)
    width = len(levels) + 1
    # A missing row's code is -1: shifted by one it counts in column 0.
    if batch is None:
        table = np.bincount(row_codes + 1, minlength=width).reshape(1, width)
    else:
        key = np.asarray(batch, dtype=np.int64) * width + (row_codes + 1)
        table = np.bincount(key, minlength=batches * width).reshape(batches, width)
    return place_levels(table, levels, places, bins)


def place_levels(rows: Counts, levels: Sequence[str], places: npt.ArrayLike, bins: Bins) -> LevelCounts:
    """``count_levels`` for rows that are counted by level already: ``rows`` (S, 1 + levels), the missing ones first."""
    of_level = np.asarray(places, dtype=np.int64)
    counts = np.zeros((len(rows), bins.size), dtype=np.int64)
    counts[:, -1] = rows[:, 0]
    np.add.at(counts.T, of_level, rows[:, 1:].T)
    new = np.flatnonzero(of_level == bins.size - 2)
    names = [levels[i] if len(levels[i]) <= LONGEST else f"{levels[i][: LONGEST - 1]}…" for i in new.tolist()]
    unseen = tuple(
        tuple((names[i], int(row[i])) for i in rank_levels(names, row, most=NAMED_UNSEEN)) if len(new) else ()
        for row in rows[:, 1:][:, new]
    )
    return LevelCounts(counts=counts, unseen=unseen, distinct=np.count_nonzero(rows[:, 1:], axis=1))


def level_places(levels: Sequence[str], bins: Bins) -> Codes:
    """The bin of each level: its own, ``other`` when training had it in the tail, else ``unseen``.

    A level that training does not have is tried in its other spellings too (1.0 for 1, TRUE for true): the same
    column is written differently by a CSV, a Parquet file and a table whose whole numbers became floats.
    """
    known = {level: place for place, level in enumerate(bins.levels)}
    other = len(bins.levels)
    known.update((level, other) for level in bins.tail)
    missed = other if bins.open_tail else other + 1
    places = np.full(len(levels), missed, dtype=np.int64)
    for i, level in enumerate(levels):
        place = known.get(level)
        if place is None and known:
            place = next((known[text] for text in spellings(level) if text in known), None)
        if place is not None:
            places[i] = place
    return places
