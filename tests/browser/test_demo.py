"""Every page of the demo in a real browser: both languages, both themes, for everybody, nothing from elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

import pages
from tests.browser.access import violations
from tests.page_examples import EXAMPLES

READY = "main:not(.waiting)"
ROUTES = pages.load()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("key", ROUTES)
def test_a_page_is_whole_and_quiet(new_page: Any, demo_address: str, key: str, language: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme, locale="fr-FR" if language == "fr" else "en-GB")
    for address in EXAMPLES[key]:
        answer = page.goto(demo_address + address)
        assert answer.status == 200
        page.wait_for_selector(READY)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("h1")).to_be_visible()
        for graph in page.locator(".dash-graph").all():
            graph.locator(".main-svg").first.wait_for()
        assert page.locator(".failure").count() == 0, address
        shown = page.inner_text("main")
        for word in ("undefined", "NaN", "None", "Traceback", "{", "}"):
            assert word not in shown, f"{address} shows {word!r}"
        buttons = page.locator("[data-title]").evaluate_all("all => all.map(button => button.dataset.title)")
        assert not [title for title in buttons if "share" in title.lower()], "no button may hand out the data"
        # Tables of figures are opened: what they show counts too. (Menus lie over the page; test_access opens those.)
        page.evaluate("document.querySelectorAll('details:not([data-menu])').forEach((part) => (part.open = true))")
        assert violations(page) == [], address


@pytest.mark.parametrize("key", ROUTES)
def test_a_page_fits_a_phone(new_page: Any, demo_address: str, key: str) -> None:
    page = new_page(viewport={"width": 360, "height": 640}, locale="fr-FR")
    for address in EXAMPLES[key]:
        page.goto(demo_address + address)
        page.wait_for_selector(READY)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
