"""Did a change arrive in one batch, or slowly? Sudden points to a break upstream, gradual to the world."""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

Arrival = Literal["sudden", "gradual", "first"]

LOOK_BACK: Final = 3
"""Batches up to the run's start that may hold the step (the colour rule waits for a second one), and before it."""

SUDDEN_SHARE: Final = 0.5
"""A single step that makes at least this part of the change is the change."""


def arrival(values: npt.NDArray[np.floating[Any]], start: int, *, usual: float = 0.0) -> tuple[Arrival, int]:
    """How the change that stands in batch ``start`` of ``values`` (T,) arrived, and the batch it arrived in.

    The change is ``values[start] - usual``. It is sudden when one step made at least half of it: when every value from
    the step on, at most three, lies that much above every one of the three before, so that the noise of single batches
    makes no step. ``first`` when the first batch with a value already had it; otherwise gradual, arrived at ``start``.
    NaN is passed over; what comes after ``start`` plays no part.
    """
    half = SUDDEN_SHARE * float(values[start] - usual)
    known = np.flatnonzero(np.isfinite(values[: start + 1]))[-2 * LOOK_BACK :].tolist()
    if not half > 0:
        return "gradual", start
    for place in range(max(len(known) - LOOK_BACK, 1), len(known)):
        before, since = values[known[max(place - LOOK_BACK, 0) : place]], values[known[place:]]
        if since.min() - before.max() >= half:
            return "sudden", known[place]
    if len(known) <= LOOK_BACK and values[known[0]] - usual >= half:
        return "first", known[0]
    return "gradual", start
