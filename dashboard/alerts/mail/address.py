"""Mail addresses: which are taken, and how they are spelt in a header and to a mail server."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LOCAL: Final = re.compile(r"[^\s@.\"(),:;<>\[\]\\]+(\.[^\s@.\"(),:;<>\[\]\\]+)*")
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.IGNORECASE)
_LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
_LONGEST_LOCAL: Final = 64
_NOT_IN_A_NAME: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})


def spelt(address: str) -> str:
    """``address`` with its domain in ASCII (IDNA); '' where it is no single address of the form name@domain.

    Quoted names, comments, encoded words, control characters and marks of direction are not taken.
    """
    local, at, domain = address.partition("@")
    if not at or "=?" in local or not _LOCAL.fullmatch(local) or len(local.encode("utf-8", "replace")) > _LONGEST_LOCAL:
        return ""
    if any(unicodedata.category(letter) in _NOT_IN_A_NAME for letter in address):
        return ""
    try:
        plain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    if not all(_LABEL.fullmatch(label) for label in plain.split(".")):
        return ""
    found = f"{local}@{plain}"
    return found if len(found.encode()) <= _LONGEST else ""


def domain_of(address: str) -> str:
    """The domain of a spelt address."""
    return address.rpartition("@")[2]


def is_international(address: str) -> bool:
    """Whether only a server with SMTPUTF8 (RFC 6531) takes it: the part before the @ is not ASCII."""
    return not address.isascii()
