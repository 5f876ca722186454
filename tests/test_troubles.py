"""Troubles: what belongs to an incident, what one model has alone, who takes care of it, and what is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from dashboard import events
from dashboard.events import Statement
from dashboard.finding import Finding
from dashboard.troubles import Trouble, past, present

DAY = date(2026, 11, 19)
NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


def finding(
    model: str, subject: str = "tenure", rule: str = "missing", colour: str = "red", since: date = DAY
) -> Finding:
    family = {"drift": "drift", "auc": "performance", "late": "freshness"}.get(rule, "quality")
    return Finding(model, "1", "b", DAY, subject, rule, family, colour, since, None, {})


SHARED = [finding("one"), finding("two"), finding("one", rule="drift", since=DAY + timedelta(days=1))]
ALONE = [
    finding("one", "model", "auc"),
    finding("three", "batch", "late", "grey"),
    finding("four", "age", colour="amber"),
]


def now(findings: list[Finding], written: list[events.Event] | None = None, today: date = DAY) -> list[Trouble]:
    of_inputs = [one for one in findings if one.family in ("drift", "quality")]
    return present(findings, of_inputs, written or [], today)


def acknowledged(
    findings: list[Finding], kind: str = "acknowledged", incident: str | None = None
) -> list[events.Event]:
    until = DAY + timedelta(days=2) if kind == "snoozed" else None
    return events.about(Statement(kind, kind, "Ada", "Known.", until), findings, NOON, incident=incident)


def test_an_incident_has_all_that_is_found_on_its_variables_and_the_rest_stands_alone() -> None:
    shared, *alone = now([*SHARED, *ALONE])
    assert shared.incident is not None
    assert len(shared.findings) == 3, "the drift that follows the break belongs to it"
    assert [one.id for one in alone] == ["model:one", "model:four", "model:three"], "worst first, no data last"
    assert {one.state for one in (shared, *alone)} == {"open"}


def test_it_is_open_while_one_finding_is() -> None:
    assert now(SHARED, acknowledged(SHARED[:2]))[0].state == "open"
    (whole,) = now(SHARED, acknowledged(SHARED, incident="2026-11-19:tenure"))
    assert (whole.state, whole.standing.author) == ("acknowledged", "Ada")
    assert len(whole.events) == 3
    mixed = [*acknowledged(SHARED[:1]), *acknowledged(SHARED[1:], "snoozed")]
    assert now(SHARED, mixed)[0].state == "snoozed"
    assert now(SHARED, mixed, DAY + timedelta(days=3))[0].state == "open", "the snooze has passed"


def test_what_was_written_on_an_incident_is_not_told_again_of_its_models() -> None:
    written = acknowledged(SHARED, incident="2026-11-19:tenure") + acknowledged(ALONE[:1])
    shared, alone, *_ = now([*SHARED, *ALONE], written)
    assert [event.facts["rule"] for event in alone.events] == ["auc"]
    assert len(shared.events) == 3


def test_what_was_written_on_an_incident_stays_when_part_of_it_mends() -> None:
    both = [finding(model, subject) for model in ("one", "two") for subject in ("age", "tenure")]
    (whole,) = now(both)
    written = acknowledged(both, incident=whole.id)
    (left,) = now(both[1::2], written)
    assert left.id != whole.id, "it is called after its first variable"
    assert {event.subject for event in left.events} == {"tenure"}
    (single,) = now(both[1:2], written)
    assert single.incident is None
    assert [event.model_id for event in single.events] == ["one"]
    (ended,) = past(both[1::2], [], written, DAY)
    assert len(ended.events) == 2


def test_an_incident_is_over_once_no_batch_shows_any_of_it() -> None:
    older = [replace(one, batch_date=DAY - timedelta(days=5), since=DAY - timedelta(days=9)) for one in SHARED[:2]]
    (ended,) = past(older, [], acknowledged(older, incident="2026-11-10:tenure"), DAY - timedelta(days=30))
    assert (ended.state, ended.since, ended.last) == ("over", DAY - timedelta(days=9), DAY - timedelta(days=5))
    assert len(ended.events) == 2
    assert past(older, [], [], DAY - timedelta(days=4)) == [], "it ended before"
    assert past(older, [replace(older[0], batch_date=DAY)], [], DAY - timedelta(days=30)) == [], (
        "one model still has it"
    )
