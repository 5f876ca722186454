"""How the two sides of a comparison are told apart: a letter, a shape and a colour."""

from __future__ import annotations

from typing import Final

from dashboard.web import html
from dashboard.web.page import Request
from dashboard.web.views.sides import Pair, Side

LETTERS: Final = ("A", "B")


def badge(place: int) -> html.Node:
    """The letter of a side (0 or 1), in its colour."""
    return html.span(LETTERS[place], class_=f"side side-{LETTERS[place].lower()}")


def heading(request: Request, pair: Pair, place: int) -> html.Node:
    """A side's letter and name, for the head of a column; the name leads to the model."""
    side, name = pair.sides[place], pair.names()[place]
    return [badge(place), html.a(name, href=request.to("model", model_id=side.model_id), title=full_name(side))]


def key(request: Request, pair: Pair) -> html.Node:
    """Which letter is which side, above a figure."""
    return html.p(
        [html.span(badge(place), name) for place, name in enumerate(pair.names())],
        class_="key",
    )


def full_name(side: Side) -> str:
    """The model's whole name and the version's."""
    return f"{side.entry['name']} \u00b7 {side.version}"
