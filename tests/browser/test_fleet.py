"""The fleet page in a real browser: one sheet of paper, and what a phone shows before anything is scrolled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from qod.warehouse import open_warehouse
from tests.browser.arriving import opened
from tests.conftest import served
from tests.web.lake import Columns, large_fleet


def sheets(page: Page) -> int:
    """How many sheets of paper the page would take."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def crowded(folder: Path) -> None:
    """A fleet with the longest of everything: teams, names, reasons, and causes shared by many."""
    warehouse, columns = open_warehouse(folder), Columns()
    for number in range(90):
        columns.model(
            f"model-with-a-very-long-identifier-{number:03d}",
            f"A model with a name that is long enough to be cut {number:03d}",
            f"The team of long names {number % 13}",
            ["green"] * 40 + ["red"] * (1 + number % 3),
            findings=[f"a_variable_of_a_long_name_{number % 5}_that_goes_on"],
            says="a_variable_of_a_long_name is above all training values in 99.8 % of rows since 16 November: " * 4,
        )
    columns.deliver(warehouse)


@pytest.fixture(scope="module")
def fleets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The addresses of a fleet of 500 models and of one that has the longest of everything."""
    folder = tmp_path_factory.mktemp("fleets")
    large_fleet(folder / "large", models=500, batches=40)
    crowded(folder / "crowded")
    with served(folder / "large") as large, served(folder / "crowded") as other:
        yield {"large": large, "crowded": other}


@pytest.mark.parametrize("fleet", ["demo", "large", "crowded"])
def test_the_fleet_is_one_sheet(new_page: Any, demo_address: str, fleets: dict[str, str], fleet: str) -> None:
    address = demo_address if fleet == "demo" else fleets[fleet]
    page = new_page(locale="fr-FR" if fleet == "crowded" else "en-GB")
    opened(page, address + "/")
    assert sheets(page) == 1
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".tile.red")).to_be_visible()
    expect(page.locator(".trend")).to_be_visible()
    expect(page.locator(".fleet")).to_be_hidden()
    expect(page.locator(".attention tbody tr").first).to_be_visible()
    expect(page.locator(".imprint")).to_contain_text(address)
    assert page.locator(".attention tbody tr").count() <= 25


def test_a_phone_shows_what_a_manager_needs_before_scrolling(new_page: Any, demo_address: str) -> None:
    page = new_page(viewport={"width": 390, "height": 664}, locale="fr-FR")
    opened(page, demo_address + "/")
    for wanted in (page.locator("h1"), page.locator(".lead strong"), page.locator(".tile.red strong")):
        expect(wanted).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_team_is_one_click(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    page.locator(".team", has_text="Risk").click()
    expect(page).to_have_url(small_address + "/?team=Risk")
    expect(page.locator(".fleet tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.locator(".fleet tbody tr")).to_have_count(6)
