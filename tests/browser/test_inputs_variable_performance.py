"""The pages about variables and performance in a real browser: drawn, clicked, read as tables, in every dress."""

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

PAGES = {
    "inputs": "/models/moving/inputs?last=0",
    "variable": "/models/moving/inputs/brand",
    "performance": "/models/moving/performance",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("moving")
    moving(folder)
    with served(folder) as root:
        yield root


def open_drawn(page: Page, address: str) -> None:
    """Go there and wait until every figure of the page is drawn."""
    drawn(opened(page, address))


def drag_layer(page: Page, chart: str) -> dict[str, float]:
    """Where the first panel of a chart lies on the screen."""
    box = page.locator(f".chart-{chart} .nsewdrag").first.bounding_box()
    assert box is not None
    return dict(box)


OTHER_DRESSES = (("fr", "dark", 1440), ("fr", "light", 390), ("en", "dark", 390))


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [("en", "light", 1440), *(pytest.param(*dress, marks=pytest.mark.slow) for dress in OTHER_DRESSES)],
)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_drawn_whole_in_every_dress(
    new_page: Any, address: str, name: str, language: str, theme: str, width: int
) -> None:
    page: Page = new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    joint = "&" if "?" in PAGES[name] else "?"
    open_drawn(page, f"{address}{PAGES[name]}{joint}lang={language}")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator(".failure").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not page.evaluate(
        "[...document.querySelectorAll('.modebar-btn')].some(b => /share|partag/i.test(b.dataset.title))"
    )
    # Names beside an axis lie inside their figure.
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.chart-plot')].flatMap(plot => {
             const frame = plot.getBoundingClientRect();
             const words = plot.querySelectorAll('.ytick text, .y2tick text, .y3tick text, .annotation-text');
             return [...words].filter(word => {
               const box = word.getBoundingClientRect();
               return box.left < frame.left - 1 || box.right > frame.right + 1;
             }).map(word => word.textContent);
           })"""
    )
    assert outside == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_words_of_a_figure_follow_the_theme(new_page: Any, address: str, theme: str) -> None:
    page: Page = new_page(color_scheme=theme)
    open_drawn(page, address + PAGES["variable"])
    tick, soft = page.evaluate(
        """() => [getComputedStyle(document.querySelector('.chart-history .ytick text')).fill,
                  getComputedStyle(document.querySelector('.chart-table > summary')).color]"""
    )
    assert tick == soft


def test_a_click_on_a_cell_opens_the_variable_in_that_batch(page: Page, address: str) -> None:
    open_drawn(page, address + PAGES["inputs"])
    box = drag_layer(page, "inputs")
    rows = page.locator(".inputs tbody th").all_inner_texts()
    # The last column, second row.
    height = box["height"] / len(rows)
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + 1.5 * height)
    page.wait_for_selector(".hovertext")
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(f"**/inputs/{rows[1]}?**")
    page.wait_for_selector("h1:has-text('" + rows[1] + "')")
    assert f"batch={TODAY}" in page.url
    assert "version=v2" in page.url
    page.go_back()
    page.wait_for_selector(".chart-inputs .main-svg")


def test_a_click_on_the_history_changes_the_batch_and_stays_where_it_is(page: Page, address: str) -> None:
    open_drawn(page, address + PAGES["variable"])
    page.evaluate("window.scrollTo(0, 120)")
    box = drag_layer(page, "history")
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.wait_for_selector(".hovertext")
    page.mouse.down()
    page.mouse.up()
    page.wait_for_selector(".notice:has-text('You look at the batch of')")
    assert "batch=2026-11-" in page.url
    assert settled(page).evaluate("window.scrollY") == 120


def test_the_keyboard_goes_the_same_way(page: Page, address: str) -> None:
    open_drawn(page, address + PAGES["inputs"])
    page.locator(".inputs tbody a", has_text="tenure").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('tenure')")
    page.wait_for_selector("#main:focus")  # where a page that has arrived puts the reader
    page.locator(".steps a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice:has-text('18 November')")
    assert f"batch={TODAY - timedelta(days=1)}" in page.url


def test_the_data_opens_as_a_table_and_saves_as_csv(page: Page, address: str) -> None:
    open_drawn(page, address + PAGES["variable"])
    details = page.locator(".chart-history .chart-table")
    assert details.locator("table").count() == 0
    details.locator("summary").click()
    rows = details.locator("tbody tr")
    expect(rows).to_have_count(20)
    assert details.locator("thead th").all_inner_texts()[:3] == ["Batch", "Rows", "PSI"]
    with page.expect_download() as saved:
        page.locator(".chart-history [data-save=csv]").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert saved.value.suggested_filename.endswith("-history.csv")
    assert text[0].startswith("Batch,Rows,PSI")
    assert len(text) == 21


def test_names_with_markup_stay_text_in_the_figures(page: Page, address: str) -> None:
    open_drawn(page, address + PAGES["inputs"])
    expect(page.locator(".chart-inputs .ytick text", has_text="<script>").first).to_be_attached()
    assert page.locator(".chart-inputs svg script").count() == 0


def test_controls_are_addresses_and_back_undoes_them(page: Page, address: str) -> None:
    open_drawn(page, address + "/models/moving/inputs/wait")
    page.locator("#history .switch a", has_text="change").click()
    page.wait_for_url("**/inputs/wait?mode=change")
    page.wait_for_selector("#history .switch a[aria-current]:has-text('change')")
    page.locator("#history .switch a", has_text="30").click()
    page.wait_for_url("**/inputs/wait?mode=change&last=30")
    page.wait_for_selector("#history .switch a[aria-current]:has-text('30')")
    page.go_back()
    page.wait_for_selector(".switch a[aria-current]:has-text('90')")
    assert page.url.endswith("mode=change")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_when_a_figure_is_drawn(fresh_page: Page, address: str, name: str) -> None:
    page = fresh_page
    page.add_init_script(
        """window.shift = 0;
           new PerformanceObserver(list => list.getEntries().forEach(entry => {
             if (!entry.hadRecentInput) window.shift += entry.value;
           })).observe({ type: 'layout-shift', buffered: true });"""
    )
    open_drawn(page, address + PAGES[name])
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.05


def test_provisional_cohorts_can_be_told_without_colour(page: Page, address: str) -> None:
    open_drawn(page, address + PAGES["performance"])
    assert page.locator(".cohorts .light.provisional").count() == 2
    expect(page.locator(".chart-performance .bars path[style*='url']").first).to_be_attached()
