"""From a mail that really came, by its links, to the finding; and the answer to a request to train anew."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboard.events import Event, to_table
from qod.warehouse import open_warehouse
from tests.alerts.mail_server import HOST, mail_server
from tests.browser.arriving import opened
from tests.commands import ROOT
from tests.conftest import served
from tests.web.redelivered import BROKEN, delivered, mend

if TYPE_CHECKING:
    from playwright.sync_api import Page

OWNER = "ada@example.org"


def notified(folder: Path, address: str) -> list[str]:
    """Run the real command against a mail server; returns the links to findings in the one mail that comes."""
    with mail_server() as server:
        settings = {
            "VIGIE_WAREHOUSE": str(folder),
            "VIGIE_CHANNELS": "smtp",
            "VIGIE_PUBLIC_URL": address,
            "VIGIE_DEFAULT_OWNER": OWNER,
            "VIGIE_MAIL_FROM": "vigie@example.org",
            "VIGIE_SMTP_HOST": HOST,
            "VIGIE_SMTP_PORT": str(server.port),
            "VIGIE_SMTP_SECURITY": "none",
        }
        environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "dashboard.cli", "notify"]
        subprocess.run(command, cwd=folder, env=environment, check=True, timeout=120)
        (mail,) = server.mails
    assert mail["To"] == OWNER
    html = mail.get_body(("html",))
    plain = mail.get_body(("plain",))
    assert html is not None
    assert plain is not None
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', html.get_content())]
    found = list(dict.fromkeys(link for link in links if "event=" in link))
    assert set(found) <= set(re.findall(r"\S+", plain.get_content())), "the plain text has the same ways"
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, list[str]]]:
    """A server of a model whose newest batch has holes, its folder, and the links of the mail about it."""
    folder: Path = tmp_path_factory.mktemp("told") / "warehouse"
    delivered(folder, until=BROKEN[1])
    with served(folder) as root:
        yield root, folder, notified(folder, root)


def test_each_link_of_the_mail_opens_on_its_finding_and_quotes_nothing_else(
    page: Page, told: tuple[str, Path, list[str]]
) -> None:
    _, _, links = told
    assert links
    for link in links:
        opened(page, link)
        expect(page.locator("h1")).to_have_text("age")
        expect(page.locator(".landing")).to_contain_text("This is the newest batch.")
        expect(page.locator(".failure")).to_have_count(0)
    missing, *others = sorted(links, key=lambda link: "finding=missing" not in link)
    opened(page, missing)
    expect(page.locator(".landing")).to_contain_text("age is missing in 33")
    # The worst finding is what the variable's page is about; the others stand in a list, the one of the link marked.
    opened(page, others[0])
    expect(page.locator("#finding")).to_have_attribute("aria-current", "true")


def test_a_request_to_train_anew_is_approved_on_the_models_page(page: Page, told: tuple[str, Path, list[str]]) -> None:
    root, folder, _ = told
    facts = {"since": BROKEN[0].isoformat(), "target": "airflow", "request_id": "vigie__1", "reasons": []}
    waiting = Event("r.1", datetime.now(UTC), "retraining_awaiting", "churn", "v1", None, "model", "notify", facts)
    open_warehouse(folder).deliver({"events": to_table([waiting])}, kind="events")
    opened(page, f"{root}/models/churn")
    card = page.locator("#retraining")
    card.get_by_role("button", name="Approve retraining").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Your name").fill("Ada")
    dialog.get_by_role("button", name="Approve retraining").click()
    expect(card).to_contain_text("Training it anew is approved")
    expect(card.get_by_role("button", name="Approve retraining")).to_have_count(0)


def test_the_same_link_after_the_batch_came_again(page: Page, told: tuple[str, Path, list[str]]) -> None:
    _, folder, links = told
    missing = next(link for link in links if "finding=missing" in link)
    mend(open_warehouse(folder), BROKEN[1], as_of=BROKEN[1])
    opened(page, missing)
    box = page.locator(".landing")
    expect(box).to_contain_text("“age is missing in 33")
    expect(box).to_contain_text("The batch was delivered again on")
    expect(box).to_contain_text("and this is no longer found.")
    expect(page.locator(".failure")).to_have_count(0)
