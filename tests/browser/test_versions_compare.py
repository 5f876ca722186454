"""Choosing what to compare, in a real browser: the menus by typing and by keyboard, and a row's distribution."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.arriving import opened


def test_a_long_menu_is_filtered_by_typing_and_enter_takes_the_first(page: Any, demo_address: str) -> None:
    opened(page, demo_address + "/compare?left=churn-postpaid")
    right = page.locator(".picker").nth(1)
    right.locator("summary").first.focus()
    page.keyboard.press("Enter")
    box = right.locator("input[type=search]")
    expect(box).to_be_focused()
    page.keyboard.type("churn fix")
    expect(right.locator("li a:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(demo_address + "/compare?left=churn-postpaid&right=churn-fixed")
    expect(page.locator("#variables tbody tr").first).to_be_visible()
    # The menus are drawn anew, and can be filtered again.
    page.locator(".picker").nth(0).locator("summary").first.click()
    expect(page.locator(".picker").nth(0).locator("input[type=search]")).to_be_visible()


def test_a_row_opens_its_distribution_and_the_figures_are_drawn(page: Any, demo_address: str) -> None:
    opened(page, demo_address + "/compare?left=churn-postpaid&right=churn-fixed")
    row = page.locator("#variables tbody tr", has_text="payment_method")
    row.locator("a:has(img)").click()
    expect(page.locator("#variable h2")).to_have_text("payment_method in the newest batches")
    for card in ("states", "cohorts", "variable"):
        page.locator(f"#{card} .main-svg").first.wait_for()


def test_two_versions_are_swapped_by_the_menus(page: Any, demo_address: str) -> None:
    opened(page, demo_address + "/models/next-best-offer/versions")
    expect(page.locator(".lead")).to_contain_text("v2 was trained on as many rows as v1")
    page.locator("#facts summary").first.click()
    page.locator("#facts details[open] a", has_text="v1").click()
    expect(page.locator(".lead")).to_contain_text("v1 was trained on as many rows as v2")
