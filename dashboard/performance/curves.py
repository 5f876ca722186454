"""The curves of a cohort's performance: how true its scores are, how many positives come first, how it errs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dashboard.metrics.calibration_error import BINS, decile
from dashboard.performance.interval import wilson_interval
from dashboard.performance.truth_counts import Floats, ScoreCounts, Whole

POINTS: Final = 101
"""Points of a gain curve at most: every hundredth of the rows."""
_SHOWN: Final = 0.99
"""Share of the rows whose errors lie within the bins."""


@dataclass(frozen=True, slots=True)
class CalibrationCurve:
    """By bin of about as many rows (B,), from the lowest scores: what was said and what came.

    ``scores`` are mean scores, ``shares`` the shares of positives, ``low`` and ``high`` their 95 % intervals (Wilson),
    ``n`` the rows.
    """

    scores: Floats
    shares: Floats
    low: Floats
    high: Floats
    n: Whole


def calibration_curve(counts: ScoreCounts) -> CalibrationCurve:
    """The calibration curve of a cohort, in the bins of its calibration error; without rows it has no bins.

    Rows of one score are in one bin, so that there may be fewer than ten.
    """
    ascending = counts.ordered
    place = _bins(ascending)
    n = np.bincount(place, ascending.rows, BINS)
    held = n > 0
    n = n[held]
    positives = np.bincount(place, ascending.positives, BINS)[held]
    scores = np.bincount(place, ascending.rows * ascending.scores, BINS)[held] / n
    bounds = np.array([wilson_interval(hits, of) for hits, of in zip(positives, n, strict=True)]).reshape(len(n), 2)
    return CalibrationCurve(scores, positives / n, bounds[:, 0], bounds[:, 1], n.astype(np.int64))


def _bins(ascending: ScoreCounts) -> Whole:
    """(S,): the bin of each score."""
    return decile(ascending) if ascending.n > 1 else np.zeros(len(ascending.scores), np.int64)


@dataclass(frozen=True, slots=True)
class GainCurve:
    """The highest scores first: ``found`` (P,) is the share of all positives among the first ``rows`` (P,), a share.

    It begins with 0 and 0 and ends with 1 and 1. ``lift`` (P,) is their ratio, NaN at the beginning.
    """

    rows: Floats
    found: Floats
    lift: Floats


def gain_curve(counts: ScoreCounts, *, points: int = POINTS) -> GainCurve | None:
    """The gain curve of a cohort at evenly spread shares of its rows; None without positives.

    Rows of one score come together: between two scores the curve is straight, as if they were drawn at random.
    """
    ascending = counts.ordered
    if counts.m == 0:
        return None
    seen = np.concatenate(([0], np.cumsum(ascending.rows[::-1]))) / counts.n
    hits = np.concatenate(([0], np.cumsum(ascending.positives[::-1]))) / counts.m
    rows = np.linspace(0.0, 1.0, points)
    found = np.interp(rows, seen, hits)
    lift = np.divide(found, rows, out=np.full(points, np.nan), where=rows > 0)
    return GainCurve(rows, found, lift)


@dataclass(frozen=True, slots=True)
class ValueCurve:
    """By bin of about as many rows (B,), from the lowest predictions: their mean, the mean truth, and the rows."""

    predicted: Floats
    true: Floats
    n: Whole


def value_curve(predicted: Floats, true: Floats, rows: Whole) -> ValueCurve:
    """Predicted against true values of a regression, from pairs (P,) of which there are ``rows`` (P,) each.

    Rows of one predicted value are in one bin. Without rows it has no bins.
    """
    values, at = np.unique(predicted, return_inverse=True)
    held = np.bincount(at, rows, len(values)).astype(np.int64)
    place = _bins(ScoreCounts(values, held, np.zeros_like(held)))[at]
    n = np.bincount(place, rows, BINS)
    filled = n > 0
    said, came = (np.bincount(place, rows * of_pair, BINS)[filled] / n[filled] for of_pair in (predicted, true))
    return ValueCurve(said, came, n[filled].astype(np.int64))


@dataclass(frozen=True, slots=True)
class ErrorBins:
    """The errors of a regression, predicted - true, in bins of one width between ``edges`` (B + 1,): ``n`` (B,) rows.

    ``below`` and ``above`` are the rows beyond the first and the last edge.
    """

    edges: Floats
    n: Whole
    below: int
    above: int


def error_bins(predicted: Floats, true: Floats, rows: Whole, *, bins: int = 41) -> ErrorBins | None:
    """How errors are spread, from pairs (P,) of which there are ``rows`` (P,) each; None without rows.

    The bins are symmetric around 0, the middle one holds it, and 99 % of the rows lie between the outer edges.
    """
    held = rows > 0
    errors, counts = (predicted - true)[held], rows[held]
    if not len(errors):
        return None
    order = np.argsort(np.abs(errors), kind="stable")
    enough = int(np.searchsorted(np.cumsum(counts[order]), _SHOWN * counts.sum()))
    reach = float(np.abs(errors[order][min(enough, len(order) - 1)])) or 1.0
    width = 2 * reach / (bins - 1)
    edges = (np.arange(bins + 1, dtype=np.float64) - bins / 2) * width
    n, _ = np.histogram(errors, edges, weights=counts)
    below, above = (int(counts[beyond].sum()) for beyond in (errors < edges[0], errors > edges[-1]))
    return ErrorBins(edges, n.astype(np.int64), below, above)
