"""The addresses that a message leads to; each is '' where nobody said where the pages are (VIGIE_PUBLIC_URL)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from dashboard.address import encode_part, write_query
from dashboard.finding import Finding
from dashboard.links import finding_link


@dataclass(frozen=True, slots=True)
class Addresses:
    """``public_url`` is where readers reach the pages, with the path they stand below."""

    public_url: str

    def finding(self, finding: Finding, event_id: str | None = None) -> str:
        """The page that explains ``finding``, knowing the message of ``event_id``."""
        return finding_link(self.public_url, finding, event_id) if self.public_url else ""

    def model(self, model_id: str) -> str:
        """The model's own page."""
        return self._page("models", model_id)

    def fleet(self, **filters: str) -> str:
        """The fleet, filtered: ``owner``, ``team``, ``colour``; empty values filter nothing."""
        return self._page(query=write_query({key: value for key, value in filters.items() if value}))

    def incidents(self, trouble: str = "", **filters: str) -> str:
        """The incidents, filtered as the fleet; at the one with the identifier ``trouble``, on whatever page it is."""
        query = write_query({key: value for key, value in (*filters.items(), ("at", trouble)) if value})
        return self._page("incidents", query=query, fragment=trouble)

    def _page(self, *parts: str, query: str = "", fragment: str = "") -> str:
        if not self.public_url:
            return ""
        path = "/".join(["", *map(encode_part, parts)]) or "/"
        return self.public_url.rstrip("/") + path + query + (f"#{quote(fragment, safe='')}" if fragment else "")
