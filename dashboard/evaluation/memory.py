"""What the evaluation of a batch carries on from, so that it need not read the batches before it again.

It is written with every batch: the state that the batch found, not the one it leaves. The newest batch is seen with
the eyes of a day that passes; what it found does not change.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import sub
from typing import Any, Final

from dashboard.evaluation.runs import Packed
from dashboard.judging.arrival import REACH
from dashboard.policy import Policy

MODEL: Final = ""
"""Where the runs of the model's own colour stand, beside those of each rule."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a batch found: nothing at all is the version's first batch.

    ``day`` is the day of the batch before it; ``gaps`` are the days from each batch back to the one before, newest
    first, as far as a judgement may look. ``judged`` and ``lacking`` are the first days of the newest cohorts that had
    and had not enough truth on ``day``, ``waiting`` that of the oldest that had not since the newest that had.
    ``runs`` are the runs of every rule's colours, see dashboard.evaluation.runs, and ``kept`` is what rules keep
    themselves.
    """

    day: date
    gaps: tuple[int, ...] = ()
    judged: date | None = None
    lacking: date | None = None
    waiting: date | None = None
    runs: Mapping[str, Packed] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)

    def days(self) -> Iterator[date]:
        """The days of the batches before, newest first."""
        day = self.day
        yield day
        for gap in self.gaps:
            day -= timedelta(days=gap)
            yield day

    @property
    def cohorts(self) -> tuple[date | None, ...]:
        """The first days of the cohorts that it names."""
        return self.judged, self.lacking, self.waiting

    def text(self) -> str:
        """As JSON, without what is empty."""
        said: dict[str, Any] = {"day": self.day.isoformat(), "gaps": list(self.gaps)}
        said |= {name: day.isoformat() for name, day in zip(_COHORTS, self.cohorts, strict=True) if day}
        said |= {name: dict(held) for name, held in (("runs", self.runs), ("kept", self.kept)) if held}
        return _ENCODER.encode(said)


_COHORTS: Final = ("judged", "lacking", "waiting")
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def parse_memory(text: str | None) -> Memory | None:
    """The memory that ``text`` holds; None where there is none."""
    if not text:
        return None
    said = json.loads(text)
    judged, lacking, waiting = (date.fromisoformat(said[name]) if name in said else None for name in _COHORTS)
    return Memory(
        date.fromisoformat(said["day"]),
        tuple(said["gaps"]),
        judged,
        lacking,
        waiting,
        said.get("runs", {}),
        said.get("kept", {}),
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a judgement may look back: so many batches, and all those of so many days, whichever is further."""

    batches: int
    days: int = 0


def near() -> Reach:
    """Where each batch is judged by itself."""
    return Reach(REACH)


def far(policy: Policy) -> Reach:
    """Where batches are judged together: as many as the policy pools at most, or those of its window of days."""
    if policy.drift_window_days:
        return Reach(REACH, (REACH + 1) * policy.drift_window_days)
    return Reach((REACH + 1) * policy.pool_batches)


def oldest(days: Sequence[int], place: int, reach: Reach) -> int:
    """The first of the batches before ``place`` that are looked back at; ``days`` are their ordinals, oldest first.

    Of days, they are those up to the batch before, and one batch more: whether there is one before them matters too.
    """
    first = place - reach.batches
    if reach.days and place:
        first = min(first, bisect_right(days, days[place - 1] - reach.days, 0, place) - 1)
    return max(first, 0)


def gaps(days: Sequence[int], place: int, reach: Reach) -> tuple[int, ...]:
    """The days between the batches before ``place``, newest first, as far as is looked back; ``days`` are ordinals."""
    first = oldest(days, place, reach)
    return tuple(map(sub, reversed(days[first + 1 : place]), reversed(days[first : place - 1])))
