"""Findings as sentences: the same words as in the mail, each a way to the page that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard import rules
from dashboard.finding import Finding
from dashboard.links import place_of
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.landing import marked
from dashboard.web.components.stoplight import glyph
from dashboard.web.data import Data
from dashboard.web.page import Request

_FINDING: Final = Text("Finding", "Constat")
_MORE: Final = Text("{n} more", "{n} de plus")


def finding_list(request: Request, findings: Sequence[Finding], *, most: int = 6) -> html.Node:
    """The findings in the given order; those beyond ``most`` stand behind a fold, open where the address names one."""
    if len(findings) <= most + 1:
        return html.ul([_item(request, finding) for finding in findings], class_="findings")
    rest = request.t(_MORE).format(n=form.count(len(findings) - most, request.language))
    named = any(marked(request, finding) for finding in findings[most:])
    return [
        html.ul([_item(request, finding) for finding in findings[:most]], class_="findings"),
        html.details(
            html.summary(rest),
            html.ul([_item(request, finding) for finding in findings[most:]], class_="findings"),
            class_="more",
            open=True if named else None,
        ),
    ]


def finding_address(request: Request, finding: Finding) -> str | None:
    """The page that explains a finding, with its batch and the finding marked; None where there is no such page."""
    place = place_of(finding)
    if place.page not in request.site.pages:
        return None
    return request.to(place.page, **place.args, **place.params)


def finding_data(findings: Sequence[Finding]) -> Data:
    """The findings as a table, with their sentences in both languages."""
    columns = ("version", "batch", "date", "subject", "rule", "family", "colour", "since", "weight")
    rows = []
    for finding in findings:
        words = rules.sentence(finding)
        own = (finding.model_version, finding.batch_id, finding.batch_date.isoformat(), finding.subject, finding.rule)
        told = (finding.family, finding.colour, finding.since.isoformat(), finding.weight)
        rows.append((*own, *told, words.en, words.fr))
    return Data((*columns, "sentence_en", "sentence_fr"), rows)


def _item(request: Request, finding: Finding) -> html.Node:
    words = rules.sentence(finding)[request.language]
    here = place_of(finding).page == request.page.key  # a batch as a whole is explained where this list stands
    href = None if here else finding_address(request, finding)
    return html.li(
        glyph(finding.colour, request.t(_FINDING), request.language),
        html.a(words, href=href) if href else html.span(words),
        **marked(request, finding),
    )
