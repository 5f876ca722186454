"""The days of a simulated model: its batches, and the seasons and scripted changes on each day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from dashboard.demo.model import Cadence
from dashboard.demo.scripts import Change, Season, Shift, Stop
from dashboard.demo.shapes import Floats
from dashboard.demo.variables import Variable

LONGEST_CADENCE_DAYS: Final = 31

Days = npt.NDArray[np.integer[Any]]


def batch_ages(cadence: Cadence, changes: Sequence[Change], *, today: date, days: int) -> Days:
    """The batches of the last ``days`` days as ages (days before today), oldest first.

    Daily batches run up to today; weekly ones stand on Mondays, monthly ones on the first, and the newest of them is
    there however few the days are.
    """
    ages = np.arange(max(days, LONGEST_CADENCE_DAYS) - 1, -1, -1)
    dates = np.datetime64(today) - ages
    if cadence == "P7D":
        ages = ages[weekday(dates) == 0]
    elif cadence == "P1M":
        ages = ages[dates == dates.astype("datetime64[M]")]
    for change in changes:
        if isinstance(change, Stop):
            ages = ages[ages >= change.start]
    return np.asarray(ages[(ages < days) | (ages == ages[-1])])


def weekday(dates: npt.NDArray[np.datetime64]) -> Days:
    """0 for Monday to 6 for Sunday."""
    return (dates.astype("datetime64[D]").astype(np.int64) + 3) % 7


def grown(change: Change, ages: Days) -> Floats:
    """How much of a change has happened at each age, 0..1: a straight line between its two days."""
    if change.start <= change.full:
        return (ages <= change.start).astype(np.float64)
    return np.clip((change.start - ages) / (change.start - change.full), 0.0, 1.0)


def day_shifts(
    variable: Variable, changes: Sequence[Change], oldest: int, *, today: date, rng: np.random.Generator
) -> Floats:
    """How far a variable's draws are shifted on each day, in standard deviations, by age 0..``oldest``.

    The sum of its week, its year, a small wobble of each day, and its scripted shifts.
    """
    ages = np.arange(oldest + 1)
    dates = np.datetime64(today) - ages
    weekly, yearly = variable.weekly, variable.yearly
    for change in changes:
        if isinstance(change, Season) and change.variable == variable.name:
            weekly, yearly = change.weekly, change.yearly
    weekend = np.where(weekday(dates) >= 5, 1.0, -0.4)
    day_of_year = (dates - dates.astype("datetime64[Y]")).astype(np.int64)
    # The same variable has its summer at the same time in every model.
    phase = crc32(variable.name.encode()) % 365
    shifts = weekly * weekend + yearly * np.sin(2 * np.pi * (day_of_year - phase) / 365.25)
    shifts += rng.normal(0.0, 0.015, oldest + 1)
    for change in changes:
        if isinstance(change, Shift) and change.variable == variable.name:
            shifts += change.size * grown(change, ages)
    return np.asarray(shifts)
