"""The controls of a model's inputs: what is shown, how, of which variables and batches, in which order."""

from __future__ import annotations

from typing import Final

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.field import search_field
from dashboard.web.components.inputs_shown import SHOWN
from dashboard.web.components.inputs_table import DEFAULT_SORT, SORTS
from dashboard.web.components.table import sorting
from dashboard.web.components.timeline_tools import version_menu, window_param, window_switch
from dashboard.web.page import Request
from dashboard.web.param import choice, flag, words
from dashboard.web.views.timeline import Timeline

PARAMS: Final = (
    choice("show", tuple(SHOWN), default="drift"),
    choice("view", ("multiples",)),
    choice("sort", sorting(SORTS), default=DEFAULT_SORT),
    words("find", longest=200),
    choice("only", ("coloured",)),
    window_param(),
    words("version"),
    flag("all"),
)
"""What the page must declare."""

_SHOW: Final = Text("Show", "Montrer")
_VIEW: Final = Text("As", "Sous forme de")
_MAP, _MULTIPLES = Text("map", "carte"), Text("small charts", "vignettes")
_SORT: Final = Text("Sorted by", "Triées par")
_SORTS: Final = (
    (DEFAULT_SORT, Text("importance \u00d7 drift", "importance \u00d7 dérive")),
    ("state", Text("state, worst first", "état, le pire d\u2019abord")),
    ("name", Text("name", "nom")),
    ("-psi", Text("PSI", "PSI")),
    ("-importance", Text("importance", "importance")),
)
"""The orders a reader wants, under the sort that has each; the table's headings have them all."""
_OTHER: Final = Text("a column of the table", "une colonne du tableau")
_WHICH: Final = Text("Variables", "Variables")
_ALL, _COLOURED = Text("all", "toutes"), Text("amber or red", "orange ou rouges")
_FIND: Final = Text("Find a variable", "Chercher une variable")


def view_tools(request: Request, known: Timeline, version: str) -> html.Node:
    """What the map or the small charts show, and of which batches."""
    shows = [
        chips.Choice(request.t(shown.name), request.link(show=show), show == request.params["show"])
        for show, shown in SHOWN.items()
    ]
    multiples = request.params["view"] == "multiples"
    views = [
        chips.Choice(request.t(_MAP), request.link(view=None), not multiples),
        chips.Choice(request.t(_MULTIPLES), request.link(view="multiples"), multiples),
    ]
    return [
        chips.switch(request.t(_SHOW), shows),
        chips.switch(request.t(_VIEW), views),
        window_switch(request),
        version_menu(request, known, version),
    ]


def row_tools(request: Request) -> html.Node:
    """Which variables stand on the page, and in which order: map, charts and table alike."""
    sort, only = request.params["sort"], request.params["only"]
    orders = [chips.Choice(request.t(words), request.link(sort=key), key == sort) for key, words in _SORTS]
    if not any(order.selected for order in orders):
        orders.append(chips.Choice(request.t(_OTHER), request.link(), True))
    which = [
        chips.Choice(request.t(_ALL), request.link(only=None), not only),
        chips.Choice(request.t(_COLOURED), request.link(only="coloured"), bool(only)),
    ]
    return html.div(
        chips.menu(request.t(_SORT), orders),
        html.div(
            html.span(request.t(_WHICH), class_="switch-label"),
            chips.switch(request.t(_WHICH), which),
            class_="labelled",
        ),
        search_field(request, "find", request.t(_FIND)),
        class_="row-tools",
    )
