"""What came and went while nobody was told: batches that were worse between two runs of a model that is green again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from dashboard.alerts.deciding.known import Cause, Known
from dashboard.alerts.world import Model, State
from dashboard.events import Event

_HOLD: Final = timedelta(days=7)
"""The longest that messages to one owner may lie apart (setting alert_minutes): what was held may be as old."""


def passed_batches(
    model: Model, known: Known, today: date, care: Mapping[Cause, Sequence[Event]]
) -> tuple[tuple[date, State], ...]:
    """The day and the colour of each batch of a green model that its owner would have been told of, had a run seen it.

    They are newer than the last that was told, and than the last that a run may have looked at, as far as their days
    tell: that is the day of the run before this one, less the days that the model's batches take to come. Where a
    message was planned meanwhile or held back, from then on. Nothing of before the first run is told, nor what somebody
    had taken care of.
    """
    if known.first_run is None or known.last_run is None or model.batch_date is None:
        return ()
    to = model.model_id, model.owner
    looked = min(known.last_run, known.pending.get(to, known.last_run))
    letter = known.letters.get(model.owner)
    if letter is not None and looked - _HOLD < letter < looked:
        looked = letter
    lag = max(today - model.batch_date, timedelta(0)) + timedelta(days=1)
    start = max(known.first_run.date(), looked.date() - lag)
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


def _taken(care: Mapping[Cause, Sequence[Event]], began: date, day: date) -> bool:
    """Whether somebody had taken care of something that began within the run of colour of that day."""
    return any(
        began.isoformat() <= since <= day.isoformat() and any(event.kind != "reopened" for event in written)
        for (_, _, since), written in care.items()
    )
