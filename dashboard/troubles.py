"""Troubles: what is wrong now or was lately, as people take care of it: an incident, or what one model has alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dashboard.events import KINDS, Event, Standing, standing
from dashboard.finding import Finding
from dashboard.incidents import Incident, began, incidents, members

State = Literal["open", "acknowledged", "snoozed", "over"]

_RANK: Final = {"red": 0, "amber": 1, "grey": 2}


@dataclass(frozen=True, slots=True)
class Trouble:
    """An incident with all findings that belong to it, or (``incident`` is None) what one model has alone.

    ``standings`` are those of ``findings``, in the same order; it is open while one of them is, and, else, snoozed
    while one of them is. ``events`` are those about it, newest first. ``last`` is the newest batch that shows it.
    """

    incident: Incident | None
    findings: tuple[Finding, ...]
    standings: tuple[Standing, ...]
    events: tuple[Event, ...]
    colour: str
    since: date
    last: date
    state: State

    @property
    def id(self) -> str:
        """The incident's identifier; else the model's, behind a word that no incident begins with."""
        return self.incident.id if self.incident else f"model:{self.findings[0].model_id}"

    @property
    def models(self) -> tuple[str, ...]:
        """The models' identifiers, in order."""
        return tuple(sorted({finding.model_id for finding in self.findings}))

    @property
    def standing(self) -> Standing:
        """The standing that makes its state: the newest of those of that kind."""
        of_kind = [one for one in self.standings if one.kind == self.state and one.when is not None]
        return max(of_kind, key=lambda one: str(one.when), default=Standing("open"))


def present(
    findings: Sequence[Finding], of_inputs: Sequence[Finding], events: Iterable[Event], today: date
) -> list[Trouble]:
    """What is wrong now: the incidents, newest first, then what models have alone, worst and newest first.

    ``findings`` are those of the latest batches, ``of_inputs`` the ones among them that incidents are made of.
    """
    by_place: dict[tuple[str | None, str | None], list[Event]] = defaultdict(list)
    by_model: dict[str | None, list[Event]] = defaultdict(list)
    for event in events:
        by_place[event.model_id, event.subject].append(event)
        if event.kind in KINDS:
            by_model[event.model_id].append(event)
    found, taken = [], set[int]()
    for incident in incidents(of_inputs):
        own = members(incident, findings)
        taken.update(map(id, own))
        written = _written_on(incident, own, by_model)
        found.append(_trouble(incident, own, by_place, written, today))
    alone: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if id(finding) not in taken:
            alone[finding.model_id].append(finding)
    singles = []
    for model, own in alone.items():
        first = min(finding.since for finding in own)
        runs = {_run(finding) for finding in own}
        # What was written on an incident that is none any more stays with what is left of it.
        written = [e for e in by_model[model] if e.day >= first and ("incident" not in e.facts or _run_of(e) in runs)]
        singles.append(_trouble(None, own, by_place, written, today))
    return found + sorted(singles, key=lambda one: (_RANK.get(one.colour, 2), -one.since.toordinal(), one.id))


def past(runs: Iterable[Finding], of_inputs: Iterable[Finding], events: Iterable[Event], since: date) -> list[Trouble]:
    """Incidents among ``runs`` whose last batch is of ``since`` or later and of which nothing goes on, newest first.

    ``of_inputs`` are the findings of the latest batches.
    """
    here = {(finding.model_id, finding.subject, began(finding)) for finding in of_inputs}
    by_model: dict[str | None, list[Event]] = defaultdict(list)
    for event in events:
        by_model[event.model_id].append(event)

    return [
        Trouble(
            incident,
            incident.findings,
            (),
            tuple(_newest_first(_written_on(incident, incident.findings, by_model))),
            incident.colour,
            incident.since,
            incident.last,
            "over",
        )
        for incident in incidents(runs)
        if incident.last >= since
        and not any((finding.model_id, finding.subject, began(finding)) in here for finding in incident.findings)
    ]


def _written_on(
    incident: Incident, findings: Iterable[Finding], by_model: Mapping[str | None, Sequence[Event]]
) -> list[Event]:
    """The events on the incident of ``findings``, whatever its first variable was then: others may have mended."""
    places = {(finding.model_id, finding.subject) for finding in findings}
    began_so = f"{incident.since.isoformat()}:"
    found = []
    for model in incident.models:
        for event in by_model.get(model, ()):
            named = event.said("incident")
            if named == incident.id or (named.startswith(began_so) and (event.model_id, event.subject) in places):
                found.append(event)
    return found


def _run(finding: Finding) -> tuple[object, ...]:
    return finding.subject, finding.rule, finding.since.isoformat()


def _run_of(event: Event) -> tuple[object, ...]:
    return event.subject, event.facts.get("rule"), event.facts.get("since")


def _trouble(
    incident: Incident | None,
    findings: Sequence[Finding],
    events: Mapping[tuple[str | None, str | None], Sequence[Event]],
    written: Iterable[Event],
    today: date,
) -> Trouble:
    ordered = sorted(
        findings, key=lambda one: (_RANK.get(one.colour, 2), one.model_id, -(one.weight or 0), one.subject)
    )
    stands = tuple(standing(one, events.get((one.model_id, one.subject), ()), today) for one in ordered)
    kinds = {one.kind for one in stands}
    return Trouble(
        incident,
        tuple(ordered),
        stands,
        tuple(_newest_first(written)),
        ordered[0].colour,
        incident.since if incident else min(one.since for one in ordered),
        max(one.batch_date for one in ordered),
        "open" if "open" in kinds else "snoozed" if "snoozed" in kinds else "acknowledged",
    )


def _newest_first(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event.order, reverse=True)
