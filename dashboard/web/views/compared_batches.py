"""The newest batches of two sides, variable by variable: how far each moved, and how far they are apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from dashboard.metrics.psi import psi
from dashboard.web.page import Request
from dashboard.web.views.references import CommonBins, Whole, common_bins
from dashboard.web.views.sides import Pair, Side
from dashboard.web.views.variable import COLOURS


@dataclass(frozen=True, slots=True)
class Standing:
    """One variable of one side in its newest batch: PSI against its own training, and the colour of its drift."""

    psi: float | None
    colour: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One variable that both sides have.

    ``left_counts`` and ``right_counts`` are the rows of the newest batches in the common ``bins``; None where there
    are no common bins, or a batch lacks the variable. ``apart`` is the PSI of one batch against the other.
    """

    variable: str
    kinds: tuple[str, str]
    left: Standing
    right: Standing
    bins: CommonBins | None
    left_counts: Whole | None = None
    right_counts: Whole | None = None
    apart: float | None = None

    @property
    def gap(self) -> float | None:
        """The difference of the two PSI."""
        return None if self.left.psi is None or self.right.psi is None else abs(self.left.psi - self.right.psi)


def compared(request: Request, pair: Pair) -> list[Compared]:
    """The variables in common, in the order of the left side's training file."""
    key = ("compared", *(name for side in pair.sides for name in (side.model_id, side.version)))
    return request.reading.keep(key, lambda: _compared(request, pair))


def _compared(request: Request, pair: Pair) -> list[Compared]:
    theirs = {row["variable"]: row for row in pair.right.variables}
    standings = [_standings(request, side) for side in pair.sides]
    counts = [_counts(request, side) for side in pair.sides]
    nothing = Standing(None, "grey")
    found = []
    for ours in pair.left.variables:
        name = ours["variable"]
        other = theirs.get(name)
        if other is None:
            continue
        bins = common_bins(ours, other)
        left, right = (_fitting(count.get(name), row) for count, row in zip(counts, (ours, other), strict=True))
        one = bins.of_left(left) if bins and left is not None else None
        two = bins.of_right(right) if bins and right is not None else None
        apart = float(psi(two, one)) if one is not None and two is not None else float("nan")
        found.append(
            Compared(
                name,
                (ours["kind"], other["kind"]),
                standings[0].get(name, nothing),
                standings[1].get(name, nothing),
                bins,
                one if one is not None and one.any() else None,
                two if two is not None and two.any() else None,
                apart if isfinite(apart) else None,
            )
        )
    return found


def _standings(request: Request, side: Side) -> dict[str, Standing]:
    newest = side.newest
    if newest is None:
        return {}
    day = newest["batch_date"]
    return {
        row["variable"]: Standing(row["psi"], "grey" if row["drift"] is None else COLOURS.get(row["drift"], "grey"))
        for row in request.rows("inputs_measures", model_id=side.model_id, since=day, until=day)
        if row["model_version"] == side.version and row["batch_id"] == newest["batch_id"]
    }


def _counts(request: Request, side: Side) -> dict[str, list[int]]:
    newest = side.newest
    if newest is None:
        return {}
    rows = request.rows(
        "batch_counts",
        model_id=side.model_id,
        model_version=side.version,
        batch_id=newest["batch_id"],
        batch_date=newest["batch_date"],
    )
    return {row["variable"]: row["counts"] for row in rows}


def _fitting(counts: list[int] | None, reference: Mapping[str, Any]) -> list[int] | None:
    """The counts where they were made in the reference's bins; else None."""
    return counts if counts is not None and len(counts) == len(reference["counts"]) else None


def shares(counts: Whole) -> list[float]:
    """The counts as shares of their sum."""
    made: list[float] = (counts / max(1, int(counts.sum()))).tolist()
    return made
