"""Bins frozen on training rows: edges between values, atoms of their own, levels kept and guard bins."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["numeric", "categorical"]
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

QUANTILE_BINS: Final = 10
"""Bins cut from the training quantiles; a value with this share of the rows (1/10) is an atom."""
MOST_LEVELS: Final = 50
"""Levels a categorical variable keeps at most."""
KEPT_SHARE: Final = 0.995
"""Share of the rows that is enough when there are more than MOST_LEVELS levels."""
LONGEST_TAIL: Final = 10_000
"""Levels not kept that are remembered by name, so that they are told from unseen ones."""
MARGIN: Final = 1e-6
"""How far outside the training range an edge or a bound stands, as a share of the range."""
_MOST: Final = sys.float_info.max


@dataclass(frozen=True, slots=True)
class Bins:
    """The frozen bins of one variable.

    numeric: k ``edges`` make k + 1 bins, closed on the right, then ``missing``. categorical: one bin a level of
    ``levels``, then ``other`` (levels in ``tail``), ``unseen`` and ``missing``. ``low`` and ``high`` are the finite
    training range. ``open_tail`` says that training had too many other levels to remember: a level that is not kept
    then counts as other, since nobody can tell whether it is new.
    """

    kind: Kind
    edges: tuple[float, ...] = ()
    levels: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    tail: tuple[str, ...] = ()
    open_tail: bool = False

    def __post_init__(self) -> None:
        if any(a >= b for a, b in zip(self.edges, self.edges[1:], strict=False)):
            raise ValueError(f"edges must ascend: {self.edges}")
        if len(set(self.levels)) != len(self.levels):
            raise ValueError("a level stands twice")

    @property
    def size(self) -> int:
        """How many counts a row of counts has, guard bins included."""
        return len(self.edges) + 2 if self.kind == "numeric" else len(self.levels) + 3


def freeze_numeric(values: npt.ArrayLike, *, bins: int = QUANTILE_BINS) -> Bins:
    """Freeze the bins of a numeric variable on its training values, in any order; NaN is missing.

    At most ``bins`` bins come from the quantiles (the smallest value with at least i/bins of the rows below or on
    it), each edge midway between that value and the next distinct one. A value with at least 1/bins of the rows is an
    atom: it gets an edge on either side, just outside (a millionth of the range) where it is the minimum or maximum.
    Infinite values count towards no edge. No finite value: no edge, one bin.
    """
    array = np.asarray(values, dtype=np.float64)
    return freeze_sorted(np.sort(array[np.isfinite(array)]), bins=bins)


def freeze_sorted(ordered: Floats, *, bins: int = QUANTILE_BINS) -> Bins:
    """``freeze_numeric`` for finite values that are sorted already."""
    n = len(ordered)
    if n == 0:
        return Bins("numeric")
    ranks = (np.arange(1, bins, dtype=np.int64) * n + bins - 1) // bins - 1
    # A run of n / bins equal values covers one of every n / bins places.
    least = -(-n // bins)
    candidates = np.unique(ordered[::least])
    begins = np.searchsorted(ordered, candidates, side="left")
    ends = np.searchsorted(ordered, candidates, side="right")
    atoms = ends - begins >= least
    after = np.searchsorted(ordered, ordered[ranks], side="right")
    # A gap at i stands between places i - 1 and i of the sorted rows, which differ; 0 and n are outside the range.
    gaps = np.unique(np.concatenate((after[after < n], begins[atoms], ends[atoms])))
    inner = gaps[(gaps > 0) & (gaps < n)]
    return freeze_parts(
        np.concatenate((ordered[:1], ordered[inner])),
        np.concatenate((ordered[inner - 1], ordered[-1:])),
        atom_first=gaps[0:1].tolist() == [0],
        atom_last=gaps[-1:].tolist() == [n],
    )


def freeze_parts(lows: Floats, highs: Floats, *, atom_first: bool, atom_last: bool) -> Bins:
    """``freeze_numeric`` for values that are cut into parts already, ascending: one bin each.

    ``lows`` and ``highs`` (n,) are the extremes of each part; the first and the last may be atoms.
    """
    if len(lows) == 0:
        return Bins("numeric")
    low, high = float(lows[0]), float(highs[-1])
    edges = _between(highs[:-1], lows[1:]).tolist()
    margin = _margin(low, high)
    if atom_first:
        edges.insert(0, max(min(low - margin, math.nextafter(low, -math.inf)), -_MOST))
    if atom_last:
        edges.append(min(max(high + margin, math.nextafter(high, math.inf)), _MOST))
    return Bins("numeric", edges=tuple(dict.fromkeys(edges)), low=low, high=high)


def freeze_categorical(
    levels: Sequence[str], rows: npt.ArrayLike, *, nameless_levels: int = 0, nameless_rows: int = 0
) -> Bins:
    """Freeze the levels of a categorical variable: ``rows[i]`` training rows have ``levels[i]``, missing left out.

    Up to 50 levels are all kept, most frequent first. Of more, the most frequent that hold 99.5 % of the rows are
    kept, 50 at most. Equal frequencies are ordered by name, so that the order of rows never matters.
    ``nameless`` levels are rarer than all that are named, of which there are MOST_LEVELS + LONGEST_TAIL then.
    """
    counts = np.asarray(rows, dtype=np.int64)
    order = rank_levels(levels, counts)
    kept = len(order)
    if kept > MOST_LEVELS:
        reached = np.cumsum(counts[order])
        total = int(reached[-1]) + nameless_rows
        # Whole numbers: 99.5 % of the rows exactly is enough, whatever a float makes of it.
        enough = int(np.searchsorted(reached * 1000, round(KEPT_SHARE * 1000) * total)) + 1
        kept = min(MOST_LEVELS, enough)
    tail = [levels[i] for i in order[kept:]]
    known = len(tail) + nameless_levels <= LONGEST_TAIL
    return Bins(
        "categorical",
        levels=tuple(levels[i] for i in order[:kept]),
        tail=tuple(tail) if known else (),
        open_tail=not known,
    )


def rank_levels(levels: Sequence[str], counts: Counts, *, most: int | None = None) -> list[int]:
    """The positions of the levels that have rows, most frequent first, ties by name; at most ``most`` of them."""
    positions = np.flatnonzero(counts > 0)
    if most is not None and len(positions) > most:
        least = np.partition(counts[positions], -most)[-most]
        positions = positions[counts[positions] >= least]
    ranked = sorted(positions.tolist(), key=lambda i: (-int(counts[i]), levels[i]))
    return ranked if most is None else ranked[:most]


def below_and_above(bins: Bins) -> tuple[float, float]:
    """The bounds outside which a row counts as below or above the training range.

    They stand a millionth of the range outside it: a parser off by one last bit, or a column kept in single
    precision, must not report the rows at the minimum as out of range.
    """
    if bins.low is None or bins.high is None:
        return -np.inf, np.inf
    margin = _margin(bins.low, bins.high)
    return bins.low - margin, bins.high + margin


def _between(left: Floats, right: Floats) -> Floats:
    with np.errstate(over="ignore"):
        middle = (left + right) / 2
    huge = ~np.isfinite(middle)
    middle[huge] = left[huge] / 2 + right[huge] / 2
    # Two values with no number between them: the edge stands on the left one, and bins are closed right.
    return np.where((middle > left) & (middle < right), middle, left)


def _margin(low: float, high: float) -> float:
    width = MARGIN * (high - low)
    if not math.isfinite(width):
        width = MARGIN * high - MARGIN * low
    return width if width > 0 else MARGIN * abs(high) or MARGIN
