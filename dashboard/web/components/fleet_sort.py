"""The order of the models as a menu, where the heads of the table that sort it are not shown: on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.page import Request

WORST: Final = Text("worst first", "les pires d\u2019abord")
BY_NAME: Final = Text("by name", "par nom")
LONGEST: Final = Text("longest in its state", "plus ancien état")
NEWEST: Final = Text("newest change", "changement récent")
OLDEST_BATCH: Final = Text("oldest last batch", "dernier lot le plus ancien")
_LABEL: Final = Text("Order", "Ordre")
_OTHER: Final = Text("another", "autre")


def fleet_sort(request: Request, orders: Mapping[str, Text]) -> html.Node:
    """A menu of ``orders``: what to call each value of the parameter ``sort``; '' is the page's own order."""
    chosen = request.params["sort"]
    choices = [
        chips.Choice(request.t(words), request.link(sort=sort or None, page=None), sort == chosen)
        for sort, words in orders.items()
    ]
    if chosen not in orders:
        choices.append(chips.Choice(request.t(_OTHER), request.link(), True))
    return html.div(chips.menu(request.t(_LABEL), choices), class_="fleet-sort")
