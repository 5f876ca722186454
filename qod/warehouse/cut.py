"""Rows made ready for files: delivery columns added, scopes found, large tables cut by model and month."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qod.contract import DELIVERY_COLUMNS, TABLES, arrow_schema
from qod.errors import WarehouseError
from qod.warehouse import Scope
from qod.warehouse.log import Claim


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


def claims(name: str, rows: pa.Table) -> dict[Scope, Claim]:
    """The distinct scopes among the rows, sorted, each with its delivery, its days and its number of rows."""
    if rows.num_rows == 0:
        return {}
    table = TABLES[name]
    columns = list(table.scope)
    asked: list[Any] = [([], "count_all"), ("delivery_id", "first")]
    if table.partition:
        without = pc.CountOptions(mode="only_null")
        asked += [(table.partition, "min"), (table.partition, "max"), (table.partition, "count", without)]
    needed = list(dict.fromkeys((*columns, "delivery_id", *((table.partition,) if table.partition else ()))))
    found = rows.select(needed).group_by(columns, use_threads=False).aggregate(asked)
    scopes = zip(*(found[c].to_pylist() for c in columns), strict=True)
    firsts = lasts = [None] * found.num_rows
    if table.partition:
        dated = pc.equal(found[f"{table.partition}_count"], 0)  # rows without a day belong to every range
        firsts, lasts = (
            pc.if_else(dated, found[f"{table.partition}_{end}"].cast(pa.string()), None).to_pylist()
            for end in ("min", "max")
        )
    held = map(Claim, found["delivery_id_first"].to_pylist(), firsts, lasts, found["count_all"].to_pylist())
    return dict(sorted(zip(scopes, held, strict=True)))


def only_model(name: str, claims: Iterable[Scope]) -> str | None:
    """The model that all scopes of a file are about; None where they are about several, or about none."""
    models = {scope[0] for scope in claims} if TABLES[name].scope[0] == "model_id" else set()
    return models.pop() if len(models) == 1 else None


def days(claims: Iterable[Claim]) -> tuple[str | None, str | None]:
    """The first and last day of all claims; None where one has no days."""
    firsts, lasts = zip(*((claim.first, claim.last) for claim in claims), strict=True)
    return (None, None) if None in firsts else (min(firsts), max(lasts))


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


def file_name(name: str) -> str:
    """A name that any file system takes, different for different names."""
    plain = quote(name, safe="")
    return plain if len(plain) <= 100 else f"{plain[:80]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
