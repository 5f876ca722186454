"""The floor of drift: how far slices of the training rows are from all of them, though nothing is wrong.

Days are no independent draws of rows: weather, weekday and rates are one for all rows of a day. Where training said how
much its own slices wander, only what goes beyond that is drift.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.history import ReferenceVariable, Spread
from dashboard.judging.same_weekday import WEEK, weekday_counts, weekday_rows
from dashboard.judging.soft_colour import compare
from dashboard.judging.windows import Windows
from dashboard.policy import Policy
from dashboard.tally import Tally

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

FEWEST_SLICES: Final = 20
"""Slices of the training rows it takes to say how much they wander."""
DEVIATIONS: Final = 3.0
RED_FACTOR: Final = 2.5
"""Red begins at this many times the floor, as it does at .25 where amber begins at .10."""
HIGHEST: Final = 0.25
"""Above this floor, and above the variable's red threshold, drift cannot be told from what training shows itself."""


def floor(noise: Spread | None) -> float:
    """The mean of D between slices of the training rows plus three standard deviations; NaN where none is known."""
    known = noise is not None and noise.n >= FEWEST_SLICES
    return noise.mean + DEVIATIONS * noise.sd if noise is not None and known else np.nan


def floors(tally: Tally, windows: Windows, policy: Policy) -> Numbers:
    """The floor t of each variable, (V,), or of each window and variable, (T, V); NaN where training delivered none.

    Slices were as long as batches are. In windows of seven days or more two things change. What weekdays make of the
    slices cancels out in a window that holds every weekday that training has, and is taken off. And what is left is an
    average over several days: of k independent days it would be t / k; days resemble the ones before, so that it is
    lowered to t / sqrt(k) alone. A batch that is compared with its own weekday has the weekdays' part taken off too.
    """
    whole = np.array([floor(variable.noise) for variable in tally.variables])
    weekly = policy.drift_window_days >= WEEK
    if not weekly and policy.drift_reference != "weekday":
        return whole
    within = _within_weekdays(tally.variables, tally.reference, whole)
    if not weekly:
        return within
    rows = weekday_rows(tally, windows) > 0
    trained = weekday_counts(tally.variables, tally.reference.shape[-1])[0].sum(axis=-1) > 0
    cancels = (rows | ~trained).all(axis=-1) | (policy.drift_reference == "weekday")
    return np.asarray(np.where(cancels, within, whole) / np.sqrt(np.maximum(_days(tally, windows), 1)))


def usual_floor(variable: ReferenceVariable, policy: Policy) -> float:
    """The floor t of a variable in a batch, or in a window that lacks no day; NaN where training delivered none."""
    whole, weekly = np.array([floor(variable.noise)]), policy.drift_window_days >= WEEK
    if weekly or policy.drift_reference == "weekday":
        whole = _within_weekdays((variable,), variable.counts[None], whole)
    return float(whole[0]) / (sqrt(policy.drift_window_days) if weekly else 1.0)


def _within_weekdays(variables: Sequence[ReferenceVariable], reference: Whole, whole: Numbers) -> Numbers:
    """(V,): the floor without what the weekdays make of it, by the law of total variance.

    As it is where the training rows by weekday are unknown.
    """
    counts, known = weekday_counts(variables, reference.shape[-1])
    size = np.nan_to_num(compare(reference[:, None], counts).size)
    with np.errstate(invalid="ignore"):
        weight = counts.sum(axis=-1) / counts.sum(axis=(-1, -2))[:, None]
    mean = (weight * size).sum(axis=-1)
    variance = (weight * (size - mean[:, None]) ** 2).sum(axis=-1)
    spreads = [variable.noise or Spread(0, np.nan, np.nan) for variable in variables]
    means, sds = (np.array([getattr(spread, name) for spread in spreads]) for name in ("mean", "sd"))
    left = np.maximum(means - mean, 0.0) + DEVIATIONS * np.sqrt(np.maximum(sds**2 - variance, 0.0))
    return np.where(known & np.isfinite(whole) & np.isfinite(left), left, whole)


def _days(tally: Tally, windows: Windows) -> Whole:
    """(T, V): on how many days the batches of each window that have rows of the variable fall."""
    days = np.array([day.toordinal() for day in tally.dates], np.int64)[:, None]
    newest = np.maximum.accumulate(np.where(tally.n > 0, days, -1), axis=0)
    # Of the batches of a day the first with rows counts for it: a window of whole days never begins between them.
    again = np.zeros(tally.n.shape, bool)
    again[1:] = newest[:-1] == days[1:]
    return windows.sums(((tally.n > 0) & ~again).astype(np.int64))


def thresholds(floor: Numbers, policy: Policy, names: Sequence[str]) -> tuple[Numbers, Numbers, npt.NDArray[np.bool_]]:
    """Amber and red as they hold for each of ``names``, lifted to its ``floor``, (V,) or (T, V).

    And where drift cannot be monitored, because training itself wanders as far as a change that matters.
    """
    amber, red = policy.of("drift_amber", names), policy.of("drift_red", names)
    with np.errstate(invalid="ignore"):
        hidden = floor > np.maximum(red, HIGHEST)
    return np.fmax(amber, floor), np.fmax(red, RED_FACTOR * floor), hidden
