"""A page with all rows of its tables, not only those of its first screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from dashboard.report.markup import elements
from dashboard.web.html import Node, flat
from dashboard.web.router import Found, Router

_MOST: Final = 1000
"""Screens that are followed at most."""


def whole(found: Found, router: Router, draw: Callable[[Found], list[Node]]) -> list[Node]:
    """The nodes of a page, with the rows of the screens that its pager leads to put under its own.

    It raises what drawing raises.
    """
    nodes = draw(found)
    seen, last = {found.key}, nodes
    for _ in range(_MOST):
        following = _following(last, router)
        if following is None or following.key in seen:
            break
        seen.add(following.key)
        last = draw(following)
        _join(nodes, last)
    for element in elements(nodes):
        if "pager" in (element["props"].get("className") or "").split():
            element["props"]["data-screen-only"] = "true"  # all rows are here
    return nodes


def _following(nodes: list[Node], router: Router) -> Found | None:
    for element in elements(nodes):
        if element["type"] == "A" and element["props"].get("rel") == "next":
            parts = urlsplit(element["props"]["href"])
            return router.find(parts.path, parts.query)
    return None


def _join(nodes: list[Node], more: list[Node]) -> None:
    """Put the rows of each table of ``more`` under those of the table of the same place, unless it is the same."""
    for own, other in zip(_bodies(nodes), _bodies(more), strict=False):
        rows, added = flat(own["props"].get("children")), flat(other["props"].get("children"))
        if rows[-len(added) :] != added:
            own["props"]["children"] = [*rows, *added]


def _bodies(nodes: list[Node]) -> list[dict[str, Any]]:
    return [element for element in elements(nodes) if element["type"] == "Tbody"]
