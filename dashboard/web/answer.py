"""From an address to what the browser shows; where the warehouse fails, the last good page and a word about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard.text import Language, Text
from dashboard.web import html, missing, shell
from dashboard.web.cache import Key
from dashboard.web.failure import notice, report
from dashboard.web.outage import Outage, banner
from dashboard.web.page import NotFoundError, Request, Site
from dashboard.web.reader import Reading
from dashboard.web.router import Found
from dashboard.web.static import fold
from dashboard.web.trouble import Kind, kind_of
from dashboard.web.visits import VISITS
from qod.errors import VigieError
from qod.warehouse.purpose import purpose


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as it is kept: with the age of its data, and what went wrong while it was drawn.

    ``dated`` says whether ``evaluated_at`` could be read. With ``failures`` it is not kept.
    """

    body: html.Node
    title: str
    evaluated_at: datetime | None
    dated: bool
    failures: tuple[str, ...]
    trouble: Kind | None


def answer(found: Found | None, *, site: Site, reading: Reading, language: Language) -> tuple[html.Node, str]:
    """The header and the page for an address, and the document's title. Never raises: a failure is a page too.

    A request is answered from one version of the tables: the newest or, where the warehouse does not answer, the newest
    that the whole page is kept of.
    """
    page = found.route.page if found else missing.PAGE
    with purpose("page", page.key):
        VISITS.count(page.key)
        drawn, outage = _best(found, site, reading, language)
        request = _request(found, site, reading, language)
        main = html.main(drawn.body, id="main", class_=f"page page-{page.key}", tabindex="-1")
        return [
            *fold(shell.header(request, drawn.evaluated_at, dated=drawn.dated)),
            *(fold([banner(request, outage)]) if outage else ()),
            main,
            *fold(shell.footer(request)),
        ], drawn.title


def _best(found: Found | None, site: Site, reading: Reading, language: Language) -> tuple[Drawn, Outage | None]:
    try:
        version = reading.version
    except VigieError as error:  # nothing was ever read
        report(error, "the stamp of the tables")
        return _drawn(found, _request(found, site, reading.blind(kind_of(error)), language)), None
    key: Key = ("page", language, *found.key) if found else ("page", language, missing.PAGE.key)
    drawn: list[Drawn] = []
    for attempt in reading.attempts(key):
        drawn.append(_of_version(found, _request(found, site, attempt, language), key))
        reading.trouble = reading.trouble or drawn[0].trouble  # another reader's, who asked for the same
        if not drawn[-1].failures:
            trouble = reading.trouble or (kind_of(version.error) if version.error else None)
            return drawn[-1], Outage(trouble, drawn[-1].evaluated_at) if trouble else None
    if version.error is None or "page" in drawn[0].failures:  # a page of which nothing is kept shows no old data
        return drawn[0], None
    return drawn[0], Outage(kind_of(version.error), drawn[0].evaluated_at)


def _request(found: Found | None, site: Site, reading: Reading, language: Language) -> Request:
    return found.request(site, reading, language) if found else Request(missing.PAGE, site, reading, language)


def _of_version(found: Found | None, request: Request, key: Key) -> Drawn:
    """The page of one version, drawn once for all readers unless it is live."""
    if request.page.live:
        return _drawn(found, request)
    return request.reading.keep(key, lambda: _drawn(found, request), when=lambda made: not made.failures)


def _drawn(found: Found | None, request: Request) -> Drawn:
    """The page of one version, whatever happens."""
    try:
        layout = found.route.layout if found else missing.layout
        body, title = fold(html.flat(layout(request))), _title(request)
    except NotFoundError as error:
        request.failures.append("not found")  # such an answer is not kept: there is no end of wrong names
        body, title = fold(missing.unknown(request, error)), f"{request.t(missing.TITLE)} · Vigie"
    except Exception as error:
        if not request.reading.pinned:
            report(error, f"page {request.page.key}")
        request.failures.append("page")
        body, title = fold([notice(request, error)]), "Vigie"
    evaluated_at, dated = None, True
    try:
        evaluated_at = request.reading.evaluated_at
    except Exception as error:
        if not request.reading.pinned:
            report(error, "the age of the data")
        request.failures.append("age")
        dated = False
    return Drawn(body, title, evaluated_at, dated, tuple(request.failures), request.reading.trouble)


def _title(request: Request) -> str:
    title = request.page.title
    words = request.t(title) if isinstance(title, Text) else title(request)
    return f"{words} · Vigie"
