"""Rows made ready for files: delivery columns added, scopes found, large tables cut by model and month."""

from __future__ import annotations

import hashlib
from datetime import datetime
from itertools import pairwise
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qod.contract import DELIVERY_COLUMNS, TABLES, arrow_schema
from qod.errors import WarehouseError
from qod.warehouse.log import Scope


def stamped(name: str, rows: pa.Table, delivery_id: str, now: datetime) -> pa.Table:
    """The rows with their delivery columns, in the contract's types; WarehouseError where they break it."""
    schema = arrow_schema(name)
    given = {field.name for field in schema} - set(DELIVERY_COLUMNS)
    if set(rows.column_names) != given:
        raise WarehouseError(
            f"table {name}: columns {sorted(given ^ set(rows.column_names))} are missing or not in the contract.",
            hint="build it with qod.contract.table_from_columns.",
        )
    kinds = {"delivery_id": delivery_id, "delivered_at": now}
    arrays = [
        pa.repeat(pa.scalar(kinds[field.name], field.type), rows.num_rows)
        if field.name in kinds
        else rows.column(field.name).cast(field.type)
        for field in schema
    ]
    for field, array in zip(schema, arrays, strict=True):
        if not field.nullable and array.null_count:
            raise WarehouseError(
                f"table {name}, column {field.name!r}: a value is missing where the contract needs one."
            )
    return pa.Table.from_arrays(arrays, schema=schema)


def scopes(name: str, rows: pa.Table) -> tuple[Scope, ...]:
    """The distinct scopes among the rows, sorted."""
    columns = list(TABLES[name].scope)
    distinct = rows.select(columns).group_by(columns, use_threads=False).aggregate([])
    return tuple(sorted(zip(*(distinct.column(c).to_pylist() for c in columns), strict=True))) if rows.num_rows else ()


def parts(name: str, rows: pa.Table) -> list[tuple[str | None, str, pa.Table]]:
    """The rows cut by model and month for a large table, in one piece for the others."""
    if rows.num_rows == 0:
        return []
    table = TABLES[name]
    if not table.large or table.partition is None:
        return [(None, "", rows)]
    models = pc.dictionary_encode(rows.column("model_id").combine_chunks())
    if isinstance(models, pa.ChunkedArray):
        models = models.combine_chunks()
    days = rows.column(table.partition).combine_chunks().cast(pa.int32())
    months = np.asarray(pc.fill_null(days, -1)).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    codes = np.asarray(models.indices).astype(np.int64)
    pair = codes * 1_000_000 + months
    distinct, inverse = np.unique(pair, return_inverse=True)
    if len(distinct) == 1:
        groups = [rows]
    else:
        order = np.argsort(inverse, kind="stable")
        bounds = np.searchsorted(inverse[order], np.arange(len(distinct) + 1))
        arranged = rows if (order[:-1] < order[1:]).all() else rows.take(pa.array(order))
        groups = [arranged.slice(a, b - a) for a, b in pairwise(bounds)]
    names = models.dictionary.to_pylist()
    labels = [(names[int(p // 1_000_000)], str(np.datetime64(int(p % 1_000_000), "M"))) for p in distinct]
    return [(model, month, part) for (model, month), part in zip(labels, groups, strict=True)]


def date_range(name: str, rows: pa.Table) -> tuple[str | None, str | None]:
    """The first and last day among the rows, ISO; None for a table or rows without days."""
    partition = TABLES[name].partition
    if partition is None:
        return None, None
    days = rows.column(partition)
    if days.null_count:  # rows without a day belong to every range
        return None, None
    ends = pc.min_max(days).as_py()
    return ends["min"].isoformat(), ends["max"].isoformat()


def file_name(name: str) -> str:
    """A name that any file system takes, different for different names."""
    plain = quote(name, safe="")
    return plain if len(plain) <= 100 else f"{plain[:80]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
