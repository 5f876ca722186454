"""What a webhook posts is what its schema says, whatever happened and whoever named it."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.alerts.advising.advice import Advice
from dashboard.alerts.writing.compose import compose
from dashboard.alerts.writing.payload import finite
from dashboard.retrain.decision import Decision
from dashboard.settings import Settings
from dashboard.text import LANGUAGES, Text
from tests.alerts.json_schema import faults
from tests.alerts.letters import EVIL
from tests.alerts.told import LETTER, SETTINGS, alone, changed, late, message, missing, model, shared, with_names, world

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "alert-payload.schema.json").read_text(encoding="utf-8"))
RED = changed(model(findings=[missing(), missing(subject="plan")]))
ADVICE = Advice(
    Text("Hold.", "Retenir."), Text("Mend.", "Réparer."), "WHERE x", {"version": 1, "to": math.inf}, 3, None
)
ASKED = Decision("churn", "v3", "b", date(2026, 11, 19), "failed", "airflow", "r", (Text("It is down.", "Il dort."),))

KINDS = {
    "model": [alone(replace(RED, retraining=ASKED))],
    "incident": [shared([changed(model(name, [missing(name)])) for name in ("churn", "fraud")])],
    "recovery": [
        replace(alone(changed(model("a"), "recovered", "red")), changes=(
            changed(model("a"), "recovered", "red"), changed(model("b"), "recovered", "amber")))
    ],
    "folded": [
        alone(RED),
        alone(changed(model("l", [late("l")]), "late")),
        alone(changed(model("p"), "passed", passed=((date(2026, 11, 18), "amber"),))),
        alone(changed(model("new", state="grey", batch_id=None, batch_date=None, model_version=None, since=None))),
    ],
}  # fmt: skip


def wrong(payload: Any) -> list[str]:
    """Where it is not as the schema says, read as a receiver reads it."""
    return list(faults(json.loads(json.dumps(payload, allow_nan=False)), SCHEMA, SCHEMA))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("settings", [SETTINGS, Settings()], ids=["linked", "bare"])
def test_every_kind_of_message_is_as_the_schema_says(kind: str, language: Any, settings: Settings) -> None:
    groups = KINDS[kind]
    told = message(*groups, language=language)
    letter = compose(told, world(told.changes), settings, advice={"churn": ADVICE})
    assert wrong(letter.payload) == []
    assert letter.payload["kind"] == kind
    assert (letter.payload["id"], letter.payload["subject"]) == (LETTER, letter.subject)
    assert letter.payload["text"] == letter.plain
    assert language == "en" or not re.search(r"\w'\w|\S [;:!?%](\s|$)", letter.plain)


def test_the_check_of_the_schema_sees_what_is_wrong() -> None:
    payload = dict(compose(message(alone(RED)), world([RED]), SETTINGS).payload)
    assert wrong(payload) == []
    assert wrong({**payload, "version": 2}) == ["$.version is not 1"]
    assert wrong({key: value for key, value in payload.items() if key != "to"}) == ["$ lacks to"]
    assert wrong({**payload, "id": "x\n"}) != []
    change = {**payload["changes"][0], "since": "yesterday"}
    assert wrong({**payload, "changes": [change]}) == ["$.changes[0].since is none of what it may be"]


def test_a_program_finds_what_it_needs() -> None:
    letter = compose(message(*KINDS["model"]), world([RED]), SETTINGS, advice={"churn": ADVICE})
    (change,) = letter.payload["changes"]
    assert (change["model_id"], change["before"], change["now"], change["since"]) == (
        "churn",
        "green",
        "red",
        "2026-11-19",
    )
    assert [finding["facts"]["value"] for finding in change["findings"]] == [0.38, 0.38]
    assert change["findings"][1]["url"].endswith(f"&event={LETTER}.0001")
    assert change["retraining"] == {
        "outcome": "failed", "target": "airflow", "request_id": "r", "reasons": ["It is down."]
    }  # fmt: skip
    assert change["advice"]["guard"] == {"version": 1, "to": None}


@pytest.mark.parametrize("name", EVIL)
def test_names_are_as_they_were_where_they_identify_and_harmless_where_they_are_read(name: str) -> None:
    change = with_names(RED, name)
    letter = compose(message(alone(change)), world([change]), SETTINGS)
    assert wrong(letter.payload) == []
    (told,) = letter.payload["changes"]
    assert told["batch"] == change.model.batch_id
    for text in (told["name"], told["team"], *(finding["sentence"] for finding in told["findings"])):
        assert all(char.isprintable() or char in "\u2068\u2069\u00a0\u202f" for char in text)


def test_a_storm_stays_within_what_receivers_take() -> None:
    changes = [changed(model(f"m{n}", [missing(f"m{n}", f"x{k}") for k in range(8)])) for n in range(300)]
    payload = compose(message(*map(alone, changes)), world(changes), SETTINGS).payload
    assert len(payload["changes"]) == 300
    assert {len(change["findings"]) for change in payload["changes"]} == {1}
    assert {change["findings_in_all"] for change in payload["changes"]} == {8}
    assert len(json.dumps(payload)) < 1_000_000


def test_no_number_is_none_of_json() -> None:
    assert finite({"a": [math.nan, {"b": -math.inf}], 1: (2.5, True)}) == {"a": [None, {"b": None}], "1": [2.5, True]}
    assert finite(date(2026, 11, 21)) == "2026-11-21"
