"""The variable page: any two batches against training, in every order and measure, and what it says where data lack."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.web.asking import Asker, of_class, of_kind, text, walk
from tests.web.changing import ROWS
from tests.web.changing import TODAY as CHANGING_TODAY
from tests.web.moving import HOSTILE, TODAY
from tests.web.parts import beneath, figure, link_of, page, saved, table_rows

WAIT, BRAND, TENURE = (f"/models/moving/inputs/{variable}" for variable in ("wait", "brand", "tenure"))


# -- order --------------------------------------------------------------------------------------------------


def test_figures_stand_as_defined_and_the_table_by_change_unless_one_order_is_asked_for(moving_pages: Asker) -> None:
    plain, changed = page(moving_pages, TENURE), page(moving_pages, f"{TENURE}?order=change")
    assert figure(plain, "history")["layout"]["yaxis"]["ticktext"][-1] == "(missing)"
    assert figure(changed, "history")["layout"]["yaxis"]["ticktext"][0] == "(missing)"
    assert beneath(changed, "batch")["rows"][0][0] == "(missing)"
    for body in (plain, changed):
        assert table_rows(body, "moved")[0][0] == "(missing)"
    defined = page(moving_pages, f"{TENURE}?order=defined")
    assert figure(defined, "history")["layout"]["yaxis"]["ticktext"][-1] == "(missing)"
    assert table_rows(defined, "moved")[0][0].startswith("≤")


def test_by_change_the_levels_that_moved_most_come_first_in_figure_and_file(moving_pages: Asker) -> None:
    body = page(moving_pages, f"{BRAND}?order=change")
    named = [row[0] for row in beneath(body, "batch")["rows"]]
    assert named[0] == "(unseen levels)"
    file = saved(moving_pages, body, "bins")
    assert file[0][-1] == "PSI"
    parts = [float(row[-1]) for row in file[1:]]
    assert parts == sorted(parts, reverse=True)
    assert [row[0] for row in file[1:]] == [name for name in named if name != "(missing)"]


def test_the_largest_part_of_the_psi_has_the_longest_bar(moving_pages: Asker) -> None:
    bars = of_class(of_class(page(moving_pages, TENURE), "moved")[0], "part")
    widths = [bar["props"]["children"]["props"]["style"]["width"] for bar in bars]
    assert widths[0] == "100%"
    assert all(int(width[:-1]) < 20 for width in widths[1:])


# -- two batches --------------------------------------------------------------------------------------------


def test_two_batches_are_measured_against_training_and_against_each_other(moving_pages: Asker) -> None:
    other = TODAY - timedelta(days=12)
    body = page(moving_pages, f"{TENURE}?against={other}")
    rows = {row[0]: row[1:] for row in table_rows(body, "distances")}
    now, before, between = (float(cell.split()[0]) for cell in rows["PSI"])
    assert now > 1
    assert before < 0.1
    assert between > 1
    assert {"Jensen-Shannon distance, base 2", "KS on bins", "Wasserstein distance, normed"} <= set(rows)
    file = saved(moving_pages, body, "distances")
    assert file[1][0] == "psi"
    assert float(file[1][1]) == pytest.approx(now, abs=0.005)
    # Levels have no order: of them there are no distances of values.
    levels = {row[0] for row in table_rows(page(moving_pages, BRAND), "distances")}
    assert "KS on bins" not in levels


def test_numbers_stand_beside_what_training_tells_of_them(moving_pages: Asker) -> None:
    body = page(moving_pages, WAIT)
    rows = {row[0]: row[1] for row in table_rows(body, "variable-facts")}
    assert rows["Median"].startswith("≈")
    assert rows["5 % lie below"].startswith("<"), "the first bin is open: of a quantile in it only the side is known"
    assert rows["95 % lie below"].startswith(">")
    file = {row[0]: row[1:] for row in saved(moving_pages, body, "numbers")}
    assert float(file["q50"][0]) == pytest.approx(float(file["mean"][0]), abs=0.1)
    assert file["q5"][0] == ""


# -- any batch ----------------------------------------------------------------------------------------------


def test_a_day_names_its_batch_and_a_day_without_one_the_nearest(moving_pages: Asker) -> None:
    notices = text(of_class(page(moving_pages, f"{WAIT}?batch=2026-10-19&version=v1"), "notice"))
    assert "No batch on that day; the nearest one is of 21" in notices.replace("\u00a0", " ")
    between = page(moving_pages, f"{WAIT}?batch=2026-11-10")
    assert "You look at the batch of 10 November" in text(of_class(between, "notice")).replace("\u00a0", " ")


def test_a_day_of_an_earlier_version_shows_that_version(moving_pages: Asker) -> None:
    body = page(moving_pages, f"{WAIT}?batch=2026-10-01")
    assert "You look at the batch of 1 October" in text(of_class(body, "notice")).replace("\u00a0", " ")


def test_every_batch_can_be_reached_by_its_day(moving_pages: Asker) -> None:
    fields = [node["props"] for node in walk(page(moving_pages, f"{WAIT}?version=v1")) if "data-field" in node["props"]]
    assert [field["data-key"] for field in fields] == ["batch", "against"]
    assert (fields[0]["data-least"], fields[0]["data-most"]) == ("2026-09-11", "2026-10-30")
    assert fields[0]["data-address"] == f"{WAIT}?version=v1"


def test_a_batch_beside_it_that_is_gone_is_said(moving_pages: Asker) -> None:
    assert "to put beside it is no longer there" in text(of_class(page(moving_pages, f"{WAIT}?against=x"), "notice"))


@pytest.mark.parametrize("query", ["order=sideways&batch=9999-99-99", "batch=0001-01-01&against=9999-12-31"])
def test_orders_and_days_that_make_no_sense_fall_back(moving_pages: Asker, query: str) -> None:
    assert of_class(page(moving_pages, f"{WAIT}?{query}"), "moved")


# -- what the cells say -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "said"),
    [("columns", "% at the strongest"), ("change", "points at the strongest"), ("counts", "at the strongest")],
)
def test_the_strongest_colour_has_a_number(moving_pages: Asker, mode: str, said: str) -> None:
    reading = text(of_class(page(moving_pages, f"{BRAND}?mode={mode}"), "reading")).replace("\u00a0", " ")
    assert said in reading
    counts = figure(page(moving_pages, f"{BRAND}?mode=counts"), "history")["data"][0]
    assert counts["zmax"] == max(max(row) for row in counts["z"])


# -- where data lack ----------------------------------------------------------------------------------------


def test_a_variable_that_vanished_shows_the_version_that_had_it(changing_pages: Asker) -> None:
    notice = text(of_class(page(changing_pages, "/models/changing/inputs/old"), "notice"))
    assert "Version v2, in use now, does not have it; this is version v1." in notice
    assert not of_class(page(changing_pages, "/models/changing/inputs/new"), "notice")


def test_too_few_rows_are_judged_together_and_distances_say_whose_they_are(changing_pages: Asker) -> None:
    body = page(changing_pages, "/models/changing/inputs/new")
    words = text(body).replace("\u00a0", " ")
    assert f"{ROWS} rows are too few by themselves: the newest" in words
    assert "Of the batches by themselves" in words


def test_unseen_levels_beyond_those_named_are_counted(changing_pages: Asker) -> None:
    body = page(changing_pages, "/models/changing/inputs/plan")
    rows = table_rows(body, "unseen-levels")
    assert sum(int(row[1]) for row in rows) == ROWS
    assert rows[-1][0] == "(more levels, not named)"
    assert len(rows) == 21
    assert saved(changing_pages, body, "unseen")[1][3] == CHANGING_TODAY.isoformat()


def test_many_levels_fold_by_weight_or_by_change(changing_pages: Asker) -> None:
    address = "/models/changing/inputs/plan"
    for query in ("", "?order=change"):
        ticks = figure(page(changing_pages, address + query), "history")["layout"]["yaxis"]["ticktext"]
        assert sum("more levels" in tick for tick in ticks) == 1
    body = page(changing_pages, f"{address}?levels=1")
    assert link_of(body, "Draw fewer levels") == address
    assert len(figure(body, "history")["layout"]["yaxis"]["ticktext"]) == 32


def test_hostile_names_are_only_names_in_files_too(moving_pages: Asker) -> None:
    body = page(moving_pages, f"/models/moving/inputs/{quote(HOSTILE, safe='')}?order=change")
    assert saved(moving_pages, body, "numbers")[0][1] == "Training"
    assert len(of_kind(body, "H1")) == 1
