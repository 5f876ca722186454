"""Since when each colour has stood, carried on from the batches before the first one that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import GREEN, GREY, NAMES, Codes, carried_runs

Days = npt.NDArray[np.int64]
"""Days as ordinals (``date.toordinal``)."""

NO_DAY: Final = 0

Packed = list[list[Any]]
"""Runs as JSON: [colour or null, first day of its run or null, first day of a run of grey or null, subjects]."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Of S subjects: the last colour that was not grey (GREY: none yet), the first day of its run, and the first day of
    the run of grey under way, or NO_DAY.
    """

    colour: Codes
    began: Days
    grey: Days


@dataclass(frozen=True, slots=True)
class Runs:
    """``since`` (T, S), the first day of the present run; ``states`` are (T + 1, S), row t as batch t found them."""

    since: Days
    states: Carried

    def split(self, sizes: Sequence[int]) -> list[Runs]:
        """The runs of the first so many subjects, of the next, and so on."""
        all_of = self.states
        return [
            Runs(self.since[:, a:b], Carried(all_of.colour[:, a:b], all_of.began[:, a:b], all_of.grey[:, a:b]))
            for a, b in pairwise(accumulate(sizes, initial=0))
        ]

    def packed(self, subjects: Sequence[str], *, green: bool = False) -> dict[int, Packed]:
        """By batch, from 0, what it found, as JSON; runs of green only where they are asked for: nobody is told."""
        colour, began, grey = self.states.colour[:-1], self.states.began[:-1], self.states.grey[:-1]
        told = colour != GREY if green else colour > GREEN
        at, of = np.nonzero(told | (grey != NO_DAY))
        if not at.size:
            return {}
        found: dict[int, dict[tuple[str | None, str | None, str | None], list[str]]] = {}
        columns = (at, of, told[at, of], colour[at, of], began[at, of], grey[at, of])
        for t, s, is_told, code, day, grey_day in zip(*(column.tolist() for column in columns), strict=True):
            key = (NAMES[code] if is_told else None, _iso(day) if is_told else None, _iso(grey_day))
            found.setdefault(t, {}).setdefault(key, []).append(subjects[s])
        return {t: [[*key, names] for key, names in of_batch.items()] for t, of_batch in found.items()}


def carried(packed: Packed, subjects: Sequence[str]) -> Carried:
    """What ``packed`` says of these subjects; those it does not name have no run."""
    size = len(subjects)
    state = Carried(np.full(size, GREY, np.int8), np.zeros(size, np.int64), np.zeros(size, np.int64))
    place = {name: s for s, name in enumerate(subjects)} if packed else {}
    for colour, began, grey, names in packed:
        for name in names:
            s = place[name]
            if colour is not None:
                state.colour[s], state.began[s] = _CODES[colour], _ordinal(began)
            if grey is not None:
                state.grey[s] = _ordinal(grey)
    return state


def joined(states: Sequence[Carried]) -> Carried:
    """The states of all subjects, one after the other."""
    return Carried(
        np.concatenate([state.colour for state in states]),
        np.concatenate([state.began for state in states]),
        np.concatenate([state.grey for state in states]),
    )


def runs(codes: Codes, days: Days, before: Carried) -> Runs:
    """The runs of ``codes`` (T, S) on ``days`` (T,). Grey gaps do not break a run of another colour."""
    here = np.arange(codes.shape[1])[None, :]
    colour, starts, grey, grey_starts = carried_runs(
        np.concatenate([before.colour[None], codes]), before.grey != NO_DAY
    )
    since = np.broadcast_to(days[:, None], codes.shape)
    began = np.concatenate([before.began[None], since])[starts, here]
    grey_began = np.where(grey, np.concatenate([before.grey[None], since])[grey_starts, here], NO_DAY)
    return Runs(np.where(codes == GREY, grey_began[1:], began[1:]), Carried(colour, began, grey_began))


_CODES: Final = {name: code for code, name in NAMES.items()}


@lru_cache(maxsize=4096)
def _iso(day: int) -> str | None:
    return None if day == NO_DAY else date.fromordinal(day).isoformat()


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()
