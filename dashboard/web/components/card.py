"""A card: a titled part of a page; what fails inside it stays inside it."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.web import html
from dashboard.web.failure import guarded
from dashboard.web.page import Request


def card(
    request: Request,
    title: html.Node,
    draw: Callable[[], html.Node],
    *,
    note: html.Node = None,
    tools: html.Node = None,
    id: str | None = None,
    class_: str = "",
) -> html.Node:
    """A section headed by ``title`` with what ``draw`` makes.

    ``draw`` reads and computes, so that its failure shows a sentence and a retry here while the rest of the page
    lives. ``note`` stands beside the title in small print, ``tools`` (links that change the view) at its right end.
    """
    head = html.div(html.h2(title), html.span(note, class_="note") if note else None, tools, class_="card-head")
    name = title if isinstance(title, str) else id or "card"
    return html.section(head, guarded(request, name, draw), class_=f"card {class_}".rstrip(), id=id)
