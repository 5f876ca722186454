"""Rows of the events table that other hands wrote: whatever they hold, nothing that reads events breaks on it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.alerts import record
from dashboard.alerts.channels.file import open_outbox
from dashboard.alerts.deciding.changes import changes_of, silences_of
from dashboard.alerts.deciding.known import known_by
from dashboard.alerts.digests.digest import Entry, Known, digest
from dashboard.alerts.digests.window import Window
from dashboard.events import KINDS, Event, from_row, to_table
from dashboard.policy import Policy
from dashboard.retrain.course import days_of_requests
from dashboard.retrain.guards import load
from dashboard.retrain.listed import listed
from dashboard.retrain.outlook import outlook
from dashboard.retrain.trials import requests
from dashboard.settings import Settings
from dashboard.web.views.retraining import awaited, retraining
from tests.alerts.runs import Job, finding, model, moment
from tests.retrain.worlds import NOW, REQUEST, case_of
from tests.retrain.worlds import event as of_churn

NEVER = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
JOBS = (
    *("message_planned", "message_sent", "message_failed", "notify_claimed", "notify_released", "digest_sent"),
    *("retraining_planned", "retraining_asked", "retraining_refused", "retraining_awaiting", "retraining_failed"),
    *("champion_open", "champion_passed", "champion_failed"),
)
FACTS = (
    *("letter", "channel", "to", "changes", "change", "kind", "before", "now", "causes", "batch_date", "incident"),
    *("rule", "colour", "since", "until", "text", "sentence_en", "sentence_fr", "state", "reason", "reached", "run"),
    *("channels", "target", "request_id", "reasons", "doubt", "guards", "link", "against", "difference", "margin"),
)
TEXTS = ("", "file", "red", "green", "\ud800", "{x.__class__}", "9999-12-31", "2026-11-18", "../x", "x" * 400, REQUEST)
SCALARS = st.one_of(
    st.sampled_from(TEXTS), st.none(), st.booleans(), st.integers(), st.floats(), st.just("ana@example.org")
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(("en", "fr", "model_id", "key", "causes", "batch_id")), inner, max_size=3),
    ),
    max_leaves=6,
)
ROWS = st.builds(
    lambda number, kind, at, facts, subject, author: from_row(
        {
            "event_id": f"e{number}",
            "happened_at": at,
            "kind": kind,
            "model_id": "churn",
            "model_version": "v1",
            "batch_id": None,
            "subject": subject,
            "author": author,
            "facts": json.dumps(facts),
        }
    ),
    st.integers(0, 99),
    st.sampled_from((*KINDS, *JOBS)),
    st.sampled_from((moment(0), moment(3), NOW, NEVER)),
    st.dictionaries(st.sampled_from(FACTS), VALUES, max_size=8).map(
        lambda facts: {"channel": "file", "to": "ana@example.org", "request_id": REQUEST} | facts
    ),
    st.sampled_from(("tenure", "model", None)),
    st.sampled_from(("Ada", None)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROWS, max_size=6))
def test_nothing_breaks_on_what_others_wrote(events: list[Event]) -> None:
    for written in (events, sorted(events, key=lambda one: one.order)):
        job = Job(minutes=60, events=list(written))
        models = (
            model("churn", "red", [finding(rule="missing", subject="tenure")], since=3, reminder_days=1),
            model("b"),
        )
        known, world = job.known(), job.world(models, NOW)
        job.plan(NOW, *models)
        changes_of(world, known)
        silences_of(world, known)
        for plan in record.in_doubt(written, "file").values():
            to_table(record.sent_as_planned(plan, NOW))
        record.surely_not(written, record.in_doubt(written, "file"))
        record.doubts(written, "file")
        listed(written)
        days_of_requests(written, REQUEST)
        requests(written)
        retraining(written)
        awaited(written)
        case = case_of(events=written)
        assert outlook(case).fr
        for guard in load().values():
            guard.refuse(case)
            guard.now(case)
        entry = Entry("churn", "Churn", "", "ana@example.org", None, Policy())
        digest(Known([entry], [], [], [], [], written), Window(date(2026, 11, 1), date(2026, 11, 30)))


def test_lists_where_texts_should_be_count_no_letters_and_no_people() -> None:
    facts: dict[str, Any] = {"letter": ["a"], "to": {"a": 1}}
    sent = [Event(f"{n}.0", NOW, "message_sent", "churn", facts=facts) for n in "aab"]
    entry = Entry("churn", "Churn", "", "ana@example.org", None, Policy())
    (team,) = digest(Known([entry], [], [], [], [], sent), Window(NOW.date(), NOW.date())).teams
    assert (team.letters, team.people) == (2, 0)


def test_a_letter_of_a_day_that_never_comes_keeps_nobody_from_being_told() -> None:
    facts = {"channel": "file", "to": "ana@example.org", "letter": "x"}
    for at in (NEVER, moment(2)):
        job = Job(minutes=60, events=[Event("x.0", at, "message_sent", "other", facts=facts)])
        (message,) = job.plan(moment(0), model("churn", "red")).messages
        assert message.owner == "ana@example.org"


def test_a_request_of_a_day_that_never_comes_is_told_without_an_end() -> None:
    far = of_churn("retraining_asked", NEVER, request_id="vigie__other")
    said = load()["cool_down"].refuse(case_of(events=[far]))
    assert said is not None
    assert "9999" in said.en


def test_a_request_that_was_asked_without_a_reason_is_told_all_the_same() -> None:
    assert outlook(case_of(events=[of_churn("retraining_asked", NOW)])).en == "It was asked for already."


def test_a_failure_whose_state_is_no_word_leaves_the_letter_in_doubt() -> None:
    plan = Event("x.planned", NOW, "message_planned", facts={"channel": "file", "to": "a@example.org"})
    broken = Event("x.failed.1", NOW, "message_failed", facts={"channel": "file", "to": "a@example.org", "state": []})
    assert known_by([plan, broken], "file").doubtful == {"a@example.org": (frozenset(),)}


def test_what_a_foreign_plan_tells_can_be_recorded() -> None:
    changes = [{"model_id": ["churn"], "model_version": 3, "batch_id": {}, "key": "k"}, {"model_id": "a\ud800"}]
    plan = Event("x.planned", NOW, "message_planned", facts={"changes": changes})
    rows = to_table(record.sent_as_planned(plan, NOW)).to_pylist()
    assert [(row["event_id"], row["model_id"]) for row in rows] == [("x.0000", None), ("x.0001", "a?")]


@pytest.mark.parametrize("letter", ["../secret", "x" * 5000, "\0", "\ud800", "", "0" * 31, "0" * 32 + "\n"])
def test_a_plan_names_no_file_but_a_letter(tmp_path: Path, letter: str) -> None:
    (tmp_path / "secret.eml").touch()
    (tmp_path / ".eml").touch()
    with open_outbox(Settings(outbox=str(tmp_path / "outbox"))) as outbox:
        assert outbox.has(letter) is False
    (tmp_path / "outbox").mkdir()
    with open_outbox(Settings(outbox=str(tmp_path / "outbox"))) as outbox:
        assert outbox.has(letter) is False


def test_care_until_the_end_of_time_ends_there() -> None:
    job, red = Job(), model("churn", "red", [finding(colour="red")])
    job.run(moment(0), red)
    job.write("snoozed", moment(1), finding(colour="amber"), until=date.max)
    (again,) = job.plan(moment(2), red).messages
    assert [change.kind for change in again.changes] == ["again"], "it is worse than what was snoozed"
