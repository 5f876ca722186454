"""What chooses the days of a timeline: links to the last 30, 90, 365 and all, earlier, later, and two dates."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.fleet_days import DAYS
from dashboard.web.page import Request
from dashboard.web.views.fleet_timeline import SPANS, Span

FROM: Final = "from"
TO: Final = "to"

_LABEL: Final = Text("Last days", "Derniers jours")
_ALL: Final = Text("all", "tous")
_EARLIER, _LATER = Text("Earlier", "Plus tôt"), Text("Later", "Plus tard")
_FROM, _TO = Text("From", "Du"), Text("to", "au")
_SHOW: Final = Text("Show", "Afficher")


def span_link(request: Request, shown: Span | None) -> str:
    """The address of this page with other days; the newest DAYS are its default."""
    asked: dict[str, Any] = {FROM: None, TO: None}
    if shown is not None and shown != shown.of_last(DAYS):
        asked = {FROM: shown.first, TO: shown.last}
    return request.link(**asked)


def span_tools(request: Request, shown: Span) -> html.Node:
    """The links; the two dates are made in the browser (assets/brush.js), which alone can go where they say."""
    spans = [shown.of_last(days) for days in SPANS if days < shown.all_days]
    choices = [
        chips.Choice(form.count(one.days, request.language), span_link(request, one), shown == one) for one in spans
    ]
    whole = shown.of_last(shown.all_days)
    choices.append(chips.Choice(request.t(_ALL), span_link(request, whole), shown == whole))
    label = request.t(_LABEL)
    return html.div(
        html.div(html.span(label, class_="switch-label"), chips.switch(label, choices), class_="labelled"),
        html.div(
            _step(request, _EARLIER, "\u2039", shown.moved(-shown.days)),
            _step(request, _LATER, "\u203a", shown.moved(shown.days)),
            class_="steps",
        ),
        html.div(
            class_="span-dates",
            data_span_dates=span_link(request, None),
            data_first=_iso(shown.first),
            data_last=_iso(shown.last),
            data_oldest=_iso(shown.oldest),
            data_newest=_iso(shown.newest),
            data_from=request.t(_FROM),
            data_to=request.t(_TO),
            data_show=request.t(_SHOW),
        ),
        class_="span-tools",
    )


def _step(request: Request, words: Text, arrow: str, target: Span | None) -> html.Node:
    label = request.t(words)
    if target is None:
        return html.span(arrow, class_="step", aria_hidden="true")
    return html.a(
        arrow, href=span_link(request, target), class_="step", aria_label=label, title=label, data_stay="true"
    )


def _iso(day: date) -> str:
    return day.isoformat()
