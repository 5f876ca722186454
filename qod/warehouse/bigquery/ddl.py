"""The tables in BigQuery's data definition language, from their declarations."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from qod.contract import TABLES, Column, Table
from qod.warehouse.bigquery.connect import Place
from qod.warehouse.bigquery.fields import kept_as
from qod.warehouse.bigquery.log import LOG
from qod.warehouse.bigquery.replaced import KEPT_DAYS, REPLACED

_CLUSTERED: Final = 4  # BigQuery takes no more columns


@dataclass(frozen=True, slots=True)
class Stored:
    """A table as BigQuery keeps it; ``kept_days``: how long a partition is kept, None for ever."""

    table: Table
    kept_days: int | None = None

    @property
    def clustering(self) -> tuple[str, ...]:
        """The columns its rows are sorted by: the model, what tells its rows of a day apart, version and batch."""
        key = [column for column in self.table.key if column != self.table.partition]
        inner = [column for column in key if column not in self.table.scope]
        first = ["model_id"] if "model_id" in self.table.names else []
        return tuple(dict.fromkeys((*first, *inner, *key)))[:_CLUSTERED]


STORED: Final[dict[str, Stored]] = {
    stored.table.name: stored
    for stored in (
        *(Stored(table) for table in TABLES.values()),
        Stored(LOG),
        *(Stored(table, KEPT_DAYS) for table in REPLACED.values()),
    )
}
"""Every table of a dataset, by name: those of the contract, the log, and what was replaced."""


def column_type(type: str) -> str:
    """The type of a column as a statement writes it: the names of fields are quoted."""
    return re.sub(r"(\w+) (?=[A-Z])", r"`\1` ", kept_as(type))


def create(stored: Stored, place: Place) -> str:
    """The statement that creates a table where there is none."""
    table = stored.table
    columns = ",\n  ".join(_column(column, required=not column.nullable) for column in table.columns)
    options = [f"description = {_text(f'{table.meaning}; written by {table.written_by}')}"]
    lines = [f"CREATE TABLE IF NOT EXISTS `{place}.{table.name}` (\n  {columns}\n)"]
    if table.partition:
        day = table.column(table.partition).type == "DATE"
        lines.append(f"PARTITION BY {f'`{table.partition}`' if day else f'DATE(`{table.partition}`)'}")
    if table.large:
        options.append("require_partition_filter = TRUE")
    if stored.kept_days:
        options.append(f"partition_expiration_days = {stored.kept_days}")
    lines.append("CLUSTER BY " + ", ".join(f"`{column}`" for column in stored.clustering))
    lines.append(f"OPTIONS ({', '.join(options)})")
    return "\n".join(lines)


def add_columns(table: Table, columns: list[Column], place: Place) -> str:
    """The statement that adds columns to a table; they may be NULL, since BigQuery cannot add others."""
    added = ",\n  ".join(f"ADD COLUMN IF NOT EXISTS {_column(column, required=False)}" for column in columns)
    return f"ALTER TABLE `{place}.{table.name}`\n  {added}"


def _column(column: Column, *, required: bool) -> str:
    array = column.type.startswith("ARRAY<")  # BigQuery has no NULL array, and no NOT NULL for one
    needed = " NOT NULL" if required and not array else ""
    return f"`{column.name}` {column_type(column.type)}{needed} OPTIONS (description = {_text(column.meaning)})"


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
