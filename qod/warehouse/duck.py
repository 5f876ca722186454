"""DuckDB's side of the lake: the queries in its dialect, each table replaced by its Parquet files."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Literal

import pyarrow as pa

from qod.contract import TABLES
from qod.warehouse import query

Shape = Literal["empty", "clean", "dirty"]
"""A table without files; with files whose rows all hold; with files in which some scopes no longer do."""


@lru_cache(maxsize=1024)
def transpiled(name: str, shapes: tuple[tuple[str, Shape], ...]) -> str:
    """The query in DuckDB's dialect, each table replaced by its files; made once for each shape of the files."""
    import sqlglot
    from sqlglot import exp

    sources = dict(shapes)
    tree = query.parse(query.load(name).sql)

    def place(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Table) and node.name in sources:
            inner = sqlglot.parse_one(source(node.name, sources[node.name])[1:-1], read="duckdb")
            return exp.Subquery(this=inner, alias=node.args.get("alias") or exp.TableAlias(this=node.name))
        return node

    # Transpile first: DuckDB's own functions must not pass through the BigQuery dialect.
    return sqlglot.parse_one(tree.sql("duckdb"), read="duckdb").transform(place).sql("duckdb", comments=False)


def source(name: str, shape: Shape) -> str:
    """The rows of a table that hold now, as a DuckDB subquery; NULL in columns that an earlier release did not know."""
    if shape == "empty":
        return f"(SELECT * FROM empty_{name})"
    whole = f"(SELECT * FROM empty_{name} UNION ALL BY NAME "
    files = f"read_parquet($files_{name}, union_by_name = true, hive_partitioning = false"
    if shape == "clean":
        return f"{whole}SELECT * FROM {files}))"
    keys = ", ".join(("filename", *TABLES[name].scope))
    return (
        f"{whole}SELECT * EXCLUDE (filename) FROM {files}, filename = true) "
        f"WHERE concat_ws(chr(31), {keys}) NOT IN (SELECT unnest($dead_{name})))"
    )


def typed(rows: pa.Table) -> pa.Table:
    """Sums of INT64 come back as decimals: give them back as INT64."""
    for index, field in enumerate(rows.schema):
        if pa.types.is_decimal(field.type):
            with suppress(pa.ArrowInvalid):
                rows = rows.set_column(index, field.name, rows.column(index).cast(pa.int64()))
    return rows


def first_line(error: Exception) -> str:
    """The first line of what DuckDB says."""
    text = str(error).splitlines()
    return text[0] if text else type(error).__name__
