"""Slices of the training rows in time: how much counts wander between them though nothing is wrong.

A model that runs once a day is compared day by day with all training rows, and days differ by more than chance:
weather, weekday and rates are one for all rows of a day. What the training days themselves show is the noise floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from qod.bins import Counts, Floats
from qod.cadence import parse_cadence
from qod.codes import row_codes
from qod.errors import InputError
from qod.freeze import Frozen
from qod.source import Source
from qod.threads import in_threads

FEWEST_SLICES: Final = 20
"""Slices it takes to say how much they differ."""
FEWEST_ROWS: Final = 200
"""Rows a slice needs; smaller ones are pooled with the ones before."""
FEWEST_DAYS: Final = 28
"""Days the training rows must span for counts by weekday."""
PSEUDO_COUNT: Final = 0.5


@dataclass(frozen=True, slots=True)
class Slices:
    """How the training rows lie in time.

    ``days`` (D,) are the days that have rows, since 1970-01-01, ascending, and ``day_of_row`` (n,) each row's place
    among them. ``slice_of_day`` (D,) is 0 .. S - 1, ascending: the slice a day belongs to.
    """

    days: npt.NDArray[np.int64]
    day_of_row: npt.NDArray[np.int64]
    slice_of_day: npt.NDArray[np.int64]

    @property
    def count(self) -> int:
        """S, the number of slices."""
        return int(self.slice_of_day[-1]) + 1

    @property
    def enough(self) -> bool:
        """Whether there are slices enough to say how much they differ."""
        return self.count >= FEWEST_SLICES

    @property
    def of_row(self) -> npt.NDArray[np.int64]:
        """Each row's slice, (n,)."""
        return self.slice_of_day[self.day_of_row]

    def count_days(self, source: Source, variable: Frozen) -> Counts:
        """(D, bins): the rows of each day in the variable's bins."""
        size = variable.bins.size
        key = self.day_of_row * size + row_codes(source, variable.name, variable.bins)
        counts: Counts = np.bincount(key, minlength=len(self.days) * size).reshape(-1, size)
        return counts


def cut_slices(day_of_row: npt.NDArray[np.int32], cadence: str) -> Slices:
    """The slices that rows of these days (since 1970-01-01) fall into, one a period of ``cadence`` that holds rows.

    P1D makes days, P7D or P1W ISO weeks, P1M calendar months, any other cadence consecutive periods of that length
    from the first day on. A slice of fewer than FEWEST_ROWS rows takes those after it in, until it has them; what is
    left at the end goes to the last one. InputError for a cadence that is no ISO 8601 duration of days.
    """
    days, place, rows = np.unique(day_of_row.astype(np.int64), return_inverse=True, return_counts=True)
    _, period = np.unique(_periods(days, cadence), return_inverse=True)
    pooled, held, slice_of_period = 0, 0, []
    for of_period in np.bincount(period, rows).tolist():
        slice_of_period.append(pooled)
        held += of_period
        if held >= FEWEST_ROWS:
            pooled, held = pooled + 1, 0
    last = max(pooled - 1, 0)
    return Slices(days, place, np.minimum(slice_of_period, last)[period])


def _periods(days: npt.NDArray[np.int64], text: str) -> npt.NDArray[np.int64]:
    try:
        cadence = parse_cadence(text)
    except InputError as error:
        raise InputError(f"{text!r} is no cadence.", hint=error.hint) from error
    months = cadence.months
    if cadence.days == 7 and not months:
        return (days + 3) // 7  # 1970-01-05 was a Monday
    if months and not cadence.days:
        calendar = days.astype("datetime64[D]").astype("datetime64[M]")
        of_month = days - calendar.astype("datetime64[D]").astype(np.int64)
        month = calendar.astype(np.int64)
        return month if months == 1 else (month - month[0] - (of_month < of_month[0])) // months
    of_length: npt.NDArray[np.int64] = (days - days[0]) // round(cadence.approximate_days)
    return of_length


def by_day(source: Source, variables: Sequence[Frozen], slices: Slices) -> list[Counts]:
    """(D, bins) of each variable: the training rows of each day in its bins."""
    named = {variable.name: variable for variable in variables}
    return in_threads(lambda name: slices.count_days(source, named[name]), list(named), None)


def noise_of(reference: Sequence[int], days: Counts, slices: Slices) -> dict[str, float] | None:
    """{batches, mean, sd} of the de-biased PSI of the slices against all rows; None where there is no such thing.

    ``reference`` (bins,) are the training rows, ``days`` (D, bins) those of each day. sd is that of a sample (n - 1).
    The drift of later batches counts from mean + 3 sd on.
    """
    if not slices.enough:
        return None
    starts = np.searchsorted(slices.slice_of_day, np.arange(slices.count))
    found = debiased_psi(np.asarray(reference, np.int64), np.add.reduceat(days, starts, axis=0))
    if not np.isfinite(found).all():
        return None
    return {"batches": slices.count, "mean": float(found.mean()), "sd": float(found.std(ddof=1))}


def debiased_psi(reference: Counts, batches: Counts) -> Floats:
    """max(0, PSI - c (B - 1)) of each of ``batches`` (S, bins) against ``reference`` (bins,): (S,).

    0.5 is added to each of the B bins that are non-empty on either side; c = 1/n + 1/m. NaN with fewer than two such
    bins, or no rows. Source: Yurdakul & Naranjo, J. Risk Model Validation 2020.
    """
    used = (reference > 0) | (batches > 0)
    bins = used.sum(axis=1, keepdims=True)
    n, m = reference.sum(), batches.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = (reference + PSEUDO_COUNT) / (n + PSEUDO_COUNT * bins)
        q = (batches + PSEUDO_COUNT) / (m + PSEUDO_COUNT * bins)
        psi = np.where(used, (q - p) * np.log(q / p), 0.0).sum(axis=1)
        size = psi - ((1 / n + 1 / m) * (bins - 1))[:, 0]
    possible = (bins[:, 0] > 1) & (m[:, 0] > 0) & (n > 0)
    return np.where(possible, np.maximum(size, 0.0), np.nan)


def weekdays_of(days: Counts, slices: Slices) -> list[int]:
    """The training rows by weekday, Monday first, and bin: 7 x bins, flat. Empty below FEWEST_DAYS days."""
    if slices.days[-1] - slices.days[0] + 1 < FEWEST_DAYS:
        return []
    counts = np.zeros((7, days.shape[1]), np.int64)
    np.add.at(counts, (slices.days + 3) % 7, days)
    return counts.ravel().tolist()
