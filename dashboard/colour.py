"""Colours as small integers, so that rules can judge whole arrays at once, and the runs they form over batches."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

GREY: Final = -1
GREEN: Final = 0
AMBER: Final = 1
RED: Final = 2
NOTE: Final = 3
"""Worth knowing, no colour: it never takes part in a roll-up."""

NAMES: Final[dict[int, str]] = {GREY: "grey", GREEN: "green", AMBER: "amber", RED: "red", NOTE: "note"}

ROUNDING: Final = 1e-12
"""What binary fractions may take off a difference of two shares: .052 - .002 is a little less than .05."""

Codes = npt.NDArray[np.int8]
Indices = npt.NDArray[np.intp]


Threshold = float | npt.NDArray[np.float64]
"""One for all, or one a subject."""


def grade(value: npt.NDArray[np.float64], amber: Threshold, red: Threshold, allowed: npt.NDArray[np.bool_]) -> Codes:
    """Red where ``value`` reaches ``red``, amber where it reaches ``amber``, green elsewhere or where not ``allowed``.

    A value that misses a threshold by a rounding error reaches it. NaN reaches nothing: a caller that cannot judge
    must say GREY itself.
    """
    codes = np.zeros(value.shape, np.int8)
    with np.errstate(invalid="ignore"):
        codes[(value >= amber - ROUNDING) & allowed] = AMBER
        codes[(value >= red - ROUNDING) & allowed] = RED
    return codes


def run_starts(codes: Codes, before: Codes | None = None) -> Indices:
    """For each entry of ``codes`` (batches, subjects), the batch at which the present run of its colour began.

    Grey gaps do not break a run of another colour; a run of grey is broken by any other colour. Shape as ``codes``.
    A run of the colour that a subject had ``before`` (subjects,) the first batch began at -1; GREY is none.
    """
    first = np.full((1, codes.shape[1]), GREY, np.int8) if before is None else before[None]
    _, starts, grey, grey_starts = carried_runs(np.concatenate([first, codes]), np.zeros(codes.shape[1], bool))
    return np.where(grey, grey_starts, starts)[1:] - 1


def carried_runs(
    codes: Codes, grey_before: npt.NDArray[np.bool_]
) -> tuple[Codes, Indices, npt.NDArray[np.bool_], Indices]:
    """Of ``codes`` (T, S), whose first row stands for all that came before: the last colour that was not grey, the row
    at which its run began, whether it is grey now, and the row at which that began; each (T, S).

    Where the first row is GREY there was no colour yet; ``grey_before`` (S,) says whether a run of grey was under way.
    """
    grey = codes == GREY
    last = np.maximum.accumulate(np.where(grey, -1, np.arange(len(codes))[:, None]), axis=0)
    carried = np.where(last >= 0, np.take_along_axis(codes, np.maximum(last, 0), axis=0), GREY).astype(np.int8)
    grey[0] = grey_before
    return carried, _starts(carried), grey, _starts(grey)


def _starts(state: npt.NDArray[np.generic]) -> Indices:
    changed = np.ones(state.shape, bool)
    changed[1:] = state[1:] != state[:-1]
    return np.maximum.accumulate(np.where(changed, np.arange(len(state))[:, None], 0), axis=0)
