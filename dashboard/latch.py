"""Hysteresis: a colour rises when 2 of the last 3 batches reach it and falls after 3 batches in a row below it."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import AMBER, GREY, RED, Codes

RISE: Final = 2
FALL: Final = 3


def latched(soft: Codes, at_once: npt.NDArray[np.bool_]) -> tuple[Codes, npt.NDArray[np.int64]]:
    """The shown colours (T, S) for soft colours (T, S), and how many batches in a row were below the shown one (T, S).

    Two latches, one for at least amber and one for red, each on its own: it rises when 2 of the last 3 batches that
    are not grey reach its level (the red one also where ``at_once``), and falls after 3 such batches in a row below.
    Where the soft colour is grey so is the shown one, and the latches keep their state.
    """
    shown = np.full(soft.shape, GREY, np.int8)
    below = np.zeros(soft.shape, np.int64)
    subjects = soft.shape[1]
    levels = np.array([[AMBER], [RED]], np.int8)
    # Of both latches: set or not, misses in a row, and whether the last batch and the one before reached the level.
    held = np.zeros((2, subjects), bool)
    misses = np.zeros((2, subjects), np.int64)
    last = np.zeros((2, subjects), bool)
    before = np.zeros((2, subjects), bool)
    judged = soft != GREY
    reached = soft[:, None, :] >= levels
    for t in range(len(soft)):
        known, reach = judged[t], reached[t]
        now = reach.astype(np.int8) + last + before >= RISE
        now[1] |= at_once[t]
        misses = np.where(known, np.where(reach, 0, misses + 1), misses)
        held = np.where(known, (held | now) & (misses < FALL), held)
        before, last = np.where(known, last, before), np.where(known, reach, last)
        shown[t] = np.where(known, np.where(held[1], RED, np.where(held[0], AMBER, 0)), GREY)
        below[t] = np.where(held[1], misses[1], misses[0])
    return shown, below
