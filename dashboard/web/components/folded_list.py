"""A history that shows its newest entries; the others stand behind a fold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import Request

MOST: Final = 4
"""Entries that are shown at once."""

_MORE: Final = Text("{n} earlier", "{n} plus anciens")


def folded_list(request: Request, items: Sequence[html.Node], *, label: str) -> html.Node:
    """The entries, newest first, as a list called ``label``; None without any."""
    if not items:
        return None
    if len(items) <= MOST + 1:
        return html.ul(items, class_="events", aria_label=label)
    rest = request.t(_MORE).format(n=form.count(len(items) - MOST, request.language))
    return [
        html.ul(items[:MOST], class_="events", aria_label=label),
        html.details(html.summary(rest), html.ul(items[MOST:], class_="events"), class_="more"),
    ]
