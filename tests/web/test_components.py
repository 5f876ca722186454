"""Small parts: what they say and where they lead."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace
from urllib.parse import unquote

import numpy as np
import pytest

from dashboard.web.components import chips
from dashboard.web.components.day_axis import day_axis
from dashboard.web.components.inputs_table import inputs_table
from dashboard.web.components.outside_link import is_web, outside_link
from dashboard.web.components.pager import page_of
from dashboard.web.components.stoplight import glyph, stoplight
from dashboard.web.components.strip import day_strips, described, strip
from dashboard.web.components.svg import TONES
from dashboard.web.components.table import Column, sorting, table
from dashboard.web.components.trend import counts_data, trend
from dashboard.web.fleet_days import DayCounts
from dashboard.web.views.inputs import Standing
from dashboard.web.words import number
from tests.web.asking import of_class, of_kind, text


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
    row = Standing("plan", "categorical", None, colour, None, 0.08, 0.01, 0.0, 0.0, 0.0, None, 0.07)
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


def counted(red: list[int], amber: list[int], grey: list[int], green: list[int]) -> DayCounts:
    return DayCounts(date(2026, 11, 1), np.array([grey, green, amber, red]))


def test_a_trend_stacks_all_colours_and_states_its_peak() -> None:
    node = trend(counted([0, 3, 8], [1, 0, 0], [0, 0, 1], [9, 7, 1]), "en")
    (image,) = of_kind(node, "Img")
    areas = {tone: path for tone, path in re.findall(r"fill='(#\w+)'[^>]* d='([^']+)'", drawing(image))}
    assert areas == {
        TONES["green"]: "M0 64V0H18V64z",
        TONES["grey"]: "M0 64V57.6H6V44.8H12V6.4H18V64z",
        TONES["amber"]: "M0 64V57.6H6V44.8H12V12.8H18V64z",
        TONES["red"]: "M0 64V64H6V44.8H12V12.8H18V64z",
    }
    assert image["props"]["alt"] == (
        "Models in amber and red on 3 days: 1 at first, 8 now, 8 at most (on 3\u00a0Nov). "
        "All 10 models at the end: 8 red, 1 no data, 1 green."
    )
    assert text(of_class(node, "trend-scale")) == "10 0"


def test_a_trend_has_no_area_for_a_colour_that_is_not_there() -> None:
    (image,) = of_kind(trend(counted([0], [0], [0], [4]), "fr"), "Img")
    assert drawing(image).count("<path") == 1
    assert "Les 4 modèles à la fin\u00a0: 4 vert." in image["props"]["alt"]


def test_the_counts_of_the_trend_are_a_table() -> None:
    data = counts_data(counted([0, 3], [1, 0], [2, 2], [9, 7]), "en")
    assert data.columns == ["Day", "Red", "Amber", "No data", "Green"]
    assert data.rows == [["2026-11-01", 0, 1, 2, 9], ["2026-11-02", 3, 0, 2, 7]]


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (30, "5 Oct 12 Oct 19 Oct 30 Oct"),
        (200, "Oct Nov Dec Jan 2027 Feb Mar 18 Apr"),
        (800, "Jan 2027 Jul Jan 2028 Jul 8 Dec"),
        (1, "1 Oct"),
    ],
)
def test_an_axis_of_days_names_months_and_its_last_day(days: int, labels: str) -> None:
    first = date(2026, 10, 1)
    axis = day_axis([first + timedelta(days=place) for place in range(days)], "en")
    assert text(axis).replace("\u00a0", " ") == labels, "and none touches another"


def test_strips_of_days_are_bare_before_the_first_batch() -> None:
    one, two, none = day_strips(np.array([[4, 1, 1, 3], [2, 2, 2, 2], [4, 4, 4, 4]], np.uint8), "en")
    assert re.findall(r"M(\d+) [\d.]+h(\d+)' stroke='(#\w+)'", drawing(one)) == [
        ("3", "6", TONES["green"]), ("9", "3", TONES["red"]),
    ]  # fmt: skip
    assert re.findall(r"M(\d+) [\d.]+h(\d+)'", drawing(two)) == [("0", "12")]
    assert one["props"]["alt"] == "3 days: 1 red, 2 green"
    assert two["props"]["alt"] == "4 days: 4 amber"
    assert "<path" not in drawing(none)
    assert none["props"]["alt"] == "No batch yet"


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
