"""What a recovery ends: how long it was not well, and what messages said of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.alerts.change import Change
from dashboard.events import Event
from dashboard.text import Text
from dashboard.world import World

MOST: Final = 3
"""Sentences of before that a message quotes."""


@dataclass(frozen=True, slots=True)
class Past:
    """``first`` is the day from which it was not well, ``over`` that of the first good batch; None where not known.

    ``said`` are sentences of the messages since, the newest message's first.
    """

    first: date | None
    over: date | None
    said: tuple[Text, ...]

    @property
    def days(self) -> int:
        """How many days it lasted; 0 where that is not known."""
        return max((self.over - self.first).days, 0) if self.first and self.over else 0


def past(change: Change, world: World) -> Past:
    """What was not well with the model of ``change``, which is green again."""
    messages = _messages(change, world)
    over = change.model.since
    return Past(_first(change, messages, over), over, _said(messages))


def _messages(change: Change, world: World) -> list[Event]:
    """The rows of messages to the model's owner since it was told green last, newest first."""
    found = []
    for event in reversed(world.events):
        if event.kind != "message_sent" or event.model_id != change.model.model_id:
            continue
        if event.facts.get("now") == "green":
            break
        if event.facts.get("to") == change.model.owner:
            found.append(event)
    return found


def _first(change: Change, messages: list[Event], over: date | None) -> date | None:
    """The first day of the last run that was not green, else the earliest that messages name."""
    bad: list[date] = []
    for day, colour in reversed(change.model.history):
        if over is not None and day >= over:
            continue
        if colour == "green":
            break
        if colour != "grey":
            bad.append(day)
    named = [since for event in messages if (since := _day(event.facts.get("since"))) is not None]
    return min([*bad, *(day for day in named if over is None or day < over)], default=None)


def _said(messages: list[Event]) -> tuple[Text, ...]:
    found: dict[tuple[object, object], Text] = {}
    for event in sorted(messages, key=lambda one: (-one.happened_at.timestamp(), one.event_id)):
        english, french = event.facts.get("sentence_en"), event.facts.get("sentence_fr")
        if english and french:
            found.setdefault((event.subject, event.facts.get("rule")), Text(english, french))
    return tuple(found.values())[:MOST]


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
