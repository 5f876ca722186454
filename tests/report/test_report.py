"""The report of the demo: every figure is drawn, every table is the page's, and what fails is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import pages
from dashboard.report.document import Head, document
from dashboard.report.drawing.figure import svg
from dashboard.report.make import report
from dashboard.report.markup import elements, text_of
from dashboard.text import LANGUAGES, Language
from dashboard.web import html
from dashboard.web.cache import AnswerCache
from dashboard.web.page import Request, Site
from dashboard.web.reader import Reader, Reading
from dashboard.web.router import Route, Router
from qod.errors import UnknownNameError, VigieError
from qod.warehouse import open_warehouse
from tests.page_examples import EXAMPLES
from tests.web.lake import HOSTILE_MODEL, large_fleet, small_fleet

MODELS = ("churn-postpaid", "load-callcentre", "next-best-offer", "payment-default", "fault-north")
"""One of each kind: daily with an incident, regression, multiclass, monthly, stopped."""


@pytest.fixture(scope="module")
def reading(demo_folder: Path) -> Reading:
    """The demo's tables."""
    return Reader(lambda: open_warehouse(demo_folder), AnswerCache()).begin()


class Tables(HTMLParser):
    """The rows of all tables of a document, as the words of their cells; and its attributes of links and pictures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.asks: list[str] = []
        self._cell: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.asks += [value or "" for key, value in attrs if key in ("src", "href", "srcset", "data", "action")]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.tables[-1][-1].append("".join(self._cell))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def of_pages(reading: Reading, paths: list[str], language: Language) -> list[list[list[str]]]:
    """The tables of the pages at ``paths``, as their layouts make them."""
    routes = pages.load()
    site, router = Site({key: route.page for key, route in routes.items()}), Router(routes)
    made = []
    for path in paths:
        found = router.find(path)
        assert found
        for element in elements(found.route.layout(found.request(site, reading, language))):
            if element["type"] == "Table":
                rows = [row for row in elements(element) if row["type"] == "Tr"]
                made.append([[text_of(cell) for cell in cells(row)] for row in rows])
    return made


def cells(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in elements(row) if cell["type"] in ("Td", "Th")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_every_page_can_be_drawn(reading: Reading, language: Language) -> None:
    routes = pages.load()
    site, router = Site({key: route.page for key, route in routes.items()}), Router(routes)
    count = 0
    for key in sorted(set(EXAMPLES) & set(routes)):
        for address in EXAMPLES[key]:
            found = router.find(*address.split("?"))
            assert found
            for element in elements(found.route.layout(found.request(site, reading, language))):
                if element["type"] == "Graph":
                    made = svg(element["props"]["figure"], alt=address, key="f", language=language)
                    assert "nan" not in re.sub(r'base64,[^"]*', "", made).lower().split(">", 1)[1], address
                    count += 1
    assert count > 10


@pytest.mark.parametrize(("model", "language"), [(model, "en") for model in MODELS] + [("churn-postpaid", "fr")])
def test_the_tables_of_a_report_are_those_of_the_pages(
    demo_folder: Path, reading: Reading, model: str, language: Language
) -> None:
    made = report(lambda: open_warehouse(demo_folder), model, language=language)
    assert made.failures == ()
    assert len(made.text.encode()) < 2_000_000
    read = Tables(made.text)
    for key in ("model", "inputs", "performance"):
        path = f"/models/{model}" + ("" if key == "model" else f"/{key}")
        for table in of_pages(reading, [path], language):
            assert table in read.tables, f"a table of {path} is not in the report"
    assert all(ask.startswith(("#", "data:image/", "mailto:", "https://")) for ask in read.asks)
    anchors = set(re.findall(r' id="([^"]+)"', made.text))
    assert {ask[1:] for ask in read.asks if ask.startswith("#")} <= anchors


def test_the_variables_with_a_finding_have_a_part_worst_first(demo_folder: Path) -> None:
    made = report(lambda: open_warehouse(demo_folder), "churn-postpaid", language="en")
    contents = re.search(r'<nav class="report-contents".*?</nav>', made.text, re.DOTALL)
    assert contents
    titles = re.findall(r"<a href=\"#p\d+\">(.*?)</a>", contents[0])
    assert titles[:3] == ["Overview", "Inputs", "tenure_months"]
    assert "Performance" in titles


def test_links_lead_to_the_pages_when_their_address_is_known(demo_folder: Path) -> None:
    where = "https://vigie.example.org/ml"
    made = report(lambda: open_warehouse(demo_folder), "churn-postpaid", language="en", base_url=where)
    asks = Tables(made.text).asks
    assert f"{where}/models/churn-postpaid" in asks
    assert any(ask.startswith(f"{where}/models/churn-postpaid/inputs/tenure_months") for ask in asks)


def test_what_is_kept_says_of_which_year_it_is() -> None:
    head = Head("Churn", date(2026, 11, 19), datetime(2026, 11, 21, 9, 30, tzinfo=UTC), "local")
    assert "evaluated 21\u00a0Nov\u00a02026, 09:30 UTC" in document(head, [], "en")


def test_the_fleet_has_all_its_models_and_names_stay_text(tmp_path: Path) -> None:
    small_fleet(tmp_path)
    made = report(lambda: open_warehouse(tmp_path), None, language="en")
    assert made.failures == ()
    assert "<script" not in made.text.lower()
    assert 'Team" &amp; Co' in made.text or "Team&quot; &amp; Co" in made.text
    assert "<h1>Fleet</h1>" in made.text


def test_a_large_fleet_is_whole_though_its_page_has_several_screens(tmp_path: Path) -> None:
    large_fleet(tmp_path, models=230, batches=5)
    made = report(lambda: open_warehouse(tmp_path), None, language="fr")
    rows = max(Tables(made.text).tables, key=len)
    names = [row[1] for row in rows[1:]]
    assert len(names) == len(set(names)) == 230


def test_the_report_of_a_model_with_a_hostile_name(tmp_path: Path) -> None:
    small_fleet(tmp_path)
    made = report(lambda: open_warehouse(tmp_path), HOSTILE_MODEL, language="en")
    assert "<script" not in made.text.lower()
    assert "javascript:" not in " ".join(Tables(made.text).asks)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made.text


def test_an_unknown_model_is_an_error_that_names_the_nearest(demo_folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="churn-postpaid"):
        report(lambda: open_warehouse(demo_folder), "churn-postpayd", language="en")


def broken(key: str, how: Callable[[Request], list[html.Node]]) -> dict[str, Route]:
    """The pages, one of which is drawn by ``how``."""
    routes = pages.load()
    return {**routes, key: Route(routes[key].page, how)}


def test_a_page_that_fails_is_a_sentence_and_the_rest_stands(demo_folder: Path) -> None:
    def fails(request: Request) -> list[html.Node]:
        raise VigieError("no such thing")

    made = report(lambda: open_warehouse(demo_folder), "churn-postpaid", language="fr", routes=broken("inputs", fails))
    assert made.failures == ("Variables",)
    assert "Cette partie n\u2019a pas pu être affichée" in made.text
    assert "tenure_months" in made.text


def test_a_figure_that_cannot_be_drawn_is_told_and_the_rest_of_its_page_stands(demo_folder: Path) -> None:
    def odd(request: Request) -> list[html.Node]:
        from dashboard.web.components.card import card
        from dashboard.web.components.chart import graph
        from dashboard.web.data import Data

        figure = {"data": [{"type": "pie"}], "layout": {"height": 10, "showlegend": False}}
        return [
            html.h1("Odd"),
            card(request, "Odd", lambda: graph(request, figure, key="o", alt="o", data=Data([], []))),
        ]

    made = report(lambda: open_warehouse(demo_folder), "churn-postpaid", language="en", routes=broken("inputs", odd))
    assert made.failures == ("a figure of Inputs",)
    assert "<h2>Odd</h2>" in made.text
