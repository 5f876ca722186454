"""Tables that fail on demand, and a clock that is moved by hand."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from types import FrameType
from typing import Any

from dashboard.web.reader import Tables
from qod.errors import Trouble, UnavailableError
from qod.warehouse import TableState

SECRET = "internal detail /var/secret"


class FailingTables:
    """Tables that count what they are asked for, and raise ``error`` or wait for ``held`` where ``fails`` says so.

    ``fails`` holds names of queries, "stamp" and "states"; ``version`` is added to the stamp.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.asked: list[str] = []
        self.fails: set[str] = set()
        self.error: Exception = UnavailableError(SECRET, trouble="busy")
        self.held: threading.Event | None = None
        self.version = ""
        self._lock = threading.Lock()

    def fail(self, *names: str, trouble: Trouble = "busy") -> None:
        """Let these questions fail from now on."""
        self.fails, self.error = set(names), UnavailableError(SECRET, trouble=trouble)

    def recover(self) -> None:
        """Let all go well again."""
        self.fails = set()

    def count(self, name: str) -> int:
        """How often a question was asked."""
        return self.asked.count(name)

    def query(self, name: str, /, **params: Any) -> Any:
        self._ask(name)
        return self.tables.query(name, **params)

    def stamp(self) -> str:
        self._ask("stamp")
        return self.tables.stamp() + self.version

    def deliver(self, tables: Any, *, kind: str) -> str:
        self._ask("deliver")
        return self.tables.deliver(tables, kind=kind)

    def states(self) -> list[TableState]:
        self._ask("states")
        return self.tables.states()

    def _ask(self, name: str) -> None:
        with self._lock:
            self.asked.append(name)
        if name in self.fails:
            if self.held is not None:
                self.held.wait(5)
            raise self.error


@dataclass
class Clock:
    """Seconds, moved by hand."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def together(read: Any, *, readers: int = 8) -> list[Any]:
    """What ``readers`` threads get that call ``read`` at once, errors too."""
    found: list[Any] = []
    start = threading.Barrier(readers)

    def run() -> None:
        start.wait(5)
        try:
            found.append(read())
        except Exception as error:
            found.append(error)

    threads = [threading.Thread(target=run) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def await_sharers(count: int) -> None:
    """Return when so many threads wait for what another one is computing; fails after five seconds."""
    ends = time.monotonic() + 5
    while sum(map(_shares, sys._current_frames().values())) < count:
        assert time.monotonic() < ends, f"no {count} threads wait for another"
        time.sleep(0.001)


def _shares(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code is Future.result.__code__:
            return True
        frame = frame.f_back
    return False
