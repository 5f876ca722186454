"""The few columns of a table whose rows must travel: identifiers and scores, where they are kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from qod.errors import InputError
from qod.source import Source
from qod.warehouse.bigquery import cells
from qod.warehouse.bigquery.ask import ask
from qod.warehouse.bigquery.table import LIMITS, SourceTable, quoted


def read_columns(table: SourceTable, names: Sequence[str]) -> Source:
    """These columns of the table's rows, in no order; InputError for one of nested values, or when there are no rows.

    A large result comes by the Storage Read API.
    """
    for name in names:
        cells.require_plain(table.columns[name], table.label, name)
    chosen = ", ".join(f"t.{quoted(name, table.label)} AS column_{place}" for place, name in enumerate(names))
    sql = f"SELECT {chosen} FROM {table.sql_name} AS t WHERE {table.where}"
    rows = ask(table.connection, sql, table.params, query="rows", limits=LIMITS).table
    if rows.num_rows == 0:
        raise InputError("there are no rows.", file=table.label, hint="check the table, and the day.")
    return Source(table.label, rows.num_rows, tuple(names), lambda name: rows.column(list(names).index(name)))
