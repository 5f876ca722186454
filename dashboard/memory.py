"""What the evaluation of a batch carries on from, so that it need not read the batches before it again.

It is written with every batch: the state that the batch found, not the one it leaves. The newest batch is seen with
the eyes of a day that passes; what it found does not change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from dashboard.arrival import REACH
from dashboard.policy import Policy
from dashboard.runs import Packed

MODEL: Final = ""
"""Where the runs of the model's own colour stand, beside those of each rule."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a batch found: nothing at all is the version's first batch.

    ``day`` is the day of the batch before it; ``gaps`` are the days from each batch back to the one before, newest
    first, as far as a judgement may look. ``judged`` and ``lacking`` are the first days of the newest cohorts that had
    and had not enough truth on ``day``. ``runs`` are the runs of every rule's colours, see dashboard.runs, and ``kept``
    is what rules keep themselves.
    """

    day: date
    gaps: tuple[int, ...] = ()
    judged: date | None = None
    lacking: date | None = None
    runs: Mapping[str, Packed] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)

    def days(self) -> Iterator[date]:
        """The days of the batches before, newest first."""
        day = self.day
        yield day
        for gap in self.gaps:
            day -= timedelta(days=gap)
            yield day

    def text(self) -> str:
        """As JSON, without what is empty."""
        said: dict[str, Any] = {"day": self.day.isoformat(), "gaps": list(self.gaps)}
        said |= {name: day.isoformat() for name, day in (("judged", self.judged), ("lacking", self.lacking)) if day}
        said |= {name: dict(held) for name, held in (("runs", self.runs), ("kept", self.kept)) if held}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def parse_memory(text: str | None) -> Memory | None:
    """The memory that ``text`` holds; None where there is none."""
    if not text:
        return None
    said = json.loads(text)
    judged, lacking = (date.fromisoformat(said[name]) if name in said else None for name in ("judged", "lacking"))
    return Memory(
        date.fromisoformat(said["day"]),
        tuple(said["gaps"]),
        judged,
        lacking,
        said.get("runs", {}),
        said.get("kept", {}),
    )


def near() -> int:
    """Batches to look back at where each is judged by itself."""
    return REACH


def far(policy: Policy) -> int:
    """Batches to look back at where as many are judged together as the policy allows."""
    return (REACH + 1) * policy.pool_batches


def gaps(days: Sequence[int], place: int, most: int) -> tuple[int, ...]:
    """The days between the batches before ``place``, newest first; ``days`` are ordinals, at most ``most`` batches."""
    oldest = max(place - most, 0)
    return tuple(days[t] - days[t - 1] for t in range(place - 1, oldest, -1))
