"""The variables of two versions against each other: which came, went or changed, and how their training rows differ."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from dashboard.metrics.psi import psi

Whole = npt.NDArray[np.int64]

FEWEST_COMMON: Final = 3
"""Edges that two versions must share before their bins are merged: fewer would hide any change inside a bin."""


@dataclass(frozen=True, slots=True)
class CommonBins:
    """Bins that the bins of two references can be added up to without splitting any of them.

    ``left`` and ``right`` name the common bin of each own bin. Numeric: the ranges between ``edges``, then missing;
    categorical: the ``levels``, then all other rows, then missing. ``whole`` says that both have the very same bins.
    """

    kind: str
    edges: tuple[float, ...]
    levels: tuple[str, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    whole: bool

    @property
    def size(self) -> int:
        """How many there are, the guard bins included."""
        return len(self.edges) + 2 if self.kind == "numeric" else len(self.levels) + 2

    def of_left(self, counts: Sequence[int]) -> Whole:
        """Counts in the bins of the left reference, in the common ones."""
        return _added(self.left, counts, self.size)

    def of_right(self, counts: Sequence[int]) -> Whole:
        """Counts in the bins of the right reference, in the common ones."""
        return _added(self.right, counts, self.size)


def _added(places: Sequence[int], counts: Sequence[int], size: int) -> Whole:
    added: Whole = np.zeros(size, np.int64)
    np.add.at(added, np.asarray(places, np.intp), np.asarray(counts, np.int64))
    return added


def common_bins(left: Mapping[str, Any], right: Mapping[str, Any]) -> CommonBins | None:
    """The common bins of two rows of ``variables``; None where there are none worth comparing.

    Numeric bins can be added up between edges that both sides have: all of one side's, or ``FEWEST_COMMON``. Levels
    can always be, where at least one is on both sides.
    """
    kind = left["kind"]
    if kind != right["kind"]:
        return None
    if kind == "numeric":
        return _ranges(left["edges"], right["edges"])
    shared = set(right["levels"])
    levels = tuple(level for level in left["levels"] if level in shared)
    if not levels:
        return None
    place = {level: number for number, level in enumerate(levels)}
    rest, missing = len(levels), len(levels) + 1
    ours, theirs = (
        (*(place.get(level, rest) for level in reference["levels"]), rest, rest, missing) for reference in (left, right)
    )
    whole = set(left["levels"]) == shared and len(left["levels"]) == len(right["levels"])
    return CommonBins(kind, (), levels, ours, theirs, whole)


def _ranges(left: Sequence[float], right: Sequence[float]) -> CommonBins | None:
    edges = tuple(sorted(set(left) & set(right)))
    fewest = min(len(left), len(right), FEWEST_COMMON)
    if len(edges) < fewest or (not edges and len(left) != len(right)):
        return None
    ours, theirs = ((*(bisect_left(edges, edge) for edge in own), len(edges), len(edges) + 1) for own in (left, right))
    return CommonBins("numeric", edges, (), ours, theirs, whole=len(left) == len(right) == len(edges))


def moved_least(left: Mapping[str, Any], right: Mapping[str, Any]) -> float | None:
    """The share of rows (0..1) that must lie elsewhere, whatever the bins; None unless both are numeric with rows.

    What share lies below an edge is known exactly on its own side, and on the other side between its neighbouring
    edges: the largest gap between the two is the least that the Kolmogorov-Smirnov distance can be.
    """
    if left["kind"] != "numeric" or right["kind"] != "numeric":
        return None
    one, other = _below(left), _below(right)
    if one is None or other is None:
        return None
    return max(0.0, *(_gap(*pair) for pair in ((one, other), (other, one))))


_Below = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]


def _below(reference: Mapping[str, Any]) -> _Below | None:
    """The edges (k), and the share of the rows with a value that lies at or below each (k)."""
    counts = np.asarray(reference["counts"][:-1], np.float64)
    if not counts.sum():
        return None
    return np.asarray(reference["edges"], np.float64), (counts.cumsum() / counts.sum())[:-1]


def _gap(known: _Below, other: _Below) -> float:
    """The largest distance from the known shares to what the other side allows at the same values."""
    edges, shares = known
    if not len(edges):
        return 0.0
    steps = np.concatenate([[0.0], other[1], [1.0]])
    least = steps[np.searchsorted(other[0], edges, side="right")]
    most = steps[np.searchsorted(other[0], edges, side="left") + 1]
    return float(np.maximum(least - shares, shares - most).max(initial=0.0))


Change = Literal["came", "went", "type", "levels", ""]
ORDER: Final[tuple[Change, ...]] = ("came", "went", "type", "levels", "")
"""What a reader should look at first."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One variable on both sides: rows of ``variables`` (None where the side has no such variable).

    ``change`` says what is different in kind, seen from the right side to the left one. ``psi`` compares the training
    rows in the ``bins`` that both sides have; ``least`` is the share of rows that must have moved where they have
    none; ``shift`` the difference of the means in standard deviations of the right side.
    """

    variable: str
    left: Mapping[str, Any] | None
    right: Mapping[str, Any] | None
    change: Change
    bins: CommonBins | None = None
    psi: float | None = None
    least: float | None = None
    shift: float | None = None

    @property
    def size(self) -> float:
        """How different the training rows are, for sorting: a PSI, or what it would be at the least."""
        return self.psi if self.psi is not None else (self.least or 0.0)


def differences(left: Iterable[Mapping[str, Any]], right: Iterable[Mapping[str, Any]]) -> list[Difference]:
    """Every variable of either side, from rows of ``variables``: changes in kind first, then the largest difference."""
    ours, theirs = ({row["variable"]: row for row in rows} for rows in (left, right))
    found = [_difference(name, ours.get(name), theirs.get(name)) for name in {**ours, **theirs}]
    return sorted(found, key=lambda one: (ORDER.index(one.change), -one.size))


def _difference(name: str, left: Mapping[str, Any] | None, right: Mapping[str, Any] | None) -> Difference:
    if left is None or right is None:
        return Difference(name, left, right, "came" if right is None else "went")
    bins = common_bins(left, right)
    change: Change = ""
    if left["kind"] != right["kind"] or (left["type"] and right["type"] and left["type"] != right["type"]):
        change = "type"
    elif left["kind"] == "categorical" and set(left["levels"]) != set(right["levels"]):
        change = "levels"
    value = float(psi(bins.of_left(left["counts"]), bins.of_right(right["counts"]))) if bins else float("nan")
    return Difference(
        name,
        left,
        right,
        change,
        bins=bins,
        psi=value if isfinite(value) else None,
        least=None if bins else moved_least(left, right),
        shift=_shift(left, right),
    )


def _shift(left: Mapping[str, Any], right: Mapping[str, Any]) -> float | None:
    if left["mean"] is None or right["mean"] is None or not right["sd"]:
        return None
    shift = (left["mean"] - right["mean"]) / right["sd"]
    return shift if isfinite(shift) else None
