"""Measures a storm: all of 300 models change colour at once, and 'vigie notify' decides what to tell whom.

    python -m benchmarks.notify [--models N] [--owners N]

Decisions may take 2 s apart from the network. The lake is made first: a hundred batches a model, of which the last is
red by a break that a third of the models share, red alone, amber, or late; and a year of events, with a message and its
end every month for each model. Each line is the median of five, on the clock and of the time at work.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final, TypeVar

from dashboard.alerts import record
from dashboard.alerts.deciding.changes import changes_of
from dashboard.alerts.deciding.known import known_by
from dashboard.alerts.deciding.plan import plan_messages
from dashboard.alerts.message import Message
from dashboard.alerts.read import read_world
from dashboard.alerts.writing.compose import compose
from dashboard.events import Event, to_table
from dashboard.settings import Settings
from dashboard.world import State, World
from qod.warehouse import Warehouse, open_warehouse
from tests.alerts.runs import Job, model
from tests.web.lake import MISSING_FACTS, TODAY, Columns

T = TypeVar("T")

BATCHES: Final = 100
ROUNDS: Final = 5
MOST_SECONDS: Final = 2.0
NOW: Final = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=7)
SETTINGS: Final = Settings(public_url="https://vigie.example.org", channels="file", alert_minutes=60)


def fill(folder: Path, models: int, owners: int) -> Warehouse:
    """The lake: every model changed its colour with its last batch."""
    columns, names = Columns(), [f"model-{number:03}" for number in range(models)]
    for number, name in enumerate(names):
        colour = ("red", "red", "amber", "grey")[number % 4]
        columns.model(name, name.capitalize(), f"Team {number % 9}", ["green"] * (BATCHES - 1) + [colour])
        for variable in range(5):
            columns.add("findings", **_finding(name, number, variable, colour))
    columns.tables["models"]["owner_email"] = [f"owner{number % owners}@example.org" for number in range(models)]
    warehouse = open_warehouse(folder)
    columns.deliver(warehouse)
    warehouse.deliver({"events": to_table(_year(names, owners))}, kind="events")
    warehouse.tidy()
    return warehouse


def _finding(name: str, number: int, variable: int, colour: str) -> dict[str, Any]:
    shared = variable == 0 and number % 3 == 0
    row: dict[str, Any] = {
        "model_id": name,
        "model_version": "1",
        "batch_id": TODAY.isoformat(),
        "batch_date": TODAY,
        "subject": "tenure" if shared else f"{name}_{variable}",
        "rule": "missing",
        "family": "quality",
        "colour": colour,
        "since": TODAY,
        "weight": 0.12,
        "facts": json.dumps(MISSING_FACTS),
    }
    if colour == "grey":
        due = {"last": TODAY.isoformat(), "due": TODAY.isoformat(), "cadence": "P1D", "year": TODAY.year}
        row |= {"subject": "batch" if not variable else f"batch {variable}", "rule": "late", "family": "freshness"}
        row |= {"facts": json.dumps(due)}
    return row


def _year(names: list[str], owners: int) -> list[Event]:
    """What was sent in the year before: of every model a message and its end each month."""
    job = Job(minutes=0)
    for month in range(12):
        for step, state in enumerate(("red", "green")):
            at = NOW - timedelta(days=360 - 30 * month - 5 * step)
            _run(job, at, names, owners, state)  # type: ignore[arg-type]
    return job.events


def _run(job: Job, at: datetime, names: list[str], owners: int, state: State) -> None:
    since = (at.date() - date(2026, 11, 1)).days
    job.run(
        at,
        *(model(name, state, since=since, owner=f"owner{n % owners}@example.org") for n, name in enumerate(names)),
    )


Seconds = tuple[float, float]
"""On the clock, and those in which this process was at work."""


def _seconds(task: Callable[[], T]) -> tuple[Seconds, T]:
    """The medians of how long ``task`` takes, and what it returns."""
    clock, work = [], []
    for _ in range(ROUNDS):
        begin, worked = time.perf_counter(), time.process_time()
        found = task()
        clock.append(time.perf_counter() - begin)
        work.append(time.process_time() - worked)
    return (median(clock), median(work)), found


def _letters(warehouse: Warehouse, world: World, messages: tuple[Message, ...]) -> int:
    return sum(len(compose(message, world, SETTINGS, reading=warehouse).html) for message in messages)


def main() -> None:
    """Make the lake, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, default=300)
    parser.add_argument("--owners", type=int, default=30)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        warehouse = fill(Path(folder), said.models, said.owners)
        reading, world = _seconds(lambda: read_world(warehouse, NOW, SETTINGS))
        knowing, known = _seconds(lambda: known_by(world.events, "file"))
        changing, changes = _seconds(lambda: changes_of(world, known))
        planning, plan = _seconds(lambda: plan_messages(world, changes, known, NOW, SETTINGS))
        recording, _ = _seconds(lambda: to_table([one for m in plan.messages for one in record.sent(m, "file", NOW)]))
        writing, size = _seconds(lambda: _letters(warehouse, world, plan.messages))
    groups = sum(len(message.groups) for message in plan.messages)
    print(
        f"{len(world.models)} models, {len(world.events):,} events, {len(changes)} changes, {groups} groups, ", end=""
    )
    print(f"{len(plan.messages)} messages to as many owners")
    rows = {
        "read the world": reading,
        "what owners know": knowing,
        "what changed": changing,
        "who gets what": planning,
    }
    total = sum(clock for clock, _ in rows.values()), sum(work for _, work in rows.values())
    rows |= {"decisions in all": total, "letters written": writing, "rows of what was sent": recording}
    print(f"{'milliseconds':24} {'clock':>9} {'at work':>9}")
    for name, (clock, work) in rows.items():
        print(f"{name:24} {clock * 1000:9.1f} {work * 1000:9.1f}")
    print(f"{size / 1e6:.1f} MB of HTML", "" if total[0] <= MOST_SECONDS else "; the decisions are TOO SLOW", sep="")


if __name__ == "__main__":
    main()
