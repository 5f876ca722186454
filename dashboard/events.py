"""Events: what happened to a model that no evaluation can know, who did it and when; rows are only ever added."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from dashboard.finding import Finding
from dashboard.foreign import day_in, json_object, text_in
from dashboard.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

KINDS: Final[dict[str, Text]] = {
    "note": Text("note", "note"),
    "acknowledged": Text("acknowledged", "pris en charge"),
    "snoozed": Text("snoozed", "en pause"),
    "reopened": Text("reopened", "rouvert"),
    "retraining_approved": Text("retraining approved", "réentraînement approuvé"),
    "retraining_declined": Text("retraining declined", "réentraînement refusé"),
}
"""What people may write, and what it is called."""

APPROVALS: Final = ("retraining_approved", "retraining_declined")
"""Those of them that answer a request to train a model anew."""

_TEXTS: Final = ("text", "rule", "since", "colour", "incident", "until", "sentence_en", "sentence_fr")
"""Facts that are text; whoever else fills the table may have put anything there."""
_STANDS: Final = ("acknowledged", "snoozed", "reopened")
_RANK: Final = {"note": 0, "grey": 1, "amber": 2, "red": 3}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``subject`` is the variable, 'batch' or 'model'; ``facts`` holds plain JSON values.

    Facts of what people write: ``text``, why or what was found; where it is about a finding, its ``rule``, ``since``
    (ISO day) and ``colour``, and the ``incident`` it was written on; of what was snoozed, the last day of that,
    ``until`` (ISO day). Facts of what was sent: ``rule``, ``colour``, ``sentence_en``, ``sentence_fr``.
    """

    event_id: str
    happened_at: datetime
    kind: str
    model_id: str | None = None
    model_version: str | None = None
    batch_id: str | None = None
    subject: str | None = None
    author: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The day of it, UTC."""
        return self.happened_at.date()

    def said(self, fact: str) -> str:
        """The text of a fact; '' where there is none."""
        return text_in(self.facts.get(fact))

    @property
    def order(self) -> tuple[datetime, str]:
        """What events are sorted by."""
        return self.happened_at, self.event_id

    @property
    def action(self) -> str:
        """What one click wrote has this in common, and nothing else has it."""
        return self.event_id.rpartition(".")[0] or self.event_id


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says of one or several things: ``kind`` (of KINDS), in which words, and, of a snooze, until when.

    ``key`` tells it apart from all others; the same one twice is the same statement, sent again.
    """

    key: str
    kind: str
    author: str
    text: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What a note may be about: a model, one of its variables, or one of its batches (``subject`` as of events)."""

    model_id: str
    subject: str = "model"
    model_version: str | None = None
    batch_id: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody has taken care of a finding: who, when, until which day (of a snooze), and in which words."""

    kind: Literal["open", "acknowledged", "snoozed"]
    author: str | None = None
    when: datetime | None = None
    until: date | None = None
    text: str = ""


OPEN: Final = Standing("open")


def from_row(row: Mapping[str, Any]) -> Event:
    """The event that a row of ``model_events`` or ``events`` holds, without facts that a foreign row got wrong."""
    return Event(
        event_id=row["event_id"],
        happened_at=row["happened_at"],
        kind=row["kind"],
        model_id=row["model_id"],
        model_version=row["model_version"],
        batch_id=row["batch_id"],
        subject=row["subject"],
        author=row["author"],
        facts=_read(row["facts"]),
    )


def _read(text: str | None) -> dict[str, Any]:
    """The facts in a row: {} where it holds no JSON object, and of its values those that are what they should be."""
    # Half a surrogate pair is JSON, but no text that could be sent to anybody.
    facts = {key: value.encode(errors="replace").decode() if isinstance(value, str) else value
             for key, value in json_object(text).items() if key not in _TEXTS or isinstance(value, str)}  # fmt: skip
    if last_day(facts) is None:
        facts.pop("until", None)
    return facts


def last_day(facts: Mapping[str, Any]) -> date | None:
    """The last day of a snooze; None where there is no such day."""
    return day_in(facts.get("until"))


def to_table(events: Sequence[Event]) -> pa.Table:
    """The events as rows to deliver, each once."""
    from qod.contract import table_from_columns

    rows = list({event.event_id: event for event in events}.values())
    columns: dict[str, object] = {
        name: [getattr(event, name) for event in rows]
        for name in ("event_id", "happened_at", "kind", "model_id", "model_version", "batch_id", "subject", "author")
    }
    columns["facts"] = [json.dumps(event.facts, sort_keys=True) if event.facts else None for event in rows]
    return table_from_columns("events", columns)


def about(
    statement: Statement, findings: Iterable[Finding], at: datetime, *, incident: str | None = None
) -> list[Event]:
    """One event for each model, variable and rule among ``findings``; ``incident`` is the one it was written on."""
    newest: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        held = newest.get(_place(finding))
        if held is None or (finding.batch_date, finding.model_version) > (held.batch_date, held.model_version):
            newest[_place(finding)] = finding
    made = []
    for number, (_, finding) in enumerate(sorted(newest.items())):
        of_finding = {"rule": finding.rule, "since": finding.since.isoformat(), "colour": finding.colour}
        facts = _facts(statement) | of_finding | ({"incident": incident} if incident else {})
        made.append((number, finding.model_id, finding.model_version, finding.batch_id, finding.subject, facts))
    return _events(statement, at, made)


def noted(statement: Statement, place: Place, at: datetime) -> list[Event]:
    """The one event of a note on a model, one of its variables or one of its batches."""
    made = [(0, place.model_id, place.model_version, place.batch_id, place.subject, _facts(statement))]
    return _events(statement, at, made)


def standing(finding: Finding, events: Iterable[Event], today: date) -> Standing:
    """How ``finding`` stands on the day ``today``, as the last of ``events`` about it says.

    An acknowledgement or a snooze holds for the run of the finding's colour in which it was written (the same model,
    subject, rule and first day), as long as the colour is no worse, nobody reopened it, and, of a snooze, its last day
    has not passed; one that states no such day has ended.
    """
    last: Event | None = None
    for event in events:
        if (
            event.kind in _STANDS
            and (event.model_id, event.subject, event.facts.get("rule")) == _place(finding)
            and event.facts.get("since") == finding.since.isoformat()
            and (last is None or event.order > last.order)
        ):
            last = event
    if last is None or last.kind == "reopened":
        return OPEN
    if _RANK.get(finding.colour, 0) > _RANK.get(last.facts.get("colour", ""), 0):
        return OPEN
    text = last.said("text")
    if last.kind == "acknowledged":
        return Standing("acknowledged", last.author, last.happened_at, None, text)
    until = last_day(last.facts)
    return OPEN if until is None or today > until else Standing("snoozed", last.author, last.happened_at, until, text)


def _place(finding: Finding) -> tuple[str, str, str]:
    return finding.model_id, finding.subject, finding.rule


def _facts(statement: Statement) -> dict[str, Any]:
    facts: dict[str, Any] = {"text": statement.text} if statement.text else {}
    return facts | ({"until": statement.until.isoformat()} if statement.until else {})


def answered(statement: Statement, model_id: str, since: date, at: datetime) -> list[Event]:
    """The one event of an answer (a kind of APPROVALS) about the red run of a model that began on ``since``."""
    facts = _facts(statement) | {"since": since.isoformat()}
    return _events(statement, at, [(0, model_id, None, None, "model", facts)])


_Made = tuple[int, str, str | None, str | None, str, dict[str, Any]]


def _events(statement: Statement, at: datetime, made: Iterable[_Made]) -> list[Event]:
    """The events of a statement. The digest of what they say keeps a key from replacing another's words."""
    made = list(made)
    said = json.dumps([statement.kind, statement.author, made], sort_keys=True)
    digest = hashlib.blake2s(said.encode(), digest_size=6).hexdigest()
    return [
        Event(
            event_id=f"{statement.key}.{digest}.{number:04d}",
            happened_at=at,
            kind=statement.kind,
            model_id=model,
            model_version=version,
            batch_id=batch,
            subject=subject,
            author=statement.author,
            facts=facts,
        )
        for number, model, version, batch, subject, facts in made
    ]
