"""What was decided about training a model anew, and what became of the new version, as its events tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from dashboard.events import APPROVALS, Event
from dashboard.foreign import day_in
from dashboard.text import Text

WORDS: Final[dict[str, Text]] = {
    "retraining_asked": Text("retraining asked for", "réentraînement demandé"),
    "retraining_refused": Text("retraining not asked for", "réentraînement non demandé"),
    "retraining_awaiting": Text("retraining waits for approval", "réentraînement en attente d'approbation"),
    "retraining_failed": Text("retraining could not be asked for", "demande de réentraînement sans succès"),
    "champion_open": Text("new version on trial", "nouvelle version à l'essai"),
    "champion_passed": Text("new version accepted", "nouvelle version acceptée"),
    "champion_failed": Text("new version not accepted", "nouvelle version non acceptée"),
}
"""What jobs decide, and what it is called."""

State = Literal["asked", "refused", "awaiting", "failed", "approved", "declined"]
_STATES: Final[dict[str, State]] = {f"retraining_{state}": state for state in get_args(State)}


@dataclass(frozen=True, slots=True)
class Retraining:
    """``events`` are the decisions and the answers to them, newest first; ``state`` that of the newest request.

    ``since`` is the first day of the red run that the request is about.
    """

    events: tuple[Event, ...]
    state: State | None
    since: date | None


def retraining(events: Iterable[Event]) -> Retraining:
    """The decisions among ``events``; without any, no state."""
    told = [event for event in events if event.kind in WORDS or event.kind in APPROVALS]
    told.sort(key=lambda event: event.order, reverse=True)
    last = next((event for event in told if event.kind in _STATES), None)
    return Retraining(tuple(told), _STATES[last.kind] if last else None, since_of(last) if last else None)


def awaited(events: Iterable[Event]) -> date | None:
    """The first day of the red run whose request waits for somebody's approval; None where none does."""
    found = retraining(events)
    return found.since if found.state == "awaiting" else None


def since_of(event: Event) -> date | None:
    """The day that the event says the red run began; None where it says none."""
    return day_in(event.facts.get("since"))
