"""The timeline in a real browser: days are chosen with the mouse, the keyboard and by dates, and stand aligned."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.arriving import opened


def drag(page: Page, selector: str, start: float, end: float) -> None:
    """Press at the share ``start`` of an element's width, and let go at ``end``."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], y, steps=4)
    page.mouse.up()


@pytest.mark.parametrize("selector", [".day-cursor", ".by-day .strip"])
def test_days_are_brushed_and_back_restores_them(page: Page, demo_address: str, selector: str) -> None:
    opened(page, demo_address + "/timeline?team=Risk")
    before = page.locator("h1").inner_text()
    # 90 days up to 21 November: the middle of the places 45 and 60 is 8 and 23 October.
    drag(page, selector, 45.5 / 90, 60.5 / 90)
    expect(page).to_have_url(demo_address + "/timeline?team=Risk&from=2026-10-08&to=2026-10-23")
    expect(page.locator("h1")).to_contain_text("23\u00a0October 2026")
    expect(page.locator(".span-dates input").first).to_have_value("2026-10-08")
    expect(page.locator(".brush-band")).to_have_count(0)
    page.go_back()
    expect(page.locator("h1")).to_have_text(before)
    expect(page.locator(".span-dates input").first).to_have_value("2026-08-24")


def test_a_click_on_a_strip_opens_its_model(page: Page, demo_address: str) -> None:
    opened(page, demo_address + "/timeline?sort=name")
    page.locator(".by-day tbody tr", has_text="Upsell, fibre").locator(".strip").click()
    expect(page).to_have_url(demo_address + "/models/upsell-fibre")


def test_days_are_chosen_with_the_keyboard_alone(page: Page, demo_address: str) -> None:
    opened(page, demo_address + "/timeline")
    cursor = page.locator(".day-cursor")
    cursor.press("ArrowLeft")
    expect(cursor).to_have_attribute(
        "aria-valuetext", "20 November 2026: 5\u00a0red, 2\u00a0amber, 1\u00a0no data, 16\u00a0green"
    )
    for _ in range(10):
        cursor.press("Shift+ArrowLeft")
    expect(page.locator(".brush-band.chosen")).to_be_visible()
    cursor.press("Enter")
    expect(page).to_have_url(demo_address + "/timeline?from=2026-11-10&to=2026-11-20")


def test_days_are_chosen_by_dates(page: Page, demo_address: str) -> None:
    opened(page, demo_address + "/timeline?colour=red")
    page.get_by_label("From", exact=True).fill("2026-03-01")
    page.get_by_label("to", exact=True).fill("2026-02-01")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(demo_address + "/timeline?colour=red&from=2026-02-01&to=2026-03-01")
    expect(page.locator("h1")).to_contain_text("1\u00a0March 2026")


def test_the_day_under_the_pointer_is_said(page: Page, demo_address: str) -> None:
    opened(page, demo_address + "/timeline")
    page.locator(".by-day .strip").first.hover()
    expect(page.locator(".readout")).to_contain_text("2026: ")
    page.locator("h1").hover()
    expect(page.locator(".readout")).to_have_text("")


@pytest.mark.parametrize("width", [390, 1440, 3840])
def test_trend_and_strips_share_one_axis(new_page: Any, demo_address: str, width: int) -> None:
    page = opened(new_page(viewport={"width": width, "height": 900}), demo_address + "/timeline")
    edges = {
        (round(box["x"], 1), round(box["x"] + box["width"], 1))
        for box in (page.locator(one).first.bounding_box() for one in (".day-cursor", ".trend", ".by-day .strip"))
        if box
    }
    assert len(edges) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
