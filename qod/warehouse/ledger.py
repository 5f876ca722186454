"""The ledger: what each question to a warehouse cost, kept in memory by the process that asked."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

KEPT: Final = 10_000
"""Entries kept; the oldest go first. Totals count every entry there ever was."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One question: for which page or command, what it read and how long it took.

    On a folder or bucket ``bytes_processed`` are the sizes of the files read, and nothing is billed.
    """

    at: datetime
    kind: Literal["page", "command"]
    name: str
    query: str
    bytes_processed: int
    bytes_billed: int
    cached: bool
    seconds: float
    rows: int


@dataclass(frozen=True, slots=True)
class Total:
    """What a page or command has cost since the process began."""

    kind: Literal["page", "command"]
    name: str
    questions: int
    bytes_processed: int
    bytes_billed: int
    seconds: float


class Ledger:
    """Entries and totals; safe with many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._totals: dict[tuple[Literal["page", "command"], str], Total] = {}

    def book(self, entry: Entry) -> None:
        """Keep ``entry``."""
        key = (entry.kind, entry.name)
        with self._lock:
            self._entries.append(entry)
            held = self._totals.get(key, Total(entry.kind, entry.name, 0, 0, 0, 0.0))
            self._totals[key] = Total(
                *key,
                held.questions + 1,
                held.bytes_processed + entry.bytes_processed,
                held.bytes_billed + entry.bytes_billed,
                held.seconds + entry.seconds,
            )

    def entries(self) -> tuple[Entry, ...]:
        """The newest entries, the oldest first."""
        with self._lock:
            return tuple(self._entries)

    def totals(self) -> tuple[Total, ...]:
        """The totals, by kind and name."""
        with self._lock:
            return tuple(self._totals[key] for key in sorted(self._totals))


LEDGER: Final = Ledger()
"""The ledger of this process."""
