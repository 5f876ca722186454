"""The first minute of three readers, with every click counted: a manager, a data scientist, whoever got an alert."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.browser.arriving import opened

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass
class Reader:
    """Somebody at a page who has made so many clicks."""

    page: Page
    clicks: int = 0

    def opens(self, address: str) -> None:
        """Follow a link from elsewhere."""
        opened(self.page, address)

    def click(self, target: Locator) -> None:
        """One click, and the page it leads to."""
        target.click()
        self.clicks += 1

    def sees(self, words: str) -> Locator:
        """Something on the page without a click: it is there, and it is not hidden."""
        found = self.page.locator("main").get_by_text(re.compile(words)).locator("visible=true").first
        expect(found).to_be_visible()
        return found


def test_a_manager_on_a_phone_learns_how_many_since_when_whose_and_whether_it_gets_better(
    new_page: Any, demo_address: str
) -> None:
    manager = Reader(new_page(viewport={"width": 360, "height": 640}, locale="fr-FR", is_mobile=True, has_touch=True))
    manager.opens(demo_address + "/")
    page = manager.page
    expect(page.locator("h1")).to_be_in_viewport()
    expect(page.locator("h1")).to_contain_text("demandent attention")
    assert re.search(r"\d", page.locator(".tile.red").inner_text()), "how many are red"
    manager.sees("depuis .*jours|jours")  # since when
    manager.sees("Base care")  # whose
    manager.sees("s\u2019aggrave|s\u2019améliore|stable")  # is it getting better
    expect(page.locator(".trend-card")).to_be_visible()
    expect(page.locator(".age time")).to_be_visible()
    assert manager.clicks == 0
    # A word of the trade is explained in one tap.
    terms = page.locator("main a[href^='/glossary']")
    assert terms.count() >= 1


def test_the_managers_page_prints_on_one_sheet(new_page: Any, demo_address: str) -> None:
    page = new_page()
    opened(page, demo_address + "/")
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 1


def test_a_data_scientist_goes_from_the_fleet_to_the_variable_in_two_clicks(new_page: Any, demo_address: str) -> None:
    scientist = Reader(new_page())
    scientist.opens(demo_address + "/")
    page = scientist.page
    row = page.locator(".fleet tbody tr", has=page.get_by_role("link", name="Churn, mobile postpaid", exact=True))
    scientist.click(row.get_by_role("link", name="Churn, mobile postpaid", exact=True))
    page.wait_for_selector("#main:focus")
    scientist.click(page.locator(".family a", has_text="tenure_months is missing").first)
    page.wait_for_selector("h1:has-text('tenure_months')")
    assert scientist.clicks == 2
    scientist.sees(r"missing in 38.% of rows since 19.November")
    page.locator(".chart-history .main-svg").first.wait_for()
    assert re.search(r"batch=2026-11-|/inputs/tenure_months", page.url)

    # Two batches side by side: the one that broke, and one from before.
    menu = page.locator(".chip", has_text="And beside it")
    scientist.click(menu.locator("summary"))
    scientist.click(menu.get_by_role("link", name="17\u00a0Nov", exact=True))
    page.wait_for_url("**against=2026-11-17**")
    expect(page.locator(".key", has_text="17\u00a0Nov")).to_be_visible()
    assert scientist.clicks == 4

    # And what is on screen, as a file.
    with page.expect_download() as saved:
        scientist.click(page.locator(".page a.download").first)
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) > 2
    assert scientist.clicks == 5


def test_whoever_opens_the_link_of_an_alert_sees_the_finding_without_a_click(new_page: Any, demo_address: str) -> None:
    woken = Reader(new_page())
    woken.opens(
        f"{demo_address}/models/churn-postpaid/inputs/tenure_months?batch=2026-11-20&version=v1&finding=missing"
    )
    page = woken.page
    told = page.locator("main .landing")
    expect(told).to_be_in_viewport()
    expect(told).to_contain_text(re.compile(r"tenure_months is missing in 38.% of rows since 19.November"))
    expect(told).to_contain_text(re.compile(r"The newest batch, of 21.November, still has it"))
    expect(page.locator(".chart-batch")).to_contain_text(re.compile(r"20.Nov"))
    # On the page of the model it is marked among the others.
    woken.opens(
        f"{demo_address}/models/churn-postpaid?batch=2026-11-20&version=v1&finding=missing&subject=tenure_months"
    )
    expect(page.locator("main .landing")).to_be_in_viewport()
    expect(page.locator("#finding")).to_contain_text("tenure_months is missing")
    assert woken.clicks == 0


def test_an_alert_of_a_batch_that_is_gone_still_lands_on_its_model(new_page: Any, demo_address: str) -> None:
    woken = Reader(new_page())
    woken.opens(f"{demo_address}/models/churn-postpaid?batch=1999-01-01&version=v0&finding=missing&event=gone")
    expect(woken.page.locator("h1")).to_contain_text("Churn, mobile postpaid")
    woken.sees("no longer there")
    assert woken.page.locator(".failure").count() == 0
