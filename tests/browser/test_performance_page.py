"""The page on performance in a real browser: a cohort is chosen by a click or a key, and all of it fits a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.arriving import drawn, opened, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

PERFORMANCE = "/models/upsell-fibre/performance"


def open_drawn(page: Page, address: str) -> None:
    """Go there and wait until every figure is drawn."""
    drawn(opened(page, address))


def test_a_click_on_a_bar_opens_its_cohort_and_the_reader_stays(page: Page, demo_address: str) -> None:
    open_drawn(page, f"{demo_address}{PERFORMANCE}?last=12")
    box = page.locator(".chart-performance .nsewdrag").nth(1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 3.5 / 12 * box["width"], box["y"] + 0.6 * box["height"])
    page.wait_for_selector(".hovertext")
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("#measures h2")).to_contain_text("week 39")
    assert "cohort=week%3A2026-W39" in page.url.replace(":2026", "%3A2026")
    page.go_back()
    expect(page.locator("#measures h2")).to_contain_text("week 44")


def test_the_keyboard_opens_a_cohort_from_the_table_and_then_a_tab(page: Page, demo_address: str) -> None:
    open_drawn(page, demo_address + PERFORMANCE)
    page.locator(".cohorts tbody a", has_text="Week 38").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#measures h2")).to_contain_text("week 38")
    expect(page.locator("#measures")).to_be_in_viewport()
    settled(page).locator("#measures .switch a", has_text="Gain").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#gain h2")).to_contain_text("week 38")
    page.locator(".chart-lift .main-svg").first.wait_for()


@pytest.mark.parametrize(("query", "language"), [("detail=segments&metric=brier", "en"), ("detail=gain", "fr")])
def test_a_tab_fits_a_phone(new_page: Any, demo_address: str, query: str, language: str) -> None:
    page: Page = new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    open_drawn(page, f"{demo_address}{PERFORMANCE}?{query}&lang={language}")
    assert page.locator(".failure").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        """() => [...document.querySelectorAll('#cohort .tools a, #cohorts .tools > :not(.chip) a, .cohorts tbody a')]
             .map(link => link.getBoundingClientRect()).filter(box => box.width && box.height < 24).length"""
    )
    assert small == 0
