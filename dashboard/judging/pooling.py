"""Small batches: counts add up, so that the newest batches can be judged together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]


def pool(counts: Whole, *, enough: int, most: int) -> tuple[Whole, Whole]:
    """Counts (T, V, B) with the newest batches added until a variable has ``enough`` rows, and how many (T, V).

    At most ``most`` batches are taken together, the batch itself being the first; where they do not suffice, all of
    them are, and the caller sees from the sum that it is too little. A batch without rows stays as it is.
    """
    rows = counts.sum(axis=-1)
    taken = np.ones(rows.shape, np.int64)
    short = (rows > 0) & (rows < enough)
    if not short.any() or most < 2:
        return counts, taken
    until = np.concatenate([np.zeros((1, *rows.shape[1:]), np.int64), np.cumsum(rows, axis=0)])
    at, variable = np.nonzero(short)
    wanted = np.minimum(most, at + 1)
    for size in range(min(most, len(rows)), 1, -1):
        # From the longest window down: the shortest that suffices stays.
        fits = (at + 1 >= size) & (until[at + 1, variable] - until[np.maximum(at + 1 - size, 0), variable] >= enough)
        wanted = np.where(fits, size, wanted)
    total = np.concatenate([np.zeros((1, *counts.shape[1:]), np.int64), np.cumsum(counts, axis=0)])
    pooled = counts.copy()
    pooled[at, variable] = total[at + 1, variable] - total[at + 1 - wanted, variable]
    taken[at, variable] = wanted
    return pooled, taken


def filled(rows: Whole, windows: Whole) -> Whole:
    """How many batches of each window have rows of the variable; ``rows`` and ``windows``, the batches taken, (T, V).

    The others, empty ones or those without the variable, stand in a window and add nothing to it.
    """
    until = np.concatenate([np.zeros((1, rows.shape[1]), np.int64), np.cumsum(rows > 0, axis=0)])
    at, variable = np.arange(1, len(rows) + 1)[:, None], np.arange(rows.shape[1])[None, :]
    return np.asarray(until[at, variable] - until[at - windows, variable])
