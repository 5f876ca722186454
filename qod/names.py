"""What may be the name of a model, version, batch or variable, and what may be a day."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Final

from qod.errors import InputError

LONGEST: Final = 512
"""The most characters a name may have."""


def check_name(kind: str, name: object, *, file: str | None = None) -> str:
    """``name`` itself when it can be one: 1 to 512 characters, none of them a control character.

    Quotes, slashes, ``<script>``, ``../`` and emoji are all fine: names are data everywhere, never markup or paths.
    Raises InputError otherwise; ``kind`` says what the name is of ("model", "batch").
    """
    called = kind if "'s " in kind else f"{kind} name"  # "the model's team", but "the batch name"
    if kind == called and (not isinstance(name, str) or not name.strip()):
        raise InputError(f"the {kind} needs a name, found {name!r}.", file=file, hint="write a text that can be read.")
    if not isinstance(name, str) or not name.strip():
        raise InputError(f"a {kind} needs a name, found {name!r}.", file=file, hint=f"give the {kind} a name.")
    if len(name) > LONGEST:
        raise InputError(
            f"the {called} {name[:40]!r}... has {len(name):,} characters.",
            file=file,
            hint=f"at most {LONGEST} are allowed.",
        )
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in name):
        raise InputError(
            f"the {called} {name!r} has a control character or half a character in it.",
            file=file,
            hint="use printable characters only.",
        )
    return name


def check_day(day: object, *, what: str = "batch date") -> date:
    """The day that ``day`` is: a date, or its ISO text (2026-11-19). Raises InputError otherwise."""
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    if isinstance(day, str):
        try:
            parsed = date.fromisoformat(day)
        except ValueError:
            parsed = None
        if parsed is not None and parsed.isoformat() == day:
            return parsed
    raise InputError(f"the {what} {day!r} is not a date.", hint="write it as YYYY-MM-DD, for example 2026-11-19.")
