"""Which messages a run sends over one channel: whose changes, put together how, and which of them have to wait."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dashboard.alerts.change import Change
from dashboard.alerts.deciding.known import Known
from dashboard.alerts.message import Group, Message
from dashboard.incidents import Incident, incidents, members
from dashboard.settings import Settings
from dashboard.text import Language
from dashboard.world import World

_URGENCY: Final = {"red": 0, "amber": 1, "late": 2, "grey": 3, "green": 3}

_AHEAD: Final = timedelta(hours=1)
"""No clock is so far ahead: a letter of later than that is another hand's row, and keeps nobody from being told."""


@dataclass(frozen=True, slots=True)
class Held:
    """What ``owner`` is not told before ``until``, having been written to shortly before."""

    owner: str
    until: datetime
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The messages of a run, at most one an owner, and what waits."""

    messages: tuple[Message, ...]
    held: tuple[Held, ...]

    @property
    def nobody(self) -> tuple[Change, ...]:
        """The changes of models without an owner, which no mail can tell."""
        return tuple(change for message in self.messages if not message.owner for change in message.changes)


def plan_messages(world: World, changes: Iterable[Change], known: Known, now: datetime, settings: Settings) -> Plan:
    """What goes to whom: one message an owner, of one group or of several folded into it.

    An owner who was written to within the last ``alert_minutes`` gets nothing yet, and nothing is recorded: the run
    that finds the time over finds the changes too, as they are by then. A letter that may have arrived though nobody
    knows goes out again as it was, under its identifier, while all of it holds; what has come to it since waits.
    """
    by_owner: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_owner[change.model.owner].append(change)
    shared = _shared(world)
    messages, held = [], []
    for owner, own in sorted(by_owner.items()):
        until = _held_until(known.letters.get(owner), now, settings.alert_minutes)
        if until is not None:
            held.append(Held(owner, until, tuple(own)))
            continue
        told = _as_it_was(own, known.doubtful.get(owner, ()))
        if len(told) < len(own):
            later = now + timedelta(minutes=settings.alert_minutes)
            held.append(Held(owner, later, tuple(change for change in own if change not in told)))
        groups = _groups(told, shared, known)
        identifier = _letter_id(known.channel, owner, told)
        messages.append(Message(identifier, owner, _language(told), groups, len(groups) > 1))
    return Plan(tuple(messages), tuple(held))


def _held_until(written: datetime | None, now: datetime, minutes: int) -> datetime | None:
    """Until when an owner who was last written to at ``written`` is left alone; None where that is over."""
    if written is None or written - now > _AHEAD:
        return None
    until = written + timedelta(minutes=minutes)
    return until if now < until else None


def _as_it_was(own: Sequence[Change], doubtful: Iterable[frozenset[str]]) -> Sequence[Change]:
    """Those changes that a letter in doubt told, the one that told most of them; all where there is none."""
    keys = {change.key for change in own}
    letters = [letter for letter in doubtful if letter and letter <= keys]
    if not letters:
        return own
    most = max(letters, key=lambda letter: (len(letter), sorted(letter)))
    return [change for change in own if change.key in most]


_Shared = Mapping[str, Sequence[Incident]]


def _shared(world: World) -> _Shared:
    """By model, the incidents that it has in common with others, the newest first."""
    found: dict[str, list[Incident]] = defaultdict(list)
    for incident in incidents(world.of_inputs):
        if len(models := incident.models) > 1:
            for model_id in models:
                found[model_id].append(incident)
    return found


def _groups(changes: Sequence[Change], shared: _Shared, known: Known) -> tuple[Group, ...]:
    """The changes of one owner, those of one incident together, the most urgent first."""
    of: dict[tuple[str, str], list[Change]] = defaultdict(list)
    going_on: dict[str, Incident] = {}
    for change in changes:
        incident = _incident_of(change, shared)
        if incident is not None:
            going_on[incident.id] = incident
            of["goes on", incident.id].append(change)
        elif change.kind == "recovered" and (over := _told_by(change, known)):
            of["over", over].append(change)
        else:
            of["alone", change.model.model_id].append(change)
    found = [
        Group(
            going_on[name] if word == "goes on" else None,
            tuple(sorted(together, key=_order)),
            "" if word == "alone" else name,
        )
        for (word, name), together in of.items()
    ]
    return tuple(sorted(found, key=lambda group: (_order(group.changes[0])[0], -len(group.changes), group.models)))


def _incident_of(change: Change, shared: _Shared) -> Incident | None:
    """The incident of several models that carries the change; None where what is worst of it is its own."""
    carrying = [one for one in change.findings if one.colour == change.now] or change.findings
    return next((one for one in shared.get(change.model.model_id, ()) if members(one, carrying)), None)


def _told_by(change: Change, known: Known) -> str:
    """The incident by which the model's owner was told of what is over."""
    told = known.of(change.model.model_id, change.model.owner)
    return told.incident if told else ""


def _order(change: Change) -> tuple[int, str]:
    return _URGENCY[change.now], change.model.model_id


def _language(changes: Sequence[Change]) -> Language:
    """The language of most of the models that the message is about; of as many, the first model's."""
    return Counter(change.model.language for change in changes).most_common(1)[0][0]


def _letter_id(channel: str, owner: str, changes: Iterable[Change]) -> str:
    said = json.dumps([channel, owner, sorted(change.key for change in changes)])
    return hashlib.blake2s(said.encode(), digest_size=16).hexdigest()
