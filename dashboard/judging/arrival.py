"""Did a change arrive in one batch, or slowly? Sudden points to a break upstream, gradual to the world."""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

Arrival = Literal["sudden", "gradual", "first"]

LOOK_BACK: Final = 3
"""Batches up to the run's start that may hold the step (the colour rule waits for a second one), and before it."""

REACH: Final = 2 * LOOK_BACK
"""Windows, the present one included, beyond which nothing is looked at: what is older is history."""

SUDDEN_SHARE: Final = 0.5
"""A single step that makes at least this part of the change is the change."""


def arrival(
    values: npt.NDArray[np.floating[Any]],
    start: int,
    *,
    usual: float = 0.0,
    windows: npt.NDArray[np.int64] | None = None,
    oldest: int | None = None,
) -> tuple[Arrival, int]:
    """How the change that stands in batch ``start`` of ``values`` (T,) arrived, and the batch it arrived in.

    The change is ``values[start] - usual``. It is sudden when one step made at least half of it: when every value from
    the step on, at most three, lies that much above every one of the three before, so that the noise of single batches
    makes no step. ``first`` when the first batch with a value already had it; otherwise gradual, arrived at ``start``.
    NaN is passed over; what comes after ``start`` plays no part, nor what lies more than six batches back. Where
    ``values`` do not begin with the version's first batch they begin that far back, or further.

    ``windows`` (T,) says over how many batches each value was taken, itself the last. A step then climbs through the
    windows that hold it in part; so the values from it on are those whose window begins with it or later, and it is
    looked for as many windows back. ``oldest`` is the first batch that is looked at, where that is bounded otherwise.
    """
    half = SUDDEN_SHARE * float(values[start] - usual)
    reach = LOOK_BACK * (1 if windows is None else int(windows[start]))
    oldest = max(start + 1 - 2 * reach, 0) if oldest is None else oldest
    known = oldest + np.flatnonzero(np.isfinite(values[oldest : start + 1]))
    if not half > 0:
        return "gradual", start
    begins = known if windows is None else known - windows[known] + 1
    most, arrived = 0.0, -1
    for place in range(max(len(known) - reach, 1), len(known)):
        whole = known[place:][begins[place:] >= known[place]]
        since = values[whole] if whole.size else values[[start]]
        step = float(since.min() - values[known[max(place - LOOK_BACK, 0) : place]].max())
        if step > most:
            most, arrived = step, int(known[place])
    if most >= half:
        return "sudden", arrived
    if oldest == 0 and len(known) <= reach and values[known[0]] - usual >= half:
        return "first", int(known[0])
    return "gradual", start
