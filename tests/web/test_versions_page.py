"""The versions of a model side by side, asked as a browser asks."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import pytest

from qod.warehouse import Warehouse
from tests.web.asking import Asker, main, of_class, of_kind, text, walk
from tests.web.versions_world import HOSTILE, NOTE, versions_world

MANY = "/models/many/versions"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return versions_world(tmp_path_factory.mktemp("versions"))


@pytest.fixture(scope="module")
def pages(tables: Warehouse) -> Asker:
    return Asker(tables, cookies=False)


def page(pages: Asker, address: str) -> dict[str, Any]:
    nodes, _ = pages.ask(address)
    return main(nodes)


def rows_of(node: Any, place: int) -> dict[str, list[str]]:
    """The cells of the table of a card by the words of its row's heading."""
    table = of_kind(of_kind(node, "Section")[place], "Tbody")[0]
    return {text(of_kind(row, "Th")[0]): [text(cell) for cell in of_kind(row, "Td")] for row in of_kind(table, "Tr")}


def card(node: Any, name: str) -> Any:
    return next(found for found in of_kind(node, "Section") if found["props"].get("id") == name)


def table_of(node: Any, name: str) -> dict[str, list[str]]:
    rows = of_kind(of_kind(card(node, name), "Tbody")[0], "Tr")
    return {text(of_kind(row, "Th")[0]): [text(cell) for cell in of_kind(row, "Td")] for row in rows}


def csv(pages: Asker, table: str, address: str) -> list[str]:
    answer = pages.client.get(f"/_table.csv?{urlencode({'table': table, 'at': address, 'lang': 'en'})}")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True)).splitlines()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "address",
    [
        *(f"/models/{model}/versions" for model in ("many", "alone", "bare", "unscored", "hours")),
        f"{MANY}?left=v3&right=v1",
        "/compare",
        "/compare?left=many",
        "/compare?left=many&right=hours",
        "/compare?left=many&right=alone",
        "/compare?left=many&left_version=v3&right=many&right_version=v1",
        "/compare?left=hours&right=hours",
        "/compare?left=unscored&right=many",
        "/compare?left=bare&right=many",
    ],
)
def test_no_part_of_a_page_fails_in_either_language(pages: Asker, address: str, language: str) -> None:
    body = page(pages, f"{address}{'&' if '?' in address else '?'}lang={language}")
    assert not of_class(body, "failure")
    words = text(body)
    assert "nan" not in words.lower().split()
    if language == "fr":
        for word in (" at training", "missing", "rows", "side by side", "Difference", "no batch"):
            assert word not in words


def test_the_version_in_use_is_held_against_the_one_before_in_a_sentence(pages: Asker) -> None:
    lead = text(of_class(page(pages, MANY), "lead")[0])
    assert "was trained on 20\u00a0% more rows than v1" in lead
    assert "one variable came; one variable went; one changed its type" in lead
    assert "AUC at training ." in lead


def test_the_address_chooses_the_two_versions_and_the_menus_swap_them(pages: Asker) -> None:
    body = page(pages, f"{MANY}?left=v1&right=v3")
    assert "v1 was trained on 29\u00a0% fewer rows than v3" in text(of_class(body, "lead")[0])
    facts = card(body, "facts")
    menus = of_class(facts, "chip")
    other = next(a for a in of_kind(menus[0], "A") if text(a) == "v3")["props"]["href"]
    assert "left=v3" in other
    assert "right=v1" in other


def test_each_two_versions_have_differences_of_their_own(pages: Asker) -> None:
    pairs = [("v1", "v3"), ("v3", "v1"), ("v1", quote(HOSTILE))]
    told = [csv(pages, "variables", f"{MANY}?left={left}&right={right}") for left, right in pairs]
    assert told[0] != told[1] != told[2] != told[0]


def test_a_version_that_does_not_exist_falls_back_with_a_word(pages: Asker) -> None:
    body = page(pages, f"{MANY}?left=v9")
    assert "There is no version \u201cv9\u201d" in text(of_class(body, "notice")[0])
    assert text(of_class(body, "lead")) == text(of_class(page(pages, MANY), "lead"))


def test_the_facts_say_the_difference(pages: Asker) -> None:
    facts = table_of(page(pages, MANY), "facts")
    assert facts["Training rows"] == ["2,400", "2,000", "+20\u00a0%"]
    assert facts["Variables"][2] == "the same"
    assert facts["In use"][0] == "since 31\u00a0Oct"
    assert facts["In use"][1] == "11\u00a0Oct to 30\u00a0Oct"


def test_each_variable_says_what_changed_and_by_how_much(pages: Asker) -> None:
    variables = table_of(page(pages, MANY), "variables")
    assert list(variables)[:3] == ["new", "old", "plan"]
    assert variables["new"][0] == "came"
    assert variables["old"][0] == "went"
    assert variables["plan"][0] == "type: categorical, was numeric"
    # ``wait`` has bins of its own in each version: no PSI, but what must have moved whatever the bins.
    assert variables["wait"][3].startswith("at least 3")
    assert "bins differ" in variables["wait"][3]
    assert "sd" in variables["wait"][4]
    assert float(variables["fee"][3].replace("<\u00a0", "0")) < 0.05
    links = {text(a): a["props"]["href"] for a in of_kind(card(page(pages, MANY), "variables"), "A")}
    assert links["old"] == "/models/many/inputs/old?version=v1"


def test_a_version_that_scores_beside_the_one_in_use_is_shown_on_the_same_days(pages: Asker) -> None:
    body = page(pages, f"{MANY}?left=v3")
    assert "Both scored the same 10 days" in text(card(body, "shared"))
    assert len(table_of(body, "shared")) == 10
    versions = of_kind(of_kind(card(body, "all"), "Tbody")[0], "Tr")
    beside = next(row for row in versions if text(row).startswith("A v3"))
    assert "not yet: scores beside the one in use" in text(beside)
    assert not [found for found in of_kind(page(pages, MANY), "Section") if found["props"].get("id") == "shared"]


def test_one_version_or_none_says_what_is_missing(pages: Asker) -> None:
    assert "There is one version only." in text(page(pages, "/models/alone/versions"))
    bare = text(page(pages, "/models/bare/versions"))
    assert "vigie reference bare VERSION" in bare
    assert "not yet: no batch" in text(page(pages, "/models/unscored/versions"))


def test_the_measures_at_training_say_whether_the_difference_is_more_than_chance(pages: Asker) -> None:
    measures = table_of(page(pages, MANY), "measures")
    assert measures["AUC"][3] == "no: within chance"
    assert "\u00b1" in measures["AUC"][0]
    assert {"Gini", "Log loss", "Brier score"} <= measures.keys()
    assert {"RMSE", "MAE", "Bias"} <= table_of(page(pages, "/models/hours/versions"), "measures").keys()


def test_the_files_hold_every_row_unrounded(pages: Asker) -> None:
    overview = csv(pages, "versions", MANY)
    assert len(overview) == 4
    assert overview[0].startswith("\ufeffVersion,Trained")
    assert "auc" in overview[0]
    variables = csv(pages, "variables", MANY)
    assert len(variables) == 1 + len(table_of(page(pages, MANY), "variables"))
    days = csv(pages, "days", f"{MANY}?left=v3")
    assert days[1].startswith("2026-11-10,")
    assert csv(pages, "training", MANY)[1].startswith("auc,0.")
    assert len(csv(pages, "facts", MANY)) > 6


def test_marks_are_told_beneath_the_figure_and_in_its_alternative(pages: Asker) -> None:
    body = card(page(pages, MANY), "states")
    items = [text(item) for item in of_kind(of_class(body, "marks")[0], "Li")]
    assert len(items) == 5
    assert items[0].startswith("5\u00a0Nov \u00b6 note by")
    assert any(NOTE in item for item in items)
    assert any("retraining asked by vigie" in item for item in items)
    caption = text(of_kind(body, "Figcaption")[0])
    assert "2 deployments, one retraining asked, 2 notes" in caption
    graph = next(node for node in walk(body) if node["type"] == "Graph")
    texts = [label["text"] for label in graph["props"]["figure"]["layout"]["annotations"]]
    assert any(words.startswith("\u21bb") for words in texts)
    assert all("<" not in words for words in texts)
    # The notes keep their line where the name of a version leaves their label no room.
    assert "longdash" in {shape["line"].get("dash") for shape in graph["props"]["figure"]["layout"]["shapes"]}
    link = next(a for a in of_kind(of_class(body, "marks")[0], "A") if "v1" in text(a))
    assert link["props"]["href"] == "/models/many/versions?left=v1"


# compare


def test_two_models_share_one_axis_and_say_why_no_measure_compares_their_tasks(pages: Asker) -> None:
    body = page(pages, "/compare?left=many&right=hours")
    assert "Their tasks differ" in text(card(body, "cohorts"))
    graph = next(node for node in walk(card(body, "states")) if node["type"] == "Graph")
    heat = graph["props"]["figure"]["data"][0]
    assert len(heat["y"]) == 11
    assert all(len(row) == len(heat["x"]) for row in heat["z"])
    both = page(pages, "/compare?left=many&right=alone")
    points = next(node for node in walk(card(both, "cohorts")) if node["type"] == "Graph")["props"]["figure"]["data"]
    markers = [trace["marker"]["symbol"] for trace in points if "markers" in trace["mode"]]
    assert {"circle", "diamond"} <= set(markers)


def test_variables_in_common_lead_to_the_page_of_either_side_and_sort(pages: Asker) -> None:
    address = "/compare?left=many&right=hours"
    body = page(pages, address)
    rows = of_kind(of_kind(card(body, "variables"), "Tbody")[0], "Tr")
    names = [text(of_kind(of_kind(row, "Th")[0], "Span")[0]) for row in rows]
    assert names[0] == next(name for name in names if "alert" in name)  # its levels differ most
    links = {a["props"]["href"] for a in of_kind(card(body, "variables"), "A")}
    assert "/models/hours/inputs/fee?version=v2" in links
    assert f"/models/many/inputs/fee?version={quote(HOSTILE, safe='')}" in links
    ordered = page(pages, f"{address}&sort=variable")
    first = of_kind(of_kind(card(ordered, "variables"), "Tbody")[0], "Th")[0]
    assert text(first).startswith("fee")
    assert "types differ" in text(card(body, "variables"))  # plan
    assert "prediction" in text(card(body, "only"))


def test_a_row_opens_the_distribution_of_its_variable(pages: Asker) -> None:
    body = page(pages, "/compare?left=many&right=alone&variable=fee")
    assert text(of_kind(card(body, "variable"), "H2")[0]) == "fee in the newest batches"
    figure = next(node for node in walk(card(body, "variable")) if node["type"] == "Graph")["props"]["figure"]
    assert sum(figure["data"][0]["x"]) == pytest.approx(100, abs=0.1)
    # A variable that cannot be drawn, or that does not exist, gives way to one that can.
    assert card(page(pages, "/compare?left=many&right=alone&variable=nothing"), "variable")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/compare?left=nobody&right=hours", "There is no model \u201cnobody\u201d."),
        ("/compare?left=many&left_version=v9&right=hours", "has no version \u201cv9\u201d"),
        ("/compare?left=alone&right=alone", "Alone has one version only"),
        ("/compare?left=bare&right=many", "Bare has no version yet"),
    ],
)
def test_what_does_not_exist_is_said_and_the_menus_stay(pages: Asker, address: str, words: str) -> None:
    body = page(pages, address)
    assert words in text(of_class(body, "notice"))
    assert len(of_class(body, "picker")) == 2


def test_the_same_model_twice_is_two_of_its_versions(pages: Asker) -> None:
    body = page(pages, "/compare?left=hours&right=hours")
    assert text(of_class(body, "lead")).startswith("v2 was trained on as many rows as v1")
    other = page(pages, "/compare?left=hours&right=hours&right_version=v2")
    assert text(of_class(other, "lead")).startswith("v1 was trained on as many rows as v2")


def test_without_a_choice_the_menus_lead_to_each_model_and_offers_are_made(pages: Asker) -> None:
    body = page(pages, "/compare")
    left, right = of_class(body, "picker")
    assert "/compare?left=hours" in {a["props"]["href"] for a in of_kind(left, "A")}
    assert "/compare?right=hours" in {a["props"]["href"] for a in of_kind(right, "A")}
    offers = {a["props"]["href"] for a in of_kind(card(body, "what"), "A")}
    assert {"/models/many/versions", "/models/hours/versions"} <= offers
    assert "/models/alone/versions" not in offers
    chosen = page(pages, "/compare?left=many&left_version=v3")
    again = {a["props"]["href"] for a in of_kind(of_class(chosen, "picker")[1], "A")}
    assert "/compare?left=many&left_version=v3&right=hours" in again


def test_the_data_of_every_figure_has_as_many_cells_as_headings(pages: Asker) -> None:
    import json

    for address in (MANY, "/compare?left=many&right=alone"):
        for node in walk(page(pages, address)):
            if "data-table" in node["props"]:
                data = json.loads(node["props"]["data-table"])
                assert {len(row) for row in data["rows"]} == {len(data["columns"])}
