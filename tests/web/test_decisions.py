"""Retraining on the model's page: how the request stands, the answer to it, and the history of decisions."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dashboard.events import Event
from dashboard.reasons import reasons_of
from dashboard.web.views.retraining import awaited, retraining
from qod.warehouse import Warehouse
from tests.sending import send_events
from tests.web.asking import Asker, main, of_class, of_kind, text

MODEL = "churn-postpaid"
SINCE = date(2026, 11, 17)
NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
KEY = "019a9c3e-7f00-7abc-8def-0123456789ab"
HERE = {"Sec-Fetch-Site": "same-origin"}
WHY = {"en": "tenure_months <b> misses 38 % of its rows.", "fr": "Il manque 38 % des lignes de tenure_months <b>."}


def decided(kind: str, hours: int = 0, **facts: Any) -> Event:
    said = {"since": SINCE.isoformat(), "target": "airflow", "request_id": "vigie__1", "reasons": [WHY], **facts}
    return Event(
        f"{kind}.{hours}", NOON + timedelta(hours=hours), kind, MODEL, "1", "2026-11-19", "model", "vigie", said
    )


def told(warehouse: Warehouse, *events: Event) -> Asker:
    send_events(warehouse, *events)
    return Asker(warehouse)


def card(asker: Asker, language: str = "en") -> Any:
    shown = main(asker.ask(f"/models/{MODEL}", Accept_Language=language)[0])
    return next((one for one in of_kind(shown, "Section") if one["props"].get("id") == "retraining"), None)


def answer(asker: Asker, kind: str, since: date = SINCE, words: str = "seen by me") -> Any:
    about = {"model_id": MODEL, "since": since.isoformat()}
    body = {"kind": kind, "key": KEY, "author": "Ada", "text": words, "about": about}
    return asker.client.post("/_act", json=body, headers=HERE)


def test_a_model_that_nobody_asked_to_train_anew_has_no_such_card(warehouse: Warehouse) -> None:
    assert card(Asker(warehouse)) is None


def test_a_refusal_is_told_with_its_reason_in_the_readers_language(warehouse: Warehouse) -> None:
    asker = told(warehouse, decided("retraining_refused"))
    for language, why in WHY.items():
        shown = card(asker, language)
        assert why in text(shown)
        assert not of_class(shown, "actions"), "there is nothing to approve"
    link = next(one["props"]["href"] for one in of_class(card(asker), "download"))
    (row,) = csv.DictReader(io.StringIO(asker.client.get(link).get_data(as_text=True).removeprefix("\ufeff")))
    assert (row["kind"], row["since"], row["reasons"]) == ("retraining_refused", "2026-11-17", WHY["en"])


def test_a_request_that_waits_is_approved_once_and_then_says_so(warehouse: Warehouse) -> None:
    asker = told(warehouse, decided("retraining_awaiting", reasons=[]))
    assert [text(button) for button in of_kind(of_class(card(asker), "actions"), "Button")] == [
        "Approve retraining",
        "Decline",
    ]
    assert answer(asker, "retraining_approved", SINCE - timedelta(days=1)).status_code == 404, "another red run"
    assert answer(asker, "retraining_declined", words="").status_code == 422, "a refusal says why"
    assert answer(asker, "retraining_approved").status_code == 200
    events = warehouse.query("model_events", model_id=MODEL).to_pylist()
    assert [(row["kind"], row["author"]) for row in events if row["kind"] == "retraining_approved"] == [
        ("retraining_approved", "Ada")
    ]
    shown = card(asker)
    assert "is approved" in text(shown)
    assert "seen by me" in text(shown)
    assert not of_class(shown, "actions")
    assert answer(asker, "retraining_approved", words="again").status_code == 404, "it waits no longer"


def test_what_waits_is_what_was_decided_last() -> None:
    waiting, asked = decided("retraining_awaiting"), decided("retraining_asked", 1)
    assert awaited([waiting]) == SINCE
    assert awaited([waiting, asked]) is None
    assert awaited([decided("retraining_awaiting", since="soon")]) is None
    assert retraining([decided("note")]).events == ()
    assert [event.kind for event in retraining([waiting, asked]).events] == ["retraining_asked", "retraining_awaiting"]


@pytest.mark.parametrize("wrong", [None, "text", [None], [{"en": 3}], [{"fr": "seul"}], {"en": "x"}])
def test_reasons_of_a_foreign_row_are_left_out(wrong: Any) -> None:
    assert reasons_of(decided("retraining_refused", reasons=wrong)) == []


def test_messages_stand_in_the_history_with_their_sentence(warehouse: Warehouse) -> None:
    facts = {"to": "ada@example.org", "sentence_en": "38 % are missing <b>.", "sentence_fr": "Il manque 38 % <b>."}
    sent = [Event(f"l1.{n:04d}", NOON, "message_sent", MODEL, "1", "2026-11-19", "x", "vigie notify", {**facts, "n": n})
            for n in range(3)]  # fmt: skip
    asker = told(warehouse, *sent)
    for language, words in (("en", "Message to ada@example.org"), ("fr", "Message à ada@example.org")):
        shown = main(asker.ask(f"/models/{MODEL}", Accept_Language=language)[0])
        (entry,) = [one for one in of_kind(of_class(shown, "events"), "Li") if "ada@" in text(one)]
        assert words in text(entry)
        assert facts[f"sentence_{language}"] in text(entry)


def test_a_message_about_a_recovery_says_what_it_was_and_is(warehouse: Warehouse) -> None:
    facts = {"to": "", "before": "red", "now": "green"}
    told(warehouse, Event("l2.0000", NOON, "message_sent", MODEL, "1", "2026-11-19", "model", "notify", facts))
    shown = main(Asker(warehouse).ask(f"/models/{MODEL}")[0])
    assert "Message sent" in text(of_class(shown, "events"))
    assert "Before: red; now: green." in text(of_class(shown, "events"))
