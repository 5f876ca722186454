"""The page of incidents: what broke where, filtered by the address, and what each state of the fleet makes of it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.text import Language
from dashboard.troubles import Trouble
from dashboard.web.components.incidents_headline import headline
from qod.contract import table_from_columns
from qod.warehouse import open_warehouse
from tests.web.asking import Asker, main, of_class, of_kind, text
from tests.web.lake import TODAY, Columns, large_fleet

INCIDENT = "2026-11-19:tenure_months"


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    """Two models that share a cause since today, one with a trouble of its own, two whose incident ended a week ago."""
    warehouse = open_warehouse(tmp_path_factory.mktemp("incidents"))
    columns, red = Columns(), ["green"] * 29 + ["red"]
    columns.model("shared-a", "Shared A", "Base care", red, findings=["tenure_months"])
    columns.model("shared-b", "Shared <b>B</b>", "Growth", red, findings=["tenure_months"])
    columns.model("alone", "Alone", "Risk", red, findings=["age"])
    for name in ("was-a", "was-b"):
        columns.model(name, name, "Care", ["green"] * 30, findings=["plan"], found=TODAY - timedelta(days=8))
    columns.deliver(warehouse)
    return Asker(warehouse)


def cards(asker: Asker, address: str) -> list[dict[str, Any]]:
    nodes, _ = asker.ask(address)
    return of_class(nodes, "trouble")


def test_it_answers_first_and_leads_to_what_explains_it(asker: Asker) -> None:
    nodes, _ = asker.ask("/incidents")
    assert text(of_kind(main(nodes), "H1")) == "One incident and one single trouble are open."
    shared, alone = of_class(nodes, "trouble")
    assert shared["props"]["id"] == INCIDENT
    assert "tenure_months broke on 19\u00a0November in Shared A and Shared <b>B</b>" in text(shared)
    assert "2 models, 1 variable" in text(shared)
    hrefs = [link["props"]["href"] for link in of_kind(shared, "A")]
    assert "/models/shared-a" in hrefs
    (to_variable,) = [href for href in hrefs if href.startswith("/models/shared-b/inputs/tenure_months?")]
    assert "finding=missing" in to_variable
    assert "batch=" in to_variable
    assert "Alone" in text(alone)
    assert "age is missing" in text(alone)


def test_foreign_rows_of_events_break_no_page(tmp_path: Path) -> None:
    warehouse = open_warehouse(tmp_path)
    columns = Columns()
    columns.model("churn", "Churn", "Care", ["green"] * 29 + ["red"], findings=["age"])
    columns.deliver(warehouse)
    about = {"rule": "missing", "since": TODAY.isoformat(), "colour": "red"}
    said = [about | {"until": until} for until in ("soon", 7, [])]
    said += [
        about,
        about | {"colour": []},
        about | {"rule": ["missing"]},
        about | {"text": {"a": "\ud800"}, "incident": 5},
    ]
    rows = [*(json.dumps(one) for one in said), "[]", "7", "{", None]
    kinds = ["snoozed", "acknowledged", "note", "alert", "moon"]
    number = len(rows) * len(kinds)
    made = {
        "event_id": [f"e{place}" for place in range(number)],
        "happened_at": [datetime.combine(TODAY, time(9), UTC)] * number,
        "kind": [kind for kind in kinds for _ in rows],
        "model_id": ["churn"] * number,
        "subject": ["age", None] * (number // 2) + ["age"] * (number % 2),
        "facts": rows * len(kinds),
    }
    warehouse.deliver({"events": table_from_columns("events", made)}, kind="events")
    asker = Asker(warehouse)
    for address in ("/", "/incidents?days=90", "/models/churn", "/models/churn?event=e3", "/timeline"):
        nodes, _ = asker.ask(address)
        assert not of_class(nodes, "failure"), address
    answer = asker.client.get("/_table.csv", query_string={"table": "troubles", "at": "/incidents"})
    assert answer.status_code == 200


def test_in_french(asker: Asker) -> None:
    words = asker.words("/incidents?days=30", Accept_Language="fr")
    assert words.startswith("Un incident et un problème isolé sont ouverts.")
    assert "Prendre en charge" in words
    assert "Terminé" in words


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("team=Growth", [INCIDENT]),
        ("team=Risk", ["model:alone"]),
        ("team=Nobody", []),
        ("colour=red", [INCIDENT, "model:alone"]),
        ("colour=amber", []),
        ("owner=ada%40example.org", [INCIDENT, "model:alone"]),
        ("state=open", [INCIDENT, "model:alone"]),
        ("state=snoozed", []),
        ("state=nonsense&days=8&page=99", [INCIDENT, "model:alone"]),
        ("days=7", [INCIDENT, "model:alone"]),
        ("days=30", [INCIDENT, "model:alone", "2026-11-11:plan"]),
        ("days=30&team=Care", ["2026-11-11:plan"]),
        ("days=30&state=open", [INCIDENT, "model:alone"]),
    ],
)
def test_filters_are_addresses(asker: Asker, query: str, names: list[str]) -> None:
    assert [card["props"]["id"] for card in cards(asker, f"/incidents?{query}")] == names


def test_what_is_over_says_when_and_takes_no_action(asker: Asker) -> None:
    ended = cards(asker, "/incidents?days=30")[-1]
    assert "Over 11\u00a0November 2 models" in text(ended)
    assert of_class(ended, "action") == []
    assert "No incident ended in the last 7 days." in asker.words("/incidents?days=7")


def test_the_sentence_is_about_whose_models_are_asked_for(asker: Asker) -> None:
    assert asker.words("/incidents?team=Risk").startswith("One single trouble is open.")
    assert asker.words("/incidents?team=Care&days=30").startswith("Nothing is wrong now.")
    assert "Nothing matches these filters." in asker.words("/incidents?team=Care")


def test_the_table_has_every_finding(asker: Asker) -> None:
    answer = asker.client.get("/_table.csv", query_string={"table": "troubles", "at": "/incidents?days=30"})
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [(row["kind"], row["state"], row["model"], row["subject"], row["since"]) for row in rows] == [
        ("incident", "open", "shared-a", "tenure_months", "2026-11-19"),
        ("incident", "open", "shared-b", "tenure_months", "2026-11-19"),
        ("single", "open", "alone", "age", "2026-11-19"),
        ("incident", "over", "was-a", "plan", "2026-11-11"),
        ("incident", "over", "was-b", "plan", "2026-11-11"),
    ]


def test_the_link_of_the_fleet_leads_to_the_incident(asker: Asker) -> None:
    nodes, _ = asker.ask("/")
    hrefs = [link["props"]["href"] for link in of_kind(of_class(nodes, "callout"), "A")]
    key = INCIDENT.replace(":", "%3A")
    assert f"/incidents?at={key}#{key}" in hrefs


def test_a_calm_fleet_and_one_that_was_never_evaluated_teach(tmp_path: Path) -> None:
    warehouse = open_warehouse(tmp_path / "calm")
    columns = Columns()
    columns.model("calm", "Calm", "Care", ["green"] * 3)
    columns.deliver(warehouse)
    words = Asker(warehouse).words("/incidents")
    assert words.startswith("Nothing is wrong now.")
    assert "An incident appears here when" in words
    assert "vigie register" in Asker(open_warehouse(tmp_path / "none")).words("/incidents")


def test_a_fleet_of_hundreds_is_paged_and_asked_about_once(tmp_path: Path) -> None:
    asker = Asker(large_fleet(tmp_path / "large", models=400, batches=3))
    nodes, _ = asker.ask("/incidents")
    assert 0 < len(of_class(nodes, "trouble")) <= 50
    asker.queries.clear()
    asker.ask("/incidents?page=2")
    asker.ask("/incidents?colour=red", Accept_Language="fr")
    assert asker.queries == []


def test_an_address_leads_to_its_incident_beyond_the_first_page_and_says_where_it_is_over(tmp_path: Path) -> None:
    asker = Asker(large_fleet(tmp_path / "large", models=900, batches=2))
    second = cards(asker, "/incidents?page=2")
    (at,) = {card["props"]["id"] for card in second[-1:]}
    assert at not in {card["props"]["id"] for card in cards(asker, "/incidents")}
    assert at in {card["props"]["id"] for card in cards(asker, f"/incidents?at={at}")}
    said = "it is over, or has another cause now"
    assert said not in asker.words(f"/incidents?at={at}")
    assert said in asker.words("/incidents?at=model:none")
    nodes, _ = asker.ask(f"/incidents?at={at}")
    (previous,) = [one for one in of_kind(of_class(nodes, "pager"), "A") if one["props"].get("rel") == "prev"]
    assert "at=" not in previous["props"]["href"]


@pytest.mark.parametrize(
    ("open_", "cared", "english", "french"),
    [
        ((2, 5), (0, 1), "Two incidents and five single troubles are open; one is snoozed.", "Deux incidents et cinq "
         "problèmes isolés sont ouverts\u202f; un est en pause."),
        ((1, 0), (0, 0), "One incident is open.", "Un incident est ouvert."),
        ((0, 2), (2, 0), "Two single troubles are open; two are acknowledged.", "Deux problèmes isolés sont "
         "ouverts\u202f; deux sont pris en charge."),
        ((0, 0), (1, 13), "Nothing is open; one is acknowledged and 13 snoozed.", "Rien n\u2019est "
         "ouvert\u202f; un est pris en charge et 13 en pause."),
    ],
)  # fmt: skip
def test_the_sentence(open_: tuple[int, int], cared: tuple[int, int], english: str, french: str) -> None:
    def trouble(state: Any, *, shared: bool = False) -> Trouble:
        return Trouble(object() if shared else None, (), (), (), "red", TODAY, TODAY, state)  # type: ignore[arg-type]

    found = [trouble("open", shared=True)] * open_[0] + [trouble("open")] * open_[1]
    found += [trouble("acknowledged")] * cared[0] + [trouble("snoozed", shared=True)] * cared[1]
    languages: tuple[Language, Language] = ("en", "fr")
    assert [headline(found, language) for language in languages] == [english, french]
