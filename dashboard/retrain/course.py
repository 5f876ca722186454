"""The course of a request to train anew: what was written down of it, and whether it may have been sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dashboard.events import Event

PLANNED: Final = "retraining_planned"
ASKED: Final = "retraining_asked"
REFUSED: Final = "retraining_refused"
AWAITING: Final = "retraining_awaiting"
FAILED: Final = "retraining_failed"
KINDS: Final = (PLANNED, ASKED, REFUSED, AWAITING, FAILED)
"""What a job writes of a request; people write dashboard.events.APPROVALS."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of one request. ``asked`` is the event that says so; ``last`` the newest refusal or wait.

    ``written`` counts the refusals and waits. ``open`` are the plans of which nobody knows whether the target has them,
    by run; ``told`` those of them that a failure tells people of, with the moment of the newest.
    """

    asked: Event | None = None
    last: Event | None = None
    written: int = 0
    open: tuple[Event, ...] = ()
    told: frozenset[str] = frozenset()
    told_at: datetime | None = None


def course_of(events: Iterable[Event], request_id: str) -> Course:
    """The course of one request, as ``events`` tell it, oldest first."""
    own = [event for event in events if event.kind in KINDS and event.facts.get("request_id") == request_id]
    stops = [event for event in own if event.kind in (REFUSED, AWAITING)]
    doubts = [event for event in own if event.kind == FAILED and event.facts.get("doubt") is True]
    surely_not = {run_of(event) for event in own if event.kind == FAILED} - {run_of(event) for event in doubts}
    return Course(
        asked=next((event for event in own if event.kind == ASKED), None),
        last=stops[-1] if stops else None,
        written=len(stops),
        open=tuple(event for event in own if event.kind == PLANNED and run_of(event) not in surely_not),
        told=frozenset(run_of(event) for event in doubts),
        told_at=max((event.happened_at for event in doubts), default=None),
    )


def run_of(event: Event) -> str:
    """The run of the job that wrote an event of a request."""
    return event.said("run")


def days_of_requests(events: Sequence[Event], but: str) -> list[date]:
    """The days of all requests but one that were asked or may have been, oldest first."""
    days = []
    for request in {event.said("request_id") for event in events if event.kind in KINDS} - {but, ""}:
        course = course_of(events, request)
        if course.asked is not None:
            days.append(course.asked.day)
        elif course.open:
            days.append(max(event.day for event in course.open))
    return sorted(days)
