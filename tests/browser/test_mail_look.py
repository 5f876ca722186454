"""A mail as a phone and a desk show it, in light and dark: nothing is cut off, nothing stands beside the paper."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from dashboard.alerts.writing.compose import compose
from tests.alerts.letters import EVIL
from tests.alerts.test_figure import WAREHOUSE
from tests.alerts.told import SETTINGS, alone, changed, message, missing, model, with_names, world


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_mail_fits_phone_and_desk(browser: Any, tmp_path: Path, scheme: str) -> None:
    change = with_names(changed(model(findings=[missing()])), f"{EVIL[0]} {'x' * 300}")
    letter = compose(message(alone(change)), world([change]), SETTINGS, reading=WAREHOUSE)
    text = letter.html
    for name, png in letter.pictures.items():
        text = text.replace(f"cid:{name}", f"data:image/png;base64,{base64.b64encode(png).decode()}")
    path = tmp_path / "mail.html"
    path.write_text(text, encoding="utf-8")
    context = browser.new_context(viewport={"width": 600, "height": 800}, color_scheme=scheme)
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        paper = page.evaluate("getComputedStyle(document.querySelector('.paper')).backgroundColor")
        assert paper == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(22, 29, 37)")
        assert page.locator("img").evaluate("one => one.naturalWidth") == 1120
        for width in (600, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator(".paper").bounding_box()["width"] <= width
            assert page.locator("a.button").bounding_box()["height"] >= 40, "a finger finds it"
    finally:
        context.close()
