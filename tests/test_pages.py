"""Every page, asked for in every way: both languages, all states of a model, hostile names, nonsense in the address."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import dash
import dash.dcc
import dash.html
import pytest

import pages
from dashboard.address import encode_part
from dashboard.text import LANGUAGES
from qod.errors import VigieError
from qod.warehouse import open_warehouse
from tests.web.asking import Asker, main, of_class, of_kind, text, walk
from tests.web.lake import HOSTILE_MODEL, long_history, small_fleet

ROUTES = pages.load()
MODELS = ("churn-postpaid", "fraud", "late", "new", HOSTILE_MODEL)


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    return Asker(small_fleet(tmp_path_factory.mktemp("fleet")))


def address_of(key: str, model: str = "churn-postpaid", variable: str = "tenure_months") -> str:
    page = ROUTES[key].page
    known = {"model_id": model, "variable": variable}
    return page.write({name: known.get(name, "x") for name in page.arguments})


def checked(nodes: list[Any]) -> list[Any]:
    """The nodes, once it is sure that Dash knows every element and property, and that nothing failed."""
    for node in walk(nodes):
        library = {"dash_html_components": dash.html, "dash_core_components": dash.dcc}[node["namespace"]]
        getattr(library, node["type"])(**node["props"])  # refuses a property it does not have
    assert not of_class(nodes, "failure"), text(main(nodes))
    return nodes


# -- every page --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", MODELS, ids=lambda name: name[:12])
@pytest.mark.parametrize("key", ROUTES)
def test_a_page_stands_for_every_state_of_a_model(asker: Asker, key: str, model: str, language: str) -> None:
    nodes, document = asker.ask(address_of(key, model), Accept_Language=language)
    checked(nodes)
    (title,) = of_kind(main(nodes), "H1")
    assert text(title)
    assert document["language"] == language
    assert document["title"].endswith("\u00b7 Vigie") or text(title).startswith(("There is no", "Il n"))
    levels = [int(node["type"][1]) for node in walk(main(nodes)) if re.fullmatch(r"H[1-6]", node["type"])]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("key", ROUTES)
def test_a_page_stands_where_there_is_nothing_yet(key: str, tmp_path: Path) -> None:
    nodes, _ = Asker(open_warehouse(tmp_path / "none")).ask(address_of(key))
    checked(nodes)


def test_an_unknown_model_is_named_with_its_neighbours(asker: Asker) -> None:
    words = asker.words("/models/churn-postpaidd")
    assert "no model called" in words
    assert "churn-postpaid" in words


def test_identifiers_are_unique_on_a_page(asker: Asker) -> None:
    for key in ROUTES:
        nodes, _ = asker.ask(address_of(key))
        ids = [node["props"]["id"] for node in walk(nodes) if node["props"].get("id")]
        assert len(ids) == len(set(ids)), key


def test_links_lead_to_pages(asker: Asker) -> None:
    for key in ROUTES:
        nodes, _ = asker.ask(address_of(key))
        for link in of_kind(nodes, "A"):
            href = link["props"]["href"]
            if "download" in link["props"]:
                assert asker.client.get(href).status_code == 200, href
            elif href.startswith("/"):
                path, _, query = href.partition("#")[0].partition("?")
                assert asker.app.router.find(path, query), href
            else:
                assert href.startswith(("#", "https://", "mailto:")), href


# -- the fleet ---------------------------------------------------------------------------------------------


def test_the_fleet_answers_first_and_shows_the_worst_first(asker: Asker) -> None:
    nodes, _ = asker.ask("/")
    page = main(nodes)
    assert text(of_kind(page, "H1")) == "Three of six models need attention, two of them since yesterday."
    table = of_class(page, "fleet")[0]
    lights = [text(light) for light in of_class(table, "light")]
    assert lights == ["Red", "Red", "Amber", "No data", "No data", "Green"]
    tiles = [text(tile) for tile in of_class(page, "tile")]
    assert tiles == ["2 Red +2 since yesterday", "1 Amber", "1 Green \u22122 since yesterday", "2 No data"]
    assert [text(cell) for cell in of_class(table, "c-for")][1:4] == ["1\u00a0day", "1\u00a0day", "4\u00a0days"]


def test_the_fleet_in_french(asker: Asker) -> None:
    nodes, _ = asker.ask("/", Accept_Language="fr")
    assert text(of_kind(main(nodes), "H1")) == "Trois modèles sur six demandent attention, dont deux depuis hier."
    assert "Sans donnée" in text(main(nodes))


def test_a_cause_shared_by_two_models_is_shown_once(asker: Asker) -> None:
    nodes, _ = asker.ask("/")
    (callout,) = of_class(nodes, "callout")
    words = re.sub(r"\s+", " ", text(callout))
    assert words.startswith("One upstream break, two models. tenure_months")
    links = [link["props"]["href"] for link in of_kind(callout, "A")]
    assert links[:2] == ["/models/churn-fixed/inputs/tenure_months", "/models/churn-postpaid/inputs/tenure_months"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?colour=red", ["Churn, fixed line", "Churn, mobile postpaid"]),
        ("?team=Risk", ["Fraud, new lines"]),
        ("?task=multiclass", ["Fraud, new lines"]),
        ("?colour=red&team=Risk", []),
        ("?colour=amber&owner=ada%40example.org", ["Fraud, new lines"]),
    ],
)
def test_filters_are_addresses(asker: Asker, query: str, names: list[str]) -> None:
    nodes, _ = asker.ask("/" + query)
    assert [text(of_kind(cell, "A")) for cell in of_class(nodes, "c-model") if of_kind(cell, "A")][1:] == names or (
        not names and "No model matches" in text(main(nodes))
    )
    assert text(of_kind(main(nodes), "H1")).startswith("Three of six"), "the sentence is about the whole fleet"


def test_a_shared_cause_is_one_of_the_latest_batches(asker: Asker, tmp_path: Path) -> None:
    assert "tenure_months" in text(of_class(asker.ask("/")[0], "callout"))
    nodes, _ = Asker(long_history(tmp_path / "long")).ask("/")
    assert not of_class(nodes, "callout"), "the findings are of earlier batches, on the day a late model stopped"


def test_tables_are_sorted_by_links(asker: Asker) -> None:
    def names(query: str) -> list[str]:
        nodes, _ = asker.ask("/" + query)
        cells = of_kind(of_kind(of_class(nodes, "fleet"), "Tbody"), "Th")
        return [text(of_kind(cell, "A"))[:5] for cell in cells]

    assert names("?sort=model") == ["../a/", "Churn", "Churn", "Fraud", "Netwo", "Regis"]
    assert names("?sort=-model") == ["Regis", "Netwo", "Fraud", "Churn", "Churn", "../a/"]
    assert names("?sort=batch")[:2] == ["Regis", "Netwo"]
    assert names("?sort=nonsense") == names("")


def test_a_fleet_of_more_than_a_page_is_paged(tmp_path: Path) -> None:
    from tests.web.lake import large_fleet

    asker = Asker(large_fleet(tmp_path / "large", models=230, batches=3))
    shown = []
    for page in (1, 2, 3, 9):
        nodes, _ = asker.ask(f"/?page={page}&sort=model")
        shown.append([text(link) for link in of_kind(of_kind(of_class(nodes, "fleet"), "Tbody"), "A")])
    assert [len(names) for names in shown] == [100, 100, 30, 30]
    assert len(set(chain(*shown[:3]))) == 230
    assert "201 to 230 of 230" in text(of_class(nodes, "pager"))


# -- the model ---------------------------------------------------------------------------------------------


def test_a_model_says_what_is_wrong_since_when_and_where_to_look(asker: Asker) -> None:
    nodes, _ = asker.ask("/models/churn-postpaid")
    page = main(nodes)
    assert "In this state for 1\u00a0day, since 19\u00a0November." in text(of_class(page, "lead"))
    (finding,) = of_kind(of_class(page, "findings"), "A")
    assert text(finding).startswith("tenure_months is missing in 38\u00a0% of rows since 19\u00a0November")
    address = "/models/churn-postpaid/inputs/tenure_months?version=1&batch=2026-11-19&finding=missing"
    assert finding["props"]["href"] == address
    assert [text(light) for light in of_class(of_class(page, "families"), "light")] == [
        "Green",
        "Red",
        "No data",
        "Green",
    ]


def test_a_model_can_be_seen_as_of_an_earlier_batch(asker: Asker) -> None:
    words = asker.words("/models/churn-postpaid?batch=2026-11-10&version=1")
    assert "You look at the batch of 10\u00a0November 2026." in words
    assert "tenure_months" not in words
    assert "no longer there" in asker.words("/models/churn-postpaid?batch=1999-01-01")


def test_only_safe_addresses_are_links(asker: Asker) -> None:
    nodes, _ = asker.ask("/models/fraud")
    assert [link["props"]["href"] for link in of_class(nodes, "outside")] == ["https://git.example.org/churn"]
    assert "javascript:alert(1)" in text(main(nodes))


def test_a_model_without_data_teaches_the_next_command(asker: Asker) -> None:
    (taught,) = of_class(asker.ask("/models/new")[0], "empty")
    assert text(of_kind(taught, "Code")) == "vigie reference new VERSION training.parquet"


def test_a_hostile_name_is_text_and_leads_home(asker: Asker) -> None:
    nodes, document = asker.ask(f"/models/{encode_part(HOSTILE_MODEL)}")
    (title,) = of_kind(main(nodes), "H1")
    assert title["props"]["title"] == HOSTILE_MODEL
    assert len(text(title)) <= 90
    assert len(document["title"]) <= 60
    tabs = of_kind(of_class(nodes, "tabs"), "A")
    for link in tabs:
        found = asker.app.router.find(link["props"]["href"])
        assert found is not None
        assert found.args["model_id"] == HOSTILE_MODEL


def test_all_batches_can_be_paged_through_though_only_some_are_read(tmp_path: Path) -> None:
    asker = Asker(long_history(tmp_path / "long"))
    days: list[str] = []
    for page in range(1, 15):
        nodes, _ = asker.ask(f"/models/long?page={page}")
        batches = of_class(nodes, "batches")
        assert "of 200" in text(of_class(nodes, "pager"))
        assert "Last 60 batches" in text(main(nodes))
        days += [text(cell) for cell in of_class(batches, "c-day") if cell["type"] == "Th"]
    assert "196 to 200 of 200" in text(of_class(nodes, "pager"))
    assert len([day for day in days if day != "Day"]) == 200


def test_a_batch_older_than_those_that_are_read_can_be_looked_at(tmp_path: Path) -> None:
    asker = Asker(long_history(tmp_path / "long"))
    words = asker.words("/models/long?batch=2026-05-20")
    assert "You look at the batch of 20\u00a0May 2026." in words
    assert "no longer there" in asker.words("/models/long?batch=2025-05-20")


# -- the glossary ------------------------------------------------------------------------------------------


def test_the_glossary_has_every_metric_and_rule(asker: Asker) -> None:
    from dashboard import metrics, rules

    for language in LANGUAGES:
        nodes, _ = asker.ask("/glossary", Accept_Language=language)
        anchors = {node["props"].get("id") for node in walk(nodes)}
        assert set(metrics.load()) <= anchors
        assert {f"rule-{key}" for key in rules.load()} <= anchors
        for link in of_class(nodes, "anchor"):
            assert link["props"]["href"].removeprefix("#") in anchors


# -- the declarations --------------------------------------------------------------------------------------


def test_two_pages_at_one_address_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import types

    from dashboard.text import Text
    from dashboard.web.page import Page

    def module(key: str, path: str) -> Any:
        made = types.SimpleNamespace(PAGE=Page(key, path, Text("x", "x")), layout=lambda request: [])
        return made

    def load(**found: Any) -> Any:
        monkeypatch.setattr(pages, "modules", lambda package: found)
        return pages.load()

    assert set(load(a=module("a", "/x/<one>"))) == {"a"}
    with pytest.raises(VigieError, match="same address"):
        load(a=module("a", "/x/<one>"), b=module("b", "/x/<two>"))
    with pytest.raises(VigieError, match="must be the file's name"):
        load(a=module("b", "/x"))
    with pytest.raises(VigieError, match="should declare"):
        load(a=types.SimpleNamespace())
