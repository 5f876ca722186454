"""What an engine is to the proof of the queries, what it is given, and when two of them agree."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any, Protocol

import pyarrow as pa

from qod.contract import TABLES, arrow_schema
from qod.warehouse.query import Query

TOLERANCE = 1e-12
"""How far two FLOAT64 may lie apart, as a share of the larger: engines add in different orders."""


class Engine(Protocol):
    """Something that answers queries."""

    name: str

    def run(self, query: Query, params: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> pa.Table:
        """The rows of ``query``, in the contract's types; any exception is a refusal.

        ``tables`` holds every row that was ever delivered, with its delivery columns, also those that a later
        delivery replaced: to ask about the rows that hold is part of the engine's work. A table that is not
        named has no rows.
        """


def fingerprint(tables: Mapping[str, pa.Table]) -> str:
    """The same for the same rows: what an engine made of them once, it may keep."""
    rows = repr([(name, tables[name].to_pylist()) for name in sorted(tables)])
    return hashlib.sha256(rows.encode()).hexdigest()


def deliveries(tables: Mapping[str, pa.Table]) -> dict[str, dict[str, pa.Table]]:
    """The rows by delivery, earliest first, and by table."""
    found: dict[str, dict[str, list[int]]] = {}
    for name, rows in tables.items():
        for place, delivery_id in enumerate(rows.column("delivery_id").to_pylist()):
            found.setdefault(delivery_id, {}).setdefault(name, []).append(place)
    return {
        delivery_id: {name: tables[name].take(places) for name, places in found[delivery_id].items()}
        for delivery_id in sorted(found)
    }


def holding(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The rows of every table that hold, as the contract says it: of each scope, those of its latest delivery.

    A delivery replaces its scopes in each table it names, those of which it has no rows there too.
    """
    latest: dict[tuple[Any, ...], str] = {}
    for delivery_id, parts in deliveries(tables).items():
        for name in parts:
            alike = [other for other in parts if TABLES[other].scope == TABLES[name].scope]
            for scope in {scope for other in alike for scope in _scopes(other, parts[other])}:
                latest[name, *scope] = delivery_id
    held = {}
    for name in TABLES:
        rows = tables.get(name, pa.Table.from_batches([], arrow_schema(name)))
        given = rows.column("delivery_id").to_pylist()
        held[name] = rows.filter(
            pa.array(
                [latest[name, *scope] == id for scope, id in zip(_scopes(name, rows), given, strict=True)], pa.bool_()
            )
        )
    return held


def _scopes(name: str, rows: pa.Table) -> list[tuple[Any, ...]]:
    """The scope of each row."""
    return list(zip(*(rows.column(column).to_pylist() for column in TABLES[name].scope), strict=True))


def differences(left: pa.Table, right: pa.Table) -> list[str]:
    """Where two answers differ, in words, at most ten places; nothing where they agree, order included."""
    shapes = [[f"{field.name} {written(field.type)}" for field in table.schema] for table in (left, right)]
    if shapes[0] != shapes[1]:
        return [f"columns {a} and {b}" for a, b in zip(*shapes, strict=False) if a != b] or [f"columns {shapes}"]
    if left.num_rows != right.num_rows:
        return [f"{left.num_rows} rows and {right.num_rows}", f"{left.to_pylist()}", f"{right.to_pylist()}"]
    return [
        f"row {place}, {column}: {one[column]!r} and {other[column]!r}"
        for place, (one, other) in enumerate(zip(left.to_pylist(), right.to_pylist(), strict=True))
        for column in one
        if not same(one[column], other[column])
    ][:10]


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, numbers of FLOAT64 within the tolerance; NULL equals NULL alone."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=0.0) or (math.isnan(one) and math.isnan(other))
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


def written(type: pa.DataType) -> str:
    """An Arrow type, without the names that engines give the items of a list."""
    if pa.types.is_list(type) or pa.types.is_large_list(type):
        return f"list<{written(type.value_type)}>"
    if pa.types.is_struct(type):
        return f"struct<{', '.join(f'{field.name} {written(field.type)}' for field in type)}>"
    return str(type)
