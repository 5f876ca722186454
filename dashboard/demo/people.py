"""What the people of the demo's operator have written: an acknowledgement, a snooze, and a note on a retraining."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from dashboard import events
from dashboard.demo.marker import Parameters
from dashboard.events import Event, Place, Statement
from dashboard.finding import Finding, from_row
from qod.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote about a model, ``days`` before today: on what is wrong with it, or, a note, on the model."""

    kind: str
    model_id: str
    author: str
    days: int
    hour: int
    text: str
    snoozed_days: int | None = None


WRITTEN: Final = (
    Written(
        *("note", "next-best-offer", "yasmine.haddad@example.com", 95, 8),
        "Retrained on the summer's offers: data_gb_30d and arpu_eur had moved with the new price plans.",
    ),
    Written(
        *("acknowledged", "fraud-new-lines", "ines.moreau@example.com", 7, 9),
        "A brand that shops sell since this month. It goes into the next training table; the scores are right.",
    ),
    Written(
        *("snoozed", "load-callcentre", "hugo.petit@example.com", 3, 14),
        "Winter timetable of the call centre: waits are longer until the new team starts.",
        21,
    ),
)
"""The incident of three models stays open: nobody has looked at it yet."""


def write(warehouse: Warehouse, parameters: Parameters) -> None:
    """Deliver what people have written about what the evaluation found; of a model that is not there: nothing."""
    latest = {row["model_id"]: row for row in warehouse.query("fleet").to_pylist()}
    days = sorted({row["batch_date"] for row in latest.values() if row["batch_date"] is not None})
    found = [from_row(row) for row in warehouse.query("open_findings", days=days).to_pylist()]
    made = [
        event
        for number, written in enumerate(WRITTEN)
        if written.model_id in latest
        for event in events_of(number, written, [one for one in found if one.model_id == written.model_id], parameters)
    ]
    if made:
        warehouse.deliver({"events": events.to_table(made)}, kind="events")


def events_of(number: int, written: Written, findings: Sequence[Finding], parameters: Parameters) -> list[Event]:
    """The events of what was written as the ``number``-th, about those of the model's findings that were there then."""
    day = parameters.today - timedelta(days=written.days)
    until = day + timedelta(days=written.snoozed_days) if written.snoozed_days else None
    statement = Statement(f"demo-{number}", written.kind, written.author, written.text, until)
    at = datetime.combine(day, time(written.hour, 12), UTC)
    if written.kind == "note":
        return events.noted(statement, Place(written.model_id), at)
    about = events.about(statement, [one for one in findings if one.since <= day], at)
    return [replace(event, batch_id=None) for event in about]  # the newest batch had not come yet
