"""Pieces of SVG: numbers in few characters, colours and words that cannot break out of their attributes."""

from __future__ import annotations

import re
from html import escape as _escape
from html import unescape
from typing import Any, Final

from qod.errors import VigieError

INK: Final = "#16202a"
SOFT: Final = "#55626f"
GRID: Final = "#e6eaed"
LINE: Final = "#c3cbd2"

_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{3,8}|rgba?\([0-9.,%\s]+\)|[a-z]{3,20}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_TOKEN: Final = re.compile(r"<[^<>]*>|[^<]+|<")
_STYLE_COLOUR: Final = re.compile(r"color:\s*([^;\"']+)")
_DASHES: Final = {
    "solid": "", "dot": "1.5 2.5", "dash": "6 4", "longdash": "10 5", "dashdot": "6 3 1.5 3",
    "longdashdot": "10 4 1.5 4",
}  # fmt: skip


def escaped(text: str) -> str:
    """``text`` as content or attribute of a document; control characters become U+FFFD."""
    return _escape(_CONTROL.sub("\ufffd", text), quote=True)


def number(value: float) -> str:
    """Pixels with one decimal at most."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def colour(value: Any) -> str:
    """A colour that may stand in an attribute; VigieError for anything else."""
    if isinstance(value, str) and _COLOUR.fullmatch(value.strip()):
        return value.strip()
    raise VigieError(f"a colour of a drawn figure is none: {value!r}")


def dashes(name: str) -> str:
    """The attribute of a line's dashes, with a space before it; VigieError for an unknown kind."""
    if name not in _DASHES:
        raise VigieError(f"a dash of a drawn figure is not known: {name!r}")
    return f' stroke-dasharray="{_DASHES[name]}"' if _DASHES[name] else ""


def stroke(line: dict[str, Any], *, fallback: str = SOFT, width: float = 2) -> str:
    """The attributes of a line with plotly's ``color``, ``width`` and ``dash``; '' where it has no width."""
    thick = float(line.get("width", width))
    if thick <= 0:
        return ""
    return (
        f'stroke="{colour(line.get("color", fallback))}" stroke-width="{number(thick)}"'
        f"{dashes(line.get('dash', 'solid'))}"
    )


def words(text: str) -> list[str]:
    """The lines of a label, each as SVG: of plotly's markup bold, italic, line breaks and a span's colour remain.

    Any other tag is left out, and what is no tag is text.
    """
    lines, open_tags = [""], list[str]()
    for token in _TOKEN.findall(text):
        tag = token[1:-1].strip().lower() if len(token) > 1 and token[0] == "<" else ""
        if tag.startswith("br"):
            lines[-1] += "</tspan>" * len(open_tags)
            lines.append("".join(open_tags))
        elif tag.startswith("/"):
            if open_tags and tag[1:] in ("b", "i", "span", "em", "strong"):
                open_tags.pop()
                lines[-1] += "</tspan>"
        elif tag:
            made = _opened(tag)
            if made:
                open_tags.append(made)
                lines[-1] += made
        else:
            lines[-1] += escaped(unescape(token))
    lines[-1] += "</tspan>" * len(open_tags)
    return lines


def _opened(tag: str) -> str:
    name = tag.split()[0].rstrip("/")
    if name in ("b", "strong"):
        return f'<tspan font-weight="650" fill="{INK}">'
    if name in ("i", "em"):
        return '<tspan font-style="italic">'
    if name == "span":
        found = _STYLE_COLOUR.search(tag)
        return f'<tspan fill="{colour(found[1])}">' if found else "<tspan>"
    return ""


def label(
    text: str,
    x: float,
    y: float,
    *,
    anchor: str = "start",
    size: float = 12,
    fill: str = SOFT,
    rise: str = "bottom",
    turn: float = 0,
) -> str:
    """Words at a point; ``rise`` says whether their bottom, middle or top stands there. Several lines grow from it."""
    if not text:
        return ""
    lines = words(text)
    height = 1.3 * size
    first = {"bottom": -0.28 * size - height * (len(lines) - 1), "top": 0.95 * size}.get(
        rise, 0.35 * size - height * (len(lines) - 1) / 2
    )
    around = f' transform="rotate({number(turn)} {number(x)} {number(y)})"' if turn else ""
    return "".join(
        f'<text x="{number(x)}" y="{number(y + first + place * height)}" fill="{fill}"'
        + (f' text-anchor="{anchor}"' if anchor != "start" else "")
        + (f' font-size="{number(size)}"' if size != 12 else "")
        + around
        + f">{line}</text>"
        for place, line in enumerate(lines)
        if line
    )
