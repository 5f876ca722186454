"""The callout about a variable that broke or moved in several models on the same day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard import rules
from dashboard.finding import Finding
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.findings import Shared, from_row, shared
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
_SINCE: Final = Text(": {rule} since {day} in ", "\u00a0: {rule} depuis le {day} dans ")
_MORE: Final = Text("{n} others", "{n} autres")
_REST: Final = Text("And {n} more shared by several models.", "Et {n} de plus, communes à plusieurs modèles.")


def callout(request: Request, rows: Sequence[Mapping[str, Any]]) -> html.Node:
    """The newest shared causes among the latest batches of the models in ``rows``; nothing when there is none."""
    groups = shared(_findings(request, rows))
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
    found = (from_row(row) for row in request.rows("fleet_findings", days=days))
    return [one for one in found if (one.model_id, one.model_version, one.batch_id) in latest]


def _line(request: Request, group: Shared, names: Mapping[str, str]) -> list[html.Node]:
    language = request.language
    first = group.findings[0]
    title = _BREAK if all(finding.family == "quality" for finding in group.findings) else _MOVE
    rule = rules.load().get(first.rule)
    what = request.t(rule.name) if rule else first.rule
    near = first.batch_date
    models: list[html.Node] = []
    shown = group.findings if len(group.findings) <= _NAMED + 1 else group.findings[:_NAMED]
    rest = len(group.findings) - len(shown)
    for place, finding in enumerate(shown):
        if place:
            final = place == len(shown) - 1 and not rest
            models.append((" et " if language == "fr" else " and ") if final else ", ")
        key = "variable" if "variable" in request.site.pages else "model"
        args = {"model_id": finding.model_id} | ({"variable": finding.subject} if key == "variable" else {})
        name = names.get(finding.model_id, finding.model_id)
        models.append(html.a(form.name(name), href=request.to(key, **args)))
    if rest:
        models.append((" et " if language == "fr" else " and ") + request.t(_MORE).format(n=number(rest, language)))
    return [
        html.strong(request.t(title).format(n=number(len(group.findings), language))),
        " ",
        html.b(form.name(group.subject), title=group.subject),
        request.t(_SINCE).format(rule=what[:1].lower() + what[1:], day=form.day(group.since, language, near=near)),
        *models,
        ".",
    ]
