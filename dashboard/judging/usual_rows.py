"""How many rows are usual for a batch: as many as batches of the same weekday or month had, or those of late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

ENOUGH: Final = 7
"""Earlier batches needed before anything is usual."""

OF_A_SEASON: Final = {"weekday": (56, 4), "month": (60, 2)}
"""Batches that are looked back at for those of the same season, eight weeks or five years, and how many it takes."""

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def season_of(day: date, season: str) -> int:
    """The weekday, Monday is 0, or the month, counted from year 0; 0 where there are no seasons."""
    return day.weekday() if season == "weekday" else 12 * day.year + day.month - 1 if season == "month" else 0


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for each of T batches: (T,) each, NaN where nothing is yet; ``seasonal`` marks where the batches of
    the same season say so, ``batches`` is how many there are behind it.
    """

    low: Floats
    middle: Floats
    high: Floats
    seasonal: npt.NDArray[np.bool_]
    batches: Whole


def usual(rows: Whole, seasons: Whole, *, season: str, window: int) -> Usual:
    """What earlier batches make usual for batches of these ``rows`` and ``seasons`` (T,).

    Low and high are the order statistics at 15 and 85 % counted outwards, so that two low days of every seven are
    usual at any length of history. Batches without rows count for nothing.
    """
    back, fewest = OF_A_SEASON.get(season, (0, 0))
    reach = max(window, back)
    filled = np.flatnonzero(rows > 0)
    # Batch t comes after the batches with rows that stand before it.
    before = np.searchsorted(filled, np.arange(len(rows)))
    earlier = _windows(np.where(rows > 0, rows, np.nan)[filled], reach)[before]
    known = np.isfinite(earlier)
    recent = known & (np.arange(reach) >= reach - window)
    found = _ordered(earlier, recent, ENOUGH)
    seasonal = np.zeros(len(rows), bool)
    if back:
        apart = seasons[:, None] - _windows(seasons[filled].astype(np.float64), reach)[before]
        with np.errstate(invalid="ignore"):
            like = known & ((apart == 0) if season == "weekday" else (apart > 0) & (apart % 12 == 0))
        like &= np.arange(reach) >= reach - back
        # The newest of them, no more than are taken without seasons.
        like &= np.cumsum(like[:, ::-1], axis=-1)[:, ::-1] <= window
        seasonal = like.sum(axis=-1) >= fewest
        found[seasonal] = _ordered(earlier[seasonal], like[seasonal], fewest)
    low, middle, high, number = found.T
    return Usual(low, middle, high, seasonal, np.nan_to_num(number).astype(np.int64))


def _windows(values: Floats, size: int) -> Floats:
    """(T + 1, size): up to ``size`` values before each place, the newest last, NaN before the first."""
    return np.lib.stride_tricks.sliding_window_view(np.concatenate([np.full(size, np.nan), values]), size)


def _ordered(values: Floats, chosen: npt.NDArray[np.bool_], enough: int) -> Floats:
    """(T, 4): low order statistic, median, high one and number of the ``chosen`` of ``values`` (T, K); NaN where they
    are not ``enough``.
    """
    found = np.full((len(values), 4), np.nan)
    number = chosen.sum(axis=-1)
    rows = np.flatnonzero(number >= enough)
    ordered, number = np.sort(np.where(chosen[rows], values[rows], np.nan), axis=-1), number[rows]
    edge = np.floor(0.15 * (number - 1)).astype(np.intp)
    pick = np.arange(len(rows))
    middle = (ordered[pick, (number - 1) // 2] + ordered[pick, number // 2]) / 2
    found[rows] = np.column_stack([ordered[pick, edge], middle, ordered[pick, number - 1 - edge], number])
    return found
