"""Taking care of an incident in a real browser: by the keyboard, in both languages, and while the warehouse fails."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from werkzeug.serving import make_server

from dashboard.settings import Settings
from dashboard.web.app import create_app
from qod.warehouse import open_warehouse
from tests.web.failing import FailingTables
from tests.web.lake import small_fleet

INCIDENT = "2026-11-19:tenure_months"


@dataclass
class Served:
    """A server of a small fleet of the test's own, and its tables, which fail on demand."""

    address: str
    tables: FailingTables


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    small_fleet(folder)
    return folder


@pytest.fixture
def served(made: Path, tmp_path: Path) -> Iterator[Served]:
    shutil.copytree(made, tmp_path / "warehouse")
    tables = FailingTables(open_warehouse(tmp_path / "warehouse"))
    app = create_app(Settings(refresh_seconds=60), open_tables=lambda: tables)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.server_port}", tables)
    server.shutdown()
    thread.join()
    server.server_close()


def incident(page: Page) -> Locator:
    return page.locator(f'[id="{INCIDENT}"]')


def test_an_incident_is_acknowledged_by_keyboard_and_gets_a_note(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/incidents")
    expect(page.locator("h1")).to_have_text("One incident is open.")
    acknowledge = incident(page).get_by_role("button", name="Acknowledge")
    acknowledge.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Acknowledge")
    expect(dialog.get_by_label("What is known")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(acknowledge).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.type("The source is being mended. <b>?/</b>")
    page.keyboard.press("Tab")
    expect(dialog.get_by_label("Your name")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("This is needed.")
    expect(dialog.get_by_label("Your name")).to_be_focused()
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Nothing is open; one is acknowledged.")
    expect(incident(page)).to_contain_text("Acknowledged by Ada")
    expect(incident(page).locator(".event-text")).to_have_text("The source is being mended. <b>?/</b>")
    expect(incident(page).get_by_role("button", name="Reopen")).to_be_focused()
    expect(page.locator("[role=status].unseen")).to_have_text("Acknowledged.")

    incident(page).get_by_role("button", name="Add a note").click()
    page.keyboard.type("A second word.")
    expect(page.get_by_label("Your name")).to_have_value("Ada")
    page.keyboard.press("Control+Enter")
    expect(incident(page).locator(".events li")).to_have_count(2)

    page.get_by_role("link", name="FR", exact=True).click()
    expect(page.locator("h1")).to_have_text("Rien n\u2019est ouvert\u202f; un est pris en charge.")
    expect(incident(page)).to_contain_text("Pris en charge par Ada")
    incident(page).get_by_role("button", name="Rouvrir").click()
    expect(page.get_by_role("dialog")).to_contain_text("Votre nom")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Un incident est ouvert.")


def test_what_was_typed_stays_while_the_warehouse_fails(new_page: Any, served: Served, watch: Any) -> None:
    page = new_page(viewport={"width": 390, "height": 780})
    page.goto(f"{served.address}/incidents")
    incident(page).get_by_role("button", name="Snooze").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Holidays.")
    expect(dialog.get_by_label("Until")).to_have_value("2026-12-03")
    dialog.get_by_label("Your name").fill("Ada")
    served.tables.fail("deliver", trouble="denied")
    send = dialog.get_by_role("button", name="Snooze")
    send.click()
    expect(dialog.get_by_role("alert")).to_contain_text("may not write to the warehouse. Nothing was written")
    expect(dialog.get_by_label("Reason")).to_have_value("Holidays.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    served.tables.recover()
    send.click()
    expect(dialog).to_have_count(0)
    expect(incident(page)).to_contain_text("Snoozed until 3\u00a0December by Ada")
    # The browser itself logs an answer of 503.
    watch.faults = [fault for fault in watch.faults if "503" not in fault]


def test_the_link_of_a_mail_scrolls_to_its_incident_and_marks_it(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 500})
    page.goto(f"{served.address}/incidents?at={INCIDENT}#{INCIDENT}")
    expect(incident(page)).to_be_in_viewport()
    expect(incident(page)).to_have_css("outline-style", "solid")
    page.goto(f"{served.address}/incidents")
    expect(incident(page)).to_have_css("outline-style", "none")
