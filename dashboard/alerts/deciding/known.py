"""What owners know: of each model the last message about it that reached them over one channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from dashboard.events import Event
from dashboard.finding import Finding
from dashboard.foreign import day_in, objects_in, text_in
from dashboard.world import State

Cause = tuple[str, str, str]
"""A finding as messages remember it: subject, rule, and the first day of its run of colour (ISO)."""

To = tuple[str, str]
"""A model and who is told of it."""

MOST_CAUSES: Final = 50
"""Findings of one change that messages remember."""

_STATES: Final[dict[str, State]] = {"green": "green", "amber": "amber", "red": "red", "late": "late"}


@dataclass(frozen=True, slots=True)
class Told:
    """The last message about one model to one person; ``incident`` is that which it was told by, '' where alone.

    ``batch_date`` is the day of the batch it was about, None where that is not kept.
    """

    key: str
    state: State
    at: datetime
    batch_date: date | None = None
    causes: frozenset[Cause] = frozenset()
    incident: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the people behind one channel know.

    ``letters`` says when each of them was written to last, and ``written`` when what that letter says was found.
    ``pending`` is the moment of the first plan about a model for its owner that never arrived and that nothing has
    followed, and ``waiting`` the same of an owner. ``ends`` are those of the runs that looked at everything for this
    channel, oldest first. ``doubtful`` are, by owner, the keys of each letter that may have arrived.
    """

    channel: str
    told: Mapping[To, Told] = field(default_factory=dict)
    letters: Mapping[str, datetime] = field(default_factory=dict)
    written: Mapping[str, datetime] = field(default_factory=dict)
    pending: Mapping[To, datetime] = field(default_factory=dict)
    waiting: Mapping[str, datetime] = field(default_factory=dict)
    doubtful: Mapping[str, tuple[frozenset[str], ...]] = field(default_factory=dict)
    ends: tuple[datetime, ...] = ()

    @property
    def last_run(self) -> datetime | None:
        """When a run looked at everything for the last time; None before the first."""
        return self.ends[-1] if self.ends else None

    def of(self, model_id: str, owner: str) -> Told | None:
        """What ``owner`` was told last of the model; None before the first message."""
        return self.told.get((model_id, owner))


def known_by(events: Iterable[Event], channel: str) -> Known:
    """What was told over ``channel``, as the events recorded as sent say, and they alone.

    Knowledge belongs to a model and a person: whoever becomes the owner of a red model is told, also when the one
    before was. Rows of other hands that lack what they should hold count as not written.
    """
    sent: dict[To, list[Event]] = {}
    newest: dict[str, Event] = {}
    planned: list[Event] = []
    arrived: set[str] = set()
    failures: dict[str, list[Event]] = {}
    ends: list[datetime] = []
    for event in events:
        if event.kind == "notify_released":
            # A run that was broken off, or was for other channels, did not look at everything for this one.
            listed = event.facts.get("channels")
            if not isinstance(listed, list) or channel in listed:
                ends.append(event.happened_at)
        elif event.facts.get("channel") != channel or not isinstance(owner := event.facts.get("to"), str):
            continue
        elif event.kind == "message_planned":
            planned.append(event)
        elif event.kind == "message_failed":
            failures.setdefault(letter_of(event), []).append(event)
        elif event.kind == "message_sent":
            arrived.add(letter_of(event))
            newest.setdefault(owner, event)
            if newest[owner].happened_at <= event.happened_at:
                newest[owner] = event
            if event.model_id is not None and _state(event.facts.get("now")) and event.said("change"):
                sent.setdefault((event.model_id, owner), []).append(event)
    told = {to: _last(rows) for to, rows in sent.items()}
    letters = {owner: event.happened_at for owner, event in newest.items()}
    found = {letter_of(event): event.happened_at for event in reversed(planned)}
    lost = [event for event in planned if letter_of(event) not in arrived]
    return Known(
        channel=channel,
        told=told,
        letters=letters,
        written={owner: found.get(letter_of(event), event.happened_at) for owner, event in newest.items()},
        pending=_pending(lost, told),
        waiting=_waiting(lost, letters),
        doubtful=_doubtful(event for event in lost if may_have_arrived(event, failures.get(letter_of(event), ()))),
        ends=tuple(sorted(ends)),
    )


def cause_of(finding: Finding) -> Cause:
    """What messages remember of ``finding``."""
    return finding.subject, finding.rule, finding.since.isoformat()


def letter_of(event: Event) -> str:
    """The letter that an event is about."""
    return event.said("letter") or event.event_id.partition(".")[0]


def may_have_arrived(plan: Event, failures: Iterable[Event]) -> bool:
    """Whether a letter that was never recorded as sent may be there all the same, as the records of its failures say.

    It is surely not where the run that planned it last heard that it is refused, and no run was left without an answer:
    one that was killed, or whose warehouse failed, records nothing.
    """
    states = {event.event_id.rpartition(".")[2]: event.facts.get("state") for event in failures}
    run = plan.said("run")
    refused = bool(states) and all(state == "refused" for state in states.values())
    return not refused or (run != "" and run not in states)


def _last(rows: list[Event]) -> Told:
    """What the newest letter among ``rows`` said: its first row says most."""
    newest = max(rows, key=lambda event: event.order)
    same = [row for row in rows if (row.happened_at, letter_of(row)) == (newest.happened_at, letter_of(newest))]
    causes = [row.facts["causes"] for row in same if isinstance(row.facts.get("causes"), list)]
    texts = {name: next((text_in(row.facts[name]) for row in same if name in row.facts), "") for name in _ONCE}
    return Told(
        newest.said("change"),
        _STATES[newest.facts["now"]],
        newest.happened_at,
        day_in(texts["batch_date"]),
        frozenset(cause for listed in causes for one in listed if (cause := _cause(one)) is not None),
        texts["incident"],
    )


_ONCE: Final = ("batch_date", "incident")


def _pending(lost: Iterable[Event], told: Mapping[To, Told]) -> dict[To, datetime]:
    """Since when something has been planned of a model for its owner that never arrived and nothing has followed."""
    found: dict[To, datetime] = {}
    for event in lost:
        for model, _ in _planned(event):
            to = model, event.facts["to"]
            if to not in told or told[to].at < event.happened_at:
                found[to] = min(found.get(to, event.happened_at), event.happened_at)
    return found


def _waiting(lost: Iterable[Event], letters: Mapping[str, datetime]) -> dict[str, datetime]:
    """Since when something has been planned for each owner that never arrived and no letter has followed."""
    found: dict[str, datetime] = {}
    for event in lost:
        owner = event.facts["to"]
        if owner not in letters or letters[owner] < event.happened_at:
            found[owner] = min(found.get(owner, event.happened_at), event.happened_at)
    return found


def _doubtful(lost: Iterable[Event]) -> dict[str, tuple[frozenset[str], ...]]:
    """By owner, the keys of each letter."""
    found: dict[str, tuple[frozenset[str], ...]] = {}
    for event in lost:
        keys = frozenset(key for _, key in _planned(event))
        found[event.facts["to"]] = (*found.get(event.facts["to"], ()), keys)
    return found


def _planned(event: Event) -> list[tuple[str, str]]:
    """The model and the key of each change of a planned letter."""
    changes = objects_in(event.facts.get("changes"))
    return [(text_in(one.get("model_id")), text_in(one.get("key"))) for one in changes]


def _cause(value: Any) -> Cause | None:
    if isinstance(value, list) and len(value) == 3 and all(isinstance(part, str) for part in value):
        return value[0], value[1], value[2]
    return None


def _state(value: object) -> State | None:
    return _STATES.get(value) if isinstance(value, str) else None
