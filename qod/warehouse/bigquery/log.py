"""The log of deliveries: one row a delivery, table and scope, written in the transaction that writes the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from qod.contract import TABLES, Column, Table, arrow_type
from qod.warehouse import Scope

SLACK: Final = timedelta(minutes=10)
"""How much later than its ``logged_at`` an entry may become visible: no transaction is allowed to take as long."""

_SCOPE: Final = (
    Column("table_name", "STRING", "the table", nullable=False),
    Column("model_id", "STRING", "the model; '' where the table's scope has none", nullable=False),
    Column("model_version", "STRING", "the version; '' where the table's scope has none", nullable=False),
    Column("batch_id", "STRING", "the batch; '' where the table's scope has none", nullable=False),
    Column("scope_id", "STRING", "an event, a run, or a delivery of outcomes; '' for other scopes", nullable=False),
)
_ROWS: Final = (
    Column("first_day", "DATE", "the first day of its rows; empty where they have none"),
    Column("last_day", "DATE", "the last day of its rows"),
    Column("undated", "INT64", "rows that have no day, in a table that has days", nullable=False),
    Column("rows", "INT64", "rows delivered; 0 where the scope was emptied", nullable=False),
)

LOG: Final = Table(
    "deliveries",
    "every delivery",
    "one row a delivery, table and scope: what was replaced by what, and when",
    key=("delivery_id", *(column.name for column in _SCOPE)),
    scope=("delivery_id",),
    partition="logged_at",
    columns=(
        Column("logged_at", "TIMESTAMP", "when the transaction that wrote the rows began", nullable=False),
        Column("delivery_id", "STRING", "the delivery; later ids sort after earlier ones", nullable=False),
        Column("delivered_at", "TIMESTAMP", "when it was delivered", nullable=False),
        Column("kind", "STRING", "what delivered it: batch, reference, evaluate, ...", nullable=False),
        *_SCOPE,
        *_ROWS,
    ),
)

STAGED: Final = Table(
    "staged",
    "every delivery",
    "the entries of a delivery that is on its way",
    key=tuple(column.name for column in _SCOPE),
    scope=tuple(column.name for column in _SCOPE),
    columns=(*_SCOPE, *_ROWS),
)
"""The log's entries before the delivery has an identifier: scopes and rows."""


def entry_column(column: str) -> str:
    """The column of the log that a scope column of a table is kept in."""
    return column if column in ("model_id", "model_version", "batch_id") else "scope_id"


def own_scopes(name: str) -> bool:
    """Whether every delivery to the table is a scope of its own: its entry's scope_id is then the delivery itself."""
    return "delivery_id" in TABLES[name].scope


@dataclass(frozen=True, slots=True)
class Held:
    """The rows that a delivery brings to one scope: their first and last day, those without one, and all."""

    first: date | None = None
    last: date | None = None
    undated: int = 0
    rows: int = 0


def held(name: str, rows: pa.Table) -> dict[Scope, Held]:
    """By scope: what ``rows`` of the table, without delivery columns, bring; '' stands for the delivery itself."""
    table = TABLES[name]
    own = [column for column in table.scope if column in rows.column_names]
    day = table.partition
    counts: list[Any] = [([], "count_all")]
    if day:
        counts += [(day, "min"), (day, "max"), (day, "count", pc.CountOptions(mode="only_null"))]
    found = rows.group_by(own, use_threads=False).aggregate(counts).to_pylist()
    return {
        tuple(row.get(column, "") for column in table.scope): Held(
            row.get(f"{day}_min"), row.get(f"{day}_max"), row.get(f"{day}_count", 0), row["count_all"]
        )
        for row in found
    }


def entries(tables: Mapping[str, Mapping[Scope, Held]]) -> pa.Table:
    """The entries of a delivery, as STAGED: every scope that it replaces in each of its tables, and what it brings."""
    rows = []
    for name, scopes in tables.items():
        for scope, what in scopes.items():
            entry = dict.fromkeys((column.name for column in _SCOPE), "") | {"table_name": name}
            entry |= {entry_column(column): value for column, value in zip(TABLES[name].scope, scope, strict=True)}
            facts = {"first_day": what.first, "last_day": what.last, "undated": what.undated, "rows": what.rows}
            rows.append(entry | facts)
    fields = [pa.field(c.name, arrow_type(c.type), nullable=c.nullable) for c in STAGED.columns]
    return pa.Table.from_pylist(rows, pa.schema(fields))
