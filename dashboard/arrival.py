"""Did a change arrive in one batch, or slowly? Sudden points to a break upstream, gradual to the world."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

Arrival = Literal["sudden", "gradual", "first"]

LOOK_BACK: Final = 3
"""Steps before the run's start that may hold the jump: the colour rule waits for a second batch."""

SUDDEN_SHARE: Final = 0.5
"""A single step that makes at least this part of the change is the change."""


def arrival(values: npt.NDArray[np.floating[Any]], start: int, *, usual: float = 0.0) -> tuple[Arrival, int]:
    """How the change that stands in batch ``start`` of ``values`` (T,) arrived, and the batch it arrived in.

    The change is ``values[start] - usual``. It is sudden when one step among the last three made at least half of it;
    ``first`` when the first batch with a value already had it; otherwise gradual, and it arrived at ``start``.
    """
    size = values[start] - usual
    known = [t for t in range(max(start - LOOK_BACK, 0), start + 1) if np.isfinite(values[t])]
    steps = [(float(values[b] - values[a]), b) for a, b in pairwise(known)]
    if steps:
        step, at = max(steps, key=lambda pair: pair[0])
        if size > 0 and step >= SUDDEN_SHARE * size:
            return "sudden", at
    if known and values[known[0]] - usual >= SUDDEN_SHARE * size and not np.isfinite(values[: known[0]]).any():
        return "first", known[0]
    return "gradual", start
