"""The application as a browser meets it: documents, answers, headers, failures."""

from __future__ import annotations

import gzip
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from backports import zstd

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.card import card
from dashboard.web.page import Page, Request
from dashboard.web.param import words
from dashboard.web.router import Route
from qod.errors import WarehouseError
from qod.warehouse import Warehouse
from tests.web.asking import Asker, main, of_class, of_kind, question, text

SECRET = "internal detail /var/secret"


class Broken:
    """A warehouse that cannot be reached."""

    def stamp(self) -> str:
        raise WarehouseError(SECRET)

    def query(self, name: str, /, **params: Any) -> Any:
        raise WarehouseError(SECRET)


def fail() -> html.Node:
    raise ZeroDivisionError(SECRET)


def routes_of(layout: Any, **page: Any) -> dict[str, Route]:
    made = Page("fleet", "/", Text("Fleet", "Flotte"), params=(words("team"),), nav=Text("Fleet", "Flotte"), **page)
    return {"fleet": Route(made, layout)}


# -- health and start --------------------------------------------------------------------------------------


def test_health_answers_without_the_warehouse() -> None:
    asker = Asker(Broken)
    assert asker.client.get("/health").get_json() == {"status": "ok"}


def test_the_first_readers_may_come_all_at_once(small: Warehouse) -> None:
    app = Asker(small).app
    codes: list[int] = []

    def read() -> None:
        client = app.server.test_client()
        codes.append(client.get("/").status_code)
        codes.append(client.get("/_dash-layout").status_code)
        for script in client.get("/").get_data(as_text=True).split('<script src="')[1:]:
            with client.get(script.partition('"')[0]) as response:
                codes.append(response.status_code)
        codes.append(client.post("/_dash-update-component", json=question("/")).status_code)

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(codes) > 60
    assert set(codes) == {200}


def test_a_second_application_works_as_the_first(small: Warehouse) -> None:
    first, second = Asker(small), Asker(small)
    assert first.words("/") == second.words("/") != ""


# -- the document ------------------------------------------------------------------------------------------


def test_the_document_has_language_and_theme_from_its_first_byte(asker: Asker) -> None:
    document = asker.client.get("/", headers={"Accept-Language": "fr-CA,en;q=0.5"}).get_data(as_text=True)
    assert '<html lang="fr" data-theme="auto"' in document
    asker.client.set_cookie("vigie_theme", "dark")
    assert 'data-theme="dark"' in asker.client.get("/").get_data(as_text=True)
    asker.client.set_cookie("vigie_theme", '"><script>')
    assert 'data-theme="auto"' in asker.client.get("/").get_data(as_text=True)


def test_a_stated_language_is_remembered(asker: Asker) -> None:
    _, document = asker.ask("/?lang=fr")
    assert document["language"] == "fr"
    assert document["title"] == "Flotte · Vigie"
    cookie = asker.client.get_cookie("vigie_language")
    assert cookie is not None
    assert cookie.value == "fr"
    assert cookie.http_only
    assert asker.response("/?lang=fr").headers["Set-Cookie"].endswith("SameSite=Lax")
    assert asker.ask("/")[1]["language"] == "fr"
    assert asker.ask("/?lang=en")[1]["language"] == "en"


def test_links_keep_a_stated_language_and_no_other(asker: Asker) -> None:
    nodes, _ = asker.ask("/?lang=fr")
    inside = [link["props"]["href"] for link in of_kind(main(nodes), "A")]
    assert len(inside) > 20
    assert all("lang=fr" in href for href in inside)
    asker.client.delete_cookie("vigie_language")
    nodes, _ = asker.ask("/")
    pages = [link["props"] for link in of_kind(main(nodes), "A") if "download" not in link["props"]]
    assert not any("lang=" in link["href"] for link in pages), "a file has the language of the page it is of"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/models/a%2Fb", 200),
        ("/models/a%2F%2Fb", 200),
        ("/models/%2F", 200),
        ("/nope", 404),
        ("/a/b/c", 404),
    ],
)
def test_a_document_without_a_page_is_a_404(asker: Asker, path: str, status: int) -> None:
    answer = asker.client.get(path)
    assert answer.status_code == status
    assert "react-entry-point" in answer.get_data(as_text=True)


def test_an_unknown_address_says_so_and_leads_on(asker: Asker) -> None:
    nodes, document = asker.ask("/nope/%3Cscript%3E")
    assert "There is no page at this address" in text(main(nodes))
    assert document["title"] == "Not found · Vigie"
    assert [link["props"]["href"] for link in of_kind(main(nodes), "A")] == ["/"]


# -- headers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/nope", "/health", "/assets/navigate.js", "/_models.json"])
def test_every_response_is_protected(asker: Asker, path: str) -> None:
    with asker.client.get(path) as response:
        headers = response.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert "unsafe" not in policy["script-src"]
    assert policy["frame-ancestors"] == "'none'"
    assert policy["default-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_inline_scripts_are_those_whose_hashes_are_sent(asker: Asker) -> None:
    import base64
    import hashlib
    import re

    answer = asker.client.get("/")
    inline = re.findall(r"<script(?![^>]*src)(?![^>]*json)[^>]*>(.*?)</script>", answer.get_data(as_text=True), re.S)
    assert inline
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


def test_static_files_are_compressed_and_kept_for_ever(asker: Asker) -> None:
    import re

    addresses = re.findall(r'(?:src|href)="([^"]+\.(?:js|css)[^"]*)"', asker.client.get("/").get_data(as_text=True))
    assert any("/assets/" in address for address in addresses)
    for address in addresses:
        with asker.client.get(address, headers={"Accept-Encoding": "identity"}) as plain:
            whole = plain.data
            assert "Content-Encoding" not in plain.headers
        packed = asker.client.get(address, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip", address
        assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert gzip.decompress(packed.data) == whole
    with asker.client.get("/assets/favicon.svg") as unversioned:
        assert unversioned.headers["Cache-Control"] == "no-cache"


def test_answers_are_compressed_and_not_kept_by_the_browser(asker: Asker) -> None:
    plain = asker.response("/", Accept_Encoding="identity")
    packed = asker.response("/", Accept_Encoding="gzip, deflate, br, zstd")
    assert packed.headers["Content-Encoding"] == "zstd"
    assert zstd.decompress(packed.data) == plain.data
    assert packed.headers["Cache-Control"] == "no-store"
    assert "Accept-Encoding" in packed.headers["Vary"]


# -- failures ----------------------------------------------------------------------------------------------


@pytest.fixture
def silent_log() -> Iterator[None]:
    """Tracebacks go to the log on purpose; not to the test's output."""
    logger = logging.getLogger("vigie.web")
    logger.disabled = True
    yield
    logger.disabled = False


@pytest.mark.usefixtures("silent_log")
def test_a_failure_stays_on_its_card_and_shows_nothing_internal(small: Warehouse) -> None:
    asked = []

    def layout(request: Request) -> list[html.Node]:
        asked.append(1)
        return [card(request, "Broken", fail), card(request, "Whole", lambda: html.p("the rest lives"))]

    asker = Asker(small, routes=routes_of(layout))
    nodes, _ = asker.ask("/?team=a")
    words = text(main(nodes))
    assert "the rest lives" in words
    assert "could not be drawn" in words
    assert SECRET not in words
    assert "Traceback" not in words
    (retry,) = (link for link in of_kind(of_class(nodes, "failure"), "A"))
    assert retry["props"]["href"] == "/?team=a"
    asker.ask("/?team=a")
    assert len(asked) == 2, "a page with a failure is drawn anew"


@pytest.mark.usefixtures("silent_log")
def test_a_page_that_fails_as_a_whole_keeps_its_header(small: Warehouse) -> None:
    asker = Asker(small, routes=routes_of(lambda request: fail()))
    nodes, document = asker.ask("/")
    assert of_class(nodes, "failure")
    assert of_kind(nodes, "Header")
    assert SECRET not in str(nodes)
    assert document["title"] == "Vigie"


@pytest.mark.usefixtures("silent_log")
def test_tables_that_cannot_be_read_are_a_sentence_on_the_page() -> None:
    asker = Asker(Broken)
    nodes, _ = asker.ask("/")
    assert "The tables could not be read" in text(main(nodes))
    assert "The tables do not answer" in text(nodes)
    assert SECRET not in str(nodes)
    french, _ = asker.ask("/", Accept_Language="fr")
    assert "Les tables n\u2019ont pas pu être lues" in text(french)


@pytest.mark.usefixtures("silent_log")
def test_a_title_that_fails_does_not_take_the_application_with_it(small: Warehouse) -> None:
    made = Page("fleet", "/", lambda request: fail())
    asker = Asker(small, routes={"fleet": Route(made, lambda request: [html.p("body")])})
    nodes, _ = asker.ask("/")
    assert of_class(nodes, "failure")


# -- the cache ---------------------------------------------------------------------------------------------


def test_a_page_is_drawn_once_for_all_who_ask(small: Warehouse) -> None:
    asker = Asker(small)
    first = asker.words("/")
    asked = len(asker.queries)
    assert asker.words("/") == first
    assert asker.words("/?page=1&team=&nonsense=1&colour=purple") == first
    assert len(asker.queries) == asked
    assert asker.words("/", Accept_Language="fr") != first
    assert len(asker.queries) == asked, "the other language needs no other data"


def test_the_search_box_knows_every_model(asker: Asker) -> None:
    entries = asker.client.get("/_models.json").get_json()
    assert len(entries) == 6
    fraud = next(entry for entry in entries if entry["id"] == "fraud")
    assert fraud["href"] == "/models/fraud"
    assert fraud["word"] == "Amber"
    answer = asker.client.get("/_models.json")
    again = asker.client.get("/_models.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_everything_works_below_a_path(small: Warehouse) -> None:
    asker = Asker(small, base="/vigie/")
    assert asker.client.get("/vigie/health").status_code == 200
    assert asker.client.get("/health").status_code == 200
    document = asker.client.get("/vigie/").get_data(as_text=True)
    assert 'src="/vigie/assets/navigate.js' in document
    nodes, _ = asker.ask("/vigie/")
    links = [link["props"]["href"] for link in of_kind(nodes, "A")]
    assert all(link.startswith(("/vigie/", "#")) for link in links)
    assert asker.words("/vigie/models/fraud") != asker.words("/models/fraud")
