"""What the counting query answers, as counts: the same that the rows of a file give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from qod.bins import Bins, Counts, Floats, below_and_above
from qod.columns import Where
from qod.contract import QUANTILES
from qod.counting import LevelCounts, NumericCounts, level_places, place_levels
from qod.warehouse.bigquery import cells

Row = Mapping[str, Any]
"""One row of the answer: a column's bin, one of its known levels, or all others."""

POINTS: Final = 200
"""Steps between the quantiles asked of each bin: a batch's quantile is off by 1/200 of the rows of a bin at most."""


def cuts_of(bins: Bins) -> Floats:
    """The edges, and one below and above which rows are outside the training range, ascending (n,)."""
    lowest, highest = below_and_above(bins)
    bounds = [] if bins.low is None else [np.nextafter(lowest, -np.inf), highest]
    cuts = np.unique(np.asarray([*bins.edges, *bounds], dtype=np.float64))
    return cuts[np.isfinite(cuts)]


def read_numeric(rows: list[Row], bins: Bins, where: Where) -> tuple[NumericCounts, int]:
    """What ``counting.count_sorted`` counts, from one row a bin; and the rows that are infinite."""
    wrong = [word["level"] for row in rows if not row["blank"] for word in row["named"] or []]
    if wrong:
        raise cells.no_number(wrong[0], where)
    cuts = cuts_of(bins)
    known = sorted((row for row in rows if row["bin"] is not None), key=lambda row: -row["bin"])
    missing = sum(row["n"] for row in rows if row["bin"] is None)
    held = np.zeros(len(cuts) + 1, dtype=np.int64)
    for row in known:
        held[len(cuts) - row["bin"]] = row["n"]
    reached = np.cumsum(held)
    total = int(reached[-1])
    at_edges = reached[np.searchsorted(cuts, np.asarray(bins.edges, dtype=np.float64))]
    counts = np.diff(np.concatenate(([0], at_edges, [total])))
    lowest, highest = below_and_above(bins)
    below = int(reached[np.searchsorted(cuts, np.nextafter(lowest, -np.inf))]) if np.isfinite(lowest) else 0
    above = total - int(reached[np.searchsorted(cuts, highest)]) if np.isfinite(highest) else 0
    finite = [row for row in known if row["finite"]]
    mean, sd = _mean_and_sd(finite)
    found = NumericCounts(
        counts=np.array([[*counts.tolist(), missing]], dtype=np.int64),
        below=_one(below),
        above=_one(above),
        mean=np.array([mean]),
        sd=np.array([sd]),
        low=np.array([min((row["low"] for row in finite), default=np.nan)]),
        high=np.array([max((row["high"] for row in finite), default=np.nan)]),
        quantiles=_quantiles(finite)[None, :],
        distinct=_one(sum(row["different"] for row in known)),
    )
    return found, total - sum(row["finite"] for row in finite)


def _one(number: int) -> Counts:
    return np.array([number], dtype=np.int64)


def _mean_and_sd(rows: list[Row]) -> tuple[float, float]:
    """Mean and deviation (n - 1) of all rows from those of their parts; NaN where a value is too large for them.

    Source: Chan, Golub, LeVeque, The American Statistician 37:242, 1983.
    """
    if not rows or any(row["tame"] != row["finite"] for row in rows):
        return np.nan, np.nan
    n, means = (np.array([row[name] for row in rows], dtype=np.float64) for name in ("finite", "mean"))
    variances = np.array([row["variance"] or 0.0 for row in rows])
    mean = float((n * means).sum() / n.sum())
    squares = float(((n - 1) * variances + n * (means - mean) ** 2).sum())
    return mean, float(np.sqrt(squares / (n.sum() - 1))) if n.sum() > 1 else np.nan


def _quantiles(rows: list[Row]) -> Floats:
    """The quantiles of a batch, linear between the points that are known of each bin; NaN for one without values."""
    if not rows:
        return np.full(len(QUANTILES), np.nan)
    n = np.array([row["finite"] for row in rows], dtype=np.float64)
    starts = np.concatenate(([0.0], np.cumsum(n)[:-1]))
    places = [start + np.linspace(0, held - 1, POINTS + 1) for start, held in zip(starts, n, strict=True)]
    points = [np.asarray(row["quantiles"], dtype=np.float64) for row in rows]
    wanted = np.asarray(QUANTILES) * (n.sum() - 1)
    return np.asarray(np.interp(wanted, np.concatenate(places), np.concatenate(points)), dtype=np.float64)


def read_levels(rows: list[Row], bins: Bins, kind: str) -> LevelCounts:
    """What ``counting.count_levels`` counts, from one row a known level and one for all others."""
    missing = sum(row["n"] for row in rows if row["blank"])
    others = [row for row in rows if not row["blank"] and row["level"] is None]
    pairs = [(row["level"], row["n"]) for row in rows if row["level"] is not None]
    pairs += [(one["level"], one["n"]) for row in others for one in row["named"]]
    by_level: dict[str, int] = {}
    for raw, n in pairs:
        text = cells.text_of(raw, kind)
        if text is not None:
            by_level[text] = by_level.get(text, 0) + n
    texts = list(by_level)
    table = np.array([[missing, *by_level.values()]], dtype=np.int64)
    found = place_levels(table, texts, level_places(texts, bins), bins)
    # What came without its name is rarer than what came with it: training did not have it, or had too much to remember.
    nameless = sum(row["n"] - sum(one["n"] for one in row["named"] or []) for row in others)
    found.counts[0, len(bins.levels) + (0 if bins.open_tail else 1)] += nameless
    found.distinct[0] += sum(row["levels"] - len(row["named"] or []) for row in others)
    return found


def read_duplicates(rows: list[Row], where: Where) -> int:
    """Rows whose identifier another row has, one of each not counted."""
    missing = sum(row["n"] for row in rows if row["blank"])
    if missing:
        raise where.error(
            f"{missing:,} row{'s have' if missing > 1 else ' has'} no identifier.",
            hint="every row needs one, or leave the identifier column out.",
        )
    return sum(int(row["n"] - row["levels"]) for row in rows)
