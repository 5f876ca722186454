"""Pages waited for: a test reads them, or goes on by the keyboard, only when nothing of the state before is left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

if TYPE_CHECKING:
    from re import Pattern

    from playwright.sync_api import Page

READY: Final = "main:not(.waiting)"
ANY_TITLE: Final = re.compile(" · Vigie$")

_TWO_FRAMES: Final = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def opened(page: Page, address: str) -> Page:
    """The page, once the address was loaded, is drawn and has settled; its figures may still be on their way."""
    page.goto(address)
    page.wait_for_selector(READY)
    return arrived(page)


def arrived(page: Page, title: str | Pattern[str] = ANY_TITLE) -> Page:
    """The page, once the one of this title has settled. A link changes the address first, the title with the page."""
    expect(page).to_have_title(title)
    return settled(page)


def settled(page: Page) -> Page:
    """The page, two frames on: by then whoever has just arrived has focus and scroll (assets/navigate.js)."""
    page.evaluate(_TWO_FRAMES)
    return page


def drawn(page: Page) -> Page:
    """The page, once every figure on it is drawn: the layer that is clicked comes last, after axes and data."""
    expect(page.locator(".dash-graph:not(:has(.nsewdrag))")).to_have_count(0)
    return page


def resized(page: Page, width: int, height: int) -> Page:
    """The page in a window of another size, once it knows."""
    page.set_viewport_size({"width": width, "height": height})
    expect(page.locator("html")).to_have_js_property("clientWidth", width)
    return page
