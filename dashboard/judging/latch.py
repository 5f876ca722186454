"""Hysteresis: a colour rises when 2 of the last 3 batches reach it and falls after 3 batches in a row below it.

Where batches are judged together, the three that vote are windows that share no batch: windows of 4 batches that
begin a day apart hold the same rows three times out of four, and one unlucky batch would vote for itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import AMBER, GREY, RED, Codes
from dashboard.judging.arrival import REACH

VOTES: Final = 3
"""Judged windows, this one and the ones before it, of which two must reach a level for it to rise."""
FALL: Final = 3


@dataclass(frozen=True, slots=True)
class Latches:
    """The latches for amber and red before a batch, (2, S): set or not, and batches in a row below, 0 where not set."""

    held: npt.NDArray[np.bool_]
    misses: npt.NDArray[np.int64]

    def misses_of(self, subject: int) -> dict[str, int]:
        """Of each latch that is set, the batches in a row below it."""
        return {level: int(self.misses[i, subject]) for i, level in enumerate(_LEVELS) if self.held[i, subject]}


def latches_of(kept: Mapping[str, Mapping[str, Any]], subjects: Sequence[str]) -> Latches:
    """The latches of ``subjects`` of which ``Latches.misses_of`` said what is ``kept``."""
    of_level = [[kept.get(subject, {}).get(level) for subject in subjects] for level in _LEVELS]
    held = np.array([[misses is not None for misses in row] for row in of_level], bool).reshape(2, len(subjects))
    return Latches(held, np.array([[misses or 0 for misses in row] for row in of_level], np.int64).reshape(held.shape))


_LEVELS: Final = ("amber", "red")


@dataclass(frozen=True, slots=True)
class Latched:
    """The shown colours (T, S), how many batches in a row were below the shown one (T, S), and the latches.

    ``before[t]`` are the latches as batch ``first + t`` found them. ``votes`` (2, T, S) are the earlier windows that
    had a vote, the nearer first, by the batch they end with; -1 where there is none.
    """

    shown: Codes
    below: npt.NDArray[np.int64]
    before: tuple[Latches, ...]
    votes: npt.NDArray[np.int64]


def latched(
    soft: Codes,
    at_once: npt.NDArray[np.bool_],
    windows: npt.NDArray[np.int64] | None = None,
    *,
    oldest: npt.NDArray[np.int64] | None = None,
    first: int = 0,
    before: Latches | None = None,
) -> Latched:
    """The shown colours for soft colours (T, S).

    Two latches, one for at least amber and one for red, each on its own: it rises when 2 of the last 3 batches that
    are not grey reach its level (the red one also where ``at_once``), and falls after 3 such batches in a row below.
    Where the soft colour is grey so is the shown one, and the latches keep their state.

    ``windows`` (T, S) says over how many batches each soft colour was judged, itself the last; 1 everywhere without
    it. Then the earlier two votes are those of the newest window that ended before this one began, and of the newest
    that ended before that one began, if it is not older than the batch ``oldest`` (T, S), or than six windows where
    none is given. Falls count every batch.

    Batches before ``first`` only vote: the latches begin with it, as they stood ``before``, or not set.
    """
    shown = np.full(soft.shape, GREY, np.int8)
    below = np.zeros(soft.shape, np.int64)
    subjects = soft.shape[1]
    levels = np.array([[AMBER], [RED]], np.int8)
    # Of both latches: set or not, and misses in a row.
    held = np.zeros((2, subjects), bool) if before is None else before.held
    misses = np.zeros((2, subjects), np.int64) if before is None else before.misses
    found = []
    judged = soft != GREY
    reached = soft[:, None, :] >= levels
    windows = np.ones(soft.shape, np.int64) if windows is None else windows
    if oldest is None:
        oldest = np.arange(len(soft))[:, None] + 1 - REACH * windows
    votes = _votes(judged, windows, oldest)
    rises = reached & _seconded(reached, votes)
    rises[:, 1] |= at_once
    for t in range(first, len(soft)):
        found.append(Latches(held, misses))
        known, reach = judged[t], reached[t]
        missed = np.where(known, np.where(reach, 0, misses + 1), misses)
        held = np.where(known, (held | rises[t]) & (missed < FALL), held)
        misses = np.where(held, missed, 0)
        shown[t] = np.where(known, np.where(held[1], RED, np.where(held[0], AMBER, 0)), GREY)
        below[t] = np.where(held[1], misses[1], misses[0])
    return Latched(shown, below, tuple(found), votes)


def _votes(
    judged: npt.NDArray[np.bool_], windows: npt.NDArray[np.int64], oldest: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """(2, T, S): the windows that vote beside each, none of which shares a batch with another; -1 is none."""
    batches, subjects = judged.shape
    found = np.full((VOTES - 1, batches, subjects), -1, np.int64)
    if not batches or not subjects:
        return found
    of = np.arange(subjects)[None, :]
    newest = np.maximum.accumulate(np.where(judged, np.arange(batches)[:, None], -1), axis=0)
    place = np.broadcast_to(np.arange(batches)[:, None], judged.shape)
    for vote in range(VOTES - 1):
        # The newest judged batch before this window began; where there is none there is none before it either.
        end = np.where(place >= 0, place - windows[place, of], -1)
        place = np.where(end >= 0, newest[np.maximum(end, 0), of], -1)
        place = np.where(place >= oldest, place, -1)
        found[vote] = place
    return found


def _seconded(reached: npt.NDArray[np.bool_], votes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """(T, 2, S): whether one of the earlier votes reached the level."""
    seconded = np.zeros(reached.shape, bool)
    if not seconded.size:
        return seconded
    of = np.arange(reached.shape[2])[None, :]
    for place in votes:
        vote = reached[np.maximum(place, 0), :, of] & (place >= 0)[..., None]
        seconded |= vote.transpose(0, 2, 1)
    return seconded
