"""Further findings about what the page is about, beneath the sentence that leads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import rules
from dashboard.finding import Finding
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.landing import marked
from dashboard.web.components.stoplight import glyph
from dashboard.web.page import Request

_FINDING: Final = Text("Finding", "Constat")


def also(request: Request, findings: Sequence[Finding]) -> html.Node:
    """The findings as sentences, without links: they are explained right here."""
    if not findings:
        return None
    items = [
        html.li(
            glyph(finding.colour, request.t(_FINDING), request.language),
            html.span(request.t(rules.sentence(finding))),
            **marked(request, finding),
        )
        for finding in findings
    ]
    return html.ul(items, class_="findings also")
