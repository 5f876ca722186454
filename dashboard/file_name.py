"""Names of files that say what is in them and that every system takes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_OTHER: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 60


def file_name(*parts: str) -> str:
    """``vigie-`` and the parts, without an ending: letters without their accents, digits, dots and dashes.

    What nothing is left of is left out; a part has at most 60 characters.
    """
    safe = (_OTHER.sub("-", _bare(part)).strip("-._")[:_LONGEST].rstrip("-._") for part in parts)
    return "-".join(["vigie", *filter(None, safe)])


def _bare(text: str) -> str:
    split = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in split if not unicodedata.combining(letter))
