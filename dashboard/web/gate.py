"""The gate before the warehouse: no question lasts for ever, and while the warehouse fails only one reader tries."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from typing import Final, Literal, TypeVar

from qod.errors import UnavailableError, VigieError, WarehouseError

T = TypeVar("T")
LOG: Final = logging.getLogger("vigie.web")

LIMIT_SECONDS: Final = 9.0
"""How long a reader waits for one question. The first that hangs shuts the gate, so a page waits no longer for all."""
FIRST_PAUSE_SECONDS: Final = 5.0
LONGEST_PAUSE_SECONDS: Final = 60.0

Kind = Literal["stamp", "query"]


class Gate:
    """Lets questions through to a warehouse.

    After one that ended in UnavailableError the gate is shut: every question fails at once with the same error, for 5
    seconds, and twice as long after each further failure, up to 60. Then one question is let through; the others go on
    failing until it has ended well. A refused permission does not shut it: asking again costs nothing, and the
    permission may have been granted.
    """

    def __init__(
        self,
        *,
        limit_seconds: float = LIMIT_SECONDS,
        first_pause_seconds: float = FIRST_PAUSE_SECONDS,
        longest_pause_seconds: float = LONGEST_PAUSE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit_seconds
        self._first, self._longest = first_pause_seconds, longest_pause_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._error: UnavailableError | None = None
        self._failed: Kind = "query"
        self._failures = 0
        self._opens_at = 0.0
        self._trying = False

    @property
    def pause_seconds(self) -> float:
        """Seconds until a question will be let through; 0 when one would be now."""
        with self._lock:
            return 0.0 if self._error is None else max(0.0, self._opens_at - self._clock())

    def ask(self, question: Callable[[], T], *, kind: Kind, late: Callable[[T], None] | None = None) -> T:
        """The answer of ``question``, asked in a thread of its own; an answer after the limit goes to ``late``.

        Raises UnavailableError when the gate is shut, when the warehouse does not answer, or not in time;
        WarehouseError for whatever else goes wrong in the warehouse, unless it is a VigieError already.
        """
        with self._lock:
            if self._error is not None and (self._trying or self._clock() < self._opens_at):
                raise _again(self._error)
            trying = self._trying = self._error is not None
        try:
            answer = self._in_time(question, late)
        except UnavailableError as error:
            self._ended(kind, error, trying=trying)
            raise
        except VigieError:
            self._ended(kind, None, trying=trying)
            raise
        except Exception as error:
            self._ended(kind, None, trying=trying)
            LOG.exception("the warehouse failed in a way nobody foresaw")
            raise WarehouseError(f"The warehouse failed: {type(error).__name__}.") from error
        self._ended(kind, None, trying=trying)
        return answer

    def _ended(self, kind: Kind, error: UnavailableError | None, *, trying: bool) -> None:
        with self._lock:
            if self._error is not None and not trying:
                return  # it was asked before the gate was shut, and says nothing new
            self._trying = False
            if error is not None and error.trouble != "denied":
                pause = min(self._first * 2**self._failures, self._longest)
                self._failures = min(self._failures + 1, 30)
                self._error, self._failed, self._opens_at = _again(error), kind, self._clock() + pause
            elif self._failed == "query" and kind == "stamp":
                self._opens_at = 0.0  # queries failed, and may still: the next one is the trial
            else:
                self._error, self._failures = None, 0

    def _in_time(self, question: Callable[[], T], late: Callable[[T], None] | None) -> T:
        context, done, given_up = copy_context(), Future[T](), threading.Event()

        def run() -> None:
            try:
                answer = context.run(question)
                done.set_result(answer)
                if given_up.is_set() and late is not None:
                    late(answer)
            except BaseException as error:
                done.set_exception(error)

        threading.Thread(target=run, daemon=True, name="question").start()
        try:
            return done.result(timeout=self._limit)
        except TimeoutError:
            if done.done():  # the warehouse's own
                raise
            given_up.set()
            raise UnavailableError(
                f"The warehouse did not answer within {self._limit:g} seconds.", trouble="hang"
            ) from None


def _again(error: UnavailableError) -> UnavailableError:
    """The same error without its past: one that is raised again and again would keep every frame it went through."""
    return UnavailableError(error.message, trouble=error.trouble, hint=error.hint)
