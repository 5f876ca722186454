"""The fleet's colours by day, from the strips of its models: what the tiles and the trend count."""

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

_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class History:
    """The batches of one model, oldest first: days since 1970 and codes of COLOURS, both of shape (batches,)."""

    days: npt.NDArray[np.int32]
    codes: npt.NDArray[np.uint8]

    def colours(self) -> list[str]:
        """The colours, oldest first."""
        return [COLOURS[code] for code in self.codes.tolist()]

    def on(self, day: date) -> str:
        """The model's colour on a day: that of its newest batch until then; grey before its first."""
        place = int(np.searchsorted(self.days, (day - _EPOCH).days, side="right")) - 1
        return COLOURS[self.codes[place]] if place >= 0 else "grey"


@dataclass(frozen=True, slots=True)
class Histories:
    """The batches of all models: one array of each, and where each model's part of them begins and ends."""

    places: Mapping[str, tuple[int, int]]
    days: npt.NDArray[np.int32]
    codes: npt.NDArray[np.uint8]

    def of(self, model_id: str) -> History:
        """The history of a model; an empty one when it has no batch."""
        start, end = self.places.get(model_id, (0, 0))
        return History(self.days[start:end], self.codes[start:end])


def histories(fleet: pa.Table) -> Histories:
    """The strips of query ``fleet``: text, since thousands of nested values come slowly from a warehouse."""
    strips = [json.loads(text) for text in fleet.column("strip").to_pylist()]
    ends = np.cumsum([len(strip) for strip in strips], dtype=np.int64)
    starts = [0, *ends.tolist()][: len(strips)]
    codes = {colour: code for code, colour in enumerate(COLOURS)}
    batches = [batch for strip in strips for batch in strip]
    return Histories(
        dict(zip(fleet.column("model_id").to_pylist(), zip(starts, ends.tolist(), strict=True), strict=True)),
        np.array([batch["batch_date"] for batch in batches], "datetime64[D]").astype(np.int32),
        np.array([codes.get(batch["colour"], 0) for batch in batches], np.uint8),
    )


def counts_on(models: Sequence[str], by_model: Histories, day: date) -> Counter[str]:
    """How many of ``models`` had which colour on a day."""
    return Counter(by_model.of(model).on(day) for model in models)


def fresh_trouble(rows: Sequence[Mapping[str, Any]], by_model: Histories, yesterday: date) -> int:
    """How many models are amber or red now and were neither on ``yesterday``."""
    trouble = ("amber", "red")
    return sum(row["colour"] in trouble and by_model.of(row["model_id"]).on(yesterday) not in trouble for row in rows)


def trend_counts(
    models: Sequence[str], by_model: Histories, last: date, days: int
) -> tuple[list[date], list[int], list[int]]:
    """The ``days`` days up to ``last``, and how many of ``models`` were amber and red on each."""
    end = (last - _EPOCH).days
    axis = np.arange(end - days + 1, end + 1, dtype=np.int32)
    seen = np.zeros((len(COLOURS), days), np.int64)
    places = np.arange(days)
    for model in models:
        history = by_model.of(model)
        if not len(history.days):
            continue
        at = np.searchsorted(history.days, axis, side="right") - 1
        codes = np.where(at >= 0, history.codes[np.maximum(at, 0)], 0)
        seen[codes, places] += 1
    amber, red = seen[COLOURS.index("amber")], seen[COLOURS.index("red")]
    return [last - timedelta(days=days - 1 - place) for place in range(days)], amber.tolist(), red.tolist()
