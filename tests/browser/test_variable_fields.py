"""Fields and hints of the pages about variables in a real browser: a name that is typed, a day that is picked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.arriving import drawn, opened, settled
from tests.conftest import served
from tests.web.moving import TODAY, moving

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("fields")
    moving(folder)
    with served(folder) as root:
        yield root


def test_a_typed_name_is_in_the_address_and_back_undoes_it(page: Page, address: str) -> None:
    page.goto(f"{address}/models/moving/inputs?view=multiples&sort=name")
    box = page.get_by_role("searchbox", name="Find a variable")
    expect(page.locator(".multiples li")).to_have_count(6)
    box.fill("ten <b>")
    box.press("Enter")
    expect(page.get_by_text("No variable is called so.")).to_be_visible()
    box.fill("ten")
    box.press("Enter")
    expect(page.locator(".multiples li")).to_have_count(1)
    expect(page).to_have_url(f"{address}/models/moving/inputs?view=multiples&sort=name&find=ten")
    page.go_back()
    expect(page.get_by_text("No variable is called so.")).to_be_visible()
    page.go_back()
    expect(page.locator(".multiples li")).to_have_count(6)
    expect(box).to_have_value("")
    page.locator(".multiples a", has_text="tenure").press("Enter")
    page.wait_for_selector("h1:has-text('tenure')")


def test_any_day_can_be_picked_and_one_without_a_batch_leads_to_the_nearest(page: Page, address: str) -> None:
    page.goto(f"{address}/models/moving/inputs/wait?version=v1")
    page.locator(".batch-choice summary").first.click()
    field = page.locator(".batch-choice .chip[open] input[type=date]")
    expect(field).to_have_value("2026-10-30")
    field.fill((TODAY - timedelta(days=31)).isoformat())
    expect(page.get_by_text("No batch on that day; the nearest one is of")).to_be_visible()
    expect(page.locator(".batch-choice .chip[open]")).to_have_count(0)
    assert "batch=2026-10-19" in page.url
    assert "version=v1" in page.url


def test_nothing_moves_when_the_fields_appear(fresh_page: Page, address: str) -> None:
    page = fresh_page
    page.add_init_script(
        """window.shift = 0;
           new PerformanceObserver(list => list.getEntries().forEach(entry => {
             if (!entry.hadRecentInput) window.shift += entry.value;
           })).observe({ type: 'layout-shift', buffered: true });"""
    )
    drawn(opened(page, f"{address}/models/moving/predictions"))
    assert page.evaluate("window.shift") < 0.05


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_table_that_is_cut_off_has_a_shadow_at_that_edge(new_page: Any, address: str, scheme: str) -> None:
    page: Page = new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    drawn(opened(page, f"{address}/models/moving/inputs/tenure?against=2026-11-10&lang=fr"))
    table = page.locator(".variable-facts")
    table.scroll_into_view_if_needed()
    table.evaluate("table => { table.firstChild.style.minWidth = '600px'; }")
    row = table.locator("tbody tr").nth(4)
    box, middle = table.bounding_box(), row.bounding_box()
    assert box
    assert middle

    def edge(x: float) -> bytes:
        return settled(page).screenshot(clip={"x": x, "y": middle["y"] + 3, "width": 3, "height": 3})

    right, left = box["x"] + box["width"] - 6, box["x"] + 3
    assert edge(right) != edge(left), "more lies to the right, nothing to the left"
    before = edge(right)
    table.evaluate("table => { table.scrollLeft = table.scrollWidth; }")
    assert edge(right) != before
    assert edge(left) != edge(right)
