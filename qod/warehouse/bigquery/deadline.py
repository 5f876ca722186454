"""One limit for all that an answer takes: however many calls it needs, and wherever one of them hangs."""

from __future__ import annotations

import contextvars
import itertools
import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from qod.errors import VigieError
from qod.warehouse.bigquery.connect import Connection
from qod.warehouse.bigquery.errors import about_location, hung, reason, translated

T = TypeVar("T")

_JOB_REASONS: Final = frozenset(
    ("backendError", "internalError", "jobBackendError", "jobInternalError", "jobRateLimitExceeded")
)


class Deadline:
    """A moment, ``seconds`` from now."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then; a hundredth at least, since 0 means no limit to some clients."""
        return max(self._end - time.monotonic(), 0.01)

    @property
    def passed(self) -> bool:
        """Whether it is over."""
        return time.monotonic() >= self._end


def bounded(work: Callable[[Deadline], T], *, seconds: float, doing: str, connection: Connection) -> T:
    """What ``work`` gives, within ``seconds``; every error of google's clients becomes a sentence.

    ``doing`` names the work, as "the query fleet". UnavailableError is raised where a later try may succeed,
    WarehouseError where it will not.
    The work runs on a thread of its own: not all waiting has a limit of its own (a name that is looked up, a token that
    is fetched), and what still waits after the limit is left to end by itself.
    """
    deadline = Deadline(seconds)
    result: list[T] = []
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            result.append(work(deadline))
        except BaseException as error:  # handed to the thread that waits
            wrong.append(error)

    thread = threading.Thread(target=contextvars.copy_context().run, args=(run,), name="bigquery", daemon=True)
    thread.start()
    thread.join(seconds)
    if result:
        return result[0]
    if not wrong:
        raise hung(seconds, doing=doing, place=connection.place)
    error = wrong[0]
    if isinstance(error, VigieError) or not isinstance(error, Exception):
        raise error
    location = _location(connection) if about_location(error) else None
    raise translated(error, doing=doing, place=connection.place, location=location) from error


def _location(connection: Connection) -> str | None:
    """Where the dataset is, for a sentence; None where that cannot be known."""
    try:
        return bounded(
            lambda _: connection.location(), seconds=3, doing="the look-up of its location", connection=connection
        )
    except VigieError:
        return None


def retrying(deadline: Deadline, attempts: int) -> Any:
    """A ``google.api_core.retry.Retry``: up to ``attempts`` tries of a request that may be sent again as it is.

    Only what a later try may cure: 429, 500, 502, 503, a broken connection, a time-out.
    """
    return _retry(_passing, deadline, attempts)


def retrying_job(deadline: Deadline, attempts: int) -> Any:
    """The same for a job of its own that only reads: it is started anew where BigQuery failed while it ran it."""
    return _retry(lambda error: reason(error) in _JOB_REASONS, deadline, attempts)


def _retry(predicate: Callable[[Exception], bool], deadline: Deadline, attempts: int) -> Any:
    from google.api_core.retry import Retry

    tried = itertools.count(1)
    return Retry(
        predicate=lambda error: predicate(error) and next(tried) < attempts and not deadline.passed,
        initial=0.2,
        maximum=20.0,
        timeout=deadline.left(),
    )


def _passing(error: Exception) -> bool:
    from google.api_core import exceptions as api
    from google.auth import exceptions as auth
    from requests import exceptions as http

    if reason(error) == "bytesBilledLimitExceeded" or isinstance(error, http.SSLError):
        return False
    kinds = (
        *(api.TooManyRequests, api.InternalServerError, api.BadGateway, api.ServiceUnavailable),
        *(http.ConnectionError, http.ChunkedEncodingError, http.Timeout, ConnectionError, auth.TransportError),
    )
    return isinstance(error, kinds) or reason(error) == "rateLimitExceeded"
