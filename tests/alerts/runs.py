"""Runs without a warehouse: models made by hand, changes and plans made of them, and what was sent kept as events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from dashboard import events
from dashboard.alert_policy import AlertPolicy
from dashboard.alerts import record
from dashboard.alerts.change import Change
from dashboard.alerts.deciding.changes import changes_of
from dashboard.alerts.deciding.known import Known, known_by
from dashboard.alerts.deciding.plan import Plan, plan_messages
from dashboard.events import Event, Statement, standing
from dashboard.finding import Finding
from dashboard.settings import Settings
from dashboard.text import Text
from dashboard.world import Model, State, World

DAY: Final = date(2026, 11, 1)
_FAMILIES: Final = {"drift": "drift", "auc": "performance", "late": "freshness"}


def day(number: int) -> date:
    """A day by its number, from 0."""
    return DAY + timedelta(days=number)


def moment(number: int, hour: int = 7, minute: int = 0) -> datetime:
    """A moment on that day."""
    return datetime.combine(day(number), time(hour, minute), UTC)


def finding(
    model: str = "churn",
    subject: str = "tenure",
    colour: str = "red",
    since: int = 0,
    rule: str = "missing",
    weight: float | None = None,
) -> Finding:
    """A finding of the run of its colour that began on that day."""
    facts = {"value": 0.38, "rows": 380, "n": 1000, "training": 0.0, "training_rows": 0, "training_n": 9000}
    facts |= {"p_value": 0.0, "amber": 0.01, "red": 0.05, "threshold": 0.05, "all_missing": False, "size": 37.8}
    facts |= {"arrival": "sudden", "arrived": day(since).isoformat(), "onset": day(since).isoformat()}
    family = _FAMILIES.get(rule, "quality")
    return Finding(model, "1", "b", day(since), subject, rule, family, colour, day(since), weight, facts)


def late(model: str = "churn", since: int = 0) -> Finding:
    """The finding of a model whose batch did not come."""
    facts = {"last": day(since).isoformat(), "due": day(since).isoformat(), "cadence": "P1D", "year": 2026}
    return Finding(model, "1", "b", day(since), "batch", "late", "freshness", "grey", day(since), None, facts)


def model(
    model_id: str = "churn",
    state: State = "green",
    findings: Sequence[Finding] | None = None,
    *,
    since: int = 0,
    batch: int | None = None,
    owner: str = "ana@example.org",
    history: Sequence[tuple[int, State]] = (),
    **policy: Any,
) -> Model:
    """A model in a state since a day; one finding carries it where none is given."""
    if findings is None:
        of_state = {
            "red": [finding(model_id, since=since)],
            "amber": [finding(model_id, colour="amber", since=since)],
            "late": [late(model_id, since)],
        }
        findings = of_state.get(state, [])
    newest = since if batch is None else batch
    return Model(
        model_id,
        model_id,
        "Base care",
        owner,
        "en",
        {},
        AlertPolicy(**policy),
        {},
        state,
        "1",
        f"b{newest}",
        day(newest),
        day(since),
        Text("So it is.", "C’est ainsi."),
        tuple(findings),
        history=tuple((day(number), colour) for number, colour in history),
        light=0.01,
    )


@dataclass
class Job:
    """The job: what it and people wrote so far; ``minutes`` as alert_minutes."""

    minutes: int = 0
    channel: str = "file"
    events: list[Event] = field(default_factory=list)
    sent: list[tuple[str, Change]] = field(default_factory=list)

    def world(self, models: Iterable[Model], now: datetime) -> World:
        """The world, each finding standing as what was written says."""
        stood = {
            one.model_id: replace(
                one, standings=tuple(standing(found, self.events, now.date()) for found in one.findings)
            )
            for one in models
        }
        of_inputs = tuple(
            found for one in stood.values() for found in one.findings if found.family in ("drift", "quality")
        )
        return World(now, stood, of_inputs, tuple(sorted(self.events, key=lambda e: (e.happened_at, e.event_id))))

    def known(self) -> Known:
        """What the owners know."""
        return known_by(self.events, self.channel)

    def plan(self, now: datetime, *models: Model) -> Plan:
        """What a run at that moment would send; nothing is kept of it."""
        world, known = self.world(models, now), self.known()
        return plan_messages(world, changes_of(world, known), known, now, Settings(alert_minutes=self.minutes))

    def run(self, now: datetime, *models: Model, up: bool = True) -> Plan:
        """A run: what it plans is sent and recorded; where the channel is not ``up``, it stays planned."""
        plan = self.plan(now, *models)
        for message in plan.messages:
            self.events.append(record.planned(message, self.channel, now))
            if up:
                self.events += record.sent(message, self.channel, now)
                self.sent += [(message.owner, change) for change in message.changes]
        self.events.append(Event(f"{now.isoformat()}.released", now, "notify_released"))
        return plan

    def kinds(self, now: datetime, *models: Model, up: bool = True) -> list[str]:
        """The kinds of change that a run tells, in order."""
        return [change.kind for message in self.run(now, *models, up=up).messages for change in message.changes]

    def write(self, kind: str, at: datetime, *findings: Finding, until: date | None = None) -> None:
        """Somebody acknowledges, snoozes or opens findings again."""
        said = Statement(f"{kind}-{at.isoformat()}", kind, "Ada", "Known.", until)
        self.events += events.about(said, findings, at)
