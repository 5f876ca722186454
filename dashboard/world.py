"""The world as one run of 'vigie notify' sees it: every model, what is wrong with it now, and what was done of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from dashboard.alert_policy import AlertPolicy
from dashboard.events import Event, Standing
from dashboard.finding import Finding
from dashboard.text import Language, Text

AUTHOR: Final = "notify"
"""Who writes the events of a run."""

State = Literal["green", "grey", "amber", "red", "late"]
"""How a model stands for its owner: its colour; late where it is grey because no batch came; grey says nothing new."""


@dataclass(frozen=True, slots=True)
class Model:
    """A registered model and its newest batch; those fields are None before its first evaluation.

    ``findings`` are those of that batch that are amber, red or late, worst first, and ``standings`` whether somebody
    has taken care of each. ``owner`` is '' where nobody is known. ``retrain`` is the registry's JSON, parsed.
    ``history`` is the day and the colour of the newest batches, oldest first; ``light`` the importance below which a
    red finding counts amber.
    """

    model_id: str
    name: str
    team: str
    owner: str
    language: Language
    links: Mapping[str, str]
    policy: AlertPolicy
    retrain: Mapping[str, Any]
    state: State = "grey"
    model_version: str | None = None
    batch_id: str | None = None
    batch_date: date | None = None
    since: date | None = None
    headline: Text | None = None
    findings: tuple[Finding, ...] = ()
    standings: tuple[Standing, ...] = ()
    history: tuple[tuple[date, State], ...] = ()
    light: float = 0.0

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Those that nobody has acknowledged or snoozed, worst first."""
        return tuple(f for f, s in zip(self.findings, self.standings, strict=True) if s.kind == "open")


@dataclass(frozen=True, slots=True)
class World:
    """``now`` has a zone; ``events`` are of all models, oldest first; ``of_inputs`` what incidents are made of."""

    now: datetime
    models: Mapping[str, Model]
    of_inputs: tuple[Finding, ...]
    events: tuple[Event, ...]

    @property
    def today(self) -> date:
        """The day, UTC."""
        return self.now.date()
