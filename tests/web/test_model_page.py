"""The page of a model: the way from a colour to what explains it, what to do, and what can be taken away."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from qod.contract import table_from_columns
from qod.warehouse import Warehouse
from tests.web.asking import Asker, main, of_class, of_kind, text
from tests.web.lake import Columns, small_fleet

FLEET = {"drift": {"amber": 0.12}}
OWN = {"drift": {"red": 0.4}, "variables": {"tenure <b>": {"rules": {"drift": False}}}}


def page(asker: Asker, address: str, language: str = "en") -> dict[str, Any]:
    return main(asker.ask(address, Accept_Language=language)[0])


def links(node: Any) -> dict[str, str]:
    return {text(link): link["props"]["href"] for link in of_kind(node, "A")}


def table(asker: Asker, shown: dict[str, Any], key: str) -> list[dict[str, str]]:
    (address,) = [
        link["props"]["href"] for link in of_class(shown, "download") if f"table={key}" in link["props"]["href"]
    ]
    words = asker.client.get(address).get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(words.removeprefix("\ufeff"))))


def test_fleet_to_model_to_finding_is_two_clicks(asker: Asker) -> None:
    (way,) = [href for name, href in links(page(asker, "/")).items() if name == "Churn, mobile postpaid"]
    (finding,) = links(of_class(page(asker, way), "findings")).values()
    assert finding.startswith("/models/churn-postpaid/inputs/tenure_months?")
    assert "batch=2026-11-19" in finding


def test_what_to_do_leads_to_runbook_job_code_and_owner(small: Warehouse, folder: Path) -> None:
    (ways,) = of_class(page(Asker(small), "/models/fraud"), "ways")
    found = links(ways)
    assert found["Code"] == "https://git.example.org/churn"
    assert found["Write to ada@example.org"] == "mailto:ada@example.org?subject=Fraud%2C%20new%20lines"
    assert "javascript" not in json.dumps(found)
    bare = small_fleet(folder)
    entry = {key: values[:1] for key, values in entry_of("odd").items()}
    entry |= {"links": [json.dumps(["no", "table"])], "owner_email": ["a@b?cc=everyone"]}
    bare.deliver({"models": table_from_columns("models", entry)}, kind="register")
    shown = page(Asker(bare), "/models/odd")
    assert "mailto" not in json.dumps(shown)


def entry_of(model_id: str) -> dict[str, list[Any]]:
    made = Columns()
    made.model(model_id, model_id, "Team", [])
    return {key: list(values) for key, values in made.tables["models"].items()}


def test_each_bar_of_the_strip_is_a_way_to_its_batch(asker: Asker) -> None:
    bars = of_kind(of_class(page(asker, "/models/churn-postpaid"), "strip-links"), "A")
    assert [bar["props"]["href"] for bar in bars[-2:]] == [
        "/models/churn-postpaid?batch=2026-11-18&version=1",
        "/models/churn-postpaid",
    ]
    assert bars[-1]["props"]["title"] == "19\u00a0Nov, red"
    assert {(bar["props"]["tabIndex"], bar["props"]["aria-hidden"]) for bar in bars} == {("-1", "true")}
    old = of_class(page(asker, "/models/churn-postpaid?batch=2026-11-10&version=1"), "here")
    assert [bar["props"]["title"] for bar in old] == ["10\u00a0Nov, green"]


def test_every_batch_can_be_saved_not_only_those_on_screen(asker: Asker) -> None:
    shown = page(asker, "/models/churn-postpaid")
    rows = table(asker, shown, "batches")
    assert len(rows) == 30
    assert rows[0]["batch_date"] == "2026-11-19"
    assert (rows[0]["colour"], rows[0]["quality"], rows[0]["rows"]) == ("red", "red", "10029")
    (finding,) = table(asker, shown, "findings")
    assert (finding["subject"], finding["rule"], finding["colour"]) == ("tenure_months", "missing", "red")
    assert finding["sentence_en"].startswith("tenure_months is missing in 38")
    assert finding["sentence_fr"].startswith("tenure_months manque")


def test_the_policy_in_force_and_the_commands_that_explain(folder: Path) -> None:
    warehouse = small_fleet(folder)
    asker = Asker(warehouse)
    assert "Every threshold is the default" in text(page(asker, "/models/churn-fixed"))
    entry = entry_of("churn-fixed") | {"policy": [json.dumps(OWN)]}
    fleet = {"policy_id": ["fleet"], "policy": [json.dumps(FLEET)], "registered_at": entry["registered_at"]}
    warehouse.deliver(
        {"models": table_from_columns("models", entry), "policies": table_from_columns("policies", fleet)},
        kind="register",
    )
    (card,) = [
        one for one in of_kind(page(asker, "/models/churn-fixed"), "Section") if one["props"].get("id") == "policy"
    ]
    assert [text(line) for line in of_kind(of_class(card, "stated"), "Li")] == [
        "drift.amber = 0.12  (fleet)",
        "drift.red = 0.4  (model)",
        "tenure <b>: rules.drift = false  (model)",
    ]
    assert "/models/churn-fixed/policy" in links(card).values()
    assert text(of_kind(card, "Pre")).splitlines() == [
        "vigie explain churn-fixed --batch 2026-11-19 --version 1",
        "vigie policy show churn-fixed",
    ]


@pytest.mark.parametrize("model", ["new", "late", "fraud"])
def test_a_page_stands_in_every_state(asker: Asker, model: str) -> None:
    for language in ("en", "fr"):
        assert not of_class(page(asker, f"/models/{model}", language), "failure")
