"""In a real browser: the link of an alert, also when its batch has been mended, and thresholds that are moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.arriving import opened
from tests.conftest import served
from tests.web.redelivered import finding_of, link, mend, redelivered

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server of the model with a batch that had holes, and its folder: the last test mends the batch."""
    folder: Path = tmp_path_factory.mktemp("told")
    redelivered(folder)
    with served(folder) as root:
        yield root, folder


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_box_is_met_first_on_screen_and_on_paper(
    new_page: Any, told: tuple[str, Path], width: int, scheme: str
) -> None:
    from qod.warehouse import open_warehouse

    root, folder = told
    page: Page = new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.goto(root + link(finding_of(open_warehouse(folder))))
    box = page.get_by_role("status", name="What has become of this finding")
    expect(box).to_contain_text("age is missing in 33")
    expect(box).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(media="print")
    expect(box).to_be_visible()


def test_from_the_fleet_to_the_finding_in_two_clicks(page: Page, told: tuple[str, Path]) -> None:
    root, _ = told
    page.goto(f"{root}/models/churn?batch=2026-11-16&version=v1&finding=missing&subject=age&event=x")
    marked = page.locator("#finding")
    expect(marked).to_have_attribute("aria-current", "true")
    page.locator(".landing strong a").click()
    expect(page).to_have_url(re.compile("#finding$"))
    expect(marked).to_be_in_viewport()
    marked.locator("a").click()
    expect(page.locator("h1")).to_have_text("age")
    expect(page.locator(".landing")).to_contain_text("age is missing in 33")


def test_a_threshold_moves_the_address_and_back_restores_it(page: Page, told: tuple[str, Path]) -> None:
    root, _ = told
    page.goto(f"{root}/models/churn/policy")
    sentence = page.locator(".told")
    expect(sentence).to_contain_text("Nothing is tried yet")
    red = page.get_by_label("Missing values, Red from: a share above 0, up to 1")
    expect(red).to_have_value("0.05")
    page.get_by_text("Drift", exact=True).click()
    red.fill("0.95")
    red.press("Enter")
    expect(page).to_have_url(f"{root}/models/churn/policy?missing.red=0.95")
    expect(sentence).not_to_contain_text("Nothing is tried")
    expect(red).to_be_focused()
    expect(page.locator("details[data-fold='Drift']")).not_to_have_attribute("open", "")
    page.get_by_label("Missing values, Amber from: a share above 0, up to 1").fill("2")
    page.keyboard.press("Enter")
    expect(sentence).to_have_text("This cannot be tried: missing.amber takes a share above 0, up to 1.")
    page.go_back()
    expect(page).to_have_url(f"{root}/models/churn/policy?missing.red=0.95")
    expect(page.get_by_label("Missing values, Amber from: a share above 0, up to 1")).to_have_value("0.01")
    page.go_back()
    expect(red).to_have_value("0.05")
    expect(sentence).to_contain_text("Nothing is tried yet")
    slider = page.locator("[data-key='missing.amber'] [type=range]")
    slider.fill("0.04")
    expect(page).to_have_url(f"{root}/models/churn/policy?missing.amber=0.04")
    expect(sentence).not_to_contain_text("Nothing is tried")
    slider.fill("0.01")
    expect(page).to_have_url(f"{root}/models/churn/policy")
    expect(sentence).to_contain_text("Nothing is tried yet")


def test_a_link_that_is_older_than_its_batch(page: Page, told: tuple[str, Path]) -> None:
    from qod.warehouse import open_warehouse

    root, folder = told
    warehouse = open_warehouse(folder)
    address = link(finding_of(warehouse))
    mend(warehouse)
    opened(page, root + address)
    box = page.locator(".landing")
    expect(box).to_contain_text("“age is missing in 33")
    expect(box).to_contain_text("The batch was delivered again on")
    expect(box).to_contain_text("and this is no longer found.")
    assert page.locator(".failure").count() == 0
