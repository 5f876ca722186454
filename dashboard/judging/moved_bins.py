"""Where a distribution moved: the bin whose share of rows changed most."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.judging.bin_label import bin_facts
from dashboard.tally import Tally


def moved_bins(
    tally: Tally,
    reference: npt.NDArray[Any],
    counts: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.bool_],
) -> dict[tuple[int, int], dict[str, Any]]:
    """Where ``wanted`` (T, V), the bin whose share of rows changed most, its shares, its part of all rows that moved.

    ``reference`` (V, B) or (T, V, B) is what ``counts`` (T, V, B) are compared with.
    """
    at, variable = np.nonzero(wanted)
    reference, batch = np.broadcast_to(reference, counts.shape)[at, variable], counts[at, variable]
    before = reference / reference.sum(axis=-1, keepdims=True)
    now = batch / batch.sum(axis=-1, keepdims=True)
    change = np.abs(now - before)
    top = change.argmax(axis=-1)
    pick = np.arange(len(top))
    # Rows that leave a bin arrive in another: half of all changes is the share of rows that moved.
    moved = change.sum(axis=-1) / 2
    part = np.divide(change[pick, top], moved, out=np.zeros(len(top)), where=moved > 0)
    return {
        (t, v): {**bin_facts(tally.variables[v], b), "part": share, "training": was, "value": is_now}
        for t, v, b, share, was, is_now in zip(
            at.tolist(),
            variable.tolist(),
            top.tolist(),
            part.tolist(),
            before[pick, top].tolist(),
            now[pick, top].tolist(),
            strict=True,
        )
    }
