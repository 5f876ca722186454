"""A limit on the time that one exchange over a network takes as a whole, however slowly the other side drips."""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType


class TimeLimit:
    """Cuts the line it watches when the time is over: whatever waits on that line then fails at once.

    A socket's own timeout bounds each wait, not their sum. Use it as a context; it can watch one line after another.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._over = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> TimeLimit:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._let_go()

    @property
    def over(self) -> bool:
        """Whether the time has passed."""
        return self._over or self.left <= 0

    @property
    def left(self) -> float:
        """Seconds that are left; 0 or less when the time has passed."""
        return self._end - time.monotonic()

    def watch(self, line: socket.socket) -> None:
        """Cut ``line`` when the time is over, in place of the one that was watched before."""
        # A second descriptor of the same line: the first changes hands when TLS wraps it.
        with self._lock:
            self._let_go()
            self._line = socket.socket(fileno=os.dup(line.fileno()))
            if self._over:
                self._shut()

    def _cut(self) -> None:
        with self._lock:
            self._over = True
            self._shut()

    def _shut(self) -> None:
        if self._line is not None:
            with suppress(OSError):  # the other side was faster
                self._line.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
