"""Datasets and tables: what the API says of them, and the DuckDB database their rows are in."""

from __future__ import annotations

import copy
import itertools
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from tests.bigquery.errors import ApiError, duplicate, not_found
from tests.bigquery.kinds import Field, duck_type, normal, weight
from tests.bigquery.shapes import Resource, check, compare

Key = tuple[str, str, str]
"""A table: project, dataset, name."""


def first(cursor: duckdb.DuckDBPyConnection, sql: str, params: dict[str, Any] | None = None) -> tuple[Any, ...] | None:
    """The first row; all are fetched, since DuckDB lets a connection do nothing else before."""
    rows = cursor.execute(sql, params or None).fetchall()
    return rows[0] if rows else None


def now_millis() -> str:
    """The present as the API writes it in resources."""
    return str(time.time_ns() // 1_000_000)


def label(key: Key) -> str:
    """A table as messages name it."""
    return f"{key[0]}:{key[1]}.{key[2]}"


def quoted(key: Key) -> str:
    """A table as DuckDB knows it."""
    return f'"{key[0]}.{key[1]}"."{key[2]}"'


def needs_filter(resource: Resource) -> bool:
    """Whether a query must filter on the partitioning column."""
    inner = (resource.get("timePartitioning") or {}).get("requirePartitionFilter")
    return resource.get("requirePartitionFilter", inner) is True


class Database:
    """The datasets and tables of all projects; in memory, or kept in a folder."""

    def __init__(self, folder: Path | None = None, *, location: str = "US") -> None:
        self.location = location
        self.lock = threading.RLock()  # held while anything is written: writers take turns
        self.datasets: dict[tuple[str, str], Resource] = {}
        self.tables: dict[Key, Resource] = {}
        self._changes = itertools.count(time.time_ns())  # no state of a table has the etag of an earlier one
        self._file = folder / "catalog.json" if folder else None
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._duck = duckdb.connect(str(folder / "rows.duckdb") if folder else ":memory:")
        self._duck.execute("SET GLOBAL TimeZone='UTC'")
        self._duck.execute("SET GLOBAL threads=2")
        self._duck.execute(
            "CREATE OR REPLACE MACRO range_bucket(x, edges) AS "
            "CASE WHEN x IS NULL OR isnan(x::DOUBLE) THEN NULL ELSE len(list_filter(edges, lambda e: e <= x)) END"
        )
        if self._file and self._file.exists():
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self.datasets = {(key[0], key[1]): value for key, value in kept["datasets"]}
            self.tables = {(key[0], key[1], key[2]): value for key, value in kept["tables"]}

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own, for one request; it never takes a variable of Python for a table."""
        cursor = self._duck.cursor()
        cursor.execute("SET python_enable_replacements=false")
        return cursor

    def close(self) -> None:
        """Close the database's file."""
        self._duck.close()

    def _keep(self) -> None:
        if self._file:
            kept = {"datasets": list(self.datasets.items()), "tables": list(self.tables.items())}
            beside = self._file.with_suffix(".new")
            beside.write_text(json.dumps(kept), encoding="utf-8")
            beside.replace(self._file)

    # -- datasets ------------------------------------------------------------------------------------------

    def dataset(self, project: str, name: str) -> Resource:
        """A dataset; 404 when there is none."""
        if (project, name) not in self.datasets:
            raise not_found("Dataset", f"{project}:{name}")
        return self.datasets[project, name]

    def location_of(self, project: str, config: Resource) -> str | None:
        """Where the dataset is that the configuration of a job names first: BigQuery runs the job there."""
        of = config.get("query") or config.get("load") or config.get("copy") or {}
        named = of.get("defaultDataset") or of.get("destinationTable") or {}
        found = self.datasets.get((named.get("projectId") or project, named.get("datasetId", "")))
        if found is None and "query" in of:
            text = of["query"]
            places = {key: re.search(rf"\b{key[1]}`?\.", text) for key in self.datasets}
            first_named = min((at.start(), key) for key, at in places.items() if at) if any(places.values()) else None
            found = self.datasets[first_named[1]] if first_named else None
        return str(found["location"]) if found else None

    def create_dataset(self, project: str, given: Resource) -> Resource:
        """Make a dataset; 409 when there is one."""
        name = given["datasetReference"]["datasetId"]
        with self.lock:
            if (project, name) in self.datasets:
                raise duplicate("Dataset", f"{project}:{name}")
            made: Resource = {"kind": "bigquery#dataset", "location": self.location} | given
            made |= {"id": f"{project}:{name}", "creationTime": now_millis(), "etag": "1"}
            made["datasetReference"] = {"projectId": project, "datasetId": name}
            self.datasets[project, name] = made
            self.cursor().execute(f'CREATE SCHEMA IF NOT EXISTS "{project}.{name}"')
            self._keep()
            return made

    def drop_dataset(self, project: str, name: str, *, contents: bool) -> None:
        """Remove a dataset, with its tables if asked to."""
        with self.lock:
            self.dataset(project, name)
            held = [key for key in self.tables if key[:2] == (project, name)]
            if held and not contents:
                raise ApiError(f"Dataset {project}:{name} is still in use", reason="resourceInUse")
            for key in held:
                del self.tables[key]
            del self.datasets[project, name]
            self.cursor().execute(f'DROP SCHEMA IF EXISTS "{project}.{name}" CASCADE')
            self._keep()

    # -- tables --------------------------------------------------------------------------------------------

    def table(self, key: Key) -> Resource:
        """A table or view; 404 when there is none, or it has expired."""
        self.dataset(*key[:2])
        found = self.tables.get(key)
        if found and found.get("expirationTime") and int(found["expirationTime"]) < int(now_millis()):
            self.drop(key)
            found = None
        if found is None:
            raise not_found("Table", label(key))
        return found

    def fields(self, key: Key) -> list[Field]:
        """The columns of a table."""
        fields: list[Field] = self.table(key)["schema"]["fields"]
        return fields

    def create(
        self, key: Key, given: Resource, cursor: duckdb.DuckDBPyConnection | None = None, *, replace: bool = False
    ) -> Resource:
        """Make an empty table, or a view; 409 when there is one of that name and it is not to be replaced."""
        with self.lock:
            self.dataset(*key[:2])
            if key in self.tables and not replace:
                raise duplicate("Table", label(key))
            fields = [normal(field) for field in (given.get("schema") or {}).get("fields") or []]
            made: Resource = {"kind": "bigquery#table", "type": "VIEW" if "view" in given else "TABLE"} | given
            made |= {"id": label(key), "schema": {"fields": fields}, "creationTime": now_millis()}
            made["tableReference"] = {"projectId": key[0], "datasetId": key[1], "tableId": key[2]}
            made["location"] = self.dataset(*key[:2])["location"]
            check(made, fields)
            if made["type"] == "TABLE":
                self._make(cursor or self.cursor(), key, fields)
            self.tables[key] = made
            self.touch(key)
            return made

    def _make(self, cursor: duckdb.DuckDBPyConnection, key: Key, fields: list[Field]) -> None:
        columns = ", ".join(
            f'"{f["name"]}" {duck_type(f)}' + (" NOT NULL" if f["mode"] == "REQUIRED" else "") for f in fields
        )
        # DuckDB has no table without a column.
        cursor.execute(f"CREATE OR REPLACE TABLE {quoted(key)} ({columns or '_none BOOLEAN'})")

    def drop(self, key: Key) -> None:
        """Remove a table or view."""
        with self.lock:
            if key not in self.tables:
                raise not_found("Table", label(key))
            made = self.tables.pop(key)
            if made["type"] == "TABLE":
                self.cursor().execute(f"DROP TABLE IF EXISTS {quoted(key)}")
            self._keep()

    def touch(self, key: Key) -> None:
        """Note that a table changed."""
        made = self.tables[key]
        made["lastModifiedTime"], made["etag"] = now_millis(), str(next(self._changes))
        self._keep()

    def patch(self, key: Key, given: Resource, etag: str | None = None) -> Resource:
        """Change what the API says of a table; its columns may only be added to or relaxed."""
        with self.changing(key) as cursor:
            made = self.table(key)
            if etag and etag != made["etag"]:
                raise ApiError("Precondition check failed.", reason="conditionNotMet", code=412)
            if given.get("schema") and made["type"] == "TABLE":
                self.set_fields(key, [normal(field) for field in given["schema"]["fields"]], cursor)
            for name, value in given.items():
                if name not in ("schema", "tableReference", "etag", "id", "kind"):
                    made[name] = value
            check(made, made["schema"]["fields"])
        return self.tables[key]

    def set_fields(self, key: Key, fields: list[Field], cursor: duckdb.DuckDBPyConnection) -> None:
        """Give a table more columns, or let some be NULL; anything else is refused."""
        old, new = {f["name"].lower(): f for f in self.fields(key)}, {f["name"].lower(): f for f in fields}
        wrong = f"Provided Schema does not match Table {label(key)}."
        for name, field in old.items():
            if name not in new:
                raise ApiError(f"{wrong} Field {field['name']} is missing in new schema", reason="invalid")
            compare(field, new[name], wrong)
        if not old and new:
            self._make(cursor, key, fields)
        else:
            for name, field in new.items():
                if name not in old:
                    if field["mode"] == "REQUIRED":
                        hint = f"Cannot add required fields to an existing schema. (field: {field['name']})"
                        raise ApiError(f"{wrong} {hint}", reason="invalid")
                    default = " DEFAULT []" if field["mode"] == "REPEATED" else ""
                    cursor.execute(
                        f'ALTER TABLE {quoted(key)} ADD COLUMN "{field["name"]}" {duck_type(field)}{default}'
                    )
                elif old[name]["mode"] == "REQUIRED" and field["mode"] == "NULLABLE":
                    cursor.execute(f'ALTER TABLE {quoted(key)} ALTER COLUMN "{field["name"]}" DROP NOT NULL')
        self.tables[key]["schema"] = {"fields": fields}

    def replace(self, key: Key, fields: list[Field], cursor: duckdb.DuckDBPyConnection) -> None:
        """Empty a table and give it other columns; its partitioning stays."""
        self._make(cursor, key, fields)
        self.tables[key]["schema"] = {"fields": fields}

    def described(self, key: Key) -> Resource:
        """What the API says of a table, its rows and bytes counted."""
        made = dict(self.table(key))
        if made["type"] == "VIEW":
            return made
        weights = " + ".join(weight(f'"{f["name"]}"', f) for f in self.fields(key)) or "0"
        sql = f"SELECT COUNT(*), COALESCE(SUM({weights}), 0) FROM {quoted(key)}"
        rows, size = first(self.cursor(), sql) or (0, 0)
        return made | {"numRows": str(rows), "numBytes": str(size), "numLongTermBytes": "0"}

    @contextmanager
    def changing(self, key: Key) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction in which a table is made, altered or filled: all of it happens, or nothing."""
        with self.lock:
            before, cursor = copy.deepcopy(self.tables.get(key)), self.cursor()
            cursor.begin()
            try:
                yield cursor
                cursor.commit()
            except BaseException:
                cursor.rollback()
                if before is None:
                    self.tables.pop(key, None)
                else:
                    self.tables[key] = before
                raise
            self.touch(key)
