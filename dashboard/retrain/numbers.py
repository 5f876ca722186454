"""Reading the numbers that guards look at: one question for all red models, one for those whose rows are counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dashboard.retrain.case import Numbers
from dashboard.world import Model

if TYPE_CHECKING:
    from qod.warehouse import Warehouse


def read_numbers(warehouse: Warehouse, models: Sequence[Model], today: date) -> dict[str, Numbers]:
    """The numbers of each of the models, by its identifier."""
    return count_rows(warehouse, read_days(warehouse, models), today)


def count_rows(warehouse: Warehouse, numbers: Mapping[str, Numbers], today: date) -> dict[str, Numbers]:
    """The numbers with the rows that have a known truth, by the models' identifiers.

    That reads the predictions of all days since the oldest training: the one question that costs something.
    """
    rows = _labelled(warehouse, {name: one.trained for name, one in numbers.items()}, today)
    return {name: replace(one, rows=rows.get(name), are_counted=True) for name, one in numbers.items()}


def read_days(warehouse: Warehouse, models: Sequence[Model]) -> dict[str, Numbers]:
    """The numbers of each of the models, by its identifier, without the rows."""
    names = sorted(model.model_id for model in models)
    if not names:
        return {}
    versions: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in warehouse.query("version_days", models=names).to_pylist():
        versions[row["model_id"]].append(row)
    found = {}
    for model in models:
        own = versions[model.model_id]
        newest, newest_on = _newest(own)
        found[model.model_id] = Numbers(_reds(model), _trained(model, own), None, newest, newest_on, are_counted=False)
    return found


def _reds(model: Model) -> int | None:
    """The red batches in a row that end with the newest."""
    if not model.history:
        return None
    count = 0
    for _, colour in reversed(model.history):
        if colour != "red":
            break
        count += 1
    return count


def _trained(model: Model, versions: Iterable[Mapping[str, Any]]) -> date | None:
    """The day after which rows are new to the version of the newest batch; where nobody says it, that of its use."""
    own = [row for row in versions if row["model_version"] == model.model_version]
    return _day(own[0]["trained_at"] or own[0]["deployed_at"]) if own else None


def _newest(versions: Iterable[Mapping[str, Any]]) -> tuple[str | None, date | None]:
    days = {}
    for row in versions:
        told = [day for day in (_day(row["trained_at"]), _day(row["deployed_at"])) if day is not None]
        # A version that says nothing of itself is as young as the day on which it was registered.
        days[row["model_version"]] = max(told) if told else _day(row["delivered_at"])
    known = [(day, name) for name, day in days.items() if day is not None]
    day, name = max(known, default=(None, None))
    return name, day


def _labelled(warehouse: Warehouse, trained: Mapping[str, date | None], today: date) -> dict[str, int]:
    """Rows of days after each model's training whose truth is known; models whose day is not known are left out."""
    days = {name: day for name, day in trained.items() if day is not None}
    if not days:
        return {}
    counts = dict.fromkeys(days, 0)
    since = min(days.values()) + timedelta(days=1)
    for row in warehouse.query("labelled_rows", models=sorted(days), since=since, until=today).to_pylist():
        if row["day"] > days[row["model_id"]]:
            counts[row["model_id"]] += row["n"]
    return counts


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(UTC).date()
