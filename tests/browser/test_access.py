"""What axe says of pages in the states that no address asks for: menus and dialogs open, failures, nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

import pages
from qod.warehouse import open_warehouse
from tests.browser.access import violations
from tests.browser.arriving import READY, opened
from tests.browser.windows import Watch, Windows
from tests.conftest import application_served, served
from tests.longer import slow
from tests.page_examples import EXAMPLES
from tests.web.failing import FailingTables
from tests.web.named import Names, fleet_of, flowers

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

ROUTES = pages.load()
SOME = ("fleet", "variable", "compare")
SOME_AND_SLOW_OTHERS = [*SOME, *slow(*(key for key in ROUTES if key not in SOME))]
"""Menus, failing cards and empty states are the same components on all pages."""
ASTER: Names = flowers("aster")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> FailingTables:
    return FailingTables(fleet_of(tmp_path_factory.mktemp("aster"), ASTER))


@pytest.fixture(scope="module")
def failing_address(tables: FailingTables) -> Iterator[str]:
    """Pages of tables that fail on demand; nothing is asked again by itself while a test looks."""
    with application_served(tables) as address:
        yield address


@pytest.fixture(scope="module")
def empty_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("none")
    open_warehouse(folder)
    with served(folder) as address:
        yield address


@pytest.fixture
def any_page(windows: Windows) -> Iterator[Page]:
    """A page that may meet errors: a document that says 404 or 503 is one, to the browser's console."""
    window = windows.take(Watch(), locale="fr-FR", color_scheme="dark")
    yield window.page
    windows.put_back(window)


def address_of(key: str) -> str:
    known = {"model_id": ASTER.model, "variable": ASTER.number}
    return ROUTES[key].page.write({name: known[name] for name in ROUTES[key].page.arguments})


def test_axe_sees_what_is_wrong(page: Page, small_address: str) -> None:
    opened(page, small_address + "/glossary")
    assert violations(page) == []
    page.evaluate(
        "document.querySelector('#main').insertAdjacentHTML('beforeend',"
        ' \'<img src="/assets/favicon.svg"><p style="color: #999; background: #fff">faint</p>\')'
    )
    assert sorted(line.split(":")[0] for line in violations(page)) == ["color-contrast", "image-alt"]


@pytest.mark.parametrize("key", SOME_AND_SLOW_OTHERS)
def test_menus_are_for_everybody(new_page: Any, demo_address: str, key: str) -> None:
    page = new_page(color_scheme="dark", locale="fr-FR")
    opened(page, demo_address + EXAMPLES[key][0])
    menus = page.locator("details[data-menu]")
    if not menus.count():
        return
    for menu in menus.all()[:3]:
        menu.evaluate("(menu) => (menu.open = true)")
    assert violations(page) == []


@pytest.mark.parametrize(
    ("locale", "scheme"), [("en-GB", "light"), ("fr-FR", "dark"), *slow(("en-GB", "dark"), ("fr-FR", "light"))]
)
def test_the_frame_is_for_everybody_whatever_is_open(
    new_page: Any, small_address: str, locale: str, scheme: str
) -> None:
    page = new_page(color_scheme=scheme, locale=locale)
    opened(page, small_address + "/")
    page.keyboard.press("/")
    expect(page.get_by_role("option").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("[data-keys-open]").click()
    expect(page.locator("#keys-dialog")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("key", SOME_AND_SLOW_OTHERS)
def test_failures_and_emptiness_are_for_everybody(
    any_page: Page, failing_address: str, empty_address: str, tables: FailingTables, key: str
) -> None:
    tables.recover()
    tables.asked.clear()
    tables.version += "again"  # nothing that was kept is shown
    any_page.goto(failing_address + address_of(key))
    any_page.wait_for_selector(READY)
    asked = list(dict.fromkeys(name for name in tables.asked if name not in ("stamp", "states", "fleet")))
    for failing in {asked[-1]} if asked else set():
        tables.version += "again"
        tables.fail(failing, trouble="other")
        any_page.goto(failing_address + address_of(key))
        expect(any_page.locator(".failure, .outage").first).to_be_visible()
        assert violations(any_page) == [], f"while {failing} fails"
    any_page.goto(empty_address + address_of(key))
    any_page.wait_for_selector(READY)
    assert violations(any_page) == [], "where there is nothing"


def test_a_page_that_is_not_there_is_for_everybody(any_page: Page, empty_address: str) -> None:
    any_page.goto(empty_address + "/nowhere")
    any_page.wait_for_selector(READY)
    assert violations(any_page) == []
