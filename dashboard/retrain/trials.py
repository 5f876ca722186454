"""Which versions are on trial: trained after somebody was asked to train the model anew, and not accepted yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from dashboard.events import Event
from dashboard.retrain.gate_row import Gate


@dataclass(frozen=True, slots=True)
class Trained:
    """A version: when it was trained, where training said so, and the day of its first batch, if it has any."""

    model_version: str
    trained_at: datetime | None
    first_day: date | None

    @property
    def began(self) -> datetime | None:
        """When it was trained; the end of its first batch's day where nobody knows; None where there is neither."""
        if self.trained_at is not None or self.first_day is None:
            return self.trained_at
        return datetime.combine(self.first_day, time.max, UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to train a model anew: when it was made, and the version that was red."""

    at: datetime
    model_version: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A version on trial, and the one whose baselines count until it is accepted."""

    model_version: str
    against: str


def requests(events: Iterable[Event]) -> dict[str, list[Asked]]:
    """By model: the requests that were taken, oldest first.

    One counts from the moment it was first made: whether it was taken may have been found out much later.
    """
    planned: dict[str, datetime] = {}
    taken: dict[tuple[str, str], Asked] = {}
    for event in sorted(events, key=lambda one: one.order):
        request = event.said("request_id") or event.event_id
        if event.kind not in ("retraining_planned", "retraining_asked") or event.model_id is None:
            continue
        at = planned.setdefault(request, event.happened_at)
        if event.kind == "retraining_asked":
            taken.setdefault((event.model_id, request), Asked(at, event.model_version))
    found: dict[str, list[Asked]] = {}
    for (model_id, _), asked in taken.items():
        found.setdefault(model_id, []).append(asked)
    return {model_id: sorted(of_model, key=lambda one: one.at) for model_id, of_model in found.items()}


def trials(versions: Sequence[Trained], asked: Sequence[Asked], gates: Mapping[str, Gate]) -> list[Trial]:
    """The versions on trial, the oldest first; ``gates`` are those that stand already, by version.

    A request is answered by the versions trained after it, up to the first that is accepted: what is trained later is
    no answer to it. A gate that is open stays, whatever became of others.
    """
    known = {one.model_version: began for one in versions if (began := one.began) is not None}
    found = []
    for version in sorted(known, key=lambda name: (known[name], name)):
        gate = gates.get(version)
        if gate is not None and gate.counts:
            continue
        red = _red_version(version, known, asked, gates)
        if red is None and gate is not None:
            red = gate.against
        if red is not None and red != version:
            found.append(Trial(version, _champion(red, version, known, gates)))
    return found


def _red_version(
    version: str, known: Mapping[str, datetime], asked: Sequence[Asked], gates: Mapping[str, Gate]
) -> str | None:
    """Which version was red when the newest request was made that ``version`` answers; None if it answers none."""
    accepted = [known[name] for name, gate in gates.items() if gate.counts and name in known]
    for one in reversed(asked):
        if one.at >= known[version] or any(one.at < other < known[version] for other in accepted):
            continue
        before = [name for name in known if known[name] <= one.at]
        red = one.model_version if one.model_version in known else max(before, key=known.__getitem__, default=None)
        if red is not None and known[red] < known[version]:
            return red
    return None


def _champion(red: str, version: str, known: Mapping[str, datetime], gates: Mapping[str, Gate]) -> str:
    """Whose baselines count in place of those of the red version: its own, those it is held to, or an heir's."""
    seen, champion = {version}, red
    while champion not in seen and champion in gates and not gates[champion].counts:
        seen.add(champion)
        champion = gates[champion].against
    accepted = [name for name, gate in gates.items() if gate.counts and name in known and known[name] < known[version]]
    for name in sorted(accepted, key=known.__getitem__):
        if gates[name].against == champion:
            champion = name
    return champion
