"""What is saved from beneath a figure: its data and pictures of it, as files that can be read anywhere."""

from __future__ import annotations

import csv
import io
import re
import struct
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page
from werkzeug.serving import make_server

from dashboard.settings import Settings
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.app import create_app
from dashboard.web.components.chart import graph
from dashboard.web.data import Data, to_csv
from dashboard.web.figures.frame import Panel, row_axis, stack
from dashboard.web.figures.label import plain
from dashboard.web.page import Page as Declared
from dashboard.web.page import Request
from dashboard.web.router import Route
from tests.browser.arriving import drawn, opened
from tests.web.lake import small_fleet
from tests.web.nasty import NASTY

NAME = '<b>"Team" & Co</b> <script>alert(1)</script>'
ALT = f"{NAME} moved: PSI .38 in the batch of 19 November, " + "and so on " * 30
SVG = "{http://www.w3.org/2000/svg}"


def layout(request: Request) -> list[html.Node]:
    """One figure with a name that holds markup on its axis, and data that holds everything."""
    trace = {"type": "scatter", "mode": "markers", "x": ["2026-11-01", "2026-11-19"], "y": [0, 1]}
    figure = stack(
        [Panel(title="PSI", height=120, axis=row_axis([plain(NAME), "tenure"]), traces=[trace])],
        x={"type": "date", "range": ["2026-10-31", "2026-11-20"]},
        left=300,
        right=14,
        language=request.language,
    )
    return [html.h1("Files"), graph(request, figure, key="history", alt=ALT, data=NASTY)]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page with that figure, for a model with a name of its own."""
    folder = tmp_path_factory.mktemp("files")
    small_fleet(folder)
    page = Declared("files", "/models/<model_id>", Text("Files", "Fichiers"))
    app = create_app(Settings(warehouse=str(folder)), routes={"files": Route(page, layout)})
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/models/Cr%C3%A8me%20%2F%20churn"
    server.shutdown()
    thread.join()
    server.server_close()


def saved(page: Page, button: Locator) -> tuple[str, bytes]:
    """The name and the content of the file that a button saves; it is pressed by the keyboard."""
    button.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def parsed(text: str) -> list[list[Any]]:
    """The cells, numbers as numbers: 1e-07 and 1e-7 are the same."""
    number = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return [[float(cell) if number.fullmatch(cell) else cell for cell in row] for row in rows]


def test_the_data_is_saved_without_opening_it_and_as_the_server_would_write_it(page: Page, address: str) -> None:
    opened(page, address)
    name, content = saved(page, page.get_by_role("button", name="Save the data as a CSV file"))
    assert name == "vigie-Creme-churn-history.csv"
    text, expected = content.decode(), to_csv(Data(NASTY.columns, NASTY.rows))
    assert parsed(text) == parsed(expected)
    assert len(parsed(text)) == 1 + len(NASTY.rows)
    assert text.replace("1e-7", "1e-07") == expected
    assert page.locator(".chart-data table").count() == 0


def test_a_picture_saved_from_the_dark_theme_has_a_ground_its_message_and_names_as_text(
    new_page: Any, address: str
) -> None:
    page: Page = new_page(color_scheme="dark")
    drawn(opened(page, address))
    name, content = saved(page, page.get_by_role("button", name="Save the picture as an SVG file"))
    assert name == "vigie-Creme-churn-history.svg"
    root = ET.fromstring(content)
    words = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert NAME in words
    assert "tenure" in words
    assert any("PSI .38 in the batch" in word for word in words)
    assert not list(root.iter(f"{SVG}script"))
    ground = next(root.iter(f"{SVG}rect"))
    assert "fill: rgb(255, 255, 255)" in ground.attrib["style"]
    fills = set(
        re.findall(r"fill: rgb\((\d+), (\d+), (\d+)\)", " ".join(t.get("style", "") for t in root.iter(f"{SVG}text")))
    )
    assert fills
    assert all(max(map(int, shade)) < 100 for shade in fills)  # dark on white, whatever the theme


def test_a_saved_png_is_twice_as_large_as_the_figure(page: Page, address: str) -> None:
    drawn(opened(page, address))
    name, content = saved(page, page.get_by_role("button", name="Save the picture as a PNG file"))
    assert name == "vigie-Creme-churn-history.png"
    width, _ = struct.unpack(">II", content[16:24])
    assert width == 2 * page.locator(".js-plotly-plot").bounding_box()["width"]  # type: ignore[index]


def test_the_buttons_say_in_french_what_they_save_and_are_large_enough(new_page: Any, address: str) -> None:
    page: Page = new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{address}?lang=fr")
    group = page.get_by_role("group", name="Enregistrer")
    group.wait_for()
    names = ["les données en fichier CSV", "l\u2019image en PNG", "l\u2019image en SVG"]
    assert [group.get_by_role("button", name=f"Enregistrer {name}").count() for name in names] == [1, 1, 1]
    boxes = [button.bounding_box() for button in group.get_by_role("button").all()]
    assert all(box and box["height"] >= 24 and box["width"] >= 24 for box in boxes)
    summary = page.locator(".chart-table > summary").bounding_box()
    assert summary
    assert boxes[0]
    assert summary["x"] + summary["width"] <= boxes[0]["x"]
