"""Two models, or two versions of one, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import format as form
from dashboard.plural import plural
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.breadcrumbs import breadcrumbs
from dashboard.web.components.card import card
from dashboard.web.components.common_variables import (
    DEFAULT_SORT,
    SORTS,
    common_variable,
    common_variables,
    common_variables_data,
    drawable,
    in_order,
)
from dashboard.web.components.comparisons_offered import comparisons_offered
from dashboard.web.components.download import download
from dashboard.web.components.pair_facts import pair_facts, pair_facts_data
from dashboard.web.components.pair_performance import pair_performance
from dashboard.web.components.pair_sentence import AND, pair_sentence
from dashboard.web.components.pair_states import pair_states
from dashboard.web.components.side_picker import side_picker
from dashboard.web.components.sides import badge
from dashboard.web.components.stoplight import WORDS, known
from dashboard.web.components.timeline_tools import window_param, window_switch
from dashboard.web.components.training_measures import training_measures, training_measures_data
from dashboard.web.components.variable_differences import variable_link
from dashboard.web.page import Page, Request
from dashboard.web.param import choice, flag, words
from dashboard.web.views.cohorts import cold, main_cohorts
from dashboard.web.views.compared_batches import compared
from dashboard.web.views.fleet import fleet_rows
from dashboard.web.views.references import differences
from dashboard.web.views.sides import Pair, Side, find, in_use, previous, sides_of

TITLE: Final = Text("Compare", "Comparer")
WINDOWS: Final = (30, 90, 365)
"""Days that the figure of states may be limited to."""

PAGE: Final = Page(
    "compare",
    "/compare",
    TITLE,
    params=(
        words("left"),
        words("left_version"),
        words("right"),
        words("right_version"),
        words("variable"),
        choice("sort", SORTS, default=DEFAULT_SORT),
        window_param(WINDOWS, default=90),
        flag("all"),
    ),
)

_FLEET: Final = Text("Fleet", "Flotte")
_CHOOSE: Final = Text("Choose two models, or one model twice.", "Choisissez deux modèles, ou deux fois le même.")
_WHAT: Final = Text("What can be compared", "Ce qui se compare")
_POINTS: Final = (
    Text(
        "Any two models: their states by day on one axis, and the variables they have in common.",
        "Deux modèles quelconques\u00a0: leurs états par jour sur un même axe, et leurs variables communes.",
    ),
    Text(
        "Two models of the same task: their performance too, by cohort, on one figure.",
        "Deux modèles de même tâche\u00a0: aussi leur performance, par cohorte, sur une même figure.",
    ),
    Text(
        "The same model twice: two of its versions. Its own page of versions tells more about their training data.",
        "Deux fois le même modèle\u00a0: deux de ses versions. Sa page des versions en dit plus sur leurs données "
        "d\u2019apprentissage.",
    ),
)
_NO_MODEL: Final = Text("There is no model {name}.", "Il n\u2019y a pas de modèle {name}.")
_NO_VERSION: Final = Text(
    "{model} has no version {name}; another is shown.",
    "{model} n\u2019a pas de version {name}\u00a0; en voici une autre.",
)
_BARE: Final = Text(
    "{model} has no version yet: nothing can be compared.",
    "{model} n\u2019a pas encore de version\u00a0: rien à comparer.",
)
_ALONE: Final = Text(
    "{model} has one version only: choose another model.",
    "{model} n\u2019a qu\u2019une version\u00a0: choisissez un autre modèle.",
)
_STATE: Final = Text("{a} is {left}, {b} is {right}", "{a}\u00a0: {left}, {b}\u00a0: {right}")
_COMMON: Final = (
    Text("one variable in common", "une variable commune"), Text("{n} variables in common", "{n} variables communes"),
)  # fmt: skip
_EACH: Final = Text("{n} only in {name}", "{n} seulement dans {name}")
_FACTS: Final = Text("Side by side", "Côte à côte")
_STATES: Final = Text("States by day", "États par jour")
_DAYS: Final = Text("Last days", "Derniers jours")
_COHORTS: Final = Text("Performance once the truth is known", "Performance, une fois la vérité connue")
_MEASURES: Final = Text("Performance at training", "Performance à l\u2019apprentissage")
_VARIABLES: Final = Text("Variables in common, in the newest batches", "Variables communes, dans les derniers lots")
_ONE: Final = Text("{variable} in the newest batches", "{variable} dans les derniers lots")
_ONLY: Final = Text("Variables of one side only", "Variables d\u2019un seul côté")
_ONLY_NONE: Final = Text("none", "aucune")
_VERSIONS: Final = Text("Training data of both versions", "Données d\u2019apprentissage des deux versions")


@dataclass(frozen=True, slots=True)
class _Chosen:
    """One side as the address names it: the versions of its model, which of them, and a word where it names none."""

    sides: Sequence[Side]
    side: Side | None
    notice: str | None = None


def layout(request: Request) -> list[html.Node]:
    """The menus; then the two sides, part by part, or what may be compared."""
    models = sorted(fleet_rows(request.reading), key=lambda row: str(row["name"]).casefold())
    left, right = _both(request, models)
    pair = Pair(left.side, right.side) if left.side and right.side else None
    menus = html.div(
        side_picker(request, 0, models, left.sides, left.side),
        side_picker(request, 1, models, right.sides, right.side),
        class_="pickers",
    )
    notices = [html.p(chosen.notice, class_="notice") for chosen in (left, right) if chosen.notice]
    head = [
        breadcrumbs(request, [(request.t(_FLEET), request.href("/")), (request.t(TITLE), None)]),
        html.h1(request.t(TITLE)),
    ]
    if pair is None:
        what = card(request, request.t(_WHAT), lambda: _what(request, models), id="what")
        return [*head, html.p(request.t(_CHOOSE), class_="lead"), menus, *notices, what]
    return [*head, html.p(_lead(request, pair), class_="lead"), menus, *notices, *_parts(request, pair)]


def _what(request: Request, models: Sequence[Mapping[str, Any]]) -> html.Node:
    points = html.ul([html.li(request.t(point)) for point in _POINTS], class_="points")
    return [points, comparisons_offered(request, models)]


def _parts(request: Request, pair: Pair) -> list[html.Node]:
    """The cards of a comparison."""
    left, right = (main_cohorts(request, side.entry).get(side.version, []) for side in pair.sides)
    known_cold = (cold(left), cold(right))
    found = in_order(compared(request, pair), request.params["sort"])
    closer = drawable(found, request.params["variable"])
    t = request.t
    return [
        card(
            request,
            t(_FACTS),
            lambda: pair_facts(request, pair, known_cold),
            tools=html.div(
                html.a(t(_VERSIONS), href=request.to("versions", model_id=pair.left.model_id, left=pair.left.version,
                                                     right=pair.right.version)) if pair.one_model else None,
                download(request, "facts", lambda: pair_facts_data(request, pair, known_cold)),
                class_="tools",
            ),
            id="facts",
        ),
        card(
            request,
            t(_STATES),
            lambda: pair_states(request, pair, window=int(request.params["last"])),
            tools=html.div(window_switch(request, WINDOWS, label=_DAYS), class_="tools"),
            id="states",
        ),
        card(request, t(_COHORTS), lambda: pair_performance(request, pair, (left, right)), id="cohorts"),
        card(
            request,
            t(_VARIABLES),
            lambda: common_variables(request, pair, found),
            tools=html.div(download(request, "variables", lambda: common_variables_data(request, found)),
                           class_="tools"),
            id="variables",
        ),
        card(
            request,
            t(_ONE).format(variable=form.name(closer.variable, longest=60)),
            lambda: common_variable(request, pair, closer),
            id="variable",
        )
        if closer
        else None,
        card(request, t(_ONLY), lambda: _only(request, pair), id="only"),
        card(
            request,
            t(_MEASURES),
            lambda: training_measures(request, pair),
            tools=html.div(download(request, "training", lambda: training_measures_data(request, pair)),
                           class_="tools"),
            id="measures",
        )
        if pair.task
        else None,
    ]  # fmt: skip


def _both(request: Request, models: Sequence[Mapping[str, Any]]) -> tuple[_Chosen, _Chosen]:
    params = request.params
    left = _one(request, models, params["left"], params["left_version"])
    right = _one(request, models, params["right"], params["right_version"])
    if left.side and right.side and _same(left.side, right.side):
        # The side whose version the address does not name gives way.
        if params["right_version"] and not params["left_version"]:
            return _instead(request, left, right.side), right
        return left, _instead(request, right, left.side)
    return left, right


def _same(left: Side, right: Side) -> bool:
    return (left.model_id, left.version) == (right.model_id, right.version)


def _one(request: Request, models: Sequence[Mapping[str, Any]], model_id: str, version: str) -> _Chosen:
    if not model_id:
        return _Chosen((), None)
    entry = next((row for row in models if row["model_id"] == model_id), None)
    if entry is None:
        return _Chosen((), None, request.t(_NO_MODEL).format(name=form.quoted(model_id, request.language)))
    sides, name = sides_of(request, entry), form.name(entry["name"])
    if not sides:
        return _Chosen((), None, request.t(_BARE).format(model=name))
    side = find(sides, version) if version else in_use(sides)
    if side is None:
        notice = request.t(_NO_VERSION).format(model=name, name=form.quoted(version, request.language))
        return _Chosen(sides, in_use(sides), notice)
    return _Chosen(sides, side)


def _instead(request: Request, chosen: _Chosen, other: Side) -> _Chosen:
    """Another version than that of ``other``, or a word that there is none."""
    place = next(side for side in chosen.sides if side.version == other.version)
    side = previous(chosen.sides, place)
    if side is not None:
        return _Chosen(chosen.sides, side, chosen.notice)
    return _Chosen(chosen.sides, None, request.t(_ALONE).format(model=form.name(other.entry["name"])))


def _lead(request: Request, pair: Pair) -> str:
    """What differs between two versions; the states of two models, and how many variables they share."""
    if pair.one_model:
        return pair_sentence(request, pair, differences(pair.left.variables, pair.right.variables))
    language, (a, b) = request.language, pair.names()
    states = [known(side.newest["colour"] if side.newest else None) for side in pair.sides]
    left, right = (WORDS[state][language].lower() for state in states)
    ours, theirs = ({row["variable"] for row in side.variables} for side in pair.sides)
    common = len(ours & theirs)
    parts = [
        request.t(_STATE).format(a=a, left=left, b=b, right=right),
        request.t(plural(common, *_COMMON)).format(n=form.count(common, language)),
        request.t(_EACH).format(n=form.count(len(ours - theirs), language), name=a),
        request.t(_EACH).format(n=form.count(len(theirs - ours), language), name=b),
    ]
    return f"{AND[language].join(parts)}."


def _only(request: Request, pair: Pair) -> html.Node:
    """The variables that only one side has, each a link."""
    lists = []
    for place, (side, other) in enumerate((pair.sides, pair.sides[::-1])):
        theirs = {row["variable"] for row in other.variables}
        own = [row["variable"] for row in side.variables if row["variable"] not in theirs]
        links = [html.li(variable_link(request, side, name)) for name in own]
        lists.append(
            html.div(
                html.h3(badge(place), pair.names()[place]),
                html.ul(links, class_="names") if links else html.p(request.t(_ONLY_NONE), class_="calm"),
            )
        )
    return html.div(lists, class_="only")
