"""The banner above a page whose data could not be renewed: what happened, how old the data is, what comes next."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.amounts import lapse, moment
from dashboard.web.page import Request
from dashboard.web.trouble import WORDS, Kind

_AS_OF: Final = Text(
    "This page shows the last good data, evaluated on {when}, {ago} ago.",
    "Cette page montre les dernières données valables, évaluées le {when}, il y a {ago}.",
)
_BEFORE: Final = Text("This page shows the last good data.", "Cette page montre les dernières données valables.")
AGAIN: Final = Text(
    "Vigie tries again by itself, and the page then renews itself.",
    "Vigie réessaie d'elle-même, et la page se renouvelle alors.",
)


@dataclass(frozen=True, slots=True)
class Outage:
    """Why a page is not the newest, and when its data was evaluated (None: never, or not known)."""

    kind: Kind
    evaluated_at: datetime | None


def banner(request: Request, outage: Outage) -> html.Node:
    """A sentence each: what happened, what the page shows, what comes next."""
    t, when = request.t, outage.evaluated_at
    if when is None:
        shown: html.Node = t(_BEFORE)
    else:
        now = datetime.now(UTC)
        ago = lapse((now - when).total_seconds(), request.language)
        shown = t(_AS_OF).format(when=moment(when, request.language, near=now), ago=ago)
    return html.div(
        html.p(html.strong(t(WORDS[outage.kind])), " ", shown, " ", t(AGAIN)),
        class_="outage",
        role="status",
        **retrying(request),
    )


def retrying(request: Request) -> dict[str, str]:
    """What an element carries for the page to ask again by itself (assets/outage.js): where, and after how long."""
    seconds = max(1, math.ceil(request.reading.retry_seconds))
    return {"data_retry": str(seconds), "data_hope": f"{request.site.base}_hope.json"}
