"""What is kept of letters: planned, sent or failed, as events, and what an earlier run left open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dashboard import rules
from dashboard.alerts.change import Change
from dashboard.alerts.channel import Outcome
from dashboard.alerts.deciding.known import MOST_CAUSES, cause_of, letter_of, may_have_arrived
from dashboard.alerts.message import Group, Message
from dashboard.events import Event
from dashboard.finding import Finding
from dashboard.foreign import objects_in
from dashboard.world import AUTHOR

_COLUMNS: Final = ("model_id", "model_version", "batch_id", "key")
LINKS: Final = 50
"""Findings of one change that a letter may link to."""

Spot = tuple[str, str, str, str, str]
"""Which finding: model, version, batch, subject and rule."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sent letter: a change, and one of its findings (None where it has none).

    ``first`` is true of the first row of each change.
    """

    event_id: str
    group: Group
    change: Change
    finding: Finding | None
    first: bool


def rows(message: Message) -> tuple[Row, ...]:
    """The rows that a sent message makes, one a change and finding, each change having one at least."""
    found: list[Row] = []
    for group in message.groups:
        for change in group.changes:
            for place, finding in enumerate(change.findings[:LINKS] or (None,)):
                found.append(Row(f"{message.letter_id}.{len(found):04d}", group, change, finding, place == 0))
    return tuple(found)


def spot(finding: Finding) -> Spot:
    """What tells ``finding`` apart from all others that hold now."""
    return finding.model_id, finding.model_version, finding.batch_id, finding.subject, finding.rule


def event_ids(message: Message) -> dict[Spot, str]:
    """The identifiers of the events that links to the findings of ``message`` carry; none beyond LINKS of a change."""
    return {spot(row.finding): row.event_id for row in reversed(rows(message)) if row.finding is not None}


def planned(message: Message, channel: str, at: datetime, run: str = "") -> Event:
    """The event of a message that ``run`` is about to hand over; it says enough to record it as sent without it."""
    changes = [
        {
            "model_id": change.model.model_id,
            "model_version": change.model.model_version,
            "batch_id": change.model.batch_id,
            "key": change.key,
            **_of_change(group, change),
        }
        for group in message.groups
        for change in group.changes
    ]
    facts = {"letter": message.letter_id, "channel": channel, "to": message.owner, "run": run, "changes": changes}
    return Event(f"{message.letter_id}.planned", at, "message_planned", author=AUTHOR, facts=facts)


def sent(message: Message, channel: str, at: datetime) -> tuple[Event, ...]:
    """The events of a message that arrived: one for each change and finding, the causes with the first of a change."""
    facts = {"letter": message.letter_id, "channel": channel, "to": message.owner}
    found = []
    for row in rows(message):
        change = row.change
        said = {"change": change.key, "kind": change.kind, "before": change.before, "now": change.now}
        model, finding = row.change.model, row.finding
        found.append(
            Event(
                event_id=row.event_id,
                happened_at=at,
                kind="message_sent",
                model_id=model.model_id,
                model_version=finding.model_version if finding else model.model_version,
                batch_id=finding.batch_id if finding else model.batch_id,
                subject=finding.subject if finding else "model",
                author=AUTHOR,
                facts=facts
                | said
                | (_of_change(row.group, change) if row.first else {})
                | (_of_finding(finding) if finding else {}),
            )
        )
    return tuple(found)


def failed(message: Message, channel: str, outcome: Outcome, run: str, at: datetime) -> Event:
    """The event of a message that ``run`` did not get through."""
    said = {"letter": message.letter_id, "channel": channel, "to": message.owner}
    facts = said | {"state": outcome.state, "reason": outcome.reason, "reached": outcome.reached}
    return Event(f"{message.letter_id}.failed.{run}", at, "message_failed", author=AUTHOR, facts=facts)


def in_doubt(events: Iterable[Event], channel: str) -> dict[str, Event]:
    """The plans for ``channel`` of letters that were never recorded as sent, by letter, the oldest first.

    What was refused is among them: it may have been tried again since by a run that was killed.
    """
    plans: dict[str, Event] = {}
    arrived = set[str]()
    for event in events:
        if event.facts.get("channel") == channel:
            if event.kind == "message_planned":
                plans[letter_of(event)] = event
            elif event.kind == "message_sent":
                arrived.add(letter_of(event))
    return {letter: plan for letter, plan in plans.items() if letter not in arrived}


def surely_not(events: Iterable[Event], plans: Mapping[str, Event]) -> set[str]:
    """Those of the planned letters that every run that may have handed them over was refused."""
    failed: dict[str, list[Event]] = {}
    for event in events:
        if event.kind == "message_failed":
            failed.setdefault(letter_of(event), []).append(event)
    return {letter for letter, plan in plans.items() if not may_have_arrived(plan, failed.get(letter, ()))}


def sent_as_planned(plan: Event, at: datetime) -> tuple[Event, ...]:
    """The events of a letter that arrived though nobody recorded it, as far as its plan tells: one for each change."""
    letter = letter_of(plan)
    facts = {"letter": letter, "channel": plan.facts.get("channel"), "to": plan.facts.get("to")}
    found = []
    for place, of in enumerate(objects_in(plan.facts.get("changes"))):
        told = {name: value for name, value in of.items() if name not in _COLUMNS} | {"change": of.get("key")}
        found.append(
            Event(
                event_id=f"{letter}.{place:04d}",
                happened_at=at,
                kind="message_sent",
                model_id=_text(of.get("model_id")),
                model_version=_text(of.get("model_version")),
                batch_id=_text(of.get("batch_id")),
                subject="model",
                author=AUTHOR,
                facts=facts | told,
            )
        )
    return tuple(found)


def _text(value: object) -> str | None:
    """What a column of text takes of what a foreign row may hold in its place."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else None


def failures(events: Iterable[Event], channel: str) -> dict[str, int]:
    """How often each letter of ``channel`` has failed, by its identifier."""
    found: dict[str, int] = {}
    for event in events:
        if event.kind == "message_failed" and event.facts.get("channel") == channel:
            letter = letter_of(event)
            found[letter] = found.get(letter, 0) + 1
    return found


def doubts(events: Iterable[Event], channel: str) -> dict[str, int]:
    """How often each letter of ``channel`` was handed over without anybody knowing whether it arrived."""
    return failures(
        (one for one in events if one.facts.get("state") == "unknown" and one.facts.get("reached") is True), channel
    )


def _of_change(group: Group, change: Change) -> dict[str, Any]:
    """What is kept of a change, once: what next time is compared with."""
    day = change.model.batch_date
    found = {"kind": change.kind, "before": change.before, "now": change.now}
    return (
        found
        | {"causes": [list(cause_of(one)) for one in change.findings[:MOST_CAUSES]]}
        | ({"batch_date": day.isoformat()} if day else {})
        | ({"incident": group.incident_id} if group.incident_id else {})
    )


def _of_finding(finding: Finding) -> dict[str, Any]:
    words = rules.sentence(finding)
    return {
        "rule": finding.rule,
        "colour": finding.colour,
        "since": finding.since.isoformat(),
        "sentence_en": words.en,
        "sentence_fr": words.fr,
    }
