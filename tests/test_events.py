"""Events: what people may write, what one click writes, and how long it holds."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dashboard import events
from dashboard.events import Event, Place, Statement, from_row, standing
from dashboard.finding import Finding
from dashboard.written import LONGEST_NAME, LONGEST_TEXT, WrongInputError, statement

TODAY = date(2026, 11, 19)
NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
KEY = "019a9c3e-7f00-7abc-8def-0123456789ab"

FINDING = Finding("churn", "1", "b1", TODAY, "tenure", "missing", "quality", "amber", TODAY - timedelta(days=2))
STATEMENT = Statement(KEY, "acknowledged", "Ada", "Known since Tuesday.")


def written(kind: str, finding: Finding = FINDING, hour: int = 0, **more: Any) -> list[Event]:
    said = replace(STATEMENT, key=f"key-{hour}", kind=kind, **more)
    return events.about(said, [finding], NOON + timedelta(hours=hour))


def kind_of(finding: Finding, *made: list[Event], today: date = TODAY) -> str:
    return standing(finding, [event for some in made for event in some], today).kind


# -- how long it holds -------------------------------------------------------------------------------------


def test_an_acknowledgement_says_who_and_when_and_holds_in_later_batches() -> None:
    found = standing(replace(FINDING, batch_id="b9", batch_date=TODAY), written("acknowledged"), TODAY)
    assert (found.kind, found.author, found.when, found.text) == ("acknowledged", "Ada", NOON, "Known since Tuesday.")
    assert found.until is None


@pytest.mark.parametrize(
    "changed",
    [
        {"since": TODAY},
        {"colour": "red"},
        {"subject": "age"},
        {"rule": "drift"},
        {"model_id": "fraud"},
    ],
)
def test_an_acknowledgement_ends_when_the_finding_becomes_another(changed: dict[str, Any]) -> None:
    assert kind_of(replace(FINDING, **changed), written("acknowledged")) == "open"


def test_a_finding_that_gets_better_stays_acknowledged() -> None:
    red = replace(FINDING, colour="red")
    assert kind_of(FINDING, written("acknowledged", red)) == "acknowledged"


def test_a_snooze_holds_until_its_last_day() -> None:
    snooze = written("snoozed", until=TODAY + timedelta(days=3))
    assert kind_of(FINDING, snooze, today=TODAY + timedelta(days=3)) == "snoozed"
    assert kind_of(FINDING, snooze, today=TODAY + timedelta(days=4)) == "open"
    assert kind_of(replace(FINDING, colour="red"), snooze) == "open"


def test_the_last_word_counts_in_whatever_order_events_come() -> None:
    first, second, third = written("acknowledged"), written("reopened", hour=1), written("acknowledged", hour=2)
    assert kind_of(FINDING, second, first) == "open"
    assert kind_of(FINDING, third, second, first) == "acknowledged"
    assert kind_of(FINDING, first, written("note", hour=3)) == "acknowledged", "a note changes nothing"


ROW = {
    "event_id": "e.0", "happened_at": NOON, "kind": "snoozed", "model_id": "churn", "model_version": None,
    "batch_id": None, "subject": "tenure", "author": None,
}  # fmt: skip
ABOUT = {"rule": "missing", "since": "2026-11-17", "colour": "amber"}


@pytest.mark.parametrize("facts", [None, "", "null", "[]", "7", '"text"', "{", "nonsense", "[" * 50_000, "9" * 5000])
def test_facts_that_are_no_object_are_none(facts: str | None) -> None:
    event = from_row({**ROW, "facts": facts})
    assert event.facts == {}
    assert kind_of(FINDING, [event]) == "open"


@pytest.mark.parametrize("until", [None, "", "soon", "2026-13-01", 20261201, ["2026-12-01"], {}, True])
def test_a_snooze_without_a_last_day_has_ended(until: object) -> None:
    facts = ABOUT | ({"until": until} if until is not None else {})
    assert kind_of(FINDING, [replace(from_row({**ROW, "facts": None}), facts=facts)]) == "open"
    event = from_row({**ROW, "facts": json.dumps(facts)})
    assert kind_of(FINDING, [event]) == "open"
    assert "until" not in event.facts
    later = from_row({**ROW, "facts": json.dumps(ABOUT | {"until": "2026-12-01"})})
    assert kind_of(FINDING, [later]) == "snoozed"


def test_facts_of_another_kind_than_they_should_be_are_left_out() -> None:
    facts = {"text": ["x"], "rule": {"a": 1}, "since": 3, "colour": [], "incident": 4, "own": [1, 2]}
    assert from_row({**ROW, "facts": json.dumps(facts)}).facts == {"own": [1, 2]}
    assert from_row({**ROW, "facts": '{"text": "half \\ud83d of it"}'}).facts == {"text": "half ? of it"}


# -- what one click writes ---------------------------------------------------------------------------------


def test_one_event_a_model_variable_and_rule_of_one_action() -> None:
    others = [replace(FINDING, rule="drift"), replace(FINDING, model_id="win-back"), replace(FINDING, batch_id="older")]
    made = events.about(STATEMENT, [FINDING, *others], NOON, incident="2026-11-17:tenure")
    assert [(e.model_id, e.subject, e.facts["rule"]) for e in made] == [
        ("churn", "tenure", "drift"),
        ("churn", "tenure", "missing"),
        ("win-back", "tenure", "missing"),
    ]
    assert len({e.event_id for e in made}) == 3
    assert {e.action for e in made} == {made[0].action}
    assert {e.facts["incident"] for e in made} == {"2026-11-17:tenure"}
    assert made[1].facts | {"rule": "missing", "since": "2026-11-17", "colour": "amber"} == made[1].facts


def test_the_same_twice_has_the_same_identifier_and_anything_else_another() -> None:
    one, again = events.about(STATEMENT, [FINDING], NOON), events.about(STATEMENT, [FINDING], NOON + timedelta(1))
    assert one[0].event_id == again[0].event_id
    for other in (
        replace(STATEMENT, author="Eve"),
        replace(STATEMENT, text="No."),
        replace(STATEMENT, kind="reopened"),
    ):
        assert events.about(other, [FINDING], NOON)[0].event_id != one[0].event_id, "a key replaces no other's words"
    later = replace(STATEMENT, key="019a9c3e-7f01-7000-8000-000000000000")
    assert events.about(later, [FINDING], NOON)[0].event_id > one[0].event_id, "they sort by the time in their key"


def test_events_survive_the_table() -> None:
    made = [*events.about(STATEMENT, [FINDING], NOON), *events.noted(STATEMENT, Place("churn"), NOON)]
    assert [from_row(row) for row in events.to_table(made + made).to_pylist()] == made


# -- what people may write ---------------------------------------------------------------------------------


def body(**changed: Any) -> dict[str, Any]:
    return {"kind": "snoozed", "key": KEY, "text": "Holidays.", "until": "2026-12-01", "author": " Ada "} | changed


def test_what_is_written_is_taken_as_it_is() -> None:
    made = statement(body(text=" Two\r\nlines <b>& more</b> \U0001f525 "), None, TODAY)
    assert made == Statement(KEY, "snoozed", "Ada", "Two\nlines <b>& more</b> \U0001f525", date(2026, 12, 1))
    assert statement(body(), "eve@example.org", TODAY).author == "eve@example.org", "nobody signs for another"
    assert statement(body(kind="acknowledged", text=None, until="nonsense"), None, TODAY).until is None


@pytest.mark.parametrize(
    ("changed", "english", "french"),
    [
        ({"kind": "delete"}, "no such action: \u201cdelete\u201d", "n\u2019existe pas"),
        ({"kind": ["note"]}, "no such action", "n\u2019existe pas"),
        ({"key": "x"}, "load the page again", "rechargez la page"),
        ({"key": None}, "load the page again", "rechargez la page"),
        ({"text": "  "}, "Say why", "Dites pourquoi"),
        ({"text": 7}, "Say why", "Dites pourquoi"),
        ({"kind": "note", "text": ""}, "it is empty", "elle est vide"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "2,001 characters; 2,000", "2\u202f001 caractères"),
        ({"text": "a\x00b"}, "control characters", "caractères de contrôle"),
        ({"text": "a\x1b[31m"}, "control characters", "caractères de contrôle"),
        ({"text": "a\ud800"}, "control characters", "caractères de contrôle"),
        ({"until": None}, "until which day", "jusqu\u2019à quel jour"),
        ({"until": "2026-02-30"}, "such as 3 December", "par exemple le 3\u00a0décembre"),
        ({"until": "2026-11-18"}, "today (19\u00a0November) or later", "aujourd\u2019hui"),
        ({"until": "2028-01-01"}, "a year at most", "un an au plus"),
        ({"author": ""}, "Say who you are", "Dites qui vous êtes"),
        ({"author": "A\nB"}, "Say who you are", "Dites qui vous êtes"),
        ({"author": "x" * (LONGEST_NAME + 1)}, "up to 100", "au plus 100"),
        ({"author": {"name": "Ada"}}, "Say who you are", "Dites qui vous êtes"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(changed: dict[str, Any], english: str, french: str) -> None:
    with pytest.raises(WrongInputError) as refused:
        statement(body(**changed), None, TODAY)
    assert english in refused.value.said.en.replace("3\u00a0December", "3 December")
    assert french in refused.value.said.fr


def test_the_last_day_of_a_snooze_may_be_today() -> None:
    assert statement(body(until=TODAY.isoformat()), None, TODAY).until == TODAY


def test_keys_of_any_uuid_are_taken() -> None:
    assert statement(body(key=str(uuid.uuid4())), None, TODAY).kind == "snoozed"
