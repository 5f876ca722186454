"""What BigQuery refuses, in the shape its clients know."""

from __future__ import annotations

import traceback
from typing import Any


class ApiError(Exception):
    """An error reply: its HTTP code, BigQuery's reason, and the message."""

    debug = ""
    """Where it was raised, when it was not meant to be: ``debugInfo`` of the reply."""

    def __init__(self, message: str, *, reason: str = "invalidQuery", code: int = 400, location: str = "") -> None:
        super().__init__(message)
        self.message, self.reason, self.code, self.location = message, reason, code, location

    def entry(self) -> dict[str, str]:
        """The error as it stands in ``errors`` of a reply and in ``status.errorResult`` of a job."""
        entry = {"reason": self.reason, "message": self.message}
        more = {"location": self.location, "debugInfo": self.debug}
        return entry | {name: value for name, value in more.items() if value}

    def body(self) -> dict[str, Any]:
        """The body of the HTTP reply."""
        entry = {"domain": "global", **self.entry()}
        return {"error": {"code": self.code, "message": self.message, "errors": [entry], "status": _STATUS[self.code]}}


_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
}


def not_found(what: str, name: str) -> ApiError:
    """404: there is no such dataset, table or job."""
    return ApiError(f"Not found: {what} {name}", reason="notFound", code=404)


def duplicate(what: str, name: str) -> ApiError:
    """409: there is one already."""
    return ApiError(f"Already Exists: {what} {name}", reason="duplicate", code=409)


def of(error: Exception) -> ApiError:
    """Any exception as a reply: what is not BigQuery's own is a 400, so that no client tries it for minutes."""
    if isinstance(error, ApiError):
        return error
    text = str(error).strip() or type(error).__name__
    made = ApiError(text.splitlines()[0], reason="invalidQuery")
    made.debug = "".join(traceback.format_exception(error))
    return made
