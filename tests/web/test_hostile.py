"""Whatever stands in an address, and whatever models are called: a page, no failure, text as text, no other's data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote, unquote_plus, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pages
from dashboard.text import LANGUAGES
from tests.web.asking import Asker, of_class, of_kind, text, walk
from tests.web.named import TODAY, Names, fleet_of, flowers

ROUTES = pages.load()

ASTER = flowers("aster")
BELLIS = flowers("bellis", last=TODAY)

ARGUMENTS = {"model_id": ASTER.model, "variable": ASTER.category}

WORD = "quartzjumble"
"""A word that nothing but an address says: long enough never to stand in an identifier drawn by chance."""
MARK = f"{WORD}'\"><img src=x onerror=alert(1)><script>alert(1)</script>"
HOSTILE = (
    MARK,
    "javascript:alert(1)",
    "\u202egnp.exe\u2066",
    "\u0000",
    "x" * 400,
    "%00%ff%2e%2e%2f",
    "../../etc/passwd",
    "'; DROP TABLE models; --",
    "{{7*7}}${7*7}{x}",
    "9" * 400,
    "-1",
    "1e309",
    "nan",
    "0x1f",
    "\u0661",  # a digit, though not one of ours
    "\ud7ff\uffff\U0001f525",
    "2026-02-30",
    "2026-11-19T00:00",
    "",
    " ",
)

# -- anything in the address -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    """Two models that have no name in common; bellis is never asked for by its model."""
    return Asker(fleet_of(tmp_path_factory.mktemp("garden"), ASTER, BELLIS))


def values(param: Any | None = None) -> st.SearchStrategy[str]:
    """What may stand behind a key: what the page would write itself, names of both models, and anything at all."""
    known = [*ASTER.all, *BELLIS.all, "2026-11-18", "1", "0", "2", "90", "red", "drift", "missing", "-weight", "model"]
    if param is not None and param.default is not None:
        known.append(param.write(param.default))
    return st.one_of(
        st.sampled_from(known),
        st.sampled_from(HOSTILE),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=40),
        st.integers(-(10**12), 10**12).map(str),
    )


@st.composite
def addresses(draw: st.DrawFn, key: str) -> tuple[str, dict[str, str]]:
    """An address of a page, and the arguments of its path: right ones more often than not, so that more is reached."""
    page = ROUTES[key].page
    args = {
        name: draw(st.one_of(st.just(ARGUMENTS[name]), st.just(ARGUMENTS[name]), values())) for name in page.arguments
    }
    pairs = []
    for _ in range(draw(st.integers(0, 5))):
        param = draw(st.sampled_from([*page.params, None]))
        name = param.key if param else draw(st.one_of(st.sampled_from(["lang", "x", "model_id", "at"]), values()))
        written = draw(values(param))
        # As a browser writes it, or raw, as somebody types it.
        pairs.append(f"{quote(name)}={quote(written) if draw(st.booleans()) else written.replace('#', '')}")
    return page.write(args) + ("?" + "&".join(pairs) if pairs else ""), args


@pytest.mark.parametrize("key", ROUTES)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_address_is_a_page_and_shows_no_other_model(garden: Asker, key: str, data: st.DataObject) -> None:
    address, args = data.draw(addresses(key))
    nodes, document = garden.ask(address)
    assert not of_class(nodes, "failure"), text(nodes)
    check_links(nodes)
    if args and args.items() <= ARGUMENTS.items():
        shown = unquote(unquote(json.dumps([nodes, document], ensure_ascii=False)))
        for word in sorted(asked_for(address), key=len, reverse=True):
            shown = shown.replace(word, "")  # the page may say what it was asked for, and that it does not know it
        assert "bellis" not in shown.lower()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_document_reflects_nothing(garden: Asker, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(ROUTES)))
    address, _args = data.draw(addresses(key))
    answer = garden.client.get(quote(address, safe="/?&=%~'\"<>;"))
    assert answer.status_code in (200, 404)
    html = answer.get_data(as_text=True)
    assert WORD not in html
    assert "passwd" not in html
    assert "onerror" not in html
    assert "\u202e" not in html


@pytest.mark.parametrize("word", HOSTILE)
def test_the_plain_routes_stand_anything(garden: Asker, word: str) -> None:
    for path in (
        f"/_table.csv?table={quote(word)}&at={quote('/' + word)}",
        f"/_table.csv?table={quote(word)}&at=/&lang={quote(word)}",
        f"/_table.csv?at={quote('/models/aster?' + word)}",
        f"/_models.json?lang={quote(word)}",
        f"/_hope.json?{quote(word)}",
        f"/{quote(word)}",
        f"/models/{quote(word)}/inputs/{quote(word)}?{quote(word)}",
    ):
        answer = garden.client.get(path)
        assert answer.status_code < 500
        assert "html" not in answer.mimetype or WORD not in answer.get_data(as_text=True)


def test_a_repeated_key_counts_once(garden: Asker) -> None:
    nodes, _ = garden.ask("/?colour=red&colour=green&colour=%3Cb%3E")
    once, _ = garden.ask("/?colour=red")
    assert nodes == once


# -- anything as a name ------------------------------------------------------------------------------------

EVIL = Names(
    model='../a/b?c#d&e=f%20"q" <script>alert(1)</script>\u202e',
    name='=HYPERLINK("http://evil.example") <b>bold</b> \u202eename ' + "n" * 240,
    team='@team <img src=x onerror=alert(1)> "T" & Co',
    owner="o'brien+<b>@example.org",
    versions=("+v1</script><script>alert(1)</script>", "\u202ev2 " + "v" * 300),
    number='<b>wait</b> "\u202e" %{y} & ' + "w" * 250,
    category="=cmd|' /C calc'!A0 <i>brand</i>",
    levels=("<script>alert(2)</script>", '-"Quoted" & \u2067rtl', "l" * 300),
    unseen="=1+1<img src=x onerror=alert(3)>",
    batch="<u>batch</u>\u202e/..?#&",
    note="<script>alert(4)</script> \u202e " + "long " * 60,
    author="<b>nobody</b>@example.org",
)
MARKUP = re.compile(r"<(script|img|b|i|u)\b", re.IGNORECASE)
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    return Asker(fleet_of(tmp_path_factory.mktemp("evil"), EVIL))


def evil_addresses(key: str) -> Iterator[str]:
    """The page about what has these names, plainly and with every name among its parameters."""
    page = ROUTES[key].page
    known = {"model_id": EVIL.model}
    for variable in (EVIL.number, EVIL.category) if "variable" in page.arguments else ("",):
        path = page.write({**{name: variable for name in page.arguments}, **known} if page.arguments else {})
        yield path
        for name, value in (
            ("version", EVIL.versions[0]),
            ("batch", EVIL.batch_id(TODAY)),
            ("against", EVIL.batch_id(TODAY)),
            ("team", EVIL.team),
            ("owner", EVIL.owner),
            ("segment", EVIL.levels[0]),
            ("left", EVIL.model),
        ):
            if name in {param.key for param in page.params}:
                yield f"{path}?{name}={quote(value)}" + ("&right=" + quote(EVIL.model) if name == "left" else "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ROUTES)
def test_names_of_any_kind_are_text_on_every_page(evil: Asker, key: str, language: str) -> None:
    for address in evil_addresses(key):
        nodes, document = evil.ask(address, Accept_Language=language)
        assert not of_class(nodes, "failure"), address
        check_links(nodes)
        check_figures(nodes)
        assert not [said for said in read(nodes) if BIDI.search(said)], f"{address}: a name turns its line around"
        assert not BIDI.search(document["title"])
        assert len(document["title"]) <= 160
        for picture in of_kind(nodes, "Img"):
            assert not MARKUP.search(unquote(picture["props"]["src"]))


@pytest.mark.parametrize("key", ROUTES)
def test_names_of_any_kind_are_text_in_a_file(evil: Asker, key: str) -> None:
    for address in evil_addresses(key):
        nodes, _ = evil.ask(address)
        for link in of_class(nodes, "download"):
            answer = evil.client.get(link["props"]["href"])
            assert answer.status_code == 200, link["props"]["href"]
            assert answer.mimetype == "text/csv"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            for line in answer.get_data(as_text=True).removeprefix("\ufeff").split("\r\n"):
                for cell in line.split(","):
                    assert not cell.strip('"').startswith(("=", "@", "+")), "a spreadsheet would compute it"


# -- what the checks look at -------------------------------------------------------------------------------


def asked_for(address: str) -> set[str]:
    """Every part of an address as a page may repeat it: decoded, and as it stands."""
    raw = [part for part in re.split("[?&=/]", address) if part]
    found = {*raw, *map(unquote, raw), *map(unquote_plus, raw)}
    return {word for word in found if "bellis" in word.lower()} | {json.dumps(word)[1:-1] for word in found if word}


def read(node: Any) -> Iterator[str]:
    """The texts of the nodes, without what has to stay exact since it is copied: identifiers and commands."""
    if isinstance(node, list):
        for child in node:
            yield from read(child)
    elif isinstance(node, dict) and node["type"] not in ("Code", "Pre"):
        yield from read(node["props"].get("children"))
    elif isinstance(node, str):
        yield node


def check_links(nodes: list[Any]) -> None:
    """No address of a link, a picture or a form leads into a script, and none leaves unasked."""
    for node in walk(nodes):
        for name in ("href", "src", "action"):
            target = node["props"].get(name)
            if target is None:
                continue
            assert target.startswith(("/", "#", "https://", "http://", "mailto:", "data:image/")), target
            assert not target.startswith("//"), target
            if target.startswith(("http://", "https://")):
                assert "noopener" in node["props"]["rel"]
                assert urlsplit(target).hostname


def check_figures(nodes: list[Any]) -> None:
    """Plotly draws a few tags in its strings: none of them may come from a name."""
    for graph in (node for node in walk(nodes) if node["type"] == "Graph"):
        for said in strings(graph["props"]["figure"]):
            assert not re.search(r"<(?!/?(b|i|br|sub|sup|span|extra)\b)", said), said
            assert "onerror" not in said or "<img" not in said
            assert not BIDI.search(said), said
            # Tags that plotly knows are ours only where no name stands within them.
            assert not re.search(r"<b>(wait|bold|nobody)|<i>brand|<u>batch", said), said


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value
