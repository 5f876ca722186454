"""The decisions on retraining as a list: of each red run the newest word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from dashboard.events import Event
from dashboard.reasons import reasons_of
from dashboard.retrain.course import course_of
from dashboard.retrain.decision import Outcome
from dashboard.text import Text

_OUTCOMES: Final[dict[str, Outcome]] = {f"retraining_{outcome}": outcome for outcome in get_args(Outcome)}


@dataclass(frozen=True, slots=True)
class Listed:
    """What was decided last of one red run. ``open`` says that a person has to do something before it goes on."""

    model_id: str
    since: str
    outcome: Outcome
    open: bool
    at: datetime
    target: str
    request_id: str
    link: str
    reasons: tuple[Text, ...]


def listed(events: Iterable[Event]) -> list[Listed]:
    """The red runs that something was decided of, those decided last first."""
    own: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda one: one.order):
        if event.kind.startswith("retraining_") and (request := event.said("request_id")):
            own.setdefault(request, []).append(event)
    found = []
    for request, told in own.items():
        course = course_of(told, request)
        decided = [event for event in told if event.kind in _OUTCOMES]
        if not decided:
            continue
        last = course.asked or decided[-1]
        outcome = _OUTCOMES[last.kind]
        found.append(
            Listed(
                model_id=last.model_id or "",
                since=last.said("since"),
                outcome=outcome,
                open=outcome == "awaiting" or (outcome == "failed" and last.facts.get("doubt") is True),
                at=last.happened_at,
                target=last.said("target"),
                request_id=request,
                link=last.said("link"),
                reasons=tuple(reasons_of(last)),
            )
        )
    return sorted(found, key=lambda one: (one.at, one.request_id), reverse=True)
