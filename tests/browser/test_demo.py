"""Every page of the demo in a real browser: both languages, both themes, for everybody, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import expect

import pages
from dashboard.text import LANGUAGES, Language
from tests.browser.access import violations
from tests.browser.arriving import READY, drawn, resized
from tests.page_examples import EXAMPLES

OPEN = "(opened) => document.querySelectorAll('details:not([data-menu])').forEach((one) => { one.open = opened; })"
NOT_YET_WRITTEN = "details[open] > .chart-data[data-table]:empty"
SCHEMES = ("light", "dark")
ROUTES = pages.load()


def dresses() -> Iterator[Any]:
    """Each page in each language and theme; two of the four in `make test`, other ones from page to page.

    In one language the tables of figures are opened, and the page is shown on a phone as well: what they show counts
    too. (Menus lie over the page; test_access opens those.)
    """
    for number, key in enumerate(ROUTES):
        for language, scheme in product(LANGUAGES, SCHEMES):
            quick = (number + LANGUAGES.index(language) + SCHEMES.index(scheme)) % 2 == 0
            opened = (language == "fr") is quick
            yield pytest.param(key, language, scheme, opened, marks=() if quick else pytest.mark.slow)


@pytest.mark.parametrize(("key", "language", "scheme", "opened"), list(dresses()))
def test_a_page_is_whole_and_quiet(
    new_page: Any, demo_address: str, key: str, language: Language, scheme: str, opened: bool
) -> None:
    # Without motion the colours of the theme are there at once.
    page = new_page(locale="fr-FR" if language == "fr" else "en-GB", color_scheme=scheme, reduced_motion="reduce")
    first, *further = EXAMPLES[key]
    for address in (first, *further[LANGUAGES.index(language) :: 2]):  # further examples in one language each
        page.set_viewport_size({"width": 1440, "height": 900})
        answer = page.goto(demo_address + address)
        assert answer.status == 200
        page.wait_for_selector(READY)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("h1")).to_be_visible()
        drawn(page)
        assert page.locator(".failure").count() == 0, address
        shown = page.inner_text("main")
        for word in ("undefined", "NaN", "None", "Traceback", "{", "}"):
            assert word not in shown, f"{address} shows {word!r}"
        buttons = page.locator("[data-title]").evaluate_all("all => all.map(button => button.dataset.title)")
        assert not [title for title in buttons if "share" in title.lower()], "no button may hand out the data"
        page.evaluate(OPEN, opened)
        expect(page.locator(NOT_YET_WRITTEN)).to_have_count(0)
        assert violations(page) == [], f"{address}, {scheme}"
        if opened:
            resized(page, 360, 640)
            for _ in range(60):  # figures follow the window a moment later
                if (width := page.evaluate("document.documentElement.scrollWidth")) <= 360:
                    break
                page.wait_for_timeout(50)
            assert width <= 360, f"{address} on a phone"
