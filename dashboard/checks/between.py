"""The contract between tables: what one table says of another must be so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from dashboard.checks.columns import Part, Violation
from dashboard.checks.rows import codes, sizes_and_sums

Key = tuple[Any, ...]

_VERSION: Final = ("model_id", "model_version")
_BATCH: Final = (*_VERSION, "batch_id")

_OF_MODEL: Final = ("versions", "outcomes")
_OF_VERSION: Final = ("gates", "reference_variables", "batches", "measures")
_OF_BATCH: Final = ("batch_variables", "predictions", "held", "findings", "health")


@dataclass(slots=True)
class Known:
    """What the tables looked at so far hold: they come in the contract's order, so later ones can be held to it."""

    models: set[Key] = field(default_factory=set)
    versions: dict[Key, int] = field(default_factory=dict)
    bins: dict[Key, int] = field(default_factory=dict)
    batches: dict[Key, tuple[int, Any]] = field(default_factory=dict)
    policies: list[Part] = field(default_factory=list)
    derived: set[Key] = field(default_factory=set)

    def learn(self, part: Part) -> None:
        """Remember the keys of ``part``, and the sizes that others must match."""
        columns = {name: part.data.column(name) for name in part.table.names}
        if part.table.name in ("models", "policies"):
            self.policies.append(part)
        match part.table.name:
            case "models":
                self.models.update((name,) for name in columns["model_id"].to_pylist())
            case "versions":
                keys = _rows(columns, _VERSION)
                self.versions.update(zip(keys, columns["rows"].to_pylist(), strict=True))
                for key, text in zip(keys, columns["derived"].to_pylist(), strict=True):
                    self.derived.update((*key, name) for name in _derived(text))
            case "reference_variables":
                sizes, _ = sizes_and_sums(part.data, "counts")
                self.bins.update(zip(_rows(columns, (*_VERSION, "variable")), sizes.tolist(), strict=True))
            case "batches":
                facts = zip(columns["rows"].to_pylist(), columns["batch_date"].to_pylist(), strict=True)
                self.batches.update(zip(_rows(columns, _BATCH), facts, strict=True))


def _rows(columns: dict[str, Any], names: tuple[str, ...]) -> list[Key]:
    return list(zip(*(columns[name].to_pylist() for name in names), strict=True))


def _derived(text: str | None) -> Iterator[str]:
    with suppress(ValueError, TypeError, KeyError, RecursionError):  # what is no such list is told by itself
        yield from [entry["name"] for entry in json.loads(text or "[]")]


def between(part: Part, known: Known) -> Iterator[Violation]:
    """Every violation of ``part`` against what is ``known`` of the tables before it."""
    name = part.table.name
    if name in _OF_MODEL:
        yield from _unknown(part, ("model_id",), known.models, "no such model is registered")
    if name in _OF_VERSION:
        yield from _unknown(part, _VERSION, known.versions, "no such version was delivered")
    if name in _OF_BATCH:
        yield from _unknown(part, _BATCH, known.batches, "no such batch was delivered")
    if name == "reference_variables":
        rows = _looked_up(part, _VERSION, known.versions.get)
        # A derived variable may be counted on a sample of the training rows.
        rows[_looked_up(part, (*_VERSION, "variable"), lambda key: key in known.derived).astype(bool)] = None
        yield from _sums(part, rows, "training rows of the version")
    if name == "batch_variables":
        rows = _looked_up(part, _BATCH, lambda key: known.batches.get(key, (None,))[0])
        yield from _sums(part, rows, "rows of the batch")
        yield from _sizes(part, known)
    if name in ("batch_variables", "predictions", "held") and "batch_date" in part.present:
        yield from _dates(part, known)


def _looked_up(part: Part, columns: tuple[str, ...], find: Callable[[Key], Any]) -> np.ndarray[Any, np.dtype[Any]]:
    """``find`` of each row's key, called once for each distinct key; an array of objects."""
    first, code = codes(part.data, columns)
    distinct = part.data.select(list(columns)).take(first)
    keys = zip(*(distinct.column(name).to_pylist() for name in columns), strict=True)
    found = np.empty(len(first), object)
    for place, key in enumerate(keys):
        found[place] = find(key)
    return found[code]


def _unknown(part: Part, columns: tuple[str, ...], known: Any, message: str) -> Iterator[Violation]:
    there = _looked_up(part, columns, lambda key: key in known)
    values = part.data.column(columns[-1])
    yield from part.flag(~there.astype(bool), columns[-1], lambda p: f"{values[p].as_py()!r}: {message}.")


def _sums(part: Part, rows: np.ndarray[Any, np.dtype[Any]], of_what: str) -> Iterator[Violation]:
    _, sums = sizes_and_sums(part.data, "counts")
    wrong = np.array([row is not None and row != total for row, total in zip(rows, sums.tolist(), strict=True)], bool)
    yield from part.flag(
        wrong, "counts", lambda p: f"the counts add up to {sums[p]:,}, not to the {rows[p]:,} {of_what}."
    )


def _sizes(part: Part, known: Known) -> Iterator[Violation]:
    bins = _looked_up(part, (*_VERSION, "variable"), known.bins.get)
    missing = np.array([size is None for size in bins], bool)
    variables = part.data.column("variable")
    yield from part.flag(
        missing, "variable", lambda p: f"{variables[p].as_py()!r}: the reference of the version has no such variable."
    )
    sizes, _ = sizes_and_sums(part.data, "counts")
    wrong = ~missing & np.array([size != own for size, own in zip(bins, sizes.tolist(), strict=True)], bool)
    yield from part.flag(wrong, "counts", lambda p: f"it holds {sizes[p]} counts, the reference has {bins[p]} bins.")


def _dates(part: Part, known: Known) -> Iterator[Violation]:
    days = _looked_up(part, _BATCH, lambda key: known.batches.get(key, (None, None))[1])
    own = np.array(part.data.column("batch_date").to_pylist(), object)
    wrong = np.array([day is not None and day != given for day, given in zip(days, own, strict=True)], bool)
    yield from part.flag(wrong, "batch_date", lambda p: f"it is {own[p]}, the batch's day is {days[p]}.")
