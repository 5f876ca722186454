"""The style sheets of the pages in one, without what is of the dark theme, and without needless characters."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

_SHEETS: Final = Path(__file__).resolve().parents[2] / "assets"
_OWN: Final = Path(__file__).with_name("report.css")

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE: Final = re.compile(r"\s+")
_AROUND: Final = re.compile(r"\s*([{};,])\s*")
_ASKING: Final = re.compile(r"[\w-]+:[^;{}]*url\((?![\"']?data:)[^;{}]*;?|@import[^;]*;")


@cache
def style() -> str:
    """All sheets in their order, then the report's own; nothing in it asks for another file."""
    sheets = [path.read_text(encoding="utf-8") for path in sorted(_SHEETS.glob("*.css"))]
    return small("\n".join([*sheets, _OWN.read_text(encoding="utf-8")]))


def small(css: str) -> str:
    """The same rules in light colours: comments gone, spaces closed up, ``light-dark(a, b)`` turned to ``a``.

    Declarations that would ask for another file are left out.
    """
    text = _AROUND.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", css))).replace(";}", "}").strip()
    return _light(_ASKING.sub("", text))


def _light(text: str) -> str:
    word = "light-dark("
    begin = text.find(word)
    while begin >= 0:
        depth, comma, end = 1, -1, begin + len(word)
        while depth and end < len(text):
            letter = text[end]
            depth += (letter == "(") - (letter == ")")
            if letter == "," and depth == 1 and comma < 0:
                comma = end
            end += 1
        text = text[:begin] + text[begin + len(word) : comma] + text[end:]
        begin = text.find(word, begin)
    return text
