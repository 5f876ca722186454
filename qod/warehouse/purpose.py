"""What a question is asked for: the page or command whose cost it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Purpose:
    """A page or a command, by name."""

    kind: Literal["page", "command"]
    name: str


_PROGRAM: Final = Purpose("command", "python")
_CURRENT: Final[ContextVar[Purpose]] = ContextVar("purpose", default=_PROGRAM)


@contextmanager
def purpose(kind: Literal["page", "command"], name: str) -> Iterator[None]:
    """Within it, every question to a warehouse is asked for the page or command ``name``."""
    token = _CURRENT.set(Purpose(kind, name))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current() -> Purpose:
    """The innermost purpose; the command 'python' where a program named none."""
    return _CURRENT.get()
