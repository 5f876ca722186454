"""What was decided about training a model anew: how it stands, the buttons to answer with, and every decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dashboard import format as form
from dashboard.events import APPROVALS, KINDS, Event
from dashboard.reasons import reasons_of
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.actions import Target, actions
from dashboard.web.components.event_item import event_item
from dashboard.web.components.folded_list import folded_list
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.retraining import WORDS, Retraining, since_of

_HISTORY: Final = Text("Decisions", "Décisions")
_STANDS: Final[dict[str, Text]] = {
    "asked": Text(
        "Training it anew was asked for, as it is red since {day}.",
        "Son réentraînement a été demandé : il est rouge depuis le {day}.",
    ),
    "refused": Text(
        "It is red since {day}; training it anew was not asked for, since a guard does not hold.",
        "Il est rouge depuis le {day} ; son réentraînement n'a pas été demandé : une condition n'est pas remplie.",
    ),
    "awaiting": Text(
        "It is red since {day}; all guards hold, and training it anew waits for somebody's approval.",
        "Il est rouge depuis le {day} ; toutes les conditions sont remplies, et son réentraînement attend une "
        "approbation.",
    ),
    "failed": Text(
        "It is red since {day}; training it anew could not be asked for.",
        "Il est rouge depuis le {day} ; son réentraînement n'a pas pu être demandé.",
    ),
    "approved": Text(
        "Training it anew is approved; the next run of 'vigie notify' asks for it.",
        "Son réentraînement est approuvé ; le prochain 'vigie notify' le demandera.",
    ),
    "declined": Text(
        "Training it anew was declined for the time it is red, since {day}.",
        "Son réentraînement a été refusé pour la période rouge commencée le {day}.",
    ),
}


def decisions(request: Request, entry: Mapping[str, Any], found: Retraining) -> html.Node:
    """How the newest request stands, with the buttons where it waits for an answer, and all decisions, newest first."""
    items = [
        event_item(
            request,
            event,
            request.t(WORDS[event.kind] if event.kind in WORDS else KINDS[event.kind]),
            texts=_texts(request, event),
        )
        for event in found.events
    ]
    return [_standing(request, entry, found), folded_list(request, items, label=request.t(_HISTORY))]


def decision_data(events: Iterable[Event]) -> Data:
    """Every decision, for a file."""
    rows = [
        [
            event.happened_at.isoformat(timespec="seconds"),
            event.kind,
            event.author or "",
            since.isoformat() if (since := since_of(event)) else "",
            event.model_version or "",
            event.said("target"),
            event.said("request_id"),
            " ".join(reason.en for reason in reasons_of(event)) or event.said("text"),
        ]
        for event in events
    ]
    names = ("happened_at", "kind", "author", "since", "model_version", "target", "request_id", "reasons")
    return Data(names, rows)


def _standing(request: Request, entry: Mapping[str, Any], found: Retraining) -> html.Node:
    if found.state is None or found.since is None:
        return None
    day = form.day(found.since, request.language, near=request.today)
    buttons = None
    if found.state == "awaiting":
        target = Target(
            form.name(entry["name"]), kinds=APPROVALS, model_id=entry["model_id"], since=found.since.isoformat()
        )
        buttons = actions(request, target)
    return [html.p(request.t(_STANDS[found.state]).format(day=day)), buttons]


def _texts(request: Request, event: Event) -> list[str]:
    if event.kind in APPROVALS:
        return [event.said("text")]
    return [reason[request.language] for reason in reasons_of(event)]
