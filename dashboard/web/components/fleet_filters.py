"""The filters of a page about the fleet: by colour, team, owner, task and family of rules, each in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.families import FAMILIES
from dashboard.web.components.filter_menu import ALL, ALL_FEMININE, filter_menu
from dashboard.web.components.stoplight import GLYPHS, WORDS, WORST_FIRST, known
from dashboard.web.page import Request
from dashboard.web.param import Param, choice, words

TASKS: Final = {
    "binary": Text("binary", "binaire"),
    "multiclass": Text("multiclass", "multiclasse"),
    "regression": Text("regression", "régression"),
}

PARAMS: Final[tuple[Param, ...]] = (
    choice("colour", WORST_FIRST),
    words("team"),
    words("owner"),
    choice("task", tuple(TASKS)),
    choice("family", tuple(FAMILIES)),
)
"""What a page that has these filters declares."""

_NAMES: Final = {
    "colour": Text("Colour", "Couleur"),
    "team": Text("Team", "Équipe"),
    "owner": Text("Owner", "Responsable"),
    "task": Text("Task", "Tâche"),
    "family": Text("Trouble in", "Alerte de"),
}
_FILTERS: Final = Text("Filters", "Filtres")
_NO_MATCH: Final = Text("No model matches these filters.", "Aucun modèle ne correspond à ces filtres.")
_CLEAR: Final = Text("Show all models", "Montrer tous les modèles")


def matching(request: Request, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows (query ``fleet``) that the address asks for."""
    asked = {key: request.params[key] for key in _NAMES if request.params[key]}
    return [row for row in rows if all(value in _values(row, key) for key, value in asked.items())]


def filters(request: Request, rows: Sequence[Mapping[str, Any]], *after: html.Node) -> html.Node:
    """A menu for each filter, with how many of ``rows`` each choice has; ``after`` stands at the end of the line."""
    menus = [_menu(request, key, Counter(value for row in rows for value in _values(row, key))) for key in _NAMES]
    return html.div(menus, after, class_="filters", role="group", aria_label=request.t(_FILTERS))


def stated(request: Request) -> str:
    """The filters of the address in words, ``Team: Risk``; '' without any."""
    named = [
        f"{request.t(_NAMES[key])}{form.WIDE if request.language == 'fr' else ''}: "
        f"{_choices(request, key).get(request.params[key]) or form.name(request.params[key])}"
        for key in _NAMES
        if request.params[key]
    ]
    return ", ".join(named)


def no_match(request: Request) -> html.Node:
    """What stands where no model is left, and the way back to all."""
    cleared = request.link(**dict.fromkeys((*_NAMES, "page")))
    return html.div(
        html.p(request.t(_NO_MATCH), class_="empty-title"),
        html.p(html.a(request.t(_CLEAR), href=cleared)),
        class_="empty",
    )


def _values(row: Mapping[str, Any], key: str) -> Sequence[str]:
    """Where a model stands in a filter's menu."""
    if key == "colour":
        return (known(row["colour"]),)
    if key == "family":
        return [family for family in FAMILIES if row[family] in ("red", "amber")]
    value = row["owner_email" if key == "owner" else key]
    return (value,) if value else ()


def _choices(request: Request, key: str) -> dict[str, str]:
    """The names of a filter's values in the order they are shown in; empty where the data have the values."""
    language = request.language
    if key == "colour":
        return {colour: f"{GLYPHS[colour]} {WORDS[colour][language]}" for colour in WORST_FIRST}
    texts = {"task": TASKS, "family": FAMILIES}.get(key, {})
    return {value: request.t(text) for value, text in texts.items()}


def _menu(request: Request, key: str, counts: Counter[str]) -> html.Node:
    everything = ALL if key == "owner" else ALL_FEMININE
    return filter_menu(request, key, _NAMES[key], counts, _choices(request, key), everything=everything)
