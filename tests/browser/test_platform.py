"""In a real browser: the banner while the warehouse fails, its going by itself, and the page of costs and freshness."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from dashboard.settings import Settings
from dashboard.web.app import create_app
from dashboard.web.gate import Gate
from tests.browser.arriving import opened
from tests.longer import slow
from tests.web.failing import FailingTables
from tests.web.lake import small_fleet


@pytest.fixture
def tables(tmp_path: Path) -> FailingTables:
    return FailingTables(small_fleet(tmp_path))


@pytest.fixture
def address(tables: FailingTables) -> Iterator[str]:
    """Pages of tables that may be made to fail; they are asked again after a moment."""
    gate = Gate(first_pause_seconds=0.1, longest_pause_seconds=0.1)
    app = create_app(Settings(), open_tables=lambda: tables, gate=gate)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_failing_warehouse_is_a_banner_above_the_page_and_goes_by_itself(
    page: Page, address: str, tables: FailingTables
) -> None:
    opened(page, address + "/")
    rows = page.locator(".fleet tbody tr")
    expect(rows).to_have_count(6)
    expect(page.locator(".outage")).to_have_count(0)
    words = page.locator("main").inner_text()
    tables.fail("stamp", "fleet", trouble="unreachable")
    page.reload()
    banner = page.locator(".outage")
    expect(banner).to_contain_text("The warehouse cannot be reached.")
    expect(banner).to_contain_text(re.compile("evaluated on .* ago"))
    assert page.locator("main").inner_text() == words
    page.evaluate("window.same = true")
    tables.recover()
    expect(banner).to_have_count(0)
    assert page.locator("main").inner_text() == words
    assert page.evaluate("window.same"), "the document was not loaded again"


def test_a_page_without_data_renews_itself_too(new_page: Any, address: str, tables: FailingTables) -> None:
    tables.fail("stamp", trouble="busy")
    page = new_page(locale="fr-FR")
    page.goto(address + "/")
    expect(page.locator(".failure")).to_contain_text("surchargé")
    tables.recover()
    expect(page.locator("h1")).to_contain_text("demandent attention")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390), *slow(("dark", 1440), ("light", 390))])
def test_the_page_of_costs_fits(new_page: Any, small_address: str, scheme: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    opened(page, small_address + "/")
    page.locator("footer").get_by_role("link", name="Platform").click()
    expect(page).to_have_title("Platform · Vigie")
    expect(page.locator("#tables tbody tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
