"""The versions of a model side by side: what changed from one to the next, and what that did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.awaiting import awaiting
from dashboard.web.components.card import card
from dashboard.web.components.download import download
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.pair_facts import pair_facts, pair_facts_data
from dashboard.web.components.pair_performance import pair_performance
from dashboard.web.components.pair_sentence import pair_sentence
from dashboard.web.components.pair_states import pair_states
from dashboard.web.components.shared_days import shared_days_data, shared_days_table
from dashboard.web.components.sides import LETTERS
from dashboard.web.components.timeline_tools import window_param, window_switch
from dashboard.web.components.training_measures import training_measures, training_measures_data
from dashboard.web.components.variable_differences import variable_differences, variable_differences_data
from dashboard.web.components.version_overview import version_overview, version_overview_data
from dashboard.web.data import Data
from dashboard.web.page import Page, Request
from dashboard.web.param import flag, words
from dashboard.web.views.cohorts import cold, main_cohorts
from dashboard.web.views.references import differences
from dashboard.web.views.sides import Pair, Side, find, in_use, previous, shared_days, sides_of

TITLE: Final = Text("Versions", "Versions")
WINDOWS: Final = (90, 365)
"""Days that the figure of states may be limited to."""

PAGE: Final = Page(
    "versions",
    "/models/<model_id>/versions",
    lambda request: f"{request.t(TITLE)} \u00b7 {form.name(model_entry(request)['name'])}",
    params=(words("left"), words("right"), window_param(WINDOWS, default=365), flag("all")),
)

_ALL: Final = Text("All versions", "Toutes les versions")
_FACTS: Final = Text("{left} against {right}", "{left} face à {right}")
_VARIABLES: Final = Text("Variables and their training data", "Variables et données d\u2019apprentissage")
_MEASURES: Final = Text("Performance at training", "Performance à l\u2019apprentissage")
_MARGIN: Final = Text("\u00b1 half of the 95 % interval", "\u00b1 la moitié de l\u2019intervalle à 95 %")
_COHORTS: Final = Text("Performance once the truth is known", "Performance, une fois la vérité connue")
_STATES: Final = Text("States over time", "États au fil du temps")
_SHARED: Final = Text("On the same days", "Les mêmes jours")
_DAYS: Final = Text("Last days", "Derniers jours")
_GONE: Final = Text(
    "There is no version {names}; these are shown instead.", "Pas de version {names}\u00a0; voici celles-ci."
)
_ONLY: Final = Text(
    "There is one version only. With the next one, this page shows what changed between the two.",
    "Il n\u2019y a qu\u2019une version. Dès la suivante, cette page montrera ce qui a changé entre les deux.",
)
_OTHER: Final = Text("Compare with another model", "Comparer à un autre modèle")


def layout(request: Request) -> list[html.Node]:
    """What differs between two versions in a sentence; all versions; then the two chosen, part by part."""
    entry = model_entry(request)
    sides = sides_of(request, entry)
    if not sides:
        return [*model_head(request, entry), awaiting(request, entry["model_id"], [])]
    pair = _pair(request, sides)
    cohorts = main_cohorts(request, entry)
    known = {side.version: cold(cohorts.get(side.version, [])) for side in sides}
    overview = card(
        request,
        request.t(_ALL),
        lambda: version_overview(request, sides, known, pair),
        tools=html.div(
            html.a(request.t(_OTHER), href=request.to("compare", left=entry["model_id"])),
            download(request, "versions", lambda: version_overview_data(request, sides, known)),
            class_="tools",
        ),
        id="all",
    )
    if pair is None:
        return [*model_head(request, entry, lead=request.t(_ONLY)), overview]
    found = request.reading.keep(
        ("differences", entry["model_id"], *(side.version for side in pair.sides)),
        lambda: differences(pair.left.variables, pair.right.variables),
    )
    left, right = pair.names()
    own = (cohorts.get(pair.left.version, []), cohorts.get(pair.right.version, []))
    of_pair = (known[pair.left.version], known[pair.right.version])
    days = shared_days(*pair.sides)
    return [
        *model_head(request, entry, lead=pair_sentence(request, pair, found)),
        _gone(request, sides),
        overview,
        card(
            request,
            request.t(_FACTS).format(left=left, right=right),
            lambda: pair_facts(request, pair, of_pair),
            tools=html.div(
                _picker(request, sides, pair, 0),
                _picker(request, sides, pair, 1),
                download(request, "facts", lambda: pair_facts_data(request, pair, of_pair)),
                class_="tools",
            ),
            id="facts",
        ),
        card(
            request,
            request.t(_VARIABLES),
            lambda: variable_differences(request, pair, found, every=request.params["all"]),
            tools=_file(request, "variables", lambda: variable_differences_data(request, pair, found)),
            id="variables",
        ),
        card(
            request,
            request.t(_MEASURES),
            lambda: training_measures(request, pair),
            note=request.t(_MARGIN),
            tools=_file(request, "training", lambda: training_measures_data(request, pair)),
            id="measures",
        ),
        card(request, request.t(_COHORTS), lambda: pair_performance(request, pair, own), id="cohorts"),
        card(
            request,
            request.t(_STATES),
            lambda: pair_states(request, pair, window=int(request.params["last"])),
            tools=html.div(window_switch(request, WINDOWS, label=_DAYS), class_="tools"),
            id="states",
        ),
        card(
            request,
            request.t(_SHARED),
            lambda: shared_days_table(request, pair, days, own),
            tools=_file(request, "days", lambda: shared_days_data(request, pair, days)),
            id="shared",
        )
        if days
        else None,
    ]


def _pair(request: Request, sides: list[Side]) -> Pair | None:
    """The two versions that the address names; else that in use, and the one before it. None where there is one."""
    left = find(sides, request.params["left"]) or None
    right = find(sides, request.params["right"]) or None
    if left is None:
        current = in_use(sides)
        left = current if right is not current else previous(sides, current)
    if left is None:
        return None
    if right is None or right is left:
        right = previous(sides, left)
    return Pair(left, right) if right else None


def _gone(request: Request, sides: list[Side]) -> html.Node:
    """A word about versions that the address names and that do not exist."""
    asked = [request.params[key] for key in ("left", "right")]
    gone = [form.quoted(name, request.language) for name in asked if name and find(sides, name) is None]
    return html.p(request.t(_GONE).format(names=", ".join(gone)), class_="notice") if gone else None


def _picker(request: Request, sides: list[Side], pair: Pair, place: int) -> html.Node:
    """The menu of versions for one side; choosing the other side's swaps the two."""
    chosen, other = pair.sides[place], pair.sides[1 - place]
    here, there = ("left", "right") if place == 0 else ("right", "left")
    choices = [
        chips.Choice(
            form.name(side.version, longest=24),
            request.link(**{here: side.version, there: (chosen if side is other else other).version}),
            side is chosen,
        )
        for side in sides
    ]
    return chips.menu(LETTERS[place], choices)


def _file(request: Request, key: str, data: Callable[[], Data]) -> html.Node:
    return html.div(download(request, key, data), class_="tools")
