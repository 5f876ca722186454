"""The training rows of the weekdays that are judged, in the place of all training rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.history import ReferenceVariable
from dashboard.judging.windows import Windows
from dashboard.tally import Tally

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

WEEK: Final = 7


def weekday_counts(variables: Sequence[ReferenceVariable], bins: int) -> tuple[Whole, Flags]:
    """The training rows by weekday (V, 7, bins), Monday first, and (V,) whether they were delivered."""
    counts = np.zeros((len(variables), WEEK, bins), np.int64)
    for v, variable in enumerate(variables):
        if variable.weekdays is not None:
            counts[v, :, : variable.weekdays.shape[1]] = variable.weekdays
    return counts, np.array([variable.weekdays is not None for variable in variables], bool)


def weekday_rows(tally: Tally, windows: Windows) -> Whole:
    """(T, V, 7): the rows of each window by the weekday of their batch, Monday first."""
    weekday = np.array([day.weekday() for day in tally.dates], np.int64)
    of_day = weekday[:, None] == np.arange(WEEK)
    return windows.sums(tally.n[..., None] * of_day[:, None, :])


@dataclass(frozen=True, slots=True)
class Mixed:
    """The training rows that T windows are compared with, of V variables.

    ``counts`` (T, V, B) weigh each weekday as the window's rows do; their sum is the number of training rows that
    would be as exact. ``fewest`` (T, V) are the rows of the rarest of these weekdays, ``known`` (V,) whether any were
    delivered.
    """

    counts: Numbers
    fewest: Whole
    known: Flags


def mixed_reference(tally: Tally, windows: Windows) -> Mixed:
    """The training rows of the same weekdays as those of each window.

    A window of several weekdays is compared with their shares in training, weighed by its rows: p = sum of w_d p_d. A
    share so made varies as one of 1 / (sum of w_d^2 / n_d) rows does, by the variance of a stratified mean (Cochran,
    Sampling Techniques, 1977, 5.3); of one weekday these are its own counts.
    """
    of_weekday, known = weekday_counts(tally.variables, tally.reference.shape[-1])
    rows = weekday_rows(tally, windows)
    total = of_weekday.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.nan_to_num(rows / rows.sum(axis=-1, keepdims=True))
        shares = np.nan_to_num(of_weekday / total[..., None])
        variance = np.where(weight > 0, weight**2 / total, 0.0).sum(axis=-1)
        exact = np.where(variance > 0, 1.0 / variance, 0.0)
    counts = np.zeros((*rows.shape[:2], tally.reference.shape[-1]))
    for day in range(WEEK):
        counts += weight[..., day, None] * shares[None, :, day]
    fewest = np.where(rows > 0, total, np.iinfo(np.int64).max).min(axis=-1)
    return Mixed(counts * exact[..., None], np.where(rows.any(axis=-1), fewest, 0), known)
