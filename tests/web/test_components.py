"""Small parts: what they say and where they lead."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace
from urllib.parse import unquote

import pytest

from dashboard.web.components import chips
from dashboard.web.components.inputs_table import inputs_table
from dashboard.web.components.outside_link import is_web, outside_link
from dashboard.web.components.pager import page_of
from dashboard.web.components.stoplight import glyph, stoplight
from dashboard.web.components.strip import described, strip
from dashboard.web.components.svg import TONES
from dashboard.web.components.table import Column, sorting, table
from dashboard.web.components.trend import trend
from dashboard.web.views.inputs import Standing
from dashboard.web.words import number
from tests.web.asking import of_kind, text


def test_no_colour_is_no_data_and_never_green() -> None:
    for nothing in (None, "", "purple"):
        assert text(stoplight(nothing, "en")) == "No data"
        assert "grey" in stoplight(nothing, "fr")["props"]["className"]
        assert glyph(nothing, "Drift", "en")["props"]["aria-label"] == "Drift: no data"
    assert glyph("red", "Dérive", "fr")["props"]["aria-label"] == "Dérive\u00a0: rouge"


@pytest.mark.parametrize(("colour", "said"), [("grey", "Could not be judged"), ("green", "Stable")])
def test_a_variable_that_was_not_judged_is_not_called_stable(colour: str, said: str) -> None:
    request = SimpleNamespace(
        t=lambda words: words["en"],
        **{"language": "en", "today": None, "params": {"sort": "name"}, "args": {"model_id": "m"}},
        **{"to": lambda *_, **__: "/", "link": lambda **_: "/"},
    )
    row = Standing("plan", "categorical", None, colour, None, 0.08, 0.01, 0.0, 0.0, 0.0, 0.07)
    shown = text(inputs_table(request, [row], {}, version="v1"))  # type: ignore[arg-type]
    assert said in shown
    assert ("Stable" in shown) == (said == "Stable")


def drawing(node: dict) -> str:
    return unquote(node["props"]["src"].partition(",")[2])


def test_a_strip_has_one_path_a_colour_and_one_bar_a_batch() -> None:
    node = strip(["green"] * 3 + ["red"] * 2 + ["green", None], "en", places=10)
    svg = drawing(node)
    assert svg.count("<path") == 3
    moves = {
        tone: [tuple(map(float, move)) for move in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)", path)]
        for path, tone in re.findall(r"<path d='([^']+)' stroke='(#\w+)'", svg)
    }
    assert moves[TONES["green"]] == [(9.0, 9.0), (24.0, 3.0)]
    assert moves[TONES["red"]] == [(18.0, 6.0)]
    assert moves[TONES["grey"]] == [(27.0, 3.0)]
    assert node["props"]["alt"] == "Last 7 batches: 2 red, 1 no data, 4 green"


def test_a_strip_shows_the_newest_and_says_how_long_it_has_been_so() -> None:
    assert described(["green"] * 5 + ["red"] * 3, "en") == "Last 8 batches: 3 red, 5 green; the last 3 red"
    assert described(["green"], "fr") == "Un lot\u00a0: 1 vert"
    assert described([], "en") == "No batch yet"
    assert "40 green" in strip(["red"] * 30 + ["green"] * 40, "en", places=40)["props"]["alt"]


def test_a_trend_stacks_amber_on_red_and_states_its_peak() -> None:
    days = [date(2026, 11, number) for number in (1, 2, 3)]
    node = trend(days, [1, 0, 2], [0, 3, 8], "en")
    (image,) = of_kind(node, "Img")
    svg = drawing(image)
    assert re.findall(r"M(\d+) ([\d.]+)h5v-([\d.]+)", svg) == [
        ("6", "64", "19.2"), ("12", "64", "51.2"), ("0", "64", "6.4"), ("12", "12.8", "12.8"),
    ]  # fmt: skip
    assert "1 at first, 10 now, 10 at most (on 3\u00a0Nov)" in image["props"]["alt"]


def test_a_trend_without_trouble_is_drawn_too() -> None:
    (image,) = of_kind(trend([date(2026, 11, 1)], [0], [0], "fr"), "Img")
    assert "<path" not in drawing(image)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org/x?y=1", True),
        ("http://localhost:8080", True),
        (" https://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ("http://[bad", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(address: str, safe: bool) -> None:
    assert is_web(address) is safe
    if address is not None:
        links = of_kind(outside_link("runbook", address), "A")
        assert bool(links) is safe


def test_a_table_names_its_rows_and_its_sort() -> None:
    columns = [Column("Name", sort="name"), Column("Rows", "number", sort="rows", descending=True), Column("Note")]
    node = table(
        columns, [["a", "1", "x"]], caption="Batches", sorted_by="-rows", link=lambda s: f"?{s}", row_heading=0
    )
    heads = [head["props"] for head in of_kind(node, "Th")]
    assert [head.get("aria-sort") for head in heads] == [None, "descending", None, None]
    assert [link["props"]["href"] for link in of_kind(node, "A")] == ["?name", "?rows"]
    assert heads[3]["scope"] == "row"
    assert text(of_kind(node, "Caption")) == "Batches"
    assert sorting(("name",)) == ("name", "-name")


def test_a_menu_says_what_is_chosen() -> None:
    options = [chips.Choice("all", "/"), chips.Choice("Risk", "/?team=Risk", True, "3")]
    node = chips.menu("Team", options)
    assert text(of_kind(node, "Summary")) == "Team Risk"
    assert "active" in node["props"]["className"]
    assert [link["props"].get("aria-current") for link in of_kind(node, "A")] == [None, "true"]


def test_a_page_beyond_the_last_is_the_last() -> None:
    assert [page_of(page, 201, 100) for page in (1, 3, 4, 99)] == [1, 3, 3, 3]
    assert page_of(5, 0, 100) == 1


def test_small_numbers_are_words() -> None:
    assert [number(n, "en") for n in (1, 12, 13, 1300)] == ["one", "twelve", "13", "1,300"]
    assert number(3, "fr") == "trois"
