"""The inputs page: what is shown, of which variables, in which order, as a map or as small charts."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

import pytest

from tests.web.asking import Asker, of_class, of_kind, text, walk
from tests.web.moving import HOSTILE, LEVEL
from tests.web.parts import beneath, figure, link_of, page, saved, table_rows

INPUTS = "/models/moving/inputs"


def names(node: object) -> list[str]:
    """The variables of the table, in its order."""
    return [row[1] for row in table_rows(node, "inputs")]


def test_what_weighs_most_times_what_has_moved_comes_first_and_the_reader_sees_so(moving_pages: Asker) -> None:
    body = page(moving_pages, INPUTS)
    impact = [float(row[8].removeprefix("<\u00a0") or 0) for row in table_rows(body, "inputs")]
    assert impact == sorted(impact, reverse=True)
    assert "importance × drift" in text(of_class(body, "chip-value")[-1])
    assert link_of(body, "state, worst first") == f"{INPUTS}?sort=state"
    by_missing = page(moving_pages, f"{INPUTS}?sort=-missing")
    assert "a column of the table" in text(of_class(by_missing, "chip-value"))


def test_what_the_model_says_is_no_input(moving_pages: Asker) -> None:
    body = page(moving_pages, INPUTS)
    assert not {"score", "prediction"} & {*names(body), *beneath(body, "inputs-drift")["columns"]}
    assert link_of(body, "predictions") == "/models/moving/predictions"
    score = page(moving_pages, f"{INPUTS}/score")
    trail = text(next(node for node in walk(score) if node["type"] == "Nav"))
    assert "Inputs" not in trail
    (current,) = [link for link in of_kind(of_class(score, "tabs"), "A") if link["props"].get("aria-current")]
    assert text(current) == "Predictions"


def test_values_outside_the_range_have_a_map_of_the_variables_that_have_one(moving_pages: Asker) -> None:
    body = page(moving_pages, f"{INPUTS}?show=out_of_range")
    drawn = beneath(body, "inputs-out_of_range")
    assert "brand" not in drawn["columns"]
    assert {"wait", "tenure"} <= set(drawn["columns"])
    wait = drawn["columns"].index("wait")
    assert all(row[wait] is not None for row in drawn["rows"])
    levels = beneath(page(moving_pages, f"{INPUTS}?show=unseen"), "inputs-unseen")["columns"]
    assert levels[2:] == ["brand"]


def test_a_name_can_be_looked_for_in_map_and_table(moving_pages: Asker) -> None:
    body = page(moving_pages, f"{INPUTS}?find=TEN")
    assert names(body) == ["tenure"]
    assert beneath(body, "inputs-drift")["columns"][2:] == ["tenure"]
    (field,) = [node["props"] for node in walk(body) if node["props"].get("data-field") == "search"]
    assert (field["data-key"], field["data-value"], field["data-address"]) == ("find", "TEN", INPUTS)
    (hostile,) = names(page(moving_pages, f"{INPUTS}?find={quote('<script>')}&view=multiples"))
    assert hostile.startswith(HOSTILE[:8])
    none = page(moving_pages, f"{INPUTS}?find=zzz")
    assert "No variable is called so." in text(none)
    assert link_of(none, "Show all variables") == INPUTS
    assert not of_class(none, "inputs")


def test_only_what_is_coloured_can_be_shown(moving_pages: Asker) -> None:
    body = page(moving_pages, f"{INPUTS}?only=coloured")
    assert names(body) == ["tenure", "brand"]
    assert beneath(body, "inputs-drift")["columns"][2:] == ["tenure", "brand"]
    none = page(moving_pages, f"{INPUTS}?only=coloured&show=out_of_range&find=brand")
    assert "None of these variables can have such rows." in text(none)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_small_charts_are_pictures_with_words_that_lead_to_their_variable(moving_pages: Asker, language: str) -> None:
    body = page(moving_pages, f"{INPUTS}?view=multiples&version=v2&lang={language}")
    assert not [node for node in walk(body) if node["type"] == "Graph"]
    (grid,) = of_class(body, "multiples")
    charts = of_kind(grid, "A")
    assert [text(of_class(chart, "multiple-name")) for chart in charts] == names(body)
    assert charts[0]["props"]["href"].startswith(f"{INPUTS}/tenure?version=v2")
    alt = of_kind(charts[0], "Img")[0]["props"]["alt"].replace("\u00a0", " ")
    if language == "en":
        assert re.search(
            r"^tenure, Drift: \d\.\d+ in the batch of 19 November, .* at most .*\d red.* of 20 batches", alt
        )
    else:
        assert " rouge" in alt


def test_the_bars_of_small_charts_are_as_tall_as_the_size_and_cut_at_the_top(moving_pages: Asker) -> None:
    body = page(moving_pages, f"{INPUTS}?view=multiples&show=missing&version=v2")
    (tenure,) = [chart for chart in of_kind(of_class(body, "multiples"), "A") if "tenure" in chart["props"]["href"]]
    drawn = unquote(of_kind(tenure, "Img")[0]["props"]["src"])
    heights = [float(height) for height in re.findall(r"M\d+ 44v-([\d.]+)h", drawn)]
    assert len(heights) == 20
    assert sorted(heights)[-3:] == [44.0] * 3, "three batches miss 40 %, twice what reaches the top"
    assert max(sorted(heights)[:-3]) < 12
    assert LEVEL not in drawn


def test_the_table_is_saved_whole_with_plain_numbers(moving_pages: Asker) -> None:
    body = page(moving_pages, f"{INPUTS}?sort=name&find=e")
    file = saved(moving_pages, body, "variables")
    assert [row[0].split()[0] for row in file[1:]] == [name.split()[0] for name in names(body)]
    tenure = dict(zip(file[0], next(row for row in file if row[0] == "tenure"), strict=True))
    assert 0.3 < float(tenure["Missing"]) < 0.5
    assert tenure["Since"] == "2026-11-17"
    assert tenure["State"] == "Red"


def test_the_map_says_the_same_as_its_cells(moving_pages: Asker) -> None:
    body = page(moving_pages, f"{INPUTS}?last=0&find=wait")
    heat, told = figure(body, "inputs-drift")["data"][0], beneath(body, "inputs-drift")["rows"]
    sizes = [value for value, step in zip(heat["customdata"][0], heat["z"][0], strict=True) if step is not None]
    assert sizes == [pytest.approx(row[2], abs=0.06) for row in told]


@pytest.mark.parametrize("query", ["view=rows&only=all&find=" + "x" * 300, "find=%00&only=coloured&sort=-outside"])
def test_controls_that_make_no_sense_fall_back(moving_pages: Asker, query: str) -> None:
    assert of_class(page(moving_pages, f"{INPUTS}?{query}"), "row-tools")
