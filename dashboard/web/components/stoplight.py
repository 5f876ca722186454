"""The stoplight: a state as a glyph, a word and a colour, never as a colour alone."""

from __future__ import annotations

from typing import Final

from dashboard.text import Language, Text
from dashboard.web import html

GLYPHS: Final = {"red": "\u25a0", "amber": "\u25b2", "green": "\u25cf", "grey": "\u25cb", "note": "\u2022"}
WORDS: Final = {
    "red": Text("Red", "Rouge"),
    "amber": Text("Amber", "Orange"),
    "green": Text("Green", "Vert"),
    "grey": Text("No data", "Sans donnée"),
    "note": Text("Note", "Note"),
}
MEANINGS: Final = {
    "green": Text("Judged, and nothing to report.", "Jugé, et rien à signaler."),
    "amber": Text(
        "Worth a look: a change beyond chance, and large enough to matter.",
        "À regarder : un changement que le hasard n\u2019explique pas, et assez grand pour compter.",
    ),
    "red": Text(
        "Needs somebody now: a large change, or a break.",
        "Demande quelqu\u2019un maintenant : un grand changement, ou une rupture.",
    ),
    "grey": Text(
        "Cannot be judged: no data, late, too few rows, or a truth not known yet. Grey is never counted as green.",
        "Ne peut être jugé : pas de données, un retard, trop peu de lignes, ou une vérité pas encore connue. Le gris "
        "ne compte jamais comme vert.",
    ),
}
"""What each colour of a model means, in plain words."""
WORST_FIRST: Final = ("red", "amber", "grey", "green")
"""Colours in the order a reader should look at them."""


def known(colour: str | None) -> str:
    """The colour itself when there is such a one; anything else, NULL too, is grey: no data is never green."""
    return colour if colour in GLYPHS else "grey"


def stoplight(colour: str | None, language: Language) -> html.Node:
    """The badge of a state. Its glyph comes from the style sheet, so that a screen reader hears the word alone."""
    state = known(colour)
    return html.span(WORDS[state][language], class_=f"light {state}")


def glyph(colour: str | None, label: str, language: Language) -> html.Node:
    """The glyph alone, for dense places; ``label`` says what it is the state of."""
    state = known(colour)
    words = (
        f"{label}: {WORDS[state][language].lower()}"
        if language == "en"
        else (f"{label}\u00a0: {WORDS[state][language].lower()}")
    )
    return html.span(GLYPHS[state], class_=f"glyph {state}", role="img", title=words, aria_label=words)
