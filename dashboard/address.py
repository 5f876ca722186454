"""Addresses: names of any kind as parts of a path and back, and query strings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, unquote

_MARK: Final = "~"
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~-]*")
_LONGEST_QUERY: Final = 8000
_MOST_KEYS: Final = 100


def encode_part(name: str) -> str:
    """``name`` as one part of a path; ``decode_part`` gives it back, whatever it holds.

    Browsers resolve a part that is ``.`` or ``..`` even when it is percent-encoded, and lose an empty one:
    such names (and those that begin with the mark itself) carry a ``~`` in front.
    """
    if name in ("", ".", "..") or name.startswith(_MARK):
        name = _MARK + name
    return quote(name, safe="~")


def decode_part(part: str) -> str:
    """The name behind a raw part of a path; bytes that are no UTF-8 become U+FFFD, they never raise."""
    name = unquote(part, errors="replace")
    return name[1:] if name.startswith(_MARK) else name


def split_path(raw: str) -> tuple[str, ...]:
    """The raw (still percent-encoded) parts of a path, split before decoding: a %2F inside a name survives."""
    return tuple(part for part in raw.split("/") if part)


def read_query(search: str | None) -> dict[str, str]:
    """The first value of each key of ``?a=1&b=2``; what cannot be read is left out."""
    text = (search or "").removeprefix("?")[:_LONGEST_QUERY]
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_KEYS)
    except ValueError:
        return {}
    found: dict[str, str] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found


def write_query(values: Mapping[str, str]) -> str:
    """``?a=1&b=2``, or nothing at all when there are no values."""
    return "?" + "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in values.items()) if values else ""


def _quoted(text: str) -> str:
    """Percent-encoded; what is plain already is told first, as a page may hold a thousand addresses."""
    return text if _PLAIN.fullmatch(text) else quote(text, safe="")
