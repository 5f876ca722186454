"""The history of something: what people wrote about it and what they were told, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from dashboard import format as form
from dashboard.events import APPROVALS, KINDS, Event
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.event_item import event_item
from dashboard.web.components.folded_list import folded_list
from dashboard.web.components.stoplight import WORDS, known
from dashboard.web.page import Request
from dashboard.web.views.landing import MESSAGE, said

_UNTIL: Final = Text("until {day}", "jusqu'au {day}")
_HISTORY: Final = Text("History", "Historique")
_BATCH: Final = Text("batch {name}", "lot {name}")
_OTHERS: Final = Text("{names} and {n} more", "{names} et {n} de plus")
_TO: Final = Text("message to {name}", "message à {name}")
_CHANGED: Final = Text("Before: {before}; now: {now}.", "Avant : {before} ; désormais : {now}.")
_TOLD: Final = Text("message sent", "message envoyé")

LISTED: Final = frozenset((*KINDS, MESSAGE)) - frozenset(APPROVALS)
"""What the list shows; answers to a request to train anew stand with that request."""


def event_list(request: Request, events: Iterable[Event]) -> html.Node:
    """What was written and told among ``events``, each once however many findings it is about; None without any."""
    statements: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: event.order, reverse=True):
        if event.kind in LISTED:
            statements.setdefault(event.action, []).append(event)
    return folded_list(request, [_item(request, written) for written in statements.values()], label=request.t(_HISTORY))


def _item(request: Request, written: list[Event]) -> html.Node:
    first, language = written[0], request.language
    if first.kind == MESSAGE:
        # Its rows are numbered by their findings, the worst first; they are sorted the newest first here.
        return event_item(request, first, _told(request, first), texts=[_words(request, written[-1])])
    kind = request.t(KINDS[first.kind])
    until = first.facts.get("until")
    if until:
        day = form.day(date.fromisoformat(until), language, near=first.day)
        kind = f"{kind} {request.t(_UNTIL).format(day=day)}"
    about = _subjects(request, written)
    return event_item(request, first, kind, texts=[first.said("text")], about=about)


def _told(request: Request, event: Event) -> str:
    """That a message was sent, and to whom, where that is known."""
    name = event.facts.get("to")
    return request.t(_TO).format(name=form.name(name)) if isinstance(name, str) and name else request.t(_TOLD)


def _words(request: Request, event: Event) -> str:
    """The sentence that was sent; of a message that names no finding, how the model stood then and stands now."""
    before, now = (event.said(name) for name in ("before", "now"))
    change = request.t(_CHANGED).format(before=_state(request, before), now=_state(request, now)) if now else ""
    return said(event, request.language) or change


def _state(request: Request, name: str) -> str:
    # A model is late for its owner, and grey on the pages.
    return request.t(WORDS[known(name)]).lower()


def _subjects(request: Request, written: list[Event]) -> str | None:
    """The variables or the batch that it is about; nothing where it is about a model as a whole, or an incident."""
    if written[0].facts.get("incident"):
        return None
    if written[0].subject == "batch" and written[0].batch_id:
        return request.t(_BATCH).format(name=form.name(written[0].batch_id))
    names = sorted({form.name(one.subject) for one in written if one.subject and one.subject not in ("model", "batch")})
    if len(names) > 3:
        return request.t(_OTHERS).format(names=", ".join(names[:2]), n=form.count(len(names) - 2, request.language))
    return ", ".join(names) or None
