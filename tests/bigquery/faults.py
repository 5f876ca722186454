"""Faults on demand: which requests go wrong, how, and how often; and the log of all requests."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.bigquery.errors import ApiError

# By kind: HTTP code, reason and message of the reply.
REPLIES: Final = {
    "unavailable": (503, "backendError", "Error encountered during execution. Retrying may solve the problem."),
    "internal": (500, "internalError", "An internal error occurred and the request could not be completed."),
    "rate_limited": (403, "rateLimitExceeded", "Exceeded rate limits: too many api requests per user per method."),
    "too_many": (429, "rateLimitExceeded", "Too many requests."),
    "quota": (403, "quotaExceeded", "Quota exceeded: Your project exceeded quota for free query bytes scanned."),
    "denied": (
        403,
        "accessDenied",
        "Access Denied: Project test: User does not have bigquery.jobs.create permission in project test.",
    ),
    "expired": (401, "authError", "Request had invalid authentication credentials. Expected OAuth 2 access token."),
    "conflict": (400, "invalidQuery", "Transaction is aborted due to concurrent update against table test."),
}

KINDS: Final = (*REPLIES, "hang", "torn", "lost", "job", "pending")


@dataclass
class Fault:
    """What goes wrong with requests whose description contains ``match`` (a regular expression).

    ``kind`` is one of REPLIES (that reply, and nothing is done); ``hang`` (no reply for ``seconds``); ``torn`` (half of
    the reply); ``lost`` (done, but the connection ends without a reply); ``job`` (the request is taken, the job fails
    with ``reason``, having changed nothing); ``pending`` (the job runs until it was asked after ``polls`` times).
    The first ``after`` such requests are spared, then ``times`` go wrong; None: all.
    """

    kind: str
    match: str = ""
    times: int | None = 1
    after: int = 0
    seconds: float = 60.0
    polls: int = 3
    reason: str = ""
    message: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no kind of fault; there are {', '.join(KINDS)}")

    def error(self) -> ApiError:
        """The error of the reply or of the job."""
        code, reason, message = REPLIES.get(self.kind, (400, "backendError", "The job failed."))
        return ApiError(self.message or message, reason=self.reason or reason, code=code)


@dataclass(frozen=True)
class Request:
    """One request that came: its method and path, what it was about (labels, tables, SQL), and what was said."""

    line: str
    about: str
    status: int
    seconds: float
    job: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the job it made or asked after."""
        return dict((self.job or {}).get("configuration", {}).get("labels") or {})

    @property
    def bytes(self) -> int:
        """The bytes its query read, after cluster pruning; 0 from the cache."""
        return int((self.job or {}).get("statistics", {}).get("totalBytesProcessed", 0))

    @property
    def text(self) -> str:
        """What ``match`` of a fault is held against."""
        return f"{self.line}\n{self.about}"


class Faults:
    """The faults to come, in the order they were asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Let requests go wrong from now on."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Let all go well again."""
        with self._lock:
            self._faults.clear()

    def spent(self) -> bool:
        """Whether nothing more will go wrong."""
        with self._lock:
            return all(fault.times == 0 for fault in self._faults)

    def take(self, text: str, *kinds: str) -> Fault | None:
        """The fault that meets a request so described, counted down; None when all goes well."""
        with self._lock:
            for fault in self._faults:
                if fault.kind not in kinds or fault.times == 0 or not re.search(fault.match, text, re.DOTALL):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None


class Log:
    """The requests that came, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []

    def add(self, request: Request) -> None:
        """Note a request that was answered, or not."""
        with self._lock:
            self._requests.append(request)

    def clear(self) -> None:
        """Forget them."""
        with self._lock:
            self._requests.clear()

    def __iter__(self) -> Iterator[Request]:
        with self._lock:
            return iter(list(self._requests))

    def count(self, match: str = "") -> int:
        """How many requests a regular expression is found in (method, path, labels, tables, SQL)."""
        return sum(1 for request in self if re.search(match, request.text, re.DOTALL))
