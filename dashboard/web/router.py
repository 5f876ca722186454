"""From an address to the page that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.address import read_query, split_path
from dashboard.text import Language
from dashboard.web.html import Node
from dashboard.web.page import Page, Request, Site
from dashboard.web.param import LANGUAGE_KEY
from dashboard.web.reader import Reading

Layout = Callable[[Request], list[Node]]


@dataclass(frozen=True, slots=True)
class Route:
    """A declared page and the function that draws it."""

    page: Page
    layout: Layout


@dataclass(frozen=True, slots=True)
class Found:
    """The route an address leads to, with its decoded arguments and checked parameters."""

    route: Route
    args: Mapping[str, str]
    params: Mapping[str, Any]
    keeps_language: bool

    @property
    def key(self) -> tuple[object, ...]:
        """What tells this address from others, bad and unknown parameters left out."""
        params = tuple(
            (param.key, param.write(self.params[param.key]))
            for param in self.route.page.params
            if self.params[param.key] is not None
        )
        return (self.route.page.key, tuple(sorted(self.args.items())), params, self.keeps_language)

    def request(self, site: Site, reading: Reading, language: Language) -> Request:
        """The question that the page answers."""
        return Request(
            self.route.page,
            site,
            reading,
            language,
            args=self.args,
            params=self.params,
            keeps_language=self.keeps_language,
        )


class Router:
    """All pages, matched by their paths; a path's fixed parts win over its variable ones."""

    def __init__(self, routes: Mapping[str, Route], base: str = "/") -> None:
        self._routes = sorted(routes.values(), key=lambda route: [part.startswith("<") for part in route.page.parts])
        self._base = split_path(base)

    def find(self, raw_path: str | None, search: str | None = None) -> Found | None:
        """Where a raw path (still percent-encoded) and a query string lead; None when no page has that address."""
        parts = split_path(raw_path or "/")
        if parts[: len(self._base)] != self._base:
            return None
        parts = parts[len(self._base) :]
        for route in self._routes:
            args = route.page.match(parts)
            if args is not None:
                query = read_query(search)
                params = {param.key: param.value(query.get(param.key)) for param in route.page.params}
                return Found(route, args, params, keeps_language=LANGUAGE_KEY in query)
        return None
