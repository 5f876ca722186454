"""Rows in and out of the tables: read with their types, and put in all at once."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from tests.bigquery.cells import whole
from tests.bigquery.errors import ApiError, duplicate, not_found
from tests.bigquery.kinds import Field, field_of_duck
from tests.bigquery.shapes import Resource, compare, partition_of
from tests.bigquery.tables import Database, Key, first, label, quoted

_SHAPES = {"DAY": "%Y%m%d", "MONTH": "%Y%m", "YEAR": "%Y", "HOUR": "%Y%m%d%H"}


def read(cursor: duckdb.DuckDBPyConnection, sql: str, params: dict[str, Any]) -> tuple[pa.Table, list[Field]]:
    """The rows of a DuckDB query, with its columns as fields."""
    relation = cursor.sql(sql, params=params or None)
    fields = [field_of_duck(name, kind) for name, kind in zip(relation.columns, relation.types, strict=True)]
    return relation.to_arrow_table(), fields


def write(key: Key, partition: str, rows: pa.Table, found: list[Field], config: Resource, database: Database) -> None:
    """Put rows in the table a job writes to, made or widened as the job allows; all of them or none.

    ``partition`` (20261101) is the only one to be written to, and the only one a truncation empties.
    """
    how = config.get("writeDisposition") or "WRITE_APPEND"
    with database.changing(key) as cursor:
        if key not in database.tables:
            if config.get("createDisposition") == "CREATE_NEVER":
                raise not_found("Table", label(key))
            kept = ("timePartitioning", "clustering", "requirePartitionFilter")
            made = {name: config[name] for name in kept if name in config}
            database.create(key, made | {"schema": {"fields": found}}, cursor)
        elif how == "WRITE_TRUNCATE" and not partition:
            database.replace(key, found, cursor)
        else:
            _fit(key, found, "ALLOW_FIELD_ADDITION" in (config.get("schemaUpdateOptions") or []), database, cursor)
        names = {field["name"].lower(): field for field in database.fields(key)}
        columns = {name.lower(): index for index, name in enumerate(rows.column_names)}
        fields = [names[name] for name in columns if name in names]
        picked = rows.select([columns[field["name"].lower()] for field in fields])
        for field, column in zip(fields, picked.columns, strict=True):
            if field["mode"] == "REQUIRED" and column.null_count:
                raise ApiError(f"Required field {field['name']} cannot be null", reason="invalid")
        fill(key, whole(picked, fields), database, cursor, how=how, partition=partition)


def fill(
    key: Key,
    rows: pa.Table,
    database: Database,
    cursor: duckdb.DuckDBPyConnection,
    *,
    how: str = "WRITE_APPEND",
    partition: str = "",
) -> None:
    """Add rows of the table's own types: to what it holds, or in place of that."""
    where = "TRUE"
    if partition:
        column, unit = partition_of(database.tables[key]) or ("", "DAY")
        where = f"strftime(\"{column}\", '{_SHAPES[unit]}') = '{partition}'"
    cursor.register("_incoming", rows)
    names = ", ".join(f'"{name}"' for name in rows.column_names)
    try:
        outside = first(cursor, f"SELECT COUNT(*) FROM _incoming WHERE ({where}) IS NOT TRUE")
        if outside and outside[0]:
            raise ApiError(
                f"Some rows belong to different partitions rather than destination partition {partition}",
                reason="invalid",
            )
        if how == "WRITE_TRUNCATE":
            cursor.execute(f"DELETE FROM {quoted(key)} WHERE {where}")
        elif how == "WRITE_EMPTY" and first(cursor, f"SELECT 1 FROM {quoted(key)} LIMIT 1"):
            raise duplicate("Table", label(key))
        if names:
            cursor.execute(f"INSERT INTO {quoted(key)} ({names}) SELECT {names} FROM _incoming")
    finally:
        cursor.unregister("_incoming")


def _fit(key: Key, found: list[Field], widen: bool, database: Database, cursor: duckdb.DuckDBPyConnection) -> None:
    """ApiError unless the columns fit the table's; with ``widen`` new columns are added to it."""
    held = {field["name"].lower(): field for field in database.fields(key)}
    wrong = f"Provided Schema does not match Table {label(key)}."
    given = {field["name"].lower() for field in found}
    for name, field in held.items():
        if field["mode"] == "REQUIRED" and name not in given:
            raise ApiError(f"{wrong} Field {field['name']} is missing in new schema", reason="invalid")
    added = []
    for field in found:
        old = held.get(field["name"].lower())
        if old is None:
            if not widen:
                raise ApiError(f"{wrong} Cannot add fields (field: {field['name']})", reason="invalid")
            added.append(field | {"mode": "NULLABLE" if field["mode"] == "REQUIRED" else field["mode"]})
            continue
        compare(old, field, wrong)
        if old["mode"] == "REQUIRED" and field["mode"] == "NULLABLE":
            raise ApiError(
                f"{wrong} Field {field['name']} has changed mode from REQUIRED to NULLABLE", reason="invalid"
            )
    if added:
        database.set_fields(key, [*database.fields(key), *added], cursor)
