"""The report as its readers have it: a file, opened where nothing runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboard.report.make import report
from qod.warehouse import open_warehouse
from tests.longer import slow
from tests.web.lake import HOSTILE_MODEL, small_fleet

KINDS = {
    "churn-postpaid": "Churn, mobile postpaid",
    "load-callcentre": "Call-centre load",
    "next-best-offer": "Next best offer",
    "payment-default": "Payment default",
    "fault-north": "Network fault, north",
}
SOME = ("churn-postpaid", "load-callcentre")
"""What each of the others holds, tests/report asks without a browser."""


@pytest.fixture
def open_file(browser: Any, tmp_path: Path) -> Any:
    """A function that opens a text as a file, without scripts; a console message or a request but its own fails."""
    faults: list[str] = []
    contexts = []

    def open_it(text: str, **options: Any) -> Any:
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        options = {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False, **options}
        context = browser.new_context(**options)
        contexts.append(context)
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path.as_uri())
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert faults == []


@pytest.mark.parametrize("model", [*SOME, *slow(*(model for model in KINDS if model not in SOME))])
def test_the_report_of_each_kind_of_model_opens_alone(open_file: Any, demo_folder: Path, model: str) -> None:
    made = report(lambda: open_warehouse(demo_folder), model, language="en")
    assert len(made.text.encode()) < 2_000_000
    page = open_file(made.text)
    assert page.locator("h1").all_inner_texts() == [KINDS[model]]
    drawings = page.locator(".chart-plot > svg[role=img]")
    assert drawings.count() >= 2
    assert all(box["width"] > 500 for box in (drawing.bounding_box() for drawing in drawings.all()))
    for link in page.locator(".report-contents a").all():
        assert page.locator(link.get_attribute("href")).count() == 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_fleet_opens_alone_and_fits_a_phone(open_file: Any, demo_folder: Path, language: Any) -> None:
    page = open_file(
        report(lambda: open_warehouse(demo_folder), None, language=language).text,
        viewport={"width": 390, "height": 800},
    )
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").inner_text() == {"en": "Fleet", "fr": "Flotte"}[language]
    assert page.locator(".fleet tbody tr").count() == 24
    edges = [box["x"] + box["width"] for box in (part.bounding_box() for part in page.locator(".card").all()) if box]
    assert max(edges, default=0) <= 390


def test_a_model_with_a_hostile_name_is_text(open_file: Any, tmp_path: Path) -> None:
    small_fleet(tmp_path / "lake")
    page = open_file(report(lambda: open_warehouse(tmp_path / "lake"), HOSTILE_MODEL, language="en").text)
    assert "<script>alert(1)</script>" in page.locator("h1").inner_text()
    assert page.locator("script").count() == 0
