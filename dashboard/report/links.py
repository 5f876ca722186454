"""Where the links of a report lead: to the pages themselves, to another part of the report, or nowhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from dashboard.web.components.outside_link import is_web
from dashboard.web.router import Found, Router

Place = tuple[str, tuple[tuple[str, str], ...]]
"""A page and what it is about, whatever it is asked to show of that."""


def place_of(found: Found) -> Place:
    """The page behind an address and the arguments of its path."""
    return found.route.page.key, tuple(sorted(found.args.items()))


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one part of a report.

    ``parts`` are the anchors of the parts by what they show, ``ids`` all anchors within parts; ``here`` is the part's
    own, and ``address`` what it is drawn from. ``base_url`` is where the pages are served, '' where that is not known.
    """

    router: Router
    parts: Mapping[Place, str]
    ids: Collection[str]
    here: str
    address: Found
    base_url: str = ""

    def target(self, href: str) -> str | None:
        """What a link of the page to ``href`` leads to in the report; None where it leads nowhere."""
        if href.startswith("#"):
            own = f"{self.here}-{href[1:]}"
            return f"#{own}" if own in self.ids else None
        if href.startswith("/") and not href.startswith("//"):
            return self._page(href)
        return href if is_web(href) or href.startswith("mailto:") else None

    def _page(self, href: str) -> str | None:
        parts = urlsplit(href)
        found = self.router.find(parts.path, parts.query)
        if found is None:
            return None
        if self.base_url:
            return self.base_url.rstrip("/") + href
        part = self.parts.get(place_of(found))
        inner = f"{part}-{parts.fragment}"
        if inner in self.ids and found.key == self.address.key:
            return f"#{inner}"
        # The page itself, shown otherwise (another batch, another window), is not in the report.
        if part is None or part == self.here:
            return None
        return f"#{inner if inner in self.ids else part}"
