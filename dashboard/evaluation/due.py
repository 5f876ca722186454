"""Which models an evaluation has to look at: something was delivered, or what is known holds no longer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from dashboard.evaluation.mark import RULES_VERSION, Mark, entry_digest, parse_mark
from dashboard.history import ModelEntry
from dashboard.policy import Policy
from dashboard.stated import fleet_policy, parse_stated, policy_from
from qod.errors import InputError, UnknownNameError, VigieError
from qod.warehouse import Warehouse
from qod.warehouse.news import Changed

WHOLE: Final = ("models", "versions", "gates", "reference_variables")
"""Tables whose change makes everything that was computed of a model void."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model stood when it was evaluated last."""

    mark: Mark
    as_of: date
    batch_date: date
    colour: str
    strip: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A model to evaluate, as of a day. ``changes`` is None where it has to be evaluated from nothing.

    ``standing`` is None where that is not known; ``stood`` is its last colour all the same. ``seen`` is the
    warehouse's mark.
    """

    model: ModelEntry
    entry: str
    as_of: date
    seen: str
    stood: str | None
    standing: Standing | None
    changes: tuple[Changed, ...] | None


@dataclass(frozen=True, slots=True)
class Look:
    """How many models there are to look at, those that are due, and the warehouse's mark of all it has seen."""

    models: int
    due: list[Due]
    mark: str


def look(warehouse: Warehouse, names: Iterable[str], as_of: date) -> Look:
    """The models among ``names`` (none: all) that are due. UnknownNameError for one that is not registered."""
    entries = {row["model_id"]: row for row in warehouse.query("registry").to_pylist()}
    fleet = fleet_policy(warehouse.query("policies").to_pylist())
    chosen = sorted(set(names) or entries)
    for name in chosen:
        if name not in entries:
            raise UnknownNameError("model", name, entries)
    state = {row["model_id"]: row for row in warehouse.query("evaluation_state").to_pylist()}
    marks = {name: parse_mark(row["mark"]) for name, row in state.items()}
    news = warehouse.news(
        {name: mark.seen for name, mark in marks.items() if mark is not None}, since=_since(warehouse, state, marks)
    )
    due = []
    for name in chosen:
        of_model = news.models[name]
        row, mark = state.get(name), marks.get(name)
        entry = entry_digest(entries[name], fleet)
        changes = of_model.changes
        if row is None or mark is None or mark.rules != RULES_VERSION or mark.entry != entry or as_of < row["as_of"]:
            changes = None
        over = row is not None and row["valid_until"] is not None and as_of >= row["valid_until"]
        if changes is not None and not changes and not over:
            continue
        if changes is not None and any(change.table in WHOLE for change in changes):
            changes = None
        standing = None if row is None or mark is None else _standing(row, mark)
        colour = None if row is None else row["colour"]
        due.append(Due(model_of(entries[name], fleet), entry, as_of, of_model.mark, colour, standing, changes))
    return Look(len(chosen), due, news.mark)


def _since(warehouse: Warehouse, state: Mapping[str, Mapping[str, Any]], marks: Mapping[str, Mark | None]) -> str:
    """The mark of the newest complete run, where every model has been seen by it or stood so before it began.

    A run that was slower than the newest one may have written an older mark after it.
    """
    runs = warehouse.query("last_run").to_pylist()
    if not runs:
        return ""
    began: datetime = runs[0]["started_at"]
    for name, row in state.items():
        mark = marks[name]
        if mark is None or (mark.run != runs[0]["run_id"] and row["delivered_at"] >= began):
            return ""
    mark_of_run: str = runs[0]["mark"]
    return mark_of_run


def _standing(row: Mapping[str, Any], mark: Mark) -> Standing:
    strip = tuple((entry["batch_date"], entry["colour"]) for entry in row["strip"])
    return Standing(mark, row["as_of"], row["batch_date"], row["colour"], strip)


def model_of(entry: Mapping[str, Any], fleet: str | None) -> ModelEntry:
    """What the row of query ``registry`` says, under the fleet's policy (JSON); VigieError for one without sense."""
    return ModelEntry(
        model_id=entry["model_id"],
        name=entry["name"],
        task=entry["task"],
        cadence=entry["cadence"],
        cohort=entry["cohort"],
        outcome_window_days=entry["outcome_window_days"],
        policy=_policy(entry, fleet),
    )


def _policy(entry: Mapping[str, Any], fleet: str | None) -> Policy:
    try:
        return policy_from(parse_stated(fleet), parse_stated(entry["policy"]))
    except VigieError as error:
        raise InputError(f"model {entry['model_id']!r}: {error.message}", hint=error.hint) from error
