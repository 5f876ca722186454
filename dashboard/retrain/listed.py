"""The decisions on retraining as a list: of each red run the newest word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from dashboard.events import Event
from dashboard.retrain.course import ASKED, AWAITING, FAILED, REFUSED, course_of
from dashboard.retrain.decide import told_reasons
from dashboard.text import Text

_OUTCOMES: Final[dict[str, Literal["asked", "refused", "awaiting", "failed"]]] = {
    ASKED: "asked",
    REFUSED: "refused",
    AWAITING: "awaiting",
    FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """What was decided last of one red run. ``open`` says that a person has to do something before it goes on."""

    model_id: str
    since: str
    outcome: Literal["asked", "refused", "awaiting", "failed"]
    open: bool
    at: datetime
    target: str
    request_id: str
    link: str
    reasons: tuple[Text, ...]


def listed(events: Iterable[Event]) -> list[Listed]:
    """The red runs that something was decided of, those decided last first."""
    own: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda one: (one.happened_at, one.event_id)):
        if event.kind.startswith("retraining_") and event.facts.get("request_id"):
            own.setdefault(str(event.facts["request_id"]), []).append(event)
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
                since=str(last.facts.get("since") or ""),
                outcome=outcome,
                open=outcome == "awaiting" or (outcome == "failed" and last.facts.get("doubt") is True),
                at=last.happened_at,
                target=str(last.facts.get("target") or ""),
                request_id=request,
                link=str(last.facts.get("link") or ""),
                reasons=tuple(told_reasons(last)),
            )
        )
    return sorted(found, key=lambda one: (one.at, one.request_id), reverse=True)
