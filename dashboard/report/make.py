"""Making a report: every page it holds is drawn as its readers would see it, and written into one document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pages
from dashboard.report.document import Head, Section, document
from dashboard.report.drawing.figure import svg
from dashboard.report.links import Links, place_of
from dashboard.report.markup import Writer, elements
from dashboard.report.parts import Part, Plan, fleet_plan, model_plan
from dashboard.report.whole import whole
from dashboard.text import Language, Text
from dashboard.web import failure, html
from dashboard.web.cache import AnswerCache
from dashboard.web.gate import Gate
from dashboard.web.page import NotFoundError, Site
from dashboard.web.reader import Reader, Reading, Tables
from dashboard.web.router import Found, Route, Router
from qod.errors import VigieError

_FAILED: Final = Text(
    "This part could not be drawn when the report was made.",
    "Cette partie n\u2019a pas pu être affichée quand le rapport a été fait.",
)

_PATIENCE_SECONDS: Final = 300.0
"""How long a question may take: nobody waits before a screen."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """The document, the day it tells of, and the names of what in it could not be drawn."""

    text: str
    as_of: date | None
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    part: Part
    found: Found
    anchor: str
    nodes: list[html.Node]


def report(
    open_tables: Callable[[], Tables],
    model_id: str | None,
    *,
    language: Language,
    environment: str = "local",
    base_url: str = "",
    routes: Mapping[str, Route] | None = None,
    progress: Progress | None = None,
) -> Report:
    """The report of a model, or of the fleet where ``model_id`` is None.

    ``base_url`` is where the pages are served; its links lead there. ``routes`` take the place of the pages, for tests.
    A part that fails is a sentence in its place and one of the failures; UnknownNameError when there is no such model,
    and whatever reading the fleet raises.
    """
    known = pages.load() if routes is None else routes
    site = Site({key: route.page for key, route in known.items()}, environment=environment)
    router, reading = (
        Router(known),
        Reader(open_tables, AnswerCache(), gate=Gate(limit_seconds=_PATIENCE_SECONDS)).begin(),
    )
    plan = fleet_plan(site, language) if model_id is None else model_plan(site, reading, model_id, language)
    failures: list[str] = []
    drawn = _drawn(plan, site, router, reading, language, failures, progress)
    parts = {place_of(one.found): one.anchor for one in drawn}
    ids = _anchors(drawn)
    sections = [
        _written(one, plan, Links(router, parts, ids, one.anchor, one.found, base_url), language, failures)
        for one in drawn
    ]
    live = base_url.rstrip("/") + plan.parts[0].path if base_url and plan.parts else ""
    head = Head(plan.title, reading.as_of, reading.evaluated_at, environment, live, plan.left_out)
    return Report(document(head, sections, language), head.as_of, tuple(failures))


def _drawn(
    plan: Plan,
    site: Site,
    router: Router,
    reading: Reading,
    language: Language,
    failures: list[str],
    progress: Progress | None,
) -> list[_Drawn]:
    made: list[_Drawn] = []

    def draw(found: Found) -> list[html.Node]:
        request = found.request(site, reading, language)
        nodes = html.flat(found.route.layout(request))
        failures.extend(request.failures)
        return nodes

    for number, part in enumerate(plan.parts, start=1):
        if progress:
            progress(number - 1, len(plan.parts), part.title)
        found = router.find(part.path, part.search)
        if found is None:
            raise VigieError(f"no page answers {part.path}.")
        try:
            nodes = whole(found, router, draw) if part.whole else draw(found)
        except NotFoundError as error:
            if part.optional:
                continue
            nodes = _failed(part, error, language, failures)
        except Exception as error:
            nodes = _failed(part, error, language, failures)
        made.append(_Drawn(part, found, f"p{number}", nodes))
    return made


def _failed(part: Part, error: Exception, language: Language, failures: list[str]) -> list[html.Node]:
    failure.report(error, part.title)
    failures.append(part.title)
    return [html.p(_FAILED[language], class_="notice failure")]


def _anchors(drawn: Sequence[_Drawn]) -> frozenset[str]:
    return frozenset(
        f"{one.anchor}-{element['props']['id']}"
        for one in drawn
        for element in elements(one.nodes, controls=False)
        if element["props"].get("id")
    )


def _written(drawn: _Drawn, plan: Plan, links: Links, language: Language, failures: list[str]) -> Section:
    title = drawn.part.title

    def draw(figure: Mapping[str, Any], alt: str, key: str) -> str:
        try:
            return svg(figure, alt=alt, key=key, language=language)
        except Exception as error:
            failure.report(error, f"a figure of {title}")
            failures.append(f"a figure of {title}")
            return Writer(links, draw, drawn.anchor, {}).html(html.p(_FAILED[language], class_="notice failure"))

    writer = Writer(links, draw, drawn.anchor, {plan.title: title})
    return Section(drawn.anchor, title, writer.html(drawn.nodes), drawn.found.route.page.key)
