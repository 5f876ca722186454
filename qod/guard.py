"""Guards: rows with levels or values that training did not have are set aside before they are scored, and counted.

guard = qod.guard.read_guard("guard.json")
split = qod.guard.split(rows, guard)
scored = score(split.kept)
split.write_held("held.parquet")
qod.deliver_batch("churn", "v3", day, scored, warehouse=home, id="customer_id", held=split.counts)
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from os import PathLike

from qod.errors import UnknownNameError
from qod.frozen import Reference, read_reference
from qod.guard_counts import Count, HeldCounts
from qod.guard_json import as_json, read_guard
from qod.guard_rules import Guard, Rule, rule_of
from qod.guard_split import Split, split
from qod.guard_sql import where
from qod.receipt import as_warehouse
from qod.warehouse import Warehouse

__all__ = [
    "Count",
    "Guard",
    "HeldCounts",
    "Rule",
    "Split",
    "as_json",
    "from_reference",
    "guard_of",
    "read_guard",
    "split",
    "where",
]


def from_reference(
    model_id: str,
    model_version: str,
    *,
    warehouse: Warehouse | str | PathLike[str],
    variables: Collection[str] | None = None,
) -> Guard:
    """The guard that holds back everything that a version's training did not have: new levels, values out of range.

    Of ``variables`` alone, if they are given; else of all that are columns before the rows are scored. UnknownNameError
    for a version that was never delivered, or a variable that it does not have.
    """
    reference = read_reference(as_warehouse(warehouse), model_id, model_version)
    return guard_of(model_id, model_version, reference, variables=variables)


def guard_of(
    model_id: str,
    model_version: str,
    reference: Reference,
    *,
    variables: Collection[str] | None = None,
    made_at: datetime | None = None,
) -> Guard:
    """``from_reference`` for a reference that is at hand; ``made_at`` defaults to now."""
    columns = [name for name in reference.variables if name not in reference.derived]
    for name in variables or ():
        if name not in columns:
            raise UnknownNameError("variable", name, columns)
    asked = [name for name in columns if (name != reference.score if variables is None else name in variables)]
    rules, notes = [], []
    for name in asked:
        rule = rule_of(name, reference.variables[name], type=reference.types.get(name))
        if rule is not None:
            rules.append(rule)
        elif reference.variables[name].open_tail:
            notes.append(f"{name!r} has no rule: training had too many levels to remember, nobody can tell new ones.")
        else:
            notes.append(f"{name!r} has no rule: it had no value in training.")
    return Guard(model_id, model_version, made_at or datetime.now(UTC), tuple(rules), tuple(notes))
