"""What has become of the finding that an address names: in its batch, since the message about it, and by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.events import Event
from dashboard.finding import Finding
from dashboard.links import WHOLE

MESSAGE: Final = "message_sent"
"""The kind of event that stands for a message with a link."""


@dataclass(frozen=True, slots=True)
class Named:
    """What an address names, as text that may be wrong: a batch ('' for none, a version likewise), rule and subject."""

    batch: str
    version: str
    rule: str
    subject: str

    def names(self, finding: Finding) -> bool:
        """Whether it is this finding of its batch; without a subject, one of the batch or the model as a whole."""
        return finding.rule == self.rule and finding.subject in ((self.subject,) if self.subject else WHOLE)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that is there: whose, from when, the day it was last delivered, and whether it is the newest judged."""

    model_version: str
    batch_id: str
    day: date
    newest: bool


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a link leads today.

    ``batch`` is the one that is named, None where it is gone; ``finding`` what the rule says of it now. ``again`` is
    the day it was delivered anew after the message. ``now`` is the colour of the same in the newest batch, None where
    it is no longer found; then ``over`` is the day of the first batch without it. ``newest`` is the newest batch's day.
    """

    named: Named
    message: Event | None
    batch: Batch | None
    finding: Finding | None
    again: date | None = None
    now: str | None = None
    over: date | None = None
    newest: date | None = None


def message_of(event_id: str, events: Sequence[Event]) -> Event | None:
    """The message that was sent under this identifier, if it is one of ``events``."""
    return next((event for event in events if event.kind == MESSAGE and event.event_id == event_id), None)


def said(message: Event, language: str) -> str | None:
    """The sentence of the message; None where it keeps none."""
    sentence = message.facts.get(f"sentence_{language}")
    return sentence if isinstance(sentence, str) and sentence else None


def completed(named: Named, message: Event | None) -> Named:
    """What the address leaves open, as the message has it."""
    if message is None:
        return named
    rule = message.facts.get("rule")
    return Named(
        named.batch or message.batch_id or "",
        named.version or (message.model_version or "" if not named.batch else ""),
        named.rule or (rule if isinstance(rule, str) else ""),
        named.subject or message.subject or "",
    )


def batch_of(
    named: Named, batches: Sequence[Mapping[str, Any]], standing: Mapping[str, Any]
) -> tuple[Batch | None, Mapping[str, Any] | None]:
    """The batch that is named, with its row among ``batches`` (query ``batches``, oldest first); None where it is gone.

    ``standing`` is the model's row of query ``fleet``: its newest judged batch, which is meant where none is named.
    """
    name = named.batch or standing["batch_id"]
    version = named.version if named.batch else standing["model_version"]
    for row in reversed(batches):
        if row["batch_id"] == name and version in ("", row["model_version"]):
            newest = (row["model_version"], row["batch_id"]) == (standing["model_version"], standing["batch_id"])
            return Batch(row["model_version"], row["batch_id"], row["batch_date"], newest), row
    return None, None


def delivered_again(row: Mapping[str, Any], message: Event | None) -> date | None:
    """The day on which a batch, a row of query ``batches``, was delivered after the message about it; else None."""
    at = row["delivered_at"]
    return at.date() if message is not None and at is not None and at > message.happened_at else None


def over_since(
    course: Sequence[Mapping[str, Any]], batches: Sequence[Mapping[str, Any]], batch: Batch, newest: date
) -> date | None:
    """The day of the first batch of the present run without the finding; None where the newest one has it.

    ``course`` are the rows of query ``finding_course`` from the batch's day on.
    """
    having = {row["batch_date"] for row in course}
    later = sorted({row["batch_date"] for row in batches if batch.day < row["batch_date"] <= newest}, reverse=True)
    over = None
    for day in later:
        if day in having:
            break
        over = day
    return over


def colour_now(course: Sequence[Mapping[str, Any]], standing: Mapping[str, Any]) -> str | None:
    """The colour of the finding in the newest judged batch; None where that does not have it."""
    newest = (standing["model_version"], standing["batch_id"])
    return next((row["colour"] for row in course if (row["model_version"], row["batch_id"]) == newest), None)
