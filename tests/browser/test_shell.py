"""The frame of every page in a real browser: navigation, search, language, theme, keyboard, narrow screens."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from dashboard.address import encode_part
from tests.browser.arriving import arrived, opened, resized, settled
from tests.longer import slow
from tests.web.lake import HOSTILE_MODEL

GROUND = {"light": "rgb(245, 246, 248)", "dark": "rgb(15, 21, 27)"}


# -- every page, both languages, both themes ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "scheme"), [("en", "light"), ("fr", "dark"), *slow(("en", "dark"), ("fr", "light"))]
)
def test_pages_of_the_frame_are_quiet(new_page: Any, small_address: str, language: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme, locale="fr-FR" if language == "fr" else "en-GB")
    for path in ("/", "/models/churn-postpaid", "/models/new", f"/models/{encode_part(HOSTILE_MODEL)}", "/glossary"):
        opened(page, small_address + path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("h1")).to_be_visible()
        expect(page).to_have_title(re.compile(r".+ · Vigie"))
        expect(page.locator("body")).to_have_css("background-color", GROUND[scheme])


@pytest.mark.parametrize("path", ["/", "/models/churn-postpaid", f"/models/{encode_part(HOSTILE_MODEL)}", "/glossary"])
def test_nothing_is_wider_than_a_phone(new_page: Any, small_address: str, path: str) -> None:
    page = opened(new_page(viewport={"width": 390, "height": 844}), small_address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_page_does_not_jump_while_it_loads(fresh_page: Page, small_address: str) -> None:
    page = fresh_page
    page.add_init_script(
        "window.shifts = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => {"
        " window.shifts += entry.value; })).observe({type: 'layout-shift', buffered: true});"
    )
    opened(page, small_address + "/")
    expect(page.locator(".fleet tbody tr")).to_have_count(6)
    assert page.evaluate("window.shifts") < 0.05


# -- navigation --------------------------------------------------------------------------------------------


def test_links_back_and_forward_lead_where_they_say(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    page.evaluate("window.same = true")
    page.locator(".fleet").get_by_role("link", name="Churn, fixed line").click()
    expect(page).to_have_title("Churn, fixed line · Vigie")
    expect(page.locator("#main")).to_be_focused()
    page.locator(".breadcrumbs").get_by_role("link", name="Fleet").click()
    arrived(page, "Fleet · Vigie")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Churn, fixed line")
    page.go_back()
    expect(page.locator("h1")).to_contain_text("need attention")
    page.go_forward()
    expect(page.locator("h1")).to_have_text("Churn, fixed line")
    assert page.evaluate("window.same"), "the document was loaded once"


def test_back_returns_to_where_the_reader_was(new_page: Any, small_address: str) -> None:
    page = opened(new_page(viewport={"width": 800, "height": 300}), small_address + "/")
    link = page.locator(".fleet").get_by_role("link", name="Registered only")
    link.scroll_into_view_if_needed()
    expect(page.locator("h1")).not_to_be_in_viewport()
    link.click()
    expect(page.locator("h1")).to_have_text("Registered only")
    expect(page.locator("#main")).to_be_focused()
    expect(page.locator("h1")).to_be_in_viewport()
    page.go_back()
    expect(link).to_be_in_viewport()
    expect(page.locator("h1")).not_to_be_in_viewport()


def test_a_filter_is_chosen_from_its_menu_and_stands_in_the_address(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    menu = page.locator(".chip", has_text="Team")
    menu.locator("summary").click()
    menu.get_by_role("link", name="Risk").click()
    expect(page).to_have_url(small_address + "/?team=Risk")
    expect(page.locator(".fleet tbody tr")).to_have_count(1)
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_have_text("TeamRisk")
    page.locator(".tile.amber").click()
    expect(page).to_have_url(small_address + "/?colour=amber&team=Risk")
    page.reload()
    expect(page.locator(".fleet tbody tr")).to_have_count(1)


def test_a_menu_closes_by_escape_and_by_a_click_elsewhere(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    menu = page.locator(".chip", has_text="Team")
    menu.locator("summary").press("Enter")
    expect(menu.locator("ul")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator("ul")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    expect(menu.locator("ul")).to_be_visible()
    page.locator("h1").click()
    expect(menu.locator("ul")).to_be_hidden()


def test_a_hostile_name_is_reached_by_its_link_and_by_its_address(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    page.locator(f".fleet a[href='/models/{quote(HOSTILE_MODEL, safe='~')}']").click()
    expect(page.locator("h1")).to_have_attribute("title", HOSTILE_MODEL)
    page.reload()
    expect(page.locator("h1")).to_have_attribute("title", HOSTILE_MODEL)
    assert page.locator("script", has_text="alert(1)").count() == 0


def test_an_anchor_is_scrolled_to_on_arrival(page: Page, small_address: str) -> None:
    opened(page, small_address + "/glossary#psi_debiased")
    expect(page.locator("#psi_debiased")).to_be_in_viewport()


def test_the_skip_link_leads_past_the_header(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


# -- search ------------------------------------------------------------------------------------------------


def test_a_model_is_found_by_the_keyboard_alone(page: Page, small_address: str) -> None:
    opened(page, small_address + "/glossary")
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Find a model")
    expect(box).to_be_focused()
    page.keyboard.type("chùrn")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Churn, mobile postpaid")
    expect(box).to_have_value("")
    page.wait_for_selector("#main:focus")  # where a page that has arrived puts the reader
    page.keyboard.press("/")
    page.keyboard.type("no such model")
    expect(page.locator(".search .nothing")).to_have_text("No model of this name")
    page.keyboard.press("Escape")
    expect(page.locator(".search ul")).to_be_hidden()


def test_the_search_speaks_the_readers_language_after_a_switch(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    page.locator(".languages").get_by_text("FR").click()
    expect(page.get_by_role("combobox", name="Chercher un modèle")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("option").first.locator(".glyph")).to_have_attribute("aria-label", "Rouge")


def test_the_focus_stays_on_the_control_that_was_used(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    page.locator(".table.fleet thead").get_by_role("link", name="Model").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("sort=model"))
    expect(page.locator(".table.fleet th[aria-sort]")).to_contain_text("Model")
    expect(page.locator(".table.fleet thead").get_by_role("link", name="Model")).to_be_focused()
    settled(page).locator(".languages").get_by_text("FR").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator(".languages").get_by_text("FR")).to_be_focused()
    settled(page).locator(".chip summary").first.focus()
    page.keyboard.press("Enter")
    page.locator(".chip[open] a").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("colour=red"))
    expect(page.locator(".chip").first).to_have_class(re.compile("active"))
    expect(settled(page).locator(".chip summary").first).to_be_focused()


def test_a_phone_sorts_the_fleet_by_a_menu(new_page: Any, small_address: str) -> None:
    page = opened(new_page(viewport={"width": 360, "height": 800}), small_address + "/")
    page.locator(".fleet-sort summary").click()
    page.get_by_role("link", name="by name").click()
    expect(page).to_have_url(re.compile("sort=model"))
    names = page.locator(".table.fleet tbody .c-model a")
    # The address changes before the rows do: what is there until then is the order by colour.
    expect(names.first).to_contain_text("a/b")
    shown = names.all_inner_texts()
    assert shown == sorted(shown, key=str.casefold)
    resized(page, 1000, 800)
    expect(page.locator(".fleet-sort")).to_be_hidden()


# -- language and theme ------------------------------------------------------------------------------------


def test_the_language_is_switched_and_remembered(page: Page, small_address: str) -> None:
    opened(page, small_address + "/?colour=red")
    page.locator(".languages").get_by_text("FR").click()
    expect(page).to_have_url(small_address + "/?colour=red&lang=fr")
    expect(page.locator("h1")).to_contain_text("demandent attention")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    opened(page, small_address + "/glossary")
    expect(page.locator("h1")).to_have_text("Glossaire")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_the_theme_is_switched_and_there_from_the_first_byte(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "auto")
    button = page.locator(".theme")
    expect(button).to_have_accessible_name("Theme: as the system")
    button.click()
    expect(root).to_have_attribute("data-theme", "light")
    button.click()
    expect(root).to_have_attribute("data-theme", "dark")
    expect(button).to_have_accessible_name("Theme: dark")
    expect(page.locator("body")).to_have_css("background-color", GROUND["dark"])
    answer = page.goto(small_address + "/glossary")
    assert answer is not None
    assert 'data-theme="dark"' in answer.text()


def test_a_long_list_is_paged_by_its_links(page: Page, small_address: str) -> None:
    opened(page, small_address + "/models/churn-postpaid?page=2")
    expect(page.locator(".pager")).to_contain_text("16 to 30 of 30")
    page.locator(".pager").get_by_role("link", name="Previous").click()
    expect(page).to_have_url(small_address + "/models/churn-postpaid")
    expect(page.locator(".pager")).to_contain_text("1 to 15 of 30")
