"""INFORMATION_SCHEMA: the tables, columns, partitions and jobs of a project, as tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from tests.bigquery.errors import ApiError, not_found
from tests.bigquery.kinds import sql_type, weight
from tests.bigquery.shapes import partition_of
from tests.bigquery.tables import Database, Key, needs_filter, quoted

_TIME = pa.timestamp("us", tz="UTC")
_LABELS = pa.list_(pa.struct([("key", pa.string()), ("value", pa.string())]))
_ERROR = pa.struct([("reason", pa.string()), ("message", pa.string())])

_SCHEMAS = {
    "SCHEMATA": {"catalog_name": pa.string(), "schema_name": pa.string(), "location": pa.string()},
    "TABLES": {
        **dict.fromkeys(("table_catalog", "table_schema", "table_name", "table_type"), pa.string()),
        "creation_time": _TIME,
    },
    "COLUMNS": {
        **dict.fromkeys(("table_catalog", "table_schema", "table_name", "column_name"), pa.string()),
        "ordinal_position": pa.int64(),
        **dict.fromkeys(("is_nullable", "data_type", "is_partitioning_column"), pa.string()),
        "clustering_ordinal_position": pa.int64(),
    },
    "TABLE_OPTIONS": dict.fromkeys(
        ("table_catalog", "table_schema", "table_name", "option_name", "option_type", "option_value"), pa.string()
    ),
    "PARTITIONS": {
        **dict.fromkeys(("table_catalog", "table_schema", "table_name", "partition_id"), pa.string()),
        **dict.fromkeys(("total_rows", "total_logical_bytes"), pa.int64()),
        "last_modified_time": _TIME,
    },
    "JOBS": {
        "creation_time": _TIME,
        **dict.fromkeys(("project_id", "user_email", "job_id", "job_type", "statement_type"), pa.string()),
        "start_time": _TIME,
        "end_time": _TIME,
        **dict.fromkeys(("query", "state"), pa.string()),
        **dict.fromkeys(("total_bytes_processed", "total_bytes_billed", "total_slot_ms"), pa.int64()),
        "cache_hit": pa.bool_(),
        "labels": _LABELS,
        "error_result": _ERROR,
    },
}
_ALSO = {"JOBS_BY_PROJECT": "JOBS", "JOBS_BY_USER": "JOBS"}


def view(name: str, project: str, dataset: str | None, database: Database, jobs: Iterable[dict[str, Any]]) -> pa.Table:
    """The rows of one view of INFORMATION_SCHEMA; ``jobs`` are job resources."""
    name = _ALSO.get(name.upper(), name.upper())
    if name not in _SCHEMAS:
        raise not_found("Table", f"INFORMATION_SCHEMA.{name}")
    if dataset and not dataset.startswith("region-"):
        database.dataset(project, dataset)
    elif name in ("COLUMNS", "TABLES", "PARTITIONS", "TABLE_OPTIONS") and not dataset:
        raise ApiError(f"Table INFORMATION_SCHEMA.{name} must be qualified with a dataset (e.g. dataset.table).")
    inside = [
        key
        for key in sorted(database.tables)
        if key[0] == project and (not dataset or dataset.startswith("region-") or key[1] == dataset)
    ]
    if name == "JOBS":
        found = [_job(job) for job in jobs if job["jobReference"]["projectId"] == project]
    elif name == "SCHEMATA":
        held = [value for (owner, _), value in sorted(database.datasets.items()) if owner == project]
        found = [(project, value["datasetReference"]["datasetId"], value["location"]) for value in held]
    else:
        found = [row for key in inside for row in _OF_TABLE[name](key, database)]
    schema = pa.schema(list(_SCHEMAS[name].items()))
    columns: list[Any] = [list(values) for values in zip(*found, strict=True)] or [[] for _ in schema]
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _moment(millis: str | int | None) -> datetime | None:
    return datetime.fromtimestamp(int(millis) / 1000, UTC) if millis else None


def _tables(key: Key, database: Database) -> list[tuple[Any, ...]]:
    made = database.tables[key]
    return [(*key, "VIEW" if made["type"] == "VIEW" else "BASE TABLE", _moment(made["creationTime"]))]


def _columns(key: Key, database: Database) -> list[tuple[Any, ...]]:
    made = database.tables[key]
    partition, clusters = partition_of(made), (made.get("clustering") or {}).get("fields") or []
    return [
        (
            *(*key, field["name"], position),
            "NO" if field["mode"] == "REQUIRED" else "YES",
            sql_type(field),
            "YES" if partition and partition[0] == field["name"] else "NO",
            clusters.index(field["name"]) + 1 if field["name"] in clusters else None,
        )
        for position, field in enumerate(made["schema"]["fields"], start=1)
    ]


def _options(key: Key, database: Database) -> list[tuple[Any, ...]]:
    made, rows = database.tables[key], []
    if needs_filter(made):
        rows.append((*key, "require_partition_filter", "BOOL", "true"))
    if made.get("description"):
        rows.append((*key, "description", "STRING", json.dumps(made["description"])))
    if made.get("labels"):
        pairs = ", ".join(f"STRUCT({json.dumps(k)}, {json.dumps(v)})" for k, v in made["labels"].items())
        rows.append((*key, "labels", "ARRAY<STRUCT<STRING, STRING>>", f"[{pairs}]"))
    return rows


def _partitions(key: Key, database: Database) -> list[tuple[Any, ...]]:
    made = database.tables[key]
    if made["type"] == "VIEW":
        return []
    partition = partition_of(made)
    group = "NULL::VARCHAR"
    if partition:
        shape = {"DAY": "%Y%m%d", "MONTH": "%Y%m", "YEAR": "%Y", "HOUR": "%Y%m%d%H"}[partition[1]]
        group = f"COALESCE(strftime(\"{partition[0]}\", '{shape}'), '__NULL__')"
    size = " + ".join(weight(f'"{f["name"]}"', f) for f in made["schema"]["fields"]) or "0"
    sql = f"SELECT {group} AS id, COUNT(*), COALESCE(SUM({size}), 0) FROM {quoted(key)} GROUP BY id ORDER BY id"
    changed = _moment(made["lastModifiedTime"])
    return [(*key, *row, changed) for row in database.cursor().execute(sql).fetchall()]


_OF_TABLE: dict[str, Callable[[Key, Database], list[tuple[Any, ...]]]] = {
    "TABLES": _tables,
    "COLUMNS": _columns,
    "TABLE_OPTIONS": _options,
    "PARTITIONS": _partitions,
}


def _job(job: dict[str, Any]) -> tuple[Any, ...]:
    stats, config = job["statistics"], job["configuration"]
    query = stats.get("query") or {}
    return (
        _moment(stats["creationTime"]),
        *(job["jobReference"]["projectId"], job["user_email"], job["jobReference"]["jobId"], config["jobType"]),
        *(query.get("statementType"), _moment(stats.get("startTime")), _moment(stats.get("endTime"))),
        *((config.get("query") or {}).get("query"), job["status"]["state"]),
        *(int(query.get("totalBytesProcessed", 0)), int(query.get("totalBytesBilled", 0)), 0, query.get("cacheHit")),
        [{"key": key, "value": value} for key, value in (config.get("labels") or {}).items()],
        job["status"].get("errorResult") and {k: job["status"]["errorResult"][k] for k in ("reason", "message")},
    )
