"""A term of the trade that leads to its entry in the glossary."""

from __future__ import annotations

from dashboard.web import html
from dashboard.web.page import Request


def term(request: Request, words: str, key: str) -> html.Node:
    """``words`` as a link to the glossary's entry ``key`` (a metric's key, or ``rule-`` and a rule's)."""
    if "glossary" not in request.site.pages:
        return words
    return html.a(words, href=request.to("glossary", fragment=key), class_="term")
