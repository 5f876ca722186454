"""An empty state that teaches: what it means that there is nothing, and the command that brings the data."""

from __future__ import annotations

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import Request


def empty(request: Request, title: Text, meaning: Text, *, command: str | None = None) -> html.Node:
    """``title`` says what is not there, ``meaning`` why and what it means, ``command`` what brings it."""
    return html.div(
        html.p(request.t(title), class_="empty-title"),
        html.p(request.t(meaning)),
        html.pre(html.code(command), tabindex="0") if command else None,
        class_="empty",
    )
