"""The batches of a model along time: every version's, or those of the version that was in use on the day."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from dashboard.events import Event, from_row
from dashboard.web.figures.time_axis import Kind, Mark
from dashboard.web.page import Request
from qod.cadence import parse_cadence
from qod.errors import VigieError

WINDOWS: Final = (30, 90, 365)
"""How many batches a page may be limited to; 0 stands for all."""

_MARKED: Final[dict[str, Kind]] = {"note": "note", "retraining_asked": "retraining"}


class Batch(NamedTuple):
    """One batch of one version; a tuple, since a page keeps hundreds of them pickled."""

    model_version: str
    batch_id: str
    day: date
    rows: int


@dataclass(frozen=True, slots=True)
class Version:
    """A version with the day it went into use: deployed, or else its first batch; None while it has neither.

    ``guessed`` says that nobody told the day.
    """

    name: str
    start: date | None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """A model's versions (by their start, those without one last), their batches and its events (oldest first)."""

    versions: tuple[Version, ...]
    batches: tuple[Batch, ...]
    events: tuple[Event, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The names of the versions."""
        return frozenset(version.name for version in self.versions)

    @property
    def current(self) -> str | None:
        """The version of the newest batch in use; without batches the newest version; None without versions."""
        used = self.in_use()
        return used[-1].model_version if used else (self.versions[-1].name if self.versions else None)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of the time axes: versions that went into use, retraining that was asked for, notes."""
        deployed = (Mark("deployment", version.name, version.start) for version in self.versions if version.start)
        happened = (
            Mark(_MARKED[event.kind], event.author or "", event.day, event.said("text"))
            for event in self.events
            if event.kind in _MARKED
        )
        return (*deployed, *happened)

    def of(self, version: str) -> list[Batch]:
        """The batches of one version, oldest first."""
        return [batch for batch in self.batches if batch.model_version == version]

    def in_use(self) -> list[Batch]:
        """The batches of whichever version was in use on their day, oldest first.

        A version is in use from its start (the first one from the beginning) until the start of the next one that has
        batches; what a version scored before its turn, or an old one beside its successor, is left out. Where starts
        are guessed, a batch that came late may turn the order round: what is newer than all of it is in use too.
        """
        scored = {batch.model_version for batch in self.batches}
        used = [version for version in self.versions if version.start and version.name in scored]
        turns = {
            version.name: (
                version.start if place and version.start else date.min,
                (used[place + 1].start if place + 1 < len(used) else None) or date.max,
            )
            for place, version in enumerate(used)
        }
        never = (date.max, date.min)
        found = [
            batch
            for batch in self.batches
            if (turn := turns.get(batch.model_version, never))[0] <= batch.day
            and (batch.day < turn[1] or turn[1] == date.max)
        ]
        if not used or not used[-1].guessed:
            return found
        last, guessed = found[-1].day, {version.name for version in used if version.guessed}
        later = [batch for batch in self.batches if batch.day > last and batch.model_version in guessed]
        return found + [batch for batch in later if batch.model_version == later[-1].model_version]


def timeline(
    versions: Iterable[Mapping[str, Any]], batches: Iterable[Mapping[str, Any]], events: Iterable[Event] = ()
) -> Timeline:
    """The timeline of a model, from rows with model_version, deployed_at and with model_version, batch_id, batch_date,
    rows.
    """
    found = sorted(
        (Batch(row["model_version"], row["batch_id"], row["batch_date"], row["rows"]) for row in batches),
        key=lambda batch: (batch.day, batch.batch_id),
    )
    first: dict[str, date] = {}
    for batch in found:
        first.setdefault(batch.model_version, batch.day)
    known = [
        Version(name, deployed or first.get(name), guessed=deployed is None)
        for name, deployed in ((row["model_version"], _day(row["deployed_at"])) for row in versions)
    ]
    known.sort(key=lambda version: (version.start is None, version.start or date.min, version.name))
    return Timeline(tuple(known), tuple(found), tuple(events))


def timeline_of(request: Request, model_id: str) -> Timeline:
    """The timeline of one model, from the tables."""
    return request.reading.keep(
        ("timeline", model_id),
        lambda: timeline(
            request.rows("versions", model_id=model_id),
            request.rows("batches", model_id=model_id),
            map(from_row, request.rows("model_events", model_id=model_id)),
        ),
    )


def last(batches: Sequence[Batch], *, window: int, keep: Iterable[str] = ()) -> list[Batch]:
    """The last ``window`` batches (0: all), widened to hold those of the ids in ``keep`` as well."""
    begin = max(0, len(batches) - window) if window else 0
    wanted = set(keep)
    first = next((place for place, batch in enumerate(batches) if batch.batch_id in wanted), begin)
    return list(batches[min(begin, first) :])


def cadence_days(cadence: str | None, days: Sequence[date]) -> float:
    """The usual days between batches: the registry's, or where it cannot be read the median of ``days``."""
    try:
        return parse_cadence(cadence or "").approximate_days
    except VigieError:
        steps = sorted((later - earlier).days for earlier, later in itertools.pairwise(days) if later > earlier)
        return float(steps[len(steps) // 2]) if steps else 1.0


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None
