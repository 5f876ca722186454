"""Which version of the tables pages show: the stamp, asked for again after a while, by one reader for all."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from qod.errors import VigieError

_REMEMBERED: Final = 3


@dataclass(frozen=True, slots=True)
class Version:
    """The tables as one stamp stands for them. ``number`` grows; ``refresh`` counts the stamps asked for so far.

    ``error`` says why no newer stamp could be had, when it is due.
    """

    number: int
    stamp: str
    refresh: int
    error: VigieError | None = None


class Versions:
    """Asks for the stamp when the one it has is ``refresh_seconds`` old.

    One reader asks; the others go on with the stamp that is known. Where none is known yet they wait, and share what
    comes of it.
    """

    def __init__(
        self, ask: Callable[[], str], *, refresh_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._refresh_seconds = refresh_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._known: Version | None = None
        self._error: VigieError | None = None
        self._asked_at = 0.0
        self._flight: Future[Version] | None = None
        self._numbers: deque[int] = deque(maxlen=_REMEMBERED)

    @property
    def recent(self) -> tuple[int, ...]:
        """The numbers of the last few versions, newest first."""
        with self._lock:
            return tuple(reversed(self._numbers))

    @property
    def error(self) -> VigieError | None:
        """Why the stamp could not be had when it was last asked for; None when it could."""
        with self._lock:
            return self._error

    @property
    def known(self) -> bool:
        """Whether any stamp was ever had."""
        with self._lock:
            return self._known is not None

    def current(self, *, within_seconds: float | None = None) -> Version:
        """The version to show, by a stamp that was asked for within the last ``within_seconds`` where they are given.

        Raises what asking raised where no stamp was ever had.
        """
        needed = -math.inf if within_seconds is None else self._clock() - within_seconds
        while True:
            with self._lock:
                known, flight = self._known, self._flight
                enough = known is not None and self._asked_at >= needed
                if known and enough and self._error is None and self._clock() - self._asked_at < self._refresh_seconds:
                    return known
                if flight is not None and known and enough:
                    return self._marked(known)
                if flight is None:
                    own = self._flight = Future()
                    break
            # Another reader asks; an answer that was asked for too long ago does not serve this one.
            landed = flight.result()
            with self._lock:
                if landed.error is not None or self._asked_at >= needed:
                    return landed
        try:
            version = self._refreshed()
        except BaseException as error:
            self._landed()
            own.set_exception(error)
            raise
        self._landed()
        own.set_result(version)
        return version

    def _refreshed(self) -> Version:
        began = self._clock()
        try:
            stamp = self._ask()
        except VigieError as error:
            with self._lock:
                self._error = error
                if self._known is None:
                    raise
                return self._marked(self._known)
        with self._lock:
            before = self._known
            # Without a stamp nothing says that the tables are the same, so nothing is kept beyond this refresh.
            same = before is not None and before.stamp == stamp != ""
            number = before.number if before and same else (before.number if before else 0) + 1
            if not same:
                self._numbers.append(number)
            self._known = Version(number, stamp, before.refresh + 1 if before else 1)
            self._error, self._asked_at = None, began
            return self._known

    def _marked(self, version: Version) -> Version:
        return Version(version.number, version.stamp, version.refresh, self._error)

    def _landed(self) -> None:
        with self._lock:
            self._flight = None
