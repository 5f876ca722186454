"""A state in a message: its glyph, its word and its colours on light and on dark ground, never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.text import Text


@dataclass(frozen=True, slots=True)
class Light:
    """``ink`` and ``ground`` are colours (light, dark); the contrast of each pair is 4.5 to 1 or more."""

    glyph: str
    word: Text
    ink: tuple[str, str]
    ground: tuple[str, str]
    line: str


_GREY: Final = (("#57626d", "#a9b4be"), ("#edf0f2", "#252e37"), "#8a949e")

LIGHTS: Final = {
    "red": Light("\u25a0", Text("Red", "Rouge"), ("#b3261e", "#ff8d83"), ("#fbeae9", "#3a1b1a"), "#d5463c"),
    "amber": Light("\u25b2", Text("Amber", "Orange"), ("#8a5200", "#f0b24a"), ("#fdf2dc", "#35270f"), "#c98500"),
    "late": Light("\u25cb", Text("Late", "En retard"), *_GREY),
    "green": Light("\u25cf", Text("Green", "Vert"), ("#17694a", "#63cfa1"), ("#e6f4ec", "#12301f"), "#2f9e73"),
    "grey": Light("\u25cb", Text("No data", "Sans donnée"), *_GREY),
}
"""By state, the worst first."""


def light(state: str) -> Light:
    """The light of a state; that of grey for any that there is not: no data is never green."""
    return LIGHTS.get(state, LIGHTS["grey"])
