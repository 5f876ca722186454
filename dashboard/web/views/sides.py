"""A side of a comparison: one version of one model, with what is known of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any, Final

from dashboard import format as form
from dashboard.rule import FAMILIES
from dashboard.web.page import Request
from dashboard.web.views.timeline import Batch, Timeline, cadence_days, timeline_of
from dashboard.web.views.versions import versions_of

STATES: Final = ("colour", *FAMILIES)
"""What has a colour in every batch: the batch as a whole, and each family."""
_LATE: Final = 1.5
"""After so many cadences without a batch, one is missing."""
_KEPT: Final = ("batch_id", "batch_date", *STATES)


@dataclass(frozen=True, slots=True)
class Side:
    """One version of a model: rows of ``fleet``, of ``versions_of`` and of ``variables``, its batches, oldest first.

    ``health`` are its evaluated batches, oldest first: rows of ``model_health``, without headlines but for ``newest``.
    ``used`` are the first and the last day on which it was the one in use, None if it never was.
    """

    entry: Mapping[str, Any]
    row: Mapping[str, Any]
    known: Timeline
    batches: tuple[Batch, ...]
    variables: tuple[Mapping[str, Any], ...]
    health: tuple[Mapping[str, Any], ...]
    newest: Mapping[str, Any] | None
    used: tuple[date, date] | None

    @property
    def model_id(self) -> str:
        """The model's identifier."""
        return str(self.entry["model_id"])

    @property
    def version(self) -> str:
        """The version's name."""
        return str(self.row["model_version"])

    @property
    def colours(self) -> list[str]:
        """The colour of each evaluated batch, oldest first."""
        return [row["colour"] for row in self.health]

    def by_day(self, days: Sequence[date], state: str) -> list[str | None]:
        """The colour of ``state`` on each of ``days`` (ascending): a batch's until the next is due, None without."""
        usual = max(1.0, cadence_days(self.entry["cadence"], [batch.day for batch in self.batches]))
        colours: list[str | None] = [None] * len(days)
        if not days:
            return colours
        # A batch lasts until the next one at most: of those before the first day, only the last may reach into it.
        since = max(0, bisect_left(self.health, days[0], key=lambda row: row["batch_date"]) - 1)
        for row, following in zip_longest(self.health[since:], self.health[since + 1 :]):
            begins = row["batch_date"]
            ends = begins + timedelta(days=round(usual))
            if following is not None and (following["batch_date"] - begins).days <= usual * _LATE:
                ends = max(following["batch_date"], begins + timedelta(days=1))
            first, last = bisect_left(days, begins), bisect_left(days, ends)
            colours[first:last] = [row[state]] * (last - first)
        return colours


def sides_of(request: Request, entry: Mapping[str, Any]) -> list[Side]:
    """Every version of a model as a side, that of the newest batch first; ``entry`` is a row of query ``fleet``."""
    model_id = entry["model_id"]
    known = timeline_of(request, model_id)
    variables: dict[str, list[Mapping[str, Any]]] = {}
    for row in request.rows("variables", model_id=model_id):
        variables.setdefault(row["model_version"], []).append({**row, "weekdays": None})
    used: dict[str, list[date]] = {}
    for batch in known.in_use():
        used.setdefault(batch.model_version, []).append(batch.day)
    health: dict[str, list[Mapping[str, Any]]] = {}
    newest: dict[str, Mapping[str, Any]] = {}
    if known.batches:
        for row in reversed(request.rows("model_health", model_id=model_id, since=known.batches[0].day)):
            health.setdefault(row["model_version"], []).append({key: row[key] for key in _KEPT})
            newest[row["model_version"]] = row
    return [
        Side(
            entry=entry,
            row=row,
            known=known,
            batches=tuple(known.of(row["model_version"])),
            variables=tuple(variables.get(row["model_version"], ())),
            health=tuple(health.get(row["model_version"], ())),
            newest=newest.get(row["model_version"]),
            used=(days[0], days[-1]) if (days := used.get(row["model_version"])) else None,
        )
        for row in versions_of(request, model_id)
    ]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides: versions of one model, or of two."""

    left: Side
    right: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        """Left and right."""
        return self.left, self.right

    @property
    def one_model(self) -> bool:
        """Whether both are versions of the same model."""
        return self.left.model_id == self.right.model_id

    @property
    def task(self) -> str | None:
        """The task of both; None where they differ."""
        task = self.left.entry["task"]
        return str(task) if task == self.right.entry["task"] else None

    def names(self, *, longest: int = 32) -> tuple[str, str]:
        """What to call each in a sentence: the version, of one model; else the model, and its version."""
        if self.one_model:
            return form.name(self.left.version, longest=longest), form.name(self.right.version, longest=longest)
        left, right = (
            f"{form.name(side.entry['name'], longest=longest)} {form.name(side.version, longest=16)}"
            for side in self.sides
        )
        return left, right


def find(sides: Sequence[Side], version: str) -> Side | None:
    """The side of a version; None where there is no such version."""
    return next((side for side in sides if side.version == version), None)


def in_use(sides: Sequence[Side]) -> Side:
    """The side in use now, or that of the newest version; ``sides`` holds at least one."""
    return find(sides, sides[0].known.current or "") or sides[0]


def previous(sides: Sequence[Side], side: Side) -> Side | None:
    """The version that ``side`` is best compared with: in use just before it, else any other; None if it is alone."""
    others = [other for other in sides if other is not side]
    if side.used:
        before = [other for other in others if other.used and other.used[0] < side.used[0]]
        if before:
            return max(before, key=lambda other: other.used[0] if other.used else date.min)
    return others[0] if others else None


def shared_days(left: Side, right: Side) -> list[date]:
    """The days on which both sides have a batch, oldest first."""
    theirs = {batch.day for batch in right.batches}
    return sorted({batch.day for batch in left.batches if batch.day in theirs})
