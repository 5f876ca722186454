"""Care that has ended: a snooze that is over, or what somebody opened again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Final

from dashboard.alerts.deciding.known import Cause, cause_of
from dashboard.events import Event, last_day
from dashboard.finding import Finding

Care = Mapping[str, Mapping[Cause, Sequence[Event]]]
"""By model and finding, what people wrote about it, oldest first."""

_TAKING: Final = ("acknowledged", "snoozed")


def care_of(events: Iterable[Event]) -> Care:
    """What people wrote about findings that takes or gives back care of them."""
    found: dict[str, dict[Cause, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        rule, since = event.facts.get("rule"), event.facts.get("since")
        if event.kind not in (*_TAKING, "reopened") or event.model_id is None or event.subject is None:
            continue
        if isinstance(rule, str) and isinstance(since, str):
            found[event.model_id][event.subject, rule, since].append(event)
    for of_model in found.values():
        for written in of_model.values():
            written.sort(key=lambda event: event.order)
    return found


def was_taken(care: Mapping[Cause, Sequence[Event]], cause: Cause) -> bool:
    """Whether somebody has taken care of a finding and left it so, as far as anybody wrote."""
    written = care.get(cause, ())
    return bool(written) and written[-1].kind in _TAKING


def ended_at(care: Mapping[Cause, Sequence[Event]], finding: Finding) -> datetime | None:
    """When the care ended that was taken of ``finding``, which is open now; None where nobody ever took any."""
    written = care.get(cause_of(finding), ())
    if not any(event.kind in _TAKING for event in written):
        return None
    last = written[-1]
    until = last_day(last.facts) if last.kind == "snoozed" else None
    return last.happened_at if until is None else datetime.combine(until, time.max, UTC)
