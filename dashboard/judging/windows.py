"""Which batches are judged together: the newest until they have rows enough, or those of the policy's days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.judging.arrival import REACH
from dashboard.judging.pooling import pool
from dashboard.policy import Policy
from dashboard.tally import Tally

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Windows:
    """What is judged with each of T batches, of V variables.

    ``counts`` (T, V, B) are the rows of the window, ``batches`` (T, V) how many it takes in, the batch itself the last.
    ``oldest`` (T, V) is the first batch that may still have a say on this one: a vote, or the change it shows.
    """

    counts: Whole
    batches: Whole
    oldest: Whole

    def sums(self, of_batch: Whole) -> Whole:
        """(T, V, ...): the sums over each window of what a batch has, ``of_batch`` (T, V, ...) or broadcast to it."""
        shape = (*self.batches.shape, *of_batch.shape[2:])
        until = np.zeros((len(self.batches) + 1, *shape[1:]), np.int64)
        np.cumsum(np.broadcast_to(of_batch, shape), axis=0, out=until[1:])
        at, variable = np.arange(1, len(self.batches) + 1)[:, None], np.arange(shape[1])[None, :]
        return np.asarray(until[at, variable] - until[at - self.batches, variable])


def windows_of(tally: Tally, policy: Policy) -> Windows:
    """The windows in which drift is judged.

    With ``drift.window_days`` they roll: those of the batch's own day and of the days before it, that many days in all.
    Else a batch stands alone, or takes in those before it until there are ``drift.rows``, see
    dashboard.judging.pooling.
    """
    place = np.arange(len(tally.batches))
    if not policy.drift_window_days:
        counts, batches = pool(tally.counts, enough=policy.drift_rows, most=policy.pool_batches)
        return Windows(counts, batches, np.maximum(place[:, None] + 1 - REACH * batches, 0))
    days = np.array([day.toordinal() for day in tally.dates], np.int64)
    begin, oldest = (
        np.broadcast_to(np.searchsorted(days, days - length, side="right")[:, None], tally.n.shape)
        for length in (policy.drift_window_days, REACH * policy.drift_window_days)
    )
    rolling = Windows(tally.counts, place[:, None] + 1 - begin, np.asarray(oldest))
    return Windows(rolling.sums(tally.counts), rolling.batches, rolling.oldest)
