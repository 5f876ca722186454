"""Findings as sentences: the same words as in the mail, each a way to the page that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard import rules
from dashboard.finding import Finding
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.stoplight import glyph
from dashboard.web.page import Request

_FINDING: Final = Text("Finding", "Constat")
_MORE: Final = Text("{n} more", "{n} de plus")
_OPEN: Final = Text("Open", "Ouvrir")


def finding_list(request: Request, findings: Sequence[Finding], *, most: int = 6) -> html.Node:
    """The findings in the given order; those beyond ``most`` stand behind a fold."""
    items = [_item(request, finding) for finding in findings]
    if len(items) <= most + 1:
        return html.ul(items, class_="findings")
    rest = request.t(_MORE).format(n=form.count(len(items) - most, request.language))
    return [
        html.ul(items[:most], class_="findings"),
        html.details(html.summary(rest), html.ul(items[most:], class_="findings"), class_="more"),
    ]


def finding_address(request: Request, finding: Finding) -> str | None:
    """The page that explains a finding: its variable's, or the performance page; None for a batch as a whole."""
    pages = request.site.pages
    if finding.family == "performance":
        return request.to("performance", model_id=finding.model_id) if "performance" in pages else None
    if finding.subject in ("batch", "model") or "variable" not in pages:
        return None
    return request.to("variable", model_id=finding.model_id, variable=finding.subject)


def _item(request: Request, finding: Finding) -> html.Node:
    words = rules.sentence(finding)[request.language]
    href = finding_address(request, finding)
    return html.li(
        glyph(finding.colour, request.t(_FINDING), request.language),
        html.a(words, href=href) if href else html.span(words),
    )
