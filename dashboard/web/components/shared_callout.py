"""The callout about the incidents of several models: variables that broke or moved in all of them on the same day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.finding import Finding
from dashboard.incidents import Incident, from_rows, how, incidents
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import Request
from dashboard.web.words import number

MOST: Final = 3
"""Shared causes shown; more are counted."""
DAYS: Final = 40
"""Days on which latest batches are looked at, the newest: a fleet that stopped on as many days as it has models must
not make the page read them all."""
_NAMED: Final = 4

_BREAK: Final = Text("One upstream break, {n} models.", "Une rupture en amont, {n} modèles.")
_MOVE: Final = Text("One variable, {n} models.", "Une variable, {n} modèles.")
_SINCE: Final = Text(": {how} since {day} in ", "\u00a0: {how} depuis le {day} dans ")
_MORE: Final = Text("{n} others", "{n} autres")
_INCIDENT: Final = Text("See the incident", "Voir l\u2019incident")
_REST: Final = Text("And {n} more shared by several models.", "Et {n} de plus, communes à plusieurs modèles.")


def callout(request: Request, rows: Sequence[Mapping[str, Any]]) -> html.Node:
    """The newest incidents of several models among the latest batches of those in ``rows``; nothing without any."""
    groups = [one for one in incidents(_findings(request, rows)) if len(one.models) > 1]
    if not groups:
        return None
    names = {row["model_id"]: row["name"] for row in rows}
    lines = [html.p(_line(request, group, names)) for group in groups[:MOST]]
    if len(groups) > MOST:
        rest = number(len(groups) - MOST, request.language)
        lines.append(html.p(request.t(_REST).format(n=rest)))
    worst = "red" if any(group.colour == "red" for group in groups[:MOST]) else "amber"
    return html.aside(lines, class_=f"callout {worst}")


def _findings(request: Request, rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """The findings on input variables in the latest batch of each model."""
    latest = {(row["model_id"], row["model_version"], row["batch_id"]) for row in rows if row["batch_id"] is not None}
    days = sorted({row["batch_date"] for row in rows if row["batch_date"] is not None}, reverse=True)[:DAYS]
    if not days:
        return []
    found = from_rows(request.rows("fleet_findings", days=days))
    return [one for one in found if (one.model_id, one.model_version, one.batch_id) in latest]


def _line(request: Request, incident: Incident, names: Mapping[str, str]) -> list[html.Node]:
    language = request.language
    title = _BREAK if incident.kind == "break" else _MOVE
    models: list[html.Node] = []
    shown = incident.models if len(incident.models) <= _NAMED + 1 else incident.models[:_NAMED]
    rest = len(incident.models) - len(shown)
    for place, model in enumerate(shown):
        if place:
            final = place == len(shown) - 1 and not rest
            models.append((" et " if language == "fr" else " and ") if final else ", ")
        variable = next(finding.subject for finding in incident.findings if finding.model_id == model)
        key = "variable" if "variable" in request.site.pages else "model"
        args = {"model_id": model} | ({"variable": variable} if key == "variable" else {})
        models.append(html.a(form.name(names.get(model, model)), href=request.to(key, **args)))
    if rest:
        models.append((" et " if language == "fr" else " and ") + request.t(_MORE).format(n=number(rest, language)))
    day = form.day(incident.since, language, near=incident.last)
    return [
        html.strong(request.t(title).format(n=number(len(incident.models), language))),
        " ",
        *_variables(incident),
        request.t(_SINCE).format(how=request.t(how(incident)), day=day),
        *models,
        ".",
        *_look(request, incident),
    ]


def _look(request: Request, incident: Incident) -> list[html.Node]:
    if "incidents" not in request.site.pages:
        return []
    href = request.to("incidents", at=incident.id, fragment=incident.id)
    return [" ", html.a(request.t(_INCIDENT), href=href, class_="nowrap")]


def _variables(incident: Incident) -> list[html.Node]:
    found: list[html.Node] = []
    for name in incident.variables[:_NAMED]:
        found += [", "] * bool(found) + [html.b(form.name(name), title=name)]
    return [*found, ", \u2026"] if len(incident.variables) > _NAMED else found
