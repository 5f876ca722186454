"""What tests share: no settings of the machine, the demo's fleet, its pages, and a browser that watches."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.windows import Watch, Window, Windows

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from dashboard.web.gate import Gate
    from dashboard.web.reader import Tables

for _name in [name for name in os.environ if name.startswith("VIGIE_")]:
    # A setting of whoever runs the tests must not change what they see; nor may it reach the processes they start.
    del os.environ[_name]

TODAY = date(2026, 11, 21)
"""The day the demo of the tests takes for today."""


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of the whole demo as of TODAY, evaluated; made once for all workers. Read it, never write to it."""
    from dashboard.demo.prepare import prepare_demo

    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder = base / "demo"
    prepare_demo(folder, today=TODAY)  # whoever comes second waits, and finds it ready
    return folder


@contextmanager
def served(folder: Path, **settings: Any) -> Iterator[str]:
    """The address of a server of a warehouse's pages, on a free port of this machine, while the context lasts."""
    with application_served(None, warehouse=str(folder), **settings) as address:
        yield address


@contextmanager
def application_served(tables: Tables | None, *, gate: Gate | None = None, **settings: Any) -> Iterator[str]:
    """The same of the given tables, where there are any, in place of the settings' warehouse."""
    from werkzeug.serving import make_server

    from dashboard.settings import Settings
    from dashboard.web.app import create_app

    app = create_app(Settings(**settings), open_tables=(lambda: tables) if tables is not None else None, gate=gate)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def demo_address(demo_folder: Path) -> Iterator[str]:
    """The address of a server of the demo's pages, without a slash at its end."""
    with served(demo_folder) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of the system; the test fails where there is none."""
    from playwright.sync_api import expect, sync_playwright

    from scripts.chromium import find_chromium

    expect.set_options(timeout=15_000)  # as long as the pages wait (tests/browser/windows.py)

    path = find_chromium()
    if path is None:
        pytest.fail("Chromium was not found: run `make test`, or set CHROMIUM to the path of a Chrome.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    """The windows that tests of this process have left, as good as new."""
    return Windows(browser)


@pytest.fixture
def watch() -> Watch:
    """What the test's pages did wrong so far; the test's end asserts that it is nothing."""
    return Watch()


@pytest.fixture
def new_page(windows: Windows, watch: Watch) -> Iterator[Any]:
    """A function that opens a page in a context of its own; it takes the options of ``browser.new_context``.

    Where scripts are added to the page, it must be a fresh one (``fresh=True``), which no other test gets. The test
    fails at its end if any of its pages logged an error or a warning, threw, asked back, or asked another machine.
    """
    taken: list[tuple[Window, bool]] = []

    def open_page(*, fresh: bool = False, **options: Any) -> Page:
        window = windows.take(watch, fresh=fresh, **options)
        taken.append((window, fresh))
        return window.page

    yield open_page
    for window, fresh in taken:
        windows.put_back(window, fresh=fresh)
    assert watch.faults == []


@pytest.fixture
def page(new_page: Any) -> Page:
    """One page, 1440 pixels wide."""
    opened: Page = new_page()
    return opened


@pytest.fixture
def fresh_page(new_page: Any) -> Page:
    """The same, never used before: for scripts that run before the page's own."""
    opened: Page = new_page(fresh=True)
    return opened
