"""The demo's days as the job lives them: evaluated, told and written about, one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from dashboard.alerts import record
from dashboard.alerts.deciding.changes import changes_of
from dashboard.alerts.deciding.known import known_by
from dashboard.alerts.deciding.plan import plan_messages
from dashboard.alerts.read import read_world
from dashboard.demo.fill import fill, register
from dashboard.demo.fleet import model_called
from dashboard.demo.marker import Parameters
from dashboard.demo.people import WRITTEN, events_of
from dashboard.evaluation.evaluate import evaluate
from dashboard.events import Event, to_table
from dashboard.settings import Settings
from qod.warehouse import Warehouse, open_warehouse

Line = tuple[int, str, str, tuple[str, ...]]
"""A change as a table has it: days before today, the owner's name, the kind, and the models of the group."""

_JOB: Final = time(10)
"""When the job runs, every day."""


def deliver(folder: Path, models: Iterable[str], parameters: Parameters) -> Warehouse:
    """A warehouse with some of the demo's models, delivered and not evaluated."""
    warehouse = open_warehouse(folder)
    chosen = tuple(model_called(name) for name in models)
    register(warehouse, chosen, parameters)
    for model in chosen:
        fill(warehouse, parameters, model, evaluated=False)
    return warehouse


@dataclass
class Walk:
    """A walk through the days of a demo: ``lines`` are the groups that were told of, ``messages`` how many by owner."""

    warehouse: Warehouse
    parameters: Parameters
    lines: list[Line] = field(default_factory=list)
    messages: Counter[tuple[int, str]] = field(default_factory=Counter)

    def walk(self, days: Sequence[int], models: Sequence[str] = ()) -> None:
        """Live the days, given as days before today, the earliest first."""
        for ago in days:
            self._live(ago, self.parameters.today - timedelta(days=ago), models)

    def _live(self, ago: int, today: date, models: Sequence[str]) -> None:
        evaluate(self.warehouse, models, as_of=today, tidy=False)
        now = datetime.combine(today, _JOB, UTC)
        self._write(ago, now, before=True)
        world = read_world(self.warehouse, now, Settings())
        known = known_by(world.events, "file")
        plan = plan_messages(world, changes_of(world, known), known, now, Settings())
        made = [Event(f"{today}.released", now, "notify_released")]
        for message in plan.messages:
            owner = message.owner.partition("@")[0]
            self.messages[ago, owner] += 1
            self.lines += [(ago, owner, group.changes[0].kind, group.models) for group in message.groups]
            made += record.sent(message, "file", now)
        self.warehouse.deliver({"events": to_table(made)}, kind="notify")
        self._write(ago, now, before=False)

    def _write(self, ago: int, now: datetime, *, before: bool) -> None:
        """What the demo's people wrote on this day, ``before`` the job ran or after it."""
        due = [
            (number, written)
            for number, written in enumerate(WRITTEN)
            if written.days == ago and (written.hour < _JOB.hour) == before
        ]
        models = read_world(self.warehouse, now, Settings()).models if due else {}
        for number, written in due:
            if written.model_id in models:
                made = events_of(number, written, models[written.model_id].findings, self.parameters)
                self.warehouse.deliver({"events": to_table(made)}, kind="events")
