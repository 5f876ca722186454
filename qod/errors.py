"""Errors that a person can act on: what was expected, what was found, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal


class VigieError(Exception):
    """Base of every error that Vigie raises on purpose.

    ``str(error)`` is one line: the message, then the hint. The command line prints it and exits with 1.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        self.message = message
        self.hint = hint
        super().__init__(message if hint is None else f"{message} Hint: {hint}")


class InputError(VigieError):
    """A file or a value that somebody delivered does not say what it should.

    ``file``, ``row`` (1 is the first row of data, the header not counted) and ``column`` say where.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.file = file
        self.row = row
        self.column = column
        where = [
            part
            for part in (
                file,
                f"row {row:,}" if row is not None else None,
                f"column {column!r}" if column is not None else None,
            )
            if part
        ]
        super().__init__(f"{', '.join(where)}: {message}" if where else message, hint=hint)


class UnknownNameError(VigieError):
    """A model, version, variable, query or setting that does not exist."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, hint: str | None = None) -> None:
        self.kind = kind
        self.name = name
        super().__init__(f"{kind} {name!r} was not found.", hint=hint or nearest(name, known))


class MissingVersionError(UnknownNameError):
    """A version that a registered model does not have."""

    def __init__(self, model_id: str, model_version: str, *, hint: str) -> None:
        super().__init__("version", model_version, (), hint=hint)
        VigieError.__init__(self, f"model {model_id!r} has no version {model_version!r}.", hint=hint)


class WarehouseError(VigieError):
    """The tables cannot be reached, read or written."""


Trouble = Literal["hang", "busy", "unreachable", "broken", "expired", "denied", "quota"]
"""Why a warehouse does not answer: it took too long, refuses for now (503, 429), cannot be reached, broke off its
reply, the credentials ran out, a permission is missing, a quota is used up."""


class UnavailableError(WarehouseError):
    """The warehouse does not answer now, though nothing is wrong with the question: a later try may succeed."""

    def __init__(self, message: str, *, trouble: Trouble, hint: str | None = None) -> None:
        self.trouble: Trouble = trouble
        super().__init__(message, hint=hint)


class SettingError(VigieError):
    """A setting has a value that cannot be used."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """A hint that names the closest of ``known``, or lists a few of them; None when there are none."""
    names = sorted(known)
    close = get_close_matches(name, names, n=3, cutoff=0.6)
    if close:
        return f"did you mean {' or '.join(repr(c) for c in close)}?"
    if not names:
        return None
    more = f" and {len(names) - 8:,} more" if len(names) > 8 else ""
    return f"known: {', '.join(repr(n) for n in names[:8])}{more}."
