"""What the registry says of a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard import format as form
from dashboard.cadence_words import cadence_words
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.facts import facts
from dashboard.web.components.outside_link import is_web, outside_link
from dashboard.web.components.what_to_do import links_of, plain_mail
from dashboard.web.page import Request
from qod.cadence import parse_cadence
from qod.errors import InputError

TASKS: Final = {
    "binary": Text("Binary classification", "Classification binaire"),
    "multiclass": Text("Multiclass classification", "Classification multiclasse"),
    "regression": Text("Regression", "Régression"),
}
_COHORTS: Final = {
    "batch": Text("each batch", "chaque lot"),
    "week": Text("each week", "chaque semaine"),
    "month": Text("each month", "chaque mois"),
}


def model_about(request: Request, entry: Mapping[str, Any]) -> html.Node:
    """The facts of a row of query ``fleet`` that its registration stated; web links stand among what to do."""
    language, t = request.language, request.t
    links = {key: address for key, address in links_of(entry).items() if not is_web(address)}
    return facts(
        [
            (t(Text("Identifier", "Identifiant")), html.code(entry["model_id"])),
            (
                t(Text("Description", "Description")),
                form.name(entry["description"], longest=2000) if entry["description"] else None,
            ),
            (t(Text("Task", "Tâche")), t(TASKS[entry["task"]]) if entry["task"] in TASKS else entry["task"]),
            (t(Text("Team", "Équipe")), entry["team"]),
            (t(Text("Owner", "Responsable")), _mail(entry["owner_email"])),
            (t(Text("A batch is due", "Un lot est attendu")), _cadence(request, entry["cadence"])),
            (
                t(Text("Performance is measured on", "La performance se mesure sur")),
                t(_COHORTS[entry["cohort"]]) if entry["cohort"] in _COHORTS else entry["cohort"],
            ),
            (
                t(Text("The truth is complete after", "La vérité est complète après")),
                form.duration(entry["outcome_window_days"], language),
            ),
            (t(Text("Links", "Liens")), [html.span(outside_link(key, links[key]), " ") for key in sorted(links)]),
            (
                t(Text("Registered", "Enregistré")),
                form.day(entry["registered_at"].date(), language) if entry["registered_at"] else None,
            ),
        ]
    )


def _mail(address: str | None) -> html.Node:
    return html.a(address, href=f"mailto:{address}") if plain_mail(address) else address


def _cadence(request: Request, text: str) -> str:
    try:
        return request.t(cadence_words(parse_cadence(text)))
    except InputError:
        return text
