"""What is wrong in the fleet now and was lately, with what people wrote about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from dashboard import events, finding
from dashboard.events import Event
from dashboard.finding import Finding
from dashboard.incidents import from_rows
from dashboard.troubles import Trouble, past, present
from dashboard.web.reader import Reading
from dashboard.web.views.fleet import fleet_rows

LATEST_DAYS: Final = 400
"""Days on which latest batches are looked at, the newest: a fleet that stopped on as many days as it has models must
not make the page read them all."""


@dataclass(frozen=True, slots=True)
class Current:
    """What is wrong now: ``troubles`` (see ``dashboard.troubles``), and the findings on inputs among it."""

    troubles: tuple[Trouble, ...]
    of_inputs: tuple[Finding, ...]


def current(reading: Reading) -> Current:
    """The troubles of the latest batches of all models."""
    return reading.keep(("troubles",), lambda: _current(reading))


def over(reading: Reading, days: int) -> list[Trouble]:
    """The incidents that ended within the last ``days`` days."""
    today = reading.as_of
    if today is None or not days:
        return []
    since = today - timedelta(days=days)

    def find() -> list[Trouble]:
        runs = from_rows(reading.rows("past_findings", since=since))
        earliest = min((run.since for run in runs), default=since)
        return past(runs, current(reading).of_inputs, _events(reading, earliest), since)

    return reading.keep(("over", days), find)


def _current(reading: Reading) -> Current:
    today = reading.as_of
    days = sorted({row["batch_date"] for row in fleet_rows(reading) if row["batch_date"] is not None}, reverse=True)
    if today is None or not days:
        return Current((), ())
    rows = reading.rows("open_findings", days=days[:LATEST_DAYS])
    found = [_finding(row) for row in rows]
    of_inputs = tuple(one for one, row in zip(found, rows, strict=True) if row["of_input"])
    earliest = min((one.since for one in found), default=today)
    return Current(tuple(present(found, of_inputs, _events(reading, earliest), today)), of_inputs)


def _finding(row: dict[str, Any]) -> Finding:
    found = finding.from_row(row)
    return replace(found, facts=found.facts | {"onset": row["onset"].isoformat()}) if row["onset"] else found


def _events(reading: Reading, since: date) -> list[Event]:
    """What was written since a day; the moment is of UTC, as all are."""
    rows = reading.rows("events", since=datetime.combine(since, time.min, UTC))
    return [events.from_row(row) for row in rows]
