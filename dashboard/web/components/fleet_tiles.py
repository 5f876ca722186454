"""The tiles of the fleet: how many models have each colour, how that changed, and what the colour means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import fleet_days, html
from dashboard.web.components.stoplight import WORDS, known
from dashboard.web.components.term import term
from dashboard.web.components.tile import tile
from dashboard.web.page import Request

_SINCE_YESTERDAY: Final = Text("{change} since yesterday", "{change} depuis hier")
_IN_SHORT: Final = {
    "red": Text("needs somebody now", "demande quelqu\u2019un maintenant"),
    "amber": Text("worth a look", "à regarder"),
    "green": Text("nothing to report", "rien à signaler"),
    "grey": Text("cannot be judged", "ne peut être jugé"),
}


def fleet_tiles(
    request: Request, rows: Sequence[Mapping[str, Any]], by_model: fleet_days.Histories, today: date | None
) -> html.Node:
    """One tile a colour, which filters by it."""
    language = request.language
    now = Counter(known(row["colour"]) for row in rows)
    models = [row["model_id"] for row in rows]
    before = fleet_days.counts_on(models, by_model, today - timedelta(days=1)) if today else now
    made = []
    for colour in _IN_SHORT:
        change = now[colour] - before[colour]
        signed = f"{'+' if change > 0 else chr(0x2212)}{abs(change)}"
        selected = request.params["colour"] == colour
        made.append(
            tile(
                form.count(now[colour], language),
                WORDS[colour][language],
                colour=colour,
                change=request.t(_SINCE_YESTERDAY).format(change=signed) if change else None,
                href=request.link(colour=None if selected else colour, page=None),
                selected=selected,
            )
        )
    return html.div(made, class_="tiles")


def colour_words(request: Request) -> html.Node:
    """What the four colours mean, in a line; each leads to the glossary."""
    return html.p(
        [
            html.span(
                html.span(class_=f"glyph {colour}", aria_hidden="true"),
                term(request, WORDS[colour][request.language], "states"),
                f" {request.t(words)}",
            )
            for colour, words in _IN_SHORT.items()
        ],
        class_="colour-words",
    )
