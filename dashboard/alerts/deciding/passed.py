"""What came and went while nobody was told: batches that were worse between two runs of a model that is green again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dashboard.alerts.deciding.known import Cause, Known
from dashboard.events import Event
from dashboard.world import Model, State

_HOLD: Final = timedelta(days=7)
"""The longest that messages to one owner may lie apart (setting alert_minutes): what was held may be as old."""


def passed_batches(
    model: Model, known: Known, today: date, care: Mapping[Cause, Sequence[Event]]
) -> tuple[tuple[date, State], ...]:
    """The day and the colour of each batch of a green model that its owner would have been told of, had a run seen it.

    They are newer than the last that was told, and than the last that a run may have looked at, as far as their days
    tell: that is the day of the run before this one, less the days that the model's batches take to come. Where a
    message was planned meanwhile and never arrived, or was held back, or the model was not green, it is a run before
    that. Nothing of before the first run is told, nor what somebody had taken care of.
    """
    if not known.ends or model.batch_date is None:
        return ()
    to = model.model_id, model.owner
    lag = max(today - model.batch_date, timedelta(0)) + timedelta(days=1)
    start = max(known.ends[0].date(), _looked(model, known, lag) - lag)
    told = known.told.get(to)
    after = (told.batch_date or told.at.date()) if told else date.min
    told_from = ("red",) if model.policy.alert_from == "red" else ("amber", "red")
    bad, began = [], None
    for day, colour in model.history:
        if colour in ("green", "grey"):
            began = None if colour == "green" else began
            continue
        began = began or day
        if colour in told_from and start <= day and after < day and not _taken(care, began, day):
            bad.append((day, colour))
    return tuple(bad)


def _looked(model: Model, known: Known, lag: timedelta) -> date:
    """The day of the last run that told all that it found, and found the model green: what was not told by then was
    nothing, since a run that finds it grey, or late where nobody wants to hear of that, says nothing of what passed.
    """
    to, owner = (model.model_id, model.owner), model.owner
    lost = [at for at in (known.pending.get(to), known.waiting.get(owner)) if at is not None]
    count = bisect_left(known.ends, min(lost)) if lost else len(known.ends)
    looked = known.ends[max(count - 1, 0)]
    letter = known.letters.get(owner)
    if letter is not None and looked - _HOLD < letter < looked:
        looked = min(letter, known.written.get(owner, letter))
    day = looked.date()
    while _newest_on(model, day - lag + timedelta(days=1)) in ("grey", "amber", "red"):
        before = bisect_left(known.ends, datetime.combine(day, time.min, UTC))
        if before == 0:
            break
        day = known.ends[before - 1].date()
    return day


def _newest_on(model: Model, day: date) -> State | None:
    """The colour of the newest batch that was there on that day."""
    return next((colour for of, colour in reversed(model.history) if of <= day), None)


def _taken(care: Mapping[Cause, Sequence[Event]], began: date, day: date) -> bool:
    """Whether somebody had taken care of something that began within the run of colour of that day."""
    return any(
        began.isoformat() <= since <= day.isoformat() and any(event.kind != "reopened" for event in written)
        for (_, _, since), written in care.items()
    )
