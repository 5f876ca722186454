"""A list of facts: terms and what they are."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.web import html


def facts(pairs: Sequence[tuple[html.Node, html.Node]]) -> html.Node:
    """The pairs (term, value) in order; a pair whose value is None or '' is left out."""
    return html.dl(
        [
            html.div(html.dt(term), html.dd(value))
            for term, value in pairs
            if value is not None and value != "" and value != []
        ],
        class_="facts",
    )
