"""A table of a page as a file: the page is drawn, and the table that was asked for is written out whole."""

from __future__ import annotations

from dashboard.text import Language
from dashboard.web.data import to_csv
from dashboard.web.page import NotFoundError, Site
from dashboard.web.reader import Reading
from dashboard.web.router import Found


def table_csv(found: Found | None, key: str, *, site: Site, reading: Reading, language: Language) -> str | None:
    """The table ``key`` of the page at an address as CSV; None where there is no such page or table.

    Raises what reading raises.
    """
    if found is None:
        return None
    request = found.request(site, reading, language)
    try:
        found.route.layout(request)
    except NotFoundError:
        return None
    data = request.exports.get(key)
    return to_csv(data()) if data else None
