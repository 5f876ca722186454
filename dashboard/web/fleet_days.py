"""The fleet's colours by day: what the tiles, the trend and the timeline show."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

COLOURS: Final = ("grey", "green", "amber", "red")
"""What the codes of a history stand for; whatever is none of these is grey."""

NOT_YET: Final = len(COLOURS)
"""The code of a model before its first batch: it has no data, so that it counts as grey."""

STRIP: Final = 100
"""Batches that a strip of query ``fleet`` holds at most: of a longer history it does not know the beginning."""

DAYS: Final = 90
"""Days of the fleet's trend; the strips of daily models are long enough for it."""

_EPOCH: Final = date(1970, 1, 1)

Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class History:
    """The batches of one model, oldest first: days since 1970 and codes of COLOURS, both of shape (batches,)."""

    days: npt.NDArray[np.int32]
    codes: Codes

    def colours(self) -> list[str]:
        """The colours, oldest first."""
        return [COLOURS[code] for code in self.codes.tolist()]

    def on(self, day: date) -> str:
        """The model's colour on a day: that of its newest batch until then; grey before its first."""
        place = int(np.searchsorted(self.days, _number(day), side="right")) - 1
        return COLOURS[self.codes[place]] if place >= 0 else "grey"


@dataclass(frozen=True, slots=True)
class Histories:
    """The batches of all models: one array of each, and where each model's part of them begins and ends.

    ``known_from`` is the first day of which every model's colour is known: None where that is all days.
    """

    places: Mapping[str, tuple[int, int]]
    days: npt.NDArray[np.int32]
    codes: Codes
    known_from: date | None = None

    def of(self, model_id: str) -> History:
        """The history of a model; an empty one when it has no batch."""
        start, end = self.places.get(model_id, (0, 0))
        return History(self.days[start:end], self.codes[start:end])

    @property
    def first(self) -> date | None:
        """The day of the oldest batch; None without any."""
        return _EPOCH + timedelta(days=int(self.days.min())) if len(self.days) else None

    def by_day(self, models: Sequence[str], first: date, last: date) -> Codes:
        """The codes of ``models`` on the days from ``first`` to ``last``, shape (models, days).

        On a day without a batch a model has the colour of its newest batch before, as ``History.on`` says; NOT_YET
        before its first.
        """
        begin, days = _number(first), (last - first).days + 1
        codes = np.full((len(models), max(days, 0)), NOT_YET, np.uint8)
        spans = [self.places.get(model, (0, 0)) for model in models]
        if not codes.size or not any(end > start for start, end in spans):
            return codes
        lengths = [end - start for start, end in spans]
        rows = np.repeat(np.arange(len(models)), lengths)
        taken = np.concatenate([np.arange(start, end) for start, end in spans])
        # What came before the first day stands on it. Of one day's batches the last is written last, and stays.
        at = np.maximum(self.days[taken] - begin, 0)
        within = at < days
        codes[rows[within], at[within]] = self.codes[taken][within]
        newest = np.maximum.accumulate(np.where(codes == NOT_YET, 0, np.arange(days)), axis=1)
        return np.take_along_axis(codes, newest, axis=1)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """How many models had which colour on each day from ``first`` on: ``seen`` has shape (COLOURS, days)."""

    first: date
    seen: npt.NDArray[np.int64]

    @property
    def days(self) -> list[date]:
        """The days, oldest first."""
        return [self.first + timedelta(days=place) for place in range(self.seen.shape[1])]

    def of(self, colour: str) -> list[int]:
        """The counts of one colour by day."""
        found: list[int] = self.seen[COLOURS.index(colour)].tolist()
        return found

    def trouble(self) -> list[int]:
        """How many were amber or red, by day."""
        found: list[int] = (self.seen[COLOURS.index("amber")] + self.seen[COLOURS.index("red")]).tolist()
        return found

    def at(self, place: int) -> Counter[str]:
        """The counts of the day at ``place``."""
        return Counter(dict(zip(COLOURS, self.seen[:, place].tolist(), strict=True)))


def histories(fleet: pa.Table) -> Histories:
    """The strips of query ``fleet``: text, since thousands of nested values come slowly from a warehouse."""
    strips = [json.loads(text) for text in fleet.column("strip").to_pylist()]
    codes = {colour: code for code, colour in enumerate(COLOURS)}
    batches = [batch for strip in strips for batch in strip]
    cut = [date.fromisoformat(strip[0]["batch_date"]) for strip in strips if len(strip) >= STRIP]
    return Histories(
        _places(fleet.column("model_id").to_pylist(), [len(strip) for strip in strips]),
        np.array([batch["batch_date"] for batch in batches], "datetime64[D]").astype(np.int32),
        np.array([codes.get(batch["colour"], 0) for batch in batches], np.uint8),
        max(cut, default=None),
    )


def histories_of_batches(health: pa.Table) -> Histories:
    """The rows of query ``fleet_health``, which come by model and day: the whole history of each model."""
    names = health.column("model_id").combine_chunks().dictionary_encode()
    found: list[str] = names.dictionary.to_pylist()
    lengths = np.bincount(names.indices.to_numpy(), minlength=len(found)) if len(names) else np.zeros(0, np.int64)
    colours = health.column("colour").combine_chunks().dictionary_encode()
    meaning = [COLOURS.index(colour) if colour in COLOURS else 0 for colour in colours.dictionary.to_pylist()]
    codes = np.array([*meaning, 0], np.uint8)[colours.indices.fill_null(len(meaning)).to_numpy(zero_copy_only=False)]
    days = health.column("batch_date").cast(pa.int32()).to_numpy()
    return Histories(_places(found, lengths.tolist()), days, codes)


def day_counts(codes: Codes, first: date) -> DayCounts:
    """The counts of ``codes`` (models, days), the first of the days being ``first``; NOT_YET counts as grey."""
    held = np.where(codes == NOT_YET, COLOURS.index("grey"), codes)
    return DayCounts(first, np.stack([(held == code).sum(axis=0) for code in range(len(COLOURS))]))


def counts_on(models: Sequence[str], by_model: Histories, day: date) -> Counter[str]:
    """How many of ``models`` had which colour on a day."""
    return day_counts(by_model.by_day(models, day, day), day).at(0)


def trend_counts(models: Sequence[str], by_model: Histories, last: date, days: int) -> DayCounts:
    """How many of ``models`` had which colour on each of the ``days`` days up to ``last``.

    Days before the first batch of all are left out, and those of which some model's colour is not known.
    """
    asked = last - timedelta(days=days - 1)
    first = max(asked, min(by_model.first or last, last), min(by_model.known_from or asked, last))
    return day_counts(by_model.by_day(models, first, last), first)


def fresh_trouble(rows: Sequence[Mapping[str, Any]], by_model: Histories, yesterday: date) -> int:
    """How many models are amber or red now and were neither on ``yesterday``."""
    trouble = ("amber", "red")
    return sum(row["colour"] in trouble and by_model.of(row["model_id"]).on(yesterday) not in trouble for row in rows)


def _places(models: Sequence[str], lengths: Sequence[int]) -> dict[str, tuple[int, int]]:
    ends = np.cumsum(lengths, dtype=np.int64).tolist()
    return {model: (end - length, end) for model, end, length in zip(models, ends, lengths, strict=True)}


def _number(day: date) -> int:
    return (day - _EPOCH).days
