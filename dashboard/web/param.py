"""Parameters of a page: what may stand in its query string; a bad value falls back to the default, it never raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qod.errors import VigieError

LANGUAGE_KEY = "lang"


@dataclass(frozen=True, slots=True)
class Param:
    """One key of the query string.

    ``read`` turns the text into a value, or gives None when it cannot be used; ``write`` is its inverse. The links of a
    page leave it out where they change one of the parameters it goes ``with_``: it said something about that one.
    """

    key: str
    default: Any
    read: Callable[[str], Any | None]
    write: Callable[[Any], str] = str
    with_: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.key == LANGUAGE_KEY:
            raise VigieError(f"a page cannot have a parameter {self.key!r}: it is the language of every page.")

    def value(self, text: str | None) -> Any:
        """What ``text`` says, or the default."""
        if text is None:
            return self.default
        found = self.read(text)
        return self.default if found is None else found


def choice(key: str, options: Sequence[str], *, default: str = "") -> Param:
    """One of ``options``; '' (nothing chosen) unless a default is given."""
    allowed = frozenset(options)
    if default and default not in allowed:
        raise VigieError(f"the default {default!r} of the parameter {key!r} is not among its options.")
    return Param(key, default, lambda text: text if text in allowed else None)


def whole(key: str, *, default: int, least: int = 0, most: int = 1_000_000, with_: tuple[str, ...] = ()) -> Param:
    """A whole number from ``least`` to ``most``."""

    def read(text: str) -> int | None:
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            return None
        return int(text) if least <= int(text) <= most else None

    return Param(key, default, read, with_=with_)


def words(key: str, *, default: str = "", longest: int = 1000, with_: tuple[str, ...] = ()) -> Param:
    """Free text, such as a name; '' when absent. The page must still look whether such a thing exists."""
    return Param(key, default, lambda text: text if len(text) <= longest else None, with_=with_)


def day(key: str, *, default: date | None = None) -> Param:
    """A date written 2026-11-19; None when absent."""

    def read(text: str) -> date | None:
        if len(text) != 10:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None

    return Param(key, default, read, lambda value: value.isoformat())


def flag(key: str) -> Param:
    """True when it is 1; False otherwise."""
    return Param(key, False, lambda text: text == "1", lambda value: "1" if value else "0")
