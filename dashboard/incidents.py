"""Incidents: findings of several models, or of several variables of one, that have one cause, most likely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from dashboard import rules
from dashboard.finding import Finding, from_row
from dashboard.format import name as named
from dashboard.judging.enumeration import enumerated
from dashboard.say import say
from dashboard.text import Text
from qod.derived import ERROR, PREDICTION

BREAKS: Final = ("absent", "missing", "unseen", "out_of_range", "vanished", "constant", "type_changed")
"""The rules that tell of broken data. What they find on one variable since one day is one break, whichever they are: a
recoded level vanishes in one model and is unseen in another."""

COMPUTED: Final = (ERROR, PREDICTION)
"""Variables that a model computes from its own: that two models have them is no sign of anything in common."""

_RANK: Final = {"red": 0, "amber": 1}

Place = tuple[str, str, date]
"""A model, one of its variables, and the day on which something began there."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One cause of several findings. ``findings`` holds one a model and variable, in this order: the break where there
    is one, else the drift. ``kind`` is break where data broke in two places or more, else drift. ``since`` is the day
    it began, ``last`` the newest batch that shows it.
    """

    kind: Literal["break", "drift"]
    since: date
    last: date
    findings: tuple[Finding, ...]
    colour: Literal["red", "amber"]

    @property
    def models(self) -> tuple[str, ...]:
        """The models' identifiers, in order."""
        return tuple(sorted({finding.model_id for finding in self.findings}))

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables, in order."""
        return tuple(sorted({finding.subject for finding in self.findings}))

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that tell of it, in order."""
        return tuple(sorted({finding.rule for finding in self.findings}))

    @property
    def id(self) -> str:
        """The day it began and its first variable: no other incident has both, and later batches change neither."""
        return f"{self.since.isoformat()}:{self.variables[0]}"


def incidents(findings: Iterable[Finding]) -> list[Incident]:
    """The incidents among ``findings``, which may be of any batches: the newest first, then those of most models.

    Findings are of one incident when they are on the same variable of two models since the same day, broken data or
    drift alike; and, of broken data alone, when one rule found them on two variables of one model since the same day.
    The day is that on which the change began, where the finding keeps it, else that of its colour. Only amber and red
    findings of these rules take part, and none on a variable that the model computes itself.
    """
    here: dict[Place, dict[str, Finding]] = {}
    last: dict[Place, date] = {}
    for finding in findings:
        if finding.colour not in _RANK or finding.rule not in (*BREAKS, "drift"):
            continue
        if finding.rule == "drift" and finding.subject in COMPUTED:
            continue
        place = (finding.model_id, finding.subject, began(finding))
        of_place = here.setdefault(place, {})
        held = of_place.get(finding.rule)
        if held is None or _newest(finding) > _newest(held):
            of_place[finding.rule] = finding
        last[place] = max(last.get(place, finding.batch_date), finding.batch_date)
    found = [_incident(places, here, last) for places in _together(here) if len(places) > 1]
    return sorted(found, key=lambda one: (-one.since.toordinal(), -len(one.models), -len(one.findings), one.id))


def members(incident: Incident, findings: Iterable[Finding]) -> list[Finding]:
    """Those of ``findings`` that tell of the incident: on its variables in its models, since its first day or later."""
    places = {(finding.model_id, finding.subject) for finding in incident.findings}
    return [
        finding
        for finding in findings
        if (finding.model_id, finding.subject) in places
        and finding.rule in (*BREAKS, "drift")
        and began(finding) >= incident.since
    ]


def from_rows(rows: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """The findings of ``fleet_findings``, whose only fact is the day on which the change began."""
    return [replace(from_row(row), facts={"onset": row["onset"].isoformat()} if row["onset"] else {}) for row in rows]


def began(finding: Finding) -> date:
    """The day on which what ``finding`` tells of began."""
    onset = finding.facts.get("onset")
    return date.fromisoformat(onset) if onset else finding.since


def _newest(finding: Finding) -> tuple[date, str, str]:
    return finding.batch_date, finding.model_version, finding.batch_id


def _together(here: Mapping[Place, Mapping[str, Finding]]) -> list[list[Place]]:
    """The places that belong together, in groups."""
    first: dict[tuple[str, ...], Place] = {}
    above: dict[Place, Place] = {place: place for place in here}

    def top(place: Place) -> Place:
        while above[place] != place:
            place = above[place] = above[above[place]]
        return place

    for place, of_place in here.items():
        model, variable, day = place
        keys: list[tuple[str, ...]] = [("variable", variable, day.isoformat())]
        keys += [("model", model, day.isoformat(), rule) for rule in of_place if rule in BREAKS]
        for key in keys:
            above[top(place)] = top(first.setdefault(key, place))
    groups: dict[Place, list[Place]] = {}
    for place in sorted(here):
        groups.setdefault(top(place), []).append(place)
    return list(groups.values())


def _incident(
    places: Iterable[Place], here: Mapping[Place, Mapping[str, Finding]], last: Mapping[Place, date]
) -> Incident:
    places = list(places)
    every = [finding for place in places for finding in here[place].values()]
    telling = tuple(min(here[place].values(), key=_told_first) for place in places)
    broken = sum(finding.rule in BREAKS for finding in telling)
    return Incident(
        "break" if broken > 1 else "drift",
        places[0][2],
        max(last[place] for place in places),
        telling,
        "red" if any(finding.colour == "red" for finding in every) else "amber",
    )


def _told_first(finding: Finding) -> tuple[bool, int, str]:
    return finding.rule == "drift", _RANK[finding.colour], finding.rule


def sentence(incident: Incident, names: Mapping[str, str] | None = None) -> Text:
    """What broke or moved, where, since when and the likely cause; models are called as ``names`` says, else by id."""
    models = [named((names or {}).get(model, model)) for model in incident.models]
    values = {
        "variables": enumerated([Text(named(name), named(name)) for name in incident.variables]),
        "models": enumerated([Text(name, name) for name in models]),
        "how": how(incident),
        "since": incident.since,
    }
    template = _DRIFT if incident.kind == "drift" else _BREAK if len(models) > 1 else _ONE_MODEL
    return say(template, values, near=incident.last)


def how(incident: Incident) -> Text:
    """The names of the rules that tell of it, to stand within a sentence."""
    known = rules.load()
    told = [known[rule].name for rule in incident.rules if rule in known]
    return enumerated([Text(_small(name.en), _small(name.fr)) for name in told])


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


_BREAK = Text(
    "{variables} broke on {since:date} in {models} ({how}): most likely one cause upstream of them, to mend there.",
    "{variables} : rupture le {since:date} dans {models} ({how}), sans doute une seule cause en amont, à réparer là.",
)
_ONE_MODEL = Text(
    "{variables} of {models} broke together on {since:date} ({how}): most likely the one source that feeds them.",
    "{variables} de {models} : rupture commune le {since:date} ({how}), sans doute la source qui les alimente.",
)
_DRIFT = Text(
    "{variables} has been drifting in {models} since {since:date}: most likely one change, of the world or of its "
    "source.",
    "{variables} dérive dans {models} depuis le {since:date} : sans doute un seul changement, du monde ou de sa "
    "source.",
)
