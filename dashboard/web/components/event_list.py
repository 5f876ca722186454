"""The history of something: what people wrote about it, newest first: who, when, what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from dashboard import format as form
from dashboard.events import KINDS, Event
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.amounts import moment
from dashboard.web.page import Request

MOST: Final = 4
"""Entries that are shown at once; the others stand behind a fold."""

_UNTIL: Final = Text("until {day}", "jusqu'au {day}")
_NOBODY: Final = Text("unknown", "inconnu")
_MORE: Final = Text("{n} earlier", "{n} plus anciens")
_HISTORY: Final = Text("History", "Historique")
_BATCH: Final = Text("batch {name}", "lot {name}")
_OTHERS: Final = Text("{names} and {n} more", "{names} et {n} de plus")


def event_list(request: Request, events: Iterable[Event]) -> html.Node:
    """What people wrote among ``events``, each statement once however many findings it is about; None without any."""
    statements: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: (event.happened_at, event.event_id), reverse=True):
        if event.kind in KINDS:
            statements.setdefault(event.action, []).append(event)
    if not statements:
        return None
    items = [_item(request, written) for written in statements.values()]
    label = request.t(_HISTORY)
    if len(items) <= MOST + 1:
        return html.ul(items, class_="events", aria_label=label)
    rest = request.t(_MORE).format(n=form.count(len(items) - MOST, request.language))
    return [
        html.ul(items[:MOST], class_="events", aria_label=label),
        html.details(html.summary(rest), html.ul(items[MOST:], class_="events"), class_="more"),
    ]


def _item(request: Request, written: list[Event]) -> html.Node:
    first, language = written[0], request.language
    kind = form.capital(request.t(KINDS[first.kind]))
    until = first.facts.get("until")
    if until:
        day = form.day(date.fromisoformat(until), language, near=first.day)
        kind = f"{kind} {request.t(_UNTIL).format(day=day)}"
    return html.li(
        html.span(
            html.b(kind, class_=f"event-kind {first.kind}"),
            html.span(form.name(first.author or request.t(_NOBODY)), class_="event-author"),
            html.time(
                moment(first.happened_at, language, near=request.today),
                datetime=first.happened_at.isoformat(timespec="seconds"),
            ),
            html.span(_subjects(request, written), class_="event-about"),
            class_="event-head",
        ),
        html.p(_lines(str(first.facts["text"])), class_="event-text") if first.facts.get("text") else None,
        data_event=first.event_id,
    )


def _lines(text: str) -> str:
    """What somebody wrote, line by line, without characters that would turn or hide what follows."""
    return "\n".join(form.name(line, longest=2000) if line.strip() else "" for line in text.splitlines())


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
