"""Text that others chose, made harmless: on one line, without controls, and with no say over the words around it."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import bidirectional

from dashboard.format import NARROW, WIDE

_FIRST_ISOLATE: Final = "\u2068"
_END_OF_ISOLATE: Final = "\u2069"
_LEFTWARDS: Final = frozenset({"R", "AL", "AN"})
_SPACES: Final = frozenset({NARROW, WIDE})


def neutral(text: str) -> str:
    """``text`` on one line: controls, marks of direction and halves of pairs are gone, right-to-left words isolated."""
    if text.isascii() and text.isprintable():
        return text
    kept = "".join(char if char.isprintable() or char in _SPACES else " " for char in text)
    kept = re.sub(" {2,}", " ", kept).strip()
    return kept if kept.isascii() else _isolated(kept)


def block(text: str) -> str:
    """``text`` on its own lines, as code is: what else could not be seen is written as an escape (``\\u202e``)."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else f"\\u{ord(char):04x}" for char in text.replace("\r\n", "\n")
    )


def _isolated(text: str) -> str:
    """Each stretch of right-to-left words, with what stands between them, between two marks of isolation."""
    out: list[str] = []
    start = end = -1
    for place, char in enumerate(f"{text}\0"):
        kind = bidirectional(char)
        if kind in _LEFTWARDS:
            start, end = (place if start < 0 else start), place + 1
        elif start >= 0 and (kind == "L" or char == "\0"):
            out += [_FIRST_ISOLATE, text[start:end], _END_OF_ISOLATE, text[end:place]]
            start = -1
        if start < 0 and char != "\0":
            out.append(char)
    return "".join(out)
