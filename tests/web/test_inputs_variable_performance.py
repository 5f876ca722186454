"""The pages about variables and performance, asked as a browser asks, on a model whose inputs move."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from qod.warehouse import Warehouse
from tests.web.asking import Asker, main, of_class, of_kind, text, walk
from tests.web.moving import HOSTILE, LEVEL, RETRAINED, TODAY, moving

PAGES = (
    "/models/moving/inputs",
    "/models/moving/inputs/wait",
    "/models/moving/inputs/brand",
    "/models/moving/performance",
)
VARIABLES = ("amount", "wait", "brand", "tenure", HOSTILE)
DERIVED = ("reconstruction_error",)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return moving(tmp_path_factory.mktemp("moving"))


@pytest.fixture(scope="module")
def pages(tables: Warehouse) -> Asker:
    return Asker(tables, cookies=False)


def page(pages: Asker, address: str) -> dict[str, Any]:
    nodes, _ = pages.ask(address)
    return main(nodes)


def figures(node: Any) -> dict[str, Any]:
    """The figures of a page by their key."""
    graphs = [found["props"] for found in walk(node) if found["type"] == "Graph"]
    return {props["id"].removeprefix("chart-"): props["figure"] for props in graphs}


def data(node: Any, key: str) -> dict[str, Any]:
    """What stands beneath the figure ``key`` as a table."""
    figure = next(found for found in of_class(node, "chart") if f"chart-{key}" in json.dumps(found))
    (holder,) = of_class(figure, "chart-data")
    table: dict[str, Any] = json.loads(holder["props"]["data-table"])
    return table


def row_names(node: Any) -> list[str]:
    return [text(cell) for cell in of_kind(of_class(node, "inputs")[0], "Th") if cell["props"].get("scope") == "row"]


def link_of(node: Any, words: str) -> str:
    return str(next(found for found in of_kind(node, "A") if text(found) == words)["props"]["href"])


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", PAGES)
def test_no_part_of_a_page_fails_in_either_language(pages: Asker, address: str, language: str) -> None:
    body = page(pages, f"{address}?lang={language}")
    assert not of_class(body, "failure")
    assert figures(body)


@pytest.mark.parametrize("address", PAGES)
def test_the_two_languages_say_different_words(pages: Asker, address: str) -> None:
    english, french = (text(page(pages, f"{address}?lang={language}")) for language in ("en", "fr"))
    for word in (" at training", "missing", "Newer", "Older", "Show", "the batch"):
        assert word not in french
    assert english != french


# inputs


def test_the_inputs_begin_with_how_many_need_a_look_and_the_gravest(pages: Asker) -> None:
    lead = text(of_class(page(pages, "/models/moving/inputs"), "lead"))
    assert lead.startswith("2 of 6 variables need a look. tenure is missing in")


def test_the_heat_map_has_a_row_a_variable_and_gaps_where_batches_are_missing(pages: Asker) -> None:
    heat = figures(page(pages, "/models/moving/inputs?last=0"))["inputs-drift"]["data"][0]
    assert len(heat["z"]) == len(VARIABLES) + len(DERIVED)
    assert len(heat["z"][0]) == 67 + 2
    assert sum(column is None for column in heat["z"][0]) == 2


def test_all_versions_in_use_stand_on_one_axis_with_their_deployments(pages: Asker) -> None:
    body = page(pages, "/models/moving/inputs?last=0")
    layout = figures(body)["inputs-drift"]["layout"]
    names = [annotation["text"].removesuffix(" deployed") for annotation in layout["annotations"]]
    assert names == ["◆ v1", "◆ v2"]
    rows = data(body, "inputs-drift")["rows"]
    assert {row[1] for row in rows if row[0] < RETRAINED.isoformat()} == {"v1"}
    assert {row[1] for row in rows if row[0] >= RETRAINED.isoformat()} == {"v2"}


def test_a_retrain_that_heals_is_seen(pages: Asker) -> None:
    body = page(pages, "/models/moving/inputs?last=0")
    table = data(body, "inputs-drift")
    wait = table["columns"].index("wait")
    by_day = {row[0]: row[wait] for row in table["rows"]}
    assert by_day[(RETRAINED - timedelta(days=1)).isoformat()] > 0.5
    assert by_day[RETRAINED.isoformat()] < 0.1


def test_one_version_alone_can_be_looked_at(pages: Asker) -> None:
    rows = data(page(pages, "/models/moving/inputs?version=v2"), "inputs-drift")["rows"]
    assert len(rows) == 20
    assert len(data(page(pages, "/models/moving/inputs?version=nonsense"), "inputs-drift")["rows"]) == 67


def test_the_window_limits_the_batches(pages: Asker) -> None:
    body = page(pages, "/models/moving/inputs?last=30")
    assert len(data(body, "inputs-drift")["rows"]) == 30
    assert link_of(body, "365") == "/models/moving/inputs?last=365"
    assert link_of(body, "90") == "/models/moving/inputs"


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("", "tenure"),
        ("name", HOSTILE.replace("\u202e", "")),
        ("-name", "wait"),
        ("-missing", "tenure"),
        ("-unseen", "brand"),
    ],
)
def test_the_table_and_the_heat_map_are_sorted_alike(pages: Asker, sort: str, first: str) -> None:
    body = page(pages, f"/models/moving/inputs?sort={sort}")
    names = row_names(body)
    assert " ".join(names[0].split()) == " ".join(first.split())
    assert [name.replace("\u202e", " ").split() for name in data(body, "inputs-drift")["columns"][2:]] == [
        name.split() for name in names
    ]


def test_missing_and_unseen_have_maps_of_their_own(pages: Asker) -> None:
    missing = figures(page(pages, "/models/moving/inputs?show=missing"))["inputs-missing"]["data"][0]
    tenure = missing["z"][0]
    assert tenure[-1] > 16 > tenure[0] > 0
    unseen = figures(page(pages, "/models/moving/inputs?show=unseen&sort=-unseen"))["inputs-unseen"]["data"][0]
    assert unseen["customdata"][0][-1] == pytest.approx(0.04, abs=0.02)


def test_a_cell_leads_to_its_variable_in_its_batch_and_version(pages: Asker) -> None:
    body = page(pages, "/models/moving/inputs?last=0&sort=name")
    targets = json.loads(of_class(body, "chart-plot")[0]["props"]["data-targets"])
    assert targets["keys"] == ["batch", "version"]
    assert targets["columns"][-1] == [TODAY.isoformat(), "v2"]
    assert targets["columns"].count(None) == 2
    assert targets["rows"][0] == f"/models/moving/inputs/{quote(HOSTILE, safe='')}"
    assert "wait" in text(page(pages, f"{targets['rows'][-1]}?batch={TODAY}&version=v2"))


def test_every_row_of_the_table_is_a_link(pages: Asker) -> None:
    body = page(pages, "/models/moving/inputs")
    hrefs = [link["props"]["href"] for link in of_kind(of_class(body, "inputs")[0], "A")]
    for variable in (*VARIABLES, *DERIVED):
        assert f"/models/moving/inputs/{quote(variable, safe='')}" in hrefs


# variable


def test_a_variable_begins_with_its_finding(pages: Asker) -> None:
    body = page(pages, "/models/moving/inputs/tenure")
    assert text(of_class(body, "lead")).startswith("tenure is missing in")
    assert text(of_class(of_class(body, "title"), "light")) == "Red"


def test_a_calm_variable_says_so_and_why(pages: Asker) -> None:
    body = page(pages, "/models/moving/inputs/amount")
    lead = text(of_class(body, "lead"))
    assert lead.startswith("Stable: PSI")
    assert "0 % missing, 0 % at training" in lead.replace("\u00a0", " ")
    assert text(of_class(of_class(body, "title"), "light")) == "Green"


@pytest.mark.parametrize(
    ("variable", "said"),
    [("prediction", "reaches the model"), ("reconstruction_error", "going together"), ("amount", "")],
)
def test_a_variable_that_vigie_made_says_what_it_is(pages: Asker, variable: str, said: str) -> None:
    notices = [text(notice) for notice in of_class(page(pages, f"/models/moving/inputs/{variable}"), "notice")]
    assert [said in notice for notice in notices] == ([True] if said else [])


def test_the_panels_share_the_axis_of_the_chosen_version(pages: Asker) -> None:
    body = page(pages, "/models/moving/inputs/wait?version=v1&last=0")
    figure = figures(body)["history"]
    heat, band, line = figure["data"][:3]
    assert (heat["type"], band["fill"], line["mode"]) == ("heatmap", "tozeroy", "lines+markers")
    assert len(heat["z"]) == 11
    assert len(line["x"]) == len(heat["x"]) == 47 + 2
    assert line["y"][-1] > 0.25


@pytest.mark.parametrize("mode", ["columns", "change", "rows", "counts"])
def test_cells_show_what_the_address_asks_for(pages: Asker, mode: str) -> None:
    body = page(pages, f"/models/moving/inputs/brand?mode={mode}")
    template = figures(body)["history"]["data"][0]["hovertemplate"]
    assert {"columns": "%{z:.1f}", "change": "pt", "rows": "%{customdata", "counts": "%{z:,}"}[mode] in template


def test_a_batch_can_be_chosen_and_another_put_beside_it(pages: Asker) -> None:
    older, other = TODAY - timedelta(days=2), TODAY - timedelta(days=12)
    body = page(pages, f"/models/moving/inputs/tenure?batch={older}&against={other}")
    assert "17 Nov against training" in text(body).replace("\u00a0", " ")
    bars = figures(body)["batch"]["data"]
    assert len(bars) == 3
    headings = [text(cell).replace("\u00a0", " ") for cell in of_kind(of_class(body, "moved")[0], "Th")][:5]
    assert headings == ["Bin", "Training", "7 Nov", "17 Nov", "of PSI"]
    assert "You look at the batch of 17 November" in text(body).replace("\u00a0", " ")


def test_links_go_to_the_neighbours_and_keep_the_rest(pages: Asker) -> None:
    day = TODAY - timedelta(days=5)
    body = page(pages, f"/models/moving/inputs/wait?batch={day}&mode=change&last=30")
    older, newer = of_class(body, "steps")[0]["props"]["children"]
    assert older["props"]["href"].endswith(f"?batch={day - timedelta(days=1)}&mode=change&last=30")
    assert newer["props"]["href"].endswith(f"?batch={day + timedelta(days=1)}&mode=change&last=30")
    assert older["props"]["aria-label"].startswith("Older batch")
    newest = page(pages, "/models/moving/inputs/wait")
    assert of_class(newest, "steps")[0]["props"]["children"][1]["type"] == "Span"


def test_the_batch_alone_finds_its_version(pages: Asker) -> None:
    day = RETRAINED - timedelta(days=1)
    body = page(pages, f"/models/moving/inputs/wait?batch={day}")
    assert "wait moved: PSI" in text(of_class(body, "lead"))


def test_a_batch_that_is_gone_is_said_and_the_newest_shown(pages: Asker) -> None:
    body = page(pages, "/models/moving/inputs/wait?batch=nonsense&against=nonsense")
    assert "no longer there" in text(of_class(body, "notice"))
    assert "19 Nov against training" in text(body).replace("\u00a0", " ")


def test_what_moved_adds_up_to_the_psi_on_the_page(pages: Asker) -> None:
    body = page(pages, "/models/moving/inputs/tenure")
    table = of_class(body, "moved")[-1]
    parts = [float(text(row["props"]["children"][-1])) for row in of_kind(of_kind(table, "Tbody"), "Tr")]
    psi = data(body, "history")["rows"][-1][2]
    assert sum(parts) == pytest.approx(psi, abs=0.01)
    assert parts == sorted(parts, reverse=True)
    assert text(of_kind(of_kind(table, "Tbody"), "Th")[0]) == "(missing)"


def test_unseen_levels_are_named_with_their_rows_and_first_batch(pages: Asker) -> None:
    table = of_class(page(pages, "/models/moving/inputs/brand"), "unseen-levels")[0]
    assert LEVEL in text(table)
    first = TODAY - timedelta(days=9)
    (link,) = of_kind(table, "A")
    assert link["props"]["href"] == f"/models/moving/inputs/brand?batch={first}"
    assert not of_class(page(pages, "/models/moving/inputs/wait"), "unseen-levels")


def test_the_facts_stand_beside_those_of_training(pages: Asker) -> None:
    table = of_class(
        page(pages, f"/models/moving/inputs/tenure?against={TODAY - timedelta(days=10)}"), "variable-facts"
    )[0]
    rows = {text(row["props"]["children"][0]): [text(cell) for cell in row["props"]["children"][1:]]
            for row in of_kind(of_kind(table, "Tbody"), "Tr")}  # fmt: skip
    assert rows["Rows"] == ["8,000", "400", "400"]
    assert rows["Missing"][0] == "1.0\u00a0%" or rows["Missing"][0].endswith("%")
    assert len(rows["Median"]) == 3
    assert rows["Mean"][0].startswith(("19", "20"))


def test_a_name_that_holds_markup_and_slashes_is_only_a_name(pages: Asker) -> None:
    body = page(pages, f"/models/moving/inputs/{quote(HOSTILE, safe='')}")
    assert not of_class(body, "failure")
    title = text(of_kind(body, "H1"))
    assert "<script>alert(1)</script>" in title
    assert "\u202e" not in title
    drawn = json.dumps(figures(body)) + json.dumps(figures(page(pages, "/models/moving/inputs")))
    assert "<script" not in drawn
    assert "<i>" not in json.dumps(figures(page(pages, "/models/moving/inputs/brand?mode=counts")))


def test_an_unknown_variable_is_said_to_be_unknown(pages: Asker) -> None:
    words = pages.words("/models/moving/inputs/wiat")
    assert "There is no variable called" in words
    assert "wait" in words


# performance


def test_performance_begins_with_how_the_newest_final_cohort_stands(pages: Asker) -> None:
    lead = text(of_class(page(pages, "/models/moving/performance"), "lead"))
    assert lead.startswith("As good as at training: AUC of week 45 is .7")


def test_cohorts_are_provisional_until_their_truth_is_complete(pages: Asker) -> None:
    body = page(pages, "/models/moving/performance?last=0")
    rows = of_kind(of_kind(of_class(body, "cohorts")[0], "Tbody"), "Tr")
    states = [text(of_class(row, "light")) for row in rows]
    assert states[:3] == ["Provisional", "Provisional", "Green"]
    assert "29\u00a0Nov" in text(rows[0])
    assert "hollow" in json.dumps(of_class(body, "key"))
    figure = figures(body)["performance"]
    assert [trace["type"] for trace in figure["data"]].count("bar") == 1


def test_every_measure_of_the_newest_cohort_that_counts_is_told(pages: Asker) -> None:
    body = page(pages, "/models/moving/performance")
    (card,) = [node for node in walk(body) if node["props"].get("id") == "measures"]
    assert "All measures of week 45" in text(card)
    rows = of_kind(of_kind(card, "Tbody")[0], "Tr")
    names = [text(of_kind(row, "Th")[0]) for row in rows]
    assert names[:3] == ["AUC", "Gini", "Average precision"]
    gini = [text(cell) for cell in of_kind(rows[1], "Td")]
    assert gini[0].startswith(".")
    assert " to " in gini[1]
    calibration = next(row for row in rows if "Calibration" in text(row))
    assert "by chance" in text(calibration)
    assert link_of(card, "Gini").endswith("#gini")
    french = page(pages, "/models/moving/performance?lang=fr")
    assert "Toutes les mesures de la semaine 45" in text(french)


def test_the_week_of_the_deployment_has_a_cohort_of_each_version(pages: Asker) -> None:
    rows = data(page(pages, "/models/moving/performance?last=0"), "performance")["rows"]
    assert [row[1] for row in rows if row[0] == "Week 44 of 2026"] == ["v1", "v2"]
    assert {row[1] for row in data(page(pages, "/models/moving/performance?version=v1"), "performance")["rows"]} == {
        "v1"
    }


# before there is data


def test_empty_pages_teach_the_next_command(pages: Asker) -> None:
    for address in ("/models/bare/inputs", "/models/bare/performance"):
        body = page(pages, address)
        assert "vigie reference bare VERSION" in text(body)
        assert not figures(body)


def test_without_truth_the_page_says_what_it_means_and_how_to_bring_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    pages = Asker(moving(tmp_path_factory.mktemp("untold"), told=False))
    body = page(pages, "/models/moving/performance")
    assert "No truth yet" in text(body)
    assert "vigie outcomes moving" in text(body)
    assert "7\u00a0days" in text(body)
    assert "Provisional" in text(of_class(body, "cohorts"))
    assert not of_class(body, "failure")


# addresses

HOSTILE_PARAMS = [
    "version=%00&batch=%F0%9F%94%A5",
    "last=-1&sort=drop",
    "mode=x&levels=2",
    "show=<b>&all=1",
    "batch=" + "x" * 3000,
]


@pytest.mark.parametrize("query", HOSTILE_PARAMS)
@pytest.mark.parametrize("address", PAGES)
def test_a_bad_query_falls_back(pages: Asker, address: str, query: str) -> None:
    assert not of_class(page(pages, f"{address}?{query}"), "failure")


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_a_page_leads_somewhere(pages: Asker, address: str) -> None:
    hrefs = {link["props"]["href"] for link in of_kind(page(pages, address), "A")}
    inside = sorted(href for href in hrefs if href.startswith("/"))
    assert inside
    for href in inside[:60]:
        parts = urlsplit(href)
        if parts.path == "/_table.csv":
            assert pages.client.get(href).status_code == 200, href
            continue
        assert pages.app.router.find(parts.path, f"?{parts.query}") is not None, href


@pytest.mark.parametrize("address", PAGES)
def test_every_term_has_its_entry_in_the_glossary(pages: Asker, address: str) -> None:
    terms = {term["props"]["href"] for term in of_class(page(pages, address), "term")}
    entries = {found["props"].get("id") for found in walk(page(pages, "/glossary"))}
    assert terms
    assert {urlsplit(term).fragment for term in terms} <= entries


def test_the_glossary_tells_of_derived_variables_and_writes_numbers_as_its_language_does(pages: Asker) -> None:
    entries = {found["props"].get("id") for found in walk(page(pages, "/glossary"))}
    assert {"prediction", "reconstruction_error"} <= entries
    assert "Principal components learnt on training rows" in pages.words("/glossary")
    french = pages.words("/glossary?lang=fr")
    assert "0,01 par défaut" in french
    assert "0.01 par défaut" not in french


@pytest.mark.parametrize("address", PAGES)
def test_a_second_look_asks_the_tables_nothing(tables: Warehouse, address: str) -> None:
    asker = Asker(tables)
    asker.ask(address)
    asked = len(asker.queries)
    asker.ask(address)
    assert len(asker.queries) == asked
