"""One entry of a history: what it is, who did it, when, what it is about, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.events import Event
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.amounts import moment
from dashboard.web.page import Request

_NOBODY: Final = Text("unknown", "inconnu")


def event_item(
    request: Request, event: Event, kind: str, *, texts: Sequence[str] = (), about: html.Node = None
) -> html.Node:
    """The entry of ``event``, called ``kind``; ``texts`` are paragraphs, as somebody wrote them."""
    return html.li(
        html.span(
            html.b(form.capital(kind), class_=f"event-kind {event.kind}"),
            html.span(form.name(event.author or request.t(_NOBODY)), class_="event-author"),
            html.time(
                moment(event.happened_at, request.language, near=request.today),
                datetime=event.happened_at.isoformat(timespec="seconds"),
            ),
            html.span(about, class_="event-about"),
            class_="event-head",
        ),
        [html.p(_lines(text), class_="event-text") for text in texts if text],
        data_event=event.event_id,
    )


def _lines(text: str) -> str:
    """What somebody wrote, line by line, without characters that would turn or hide what follows."""
    return "\n".join(form.name(line, longest=2000) if line.strip() else "" for line in text.splitlines())
