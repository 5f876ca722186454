"""The frame of every page in a real browser: keys and their dialog, the copied link, any width, paper, another path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.arriving import arrived, drawn, opened, resized
from tests.conftest import served

if TYPE_CHECKING:
    from playwright.sync_api import Page

DIALOG = "#keys-dialog"


# -- the keys ----------------------------------------------------------------------------------------------


def test_the_keys_are_shown_and_closed_by_the_keyboard_alone(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    link = page.locator(".fleet a").first
    link.focus()
    page.keyboard.press("?")
    dialog = page.locator(DIALOG)
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("heading")).to_have_text("Keys")
    for _ in range(4):  # the rest of the page is out of reach
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.locator("[data-keys-open]").click()
    expect(dialog).to_be_visible()
    page.mouse.click(5, 5)
    expect(dialog).to_be_hidden()


def test_the_keys_are_told_in_the_readers_language(new_page: Any, small_address: str) -> None:
    page = opened(new_page(locale="fr-FR"), small_address + "/")
    page.keyboard.press("?")
    expect(page.locator(DIALOG)).to_contain_text("Copier le lien de cette vue")
    expect(page.locator(DIALOG).get_by_role("switch")).to_have_text(re.compile("activées"))


def test_a_letter_after_g_leads_to_a_page(page: Page, small_address: str) -> None:
    opened(page, small_address + "/models/churn-postpaid")
    told = page.locator(f"{DIALOG} dt").all_text_contents()
    assert {"g then f", "g then g"} <= set(told)
    page.keyboard.press("g")
    page.keyboard.press("g")
    expect(page).to_have_url(small_address + "/glossary")
    arrived(page, "Glossary · Vigie")
    page.keyboard.press("g")
    page.keyboard.press("f")
    expect(page).to_have_url(small_address + "/")
    arrived(page, "Fleet · Vigie")
    page.keyboard.press("f")  # alone it is no key
    expect(page).to_have_url(small_address + "/")


def test_brackets_step_to_the_older_and_the_newer_batch(page: Page, demo_address: str) -> None:
    opened(page, demo_address + "/models/churn-postpaid/inputs/tenure_months")
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile("batch=2026-11-20"))
    page.wait_for_selector(".notice:has-text('20 November')")
    page.keyboard.press("]")
    expect(page).to_have_url(demo_address + "/models/churn-postpaid/inputs/tenure_months")


def test_keys_are_silent_while_the_reader_types(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    page.keyboard.press("/")
    box = page.get_by_role("combobox")
    page.keyboard.type("?c[g")
    expect(box).to_have_value("?c[g")
    expect(page.locator(DIALOG)).to_be_hidden()
    expect(page.locator(".said")).to_have_count(0)
    expect(page).to_have_url(small_address + "/")


def test_keys_of_one_sign_can_be_turned_off_for_good(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    page.keyboard.press("?")
    switch = page.get_by_role("switch", name="Keys of one letter or sign")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.press("Enter")
    expect(switch).to_have_attribute("aria-checked", "false")
    page.keyboard.press("Escape")
    opened(page, small_address + "/glossary")  # a new document
    for key in ("?", "/", "g", "f", "c"):
        page.keyboard.press(key)
    expect(page).to_have_url(small_address + "/glossary")
    expect(page.locator(DIALOG)).to_be_hidden()
    expect(page.get_by_role("combobox")).not_to_be_focused()
    page.locator("[data-keys-open]").click()
    switch.click()
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator(DIALOG)).to_be_visible()


def test_shortcuts_of_the_browser_are_left_alone(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    for keys in ("Control+c", "Alt+c", "Meta+c", "Control+/"):
        page.keyboard.press(keys)
    expect(page.locator(".said")).to_have_count(0)
    expect(page.get_by_role("combobox")).not_to_be_focused()


# -- the copied link ---------------------------------------------------------------------------------------


def test_the_copied_link_shows_the_same_and_nothing_that_was_not_understood(new_page: Any, small_address: str) -> None:
    page = opened(
        new_page(permissions=["clipboard-read", "clipboard-write"]), small_address + "/?x=1&colour=red&sort=nonsense"
    )
    page.get_by_role("button", name="Copy link").click()
    said = page.get_by_role("status")
    expect(said).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == small_address + "/?colour=red"
    said.evaluate("said => { said.textContent = ''; }")  # so that the same words are said anew
    page.locator(".chip", has_text="Team").locator("summary").click()
    page.locator(".chip", has_text="Team").get_by_role("link", name="Base care").click()
    expect(page).to_have_url(re.compile("team=Base"))
    page.wait_for_selector(".chip.active:has-text('Base care')")
    page.keyboard.press("c")
    expect(said).to_have_text("Link copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == small_address + "/?colour=red&team=Base%20care"
    page.goto(copied)
    expect(page.locator(".fleet tbody tr")).to_have_count(2)


@pytest.mark.parametrize(("old_way", "said"), [(True, "Link copied"), (False, "Copy this address: {address}")])
def test_a_link_is_copied_where_the_browser_forbids_the_clipboard(
    fresh_page: Page, small_address: str, old_way: bool, said: str
) -> None:
    page = fresh_page
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        " document.execCommand = function () { window.kept = document.activeElement.value; return %s; };"
        % ("true" if old_way else "false")
    )
    opened(page, small_address + "/glossary#psi_debiased")
    page.get_by_role("button", name="Copy link").click()
    address = small_address + "/glossary#psi_debiased"
    expect(page.get_by_role("status")).to_have_text(said.format(address=address))
    assert page.evaluate("window.kept") == address
    expect(page.get_by_role("button", name="Copy link")).to_be_focused()


# -- any width, and paper ----------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
def test_the_header_fits_and_says_how_old_the_data_is(new_page: Any, demo_address: str, locale: str) -> None:
    page = opened(new_page(locale=locale), demo_address + "/")
    for width in (360, 820, 1100, 1440, 3840):
        resized(page, width, 900)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(page.locator(".age time")).to_be_visible()
        parts = (
            page.locator(".top")
            .locator("nav a, .tool, input, .age")
            .evaluate_all(
                "all => all.map(part => [part.textContent, part.getBoundingClientRect(), part.matches('.age')])"
            )
        )
        for words, box, age in parts:
            assert box["left"] >= 0, (width, words)
            assert box["right"] <= width, (width, words)
            assert age or box["height"] >= 24, (width, words)
        assert page.locator(".top").evaluate("top => top.offsetHeight") <= (150 if width < 800 else 110), width


def test_paper_keeps_the_age_of_the_data_and_drops_what_cannot_be_pressed(page: Page, small_address: str) -> None:
    opened(page, small_address + "/")
    page.emulate_media(media="print")
    expect(page.locator(".age time")).to_be_visible()
    for selector in (".tools", ".top nav", ".search"):
        expect(page.locator(selector).first).to_be_hidden()


def test_on_the_largest_screen_lines_stay_readable_and_the_page_is_no_thin_column(
    new_page: Any, small_address: str
) -> None:
    page = opened(new_page(viewport={"width": 3840, "height": 2160}), small_address + "/glossary")
    page_width, font = page.evaluate(
        "[document.querySelector('.page').getBoundingClientRect().width,"
        " parseFloat(getComputedStyle(document.body).fontSize)]"
    )
    assert page_width >= 0.6 * 3840
    assert font >= 20
    widest = page.locator("main p").evaluate_all(
        """all => Math.max(...all.map(p => {
             const words = document.createRange();
             words.selectNodeContents(p);
             return words.getBoundingClientRect().width / parseFloat(getComputedStyle(p).fontSize);
           }))"""
    )
    assert widest <= 66, "ems; a letter is about half of one"


def test_nothing_moves_where_the_reader_asked_for_that(new_page: Any, small_address: str) -> None:
    page = opened(new_page(reduced_motion="reduce"), small_address + "/")
    durations = page.evaluate(
        "[...document.querySelectorAll('body *')].map(element => getComputedStyle(element))"
        ".flatMap(style => [style.transitionDuration, style.animationDuration])"
    )
    assert all(float(second) <= 0.001 for text in durations for second in text.replace("s", "").split(", "))


# -- below a path ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mounted(demo_folder: Any) -> Iterator[str]:
    with served(demo_folder, base_path="/vigie/") as address:
        yield address + "/vigie"


def test_everything_works_below_a_path(page: Page, mounted: str) -> None:
    opened(page, mounted + "/models/churn-postpaid/inputs/tenure_months")
    drawn(page)
    page.keyboard.press("[")
    expect(page).to_have_url(mounted + "/models/churn-postpaid/inputs/tenure_months?batch=2026-11-20")
    page.wait_for_selector(".notice:has-text('20 November')")
    page.keyboard.press("g")
    page.keyboard.press("f")
    expect(page).to_have_url(mounted + "/")
    arrived(page, "Fleet · Vigie")
    page.keyboard.press("/")
    page.keyboard.type("win-back")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(mounted + "/models/win-back")
    page.wait_for_selector("#main:focus")
    led = page.locator("a[href^='/']").evaluate_all("all => all.map(link => link.getAttribute('href'))")
    assert led
    assert all(address.startswith("/vigie/") for address in led)
    with page.expect_download() as saved:
        page.goto(mounted + "/")
        page.locator("a.download").first.click()
    assert saved.value.suggested_filename.endswith(".csv")
