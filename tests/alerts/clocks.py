"""A clock that passes only when it is told to, or when somebody sleeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dashboard.alerts.claim import Clock


@dataclass
class Hand:
    """The time of one machine; ``awake`` are the seconds that its monotonic clock has counted."""

    now: datetime = datetime(2026, 11, 19, 6, tzinfo=UTC)
    awake: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.awake += seconds

    def _sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.passes(seconds)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, lambda: self.awake, self._sleep)
