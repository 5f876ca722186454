"""The digest: how the models of each team stood at the end of some days and before them, and what happened between."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.alerts.deciding.known import letter_of
from dashboard.alerts.digests.window import Window
from dashboard.alerts.digests.words import RETRAINED
from dashboard.events import Event
from dashboard.incidents import Incident
from dashboard.policy import Policy
from dashboard.rules.late import late_from
from dashboard.text import Text
from dashboard.world import State
from qod.cadence import Cadence

COUNTED: Final = ("red", "amber", "grey", "green")
"""What models are counted as, the worst first; those that are late are without data, as the grey ones are."""

TROUBLE: Final = ("red", "amber")


@dataclass(frozen=True, slots=True)
class Entry:
    """A registered model; ``cadence`` is None where the registry's cannot be read: it is never late then."""

    model_id: str
    name: str
    team: str
    owner: str
    cadence: Cadence | None
    policy: Policy


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model stood at the end of a day: ``since`` is the first day of that, None before its first batch.

    ``last`` is the day of its newest batch then; ``headline`` is what was said of that.
    """

    entry: Entry
    state: State
    since: date | None = None
    last: date | None = None
    headline: Text | None = None


@dataclass(frozen=True, slots=True)
class Recovery:
    """A model that is green again: what it was, and since when it is green."""

    entry: Entry
    was: State
    since: date


@dataclass(frozen=True, slots=True)
class Team:
    """The models of a team, '' of those without one. Lists have the worst and oldest first.

    ``now`` and ``before`` count models by COUNTED. ``retrainings`` are the newest event of each model and kind;
    ``letters`` is how many messages went out about its models, ``people`` to how many.
    """

    name: str
    models: int
    now: Mapping[str, int]
    before: Mapping[str, int]
    new_reds: tuple[Standing, ...] = ()
    lasting_reds: tuple[Standing, ...] = ()
    recoveries: tuple[Recovery, ...] = ()
    without: tuple[Standing, ...] = ()
    incidents: tuple[Incident, ...] = ()
    retrainings: tuple[tuple[Entry, Event], ...] = ()
    letters: int = 0
    people: int = 0

    def change(self, colour: str) -> int:
        """How many models more than before have the colour."""
        return self.now.get(colour, 0) - self.before.get(colour, 0)


@dataclass(frozen=True, slots=True)
class Digest:
    """``names`` are the models' by identifier; ``chosen`` is the one team that was asked for, if one was."""

    window: Window
    teams: tuple[Team, ...]
    names: Mapping[str, str]
    chosen: str | None = None

    def total(self, colour: str, *, before: bool = False) -> int:
        """How many models of all these teams have, or had, a colour."""
        return sum((team.before if before else team.now).get(colour, 0) for team in self.teams)


@dataclass(frozen=True, slots=True)
class Known:
    """What a digest is made of: the registry, rows of ``health_until`` before the window and at its end, rows of
    ``fleet_health`` from its first day on, the incidents of these days, and everything that was written down.
    """

    entries: Sequence[Entry]
    before: Iterable[Mapping[str, Any]]
    end: Iterable[Mapping[str, Any]]
    between: Iterable[Mapping[str, Any]]
    incidents: Sequence[Incident]
    events: Iterable[Event]


def digest(known: Known, window: Window, team: str | None = None) -> Digest:
    """The digest of one team, or of all: by name, the models without a team last."""
    before = {row["model_id"]: row for row in known.before}
    end = {row["model_id"]: row for row in known.end}
    seen: dict[str, set[str]] = defaultdict(set)
    for row in known.between:
        if window.holds(row["batch_date"]):
            seen[row["model_id"]].add(row["colour"])
    events = [event for event in known.events if window.holds(event.day)]
    by_team: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(known.entries, key=lambda one: (one.name, one.model_id)):
        if team in (None, entry.team):
            by_team[entry.team].append(entry)
    teams = []
    for name in sorted(by_team, key=lambda one: (not one, one.casefold(), one)):
        then = [standing(entry, before.get(entry.model_id), window.before) for entry in by_team[name]]
        now = [standing(entry, end.get(entry.model_id), window.until) for entry in by_team[name]]
        teams.append(_team(name, then, now, seen, known.incidents, events, window))
    return Digest(window, tuple(teams), {entry.model_id: entry.name for entry in known.entries}, team)


def standing(entry: Entry, row: Mapping[str, Any] | None, day: date) -> Standing:
    """How a model stood at the end of a day, from the row of its newest batch then.

    That row may have been judged again since, when no batch came after it: what came later does not count.
    """
    if row is None:
        return Standing(entry, "grey")
    last, since, headline = row["batch_date"], row["since"], Text(row["headline_en"], row["headline_fr"])
    if row["colour"] in TROUBLE:
        return Standing(entry, row["colour"], since, last, headline)
    if entry.cadence is not None and "late" not in entry.policy.off:
        if day >= late_from(last, entry.cadence, entry.policy):
            return Standing(entry, "late", entry.cadence.after(last), last)
        if row["freshness"] == "grey":
            blind = "grey" in (row["drift"], row["quality"])
            return Standing(entry, "grey" if blind else "green", last, last)
    return Standing(entry, "green" if row["colour"] == "green" else "grey", since, last, headline)


def _team(
    name: str,
    then: Sequence[Standing],
    now: Sequence[Standing],
    seen: Mapping[str, set[str]],
    incidents: Iterable[Incident],
    events: Sequence[Event],
    window: Window,
) -> Team:
    own = {one.entry.model_id: one.entry for one in now}
    was = {one.entry.model_id: one.state for one in then}
    reds = sorted((one for one in now if one.state == "red"), key=_oldest_first)
    sent = [event for event in events if event.kind == "message_sent" and event.model_id in own]
    return Team(
        name,
        len(now),
        _counts(now),
        _counts(then),
        tuple(one for one in reds if one.since is not None and one.since >= window.since),
        tuple(one for one in reds if one.since is None or one.since < window.since),
        tuple(_recoveries(now, was, seen)),
        tuple(sorted((one for one in now if one.state in ("late", "grey")), key=_oldest_first)),
        tuple(one for one in incidents if len(one.models) > 1 and own.keys() & set(one.models)),
        tuple(_retrainings(own, events)),
        len({letter_of(event) for event in sent}),
        len({to for event in sent if isinstance(to := event.facts.get("to"), str) and to}),
    )


def _recoveries(now: Iterable[Standing], was: Mapping[str, State], seen: Mapping[str, set[str]]) -> Iterable[Recovery]:
    for one in now:
        if one.state != "green" or one.since is None:
            continue
        met = {was.get(one.entry.model_id, "grey"), *seen.get(one.entry.model_id, ())}
        worst: State | None = "red" if "red" in met else "amber" if "amber" in met else None
        if worst:
            yield Recovery(one.entry, worst, one.since)


def _retrainings(own: Mapping[str, Entry], events: Iterable[Event]) -> list[tuple[Entry, Event]]:
    newest: dict[tuple[str, str], Event] = {}
    for event in events:
        if event.kind in RETRAINED and event.model_id in own and event.model_id is not None:
            held = newest.get((event.model_id, event.kind))
            if held is None or event.order > held.order:
                newest[event.model_id, event.kind] = event
    ordered = sorted(newest.items(), key=lambda item: (item[1].happened_at, item[0]))
    return [(own[model_id], event) for (model_id, _), event in ordered]


def _counts(standings: Iterable[Standing]) -> dict[str, int]:
    found = Counter("grey" if one.state == "late" else one.state for one in standings)
    return {colour: found[colour] for colour in COUNTED}


def _oldest_first(one: Standing) -> tuple[date, str, str]:
    return one.since or date.min, one.entry.name, one.entry.model_id
