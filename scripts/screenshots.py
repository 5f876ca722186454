"""Takes the pictures of docs/img/ from the demo's pages: ``make screenshots``."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from dashboard.demo.prepare import prepare_demo
from dashboard.settings import Settings
from dashboard.web.app import create_app
from scripts.chromium import find_chromium
from scripts.mail_pictures import told

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "img"
TODAY: Final = date(2026, 11, 19)
"""The day the demo of the pictures takes for today, so that they differ only when the pages do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, the address it shows, its theme, the size of the window in CSS pixels, screen or paper."""

    name: str
    address: str
    theme: Literal["light", "dark"] = "light"
    width: int = 1280
    height: int = 900
    media: Literal["screen", "print"] = "screen"


_MODEL: Final = "/models/churn-postpaid"
_PAGES: Final = {
    "fleet": "/",
    "timeline": "/timeline",
    "incidents": "/incidents",
    "model": _MODEL,
    "inputs": f"{_MODEL}/inputs",
    "small-charts": f"{_MODEL}/inputs?view=multiples",
    "variable": f"{_MODEL}/inputs/tenure_months",
    "predictions": f"{_MODEL}/predictions",
    "performance": "/models/upsell-fibre/performance",
    "segments": "/models/upsell-fibre/performance?detail=segments#cohort",
    "versions": "/models/next-best-offer/versions",
    "compare": "/compare?left=churn-postpaid&right=churn-fixed",
    "simulator": "/models/load-callcentre/policy?drift.amber=0.25&drift.red=0.35",
    "platform": "/platform",
    "glossary": "/glossary",
}
"""Every page, at the address that shows most of it."""


def _in_french(address: str) -> str:
    path, mark, fragment = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}lang=fr{mark}{fragment}"


PICTURES: Final = (
    *(Picture(name, address) for name, address in _PAGES.items()),
    *(Picture(f"{name}-dark", _in_french(address), "dark") for name, address in _PAGES.items()),
    Picture("phone", "/?lang=fr", width=390, height=844),
    Picture("phone-variable", _PAGES["variable"], width=390, height=844),
    Picture("paper", "/", width=794, height=1123, media="print"),
)  # fmt: skip


_MAILS: Final[dict[str, Literal["light", "dark"]]] = {"mail": "light", "mail-dark": "dark"}
MAIL: Final = "nadia.benali@example.com"
"""Whose mail is shown: her model has its part in the upstream break."""


def take_pictures(folder: Path, *, warehouse: Path, mail: str) -> None:
    """Write every picture of the pages of ``warehouse``, and of a mail (HTML), to ``folder``."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with _served(warehouse) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for picture in PICTURES:
            page = browser.new_page(
                viewport={"width": picture.width, "height": picture.height}, color_scheme=picture.theme
            )
            page.emulate_media(media=picture.media)
            page.goto(address + picture.address)
            page.wait_for_selector("main.page:not(.waiting)")
            page.wait_for_load_state("networkidle")
            for graph in page.locator(".dash-graph").all():
                graph.locator(".main-svg").first.wait_for()
            page.screenshot(path=folder / f"{picture.name}.png", animations="disabled")
            page.close()
            print(f"docs/img/{picture.name}.png")
        for name, theme in _MAILS.items():
            page = browser.new_page(viewport={"width": 640, "height": 900}, color_scheme=theme)
            page.set_content(mail)
            page.screenshot(path=folder / f"{name}.png", full_page=True)
            page.close()
            print(f"docs/img/{name}.png")
        browser.close()


@contextmanager
def _served(warehouse: Path) -> Iterator[str]:
    """The address at which the pages of a warehouse are served, on this machine alone."""
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_app(Settings(warehouse=str(warehouse))).server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        demo = Path(scratch) / "demo"
        prepare_demo(demo, today=TODAY)
        take_pictures(FOLDER, warehouse=demo, mail=told(demo, Path(scratch) / "outbox", today=TODAY)[MAIL])
