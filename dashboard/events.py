"""Events: what happened to a model that no evaluation can know, who did it and when; rows are only ever added."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from dashboard.text import Text

KINDS: Final[dict[str, Text]] = {
    "note": Text("note", "note"),
    "acknowledged": Text("acknowledged", "pris en charge"),
    "snoozed": Text("snoozed", "en pause"),
    "reopened": Text("reopened", "rouvert"),
}
"""What people may write, and what it is called."""


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


def from_row(row: Mapping[str, Any]) -> Event:
    """The event that a row of ``model_events`` or ``events`` holds."""
    return Event(
        event_id=row["event_id"],
        happened_at=row["happened_at"],
        kind=row["kind"],
        model_id=row["model_id"],
        model_version=row["model_version"],
        batch_id=row["batch_id"],
        subject=row["subject"],
        author=row["author"],
        facts=json.loads(row["facts"]) if row["facts"] else {},
    )
