"""Breadcrumbs: where this page stands, each step a link but the last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import Request

_LABEL: Final = Text("Where you are", "Où vous êtes")


def breadcrumbs(request: Request, steps: Sequence[tuple[str, str | None]]) -> html.Node:
    """The steps as (words, address); the last is this page and has no address."""
    return html.nav(
        html.ol(
            [
                html.li(
                    html.a(form.name(words), href=href, title=words)
                    if href
                    else html.span(form.name(words), title=words, aria_current="page")
                )
                for words, href in steps
            ]
        ),
        class_="breadcrumbs",
        aria_label=request.t(_LABEL),
    )
