"""A change: how a model stands now, and how its owner was told last that it stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dashboard.finding import Finding
from dashboard.retrain.decision import Decision
from dashboard.world import Model, State

Kind = Literal["began", "worse", "better", "late", "recovered", "passed", "again", "reminder"]
"""What happened: amber or red after green; red after amber; amber after red; no batch came; all is well again; it was
worse in between, and is well again; another cause, or the end of a snooze, while the colour lasts; nothing new."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one model's owner is to be told.

    ``before`` is what was told last ('green' before the first message), ``now`` what is told by this. ``findings`` are
    those that nobody has taken care of, worst first: the ones that carry it, then milder ones; of a recovery, none.
    ``passed`` is the day and the colour of each batch that was worse in between. ``retraining`` is what was decided in
    this run, if anything. ``key`` is the same for the same change, however often it is looked at, and of no other.
    """

    key: str
    kind: Kind
    model: Model
    before: State
    now: State
    findings: tuple[Finding, ...] = ()
    retraining: Decision | None = None
    passed: tuple[tuple[date, State], ...] = ()
