"""Load jobs: uploads in one or several parts, Parquet and newline-delimited JSON, into a table all or nothing."""

from __future__ import annotations

import io
import json
import re
import threading
import uuid
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.bigquery.cells import table_of_rows
from tests.bigquery.errors import ApiError, not_found
from tests.bigquery.kinds import Field, field_of_arrow, normal
from tests.bigquery.rows import write
from tests.bigquery.shapes import Resource, compare
from tests.bigquery.tables import Database, Key, label


class Uploads:
    """Resumable uploads on their way: what was said of each, and the bytes that came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: dict[str, tuple[Resource, bytearray]] = {}

    def begin(self, resource: Resource) -> str:
        """The identifier of a new upload."""
        name = uuid.uuid4().hex
        with self._lock:
            self._parts[name] = (resource, bytearray())
        return name

    def about(self, name: str) -> Resource:
        """The job an upload is for; empty when there is no such upload."""
        return self._parts.get(name, ({}, bytearray()))[0]

    def put(self, name: str, content_range: str, data: bytes) -> tuple[int, Resource | None, bytes]:
        """(bytes that came so far, the job's resource once all came, all bytes)."""
        with self._lock:
            if name not in self._parts:
                raise not_found("Upload", name)
            resource, parts = self._parts[name]
            place = re.fullmatch(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)", content_range)
            if place is None:
                raise ApiError(f"Invalid Content-Range: {content_range}", reason="badRequest")
            if place[1] is not None:
                del parts[int(place[1]) :]  # a part that is sent again
                parts += data
            if place[3] == "*" or len(parts) < int(place[3]):
                return len(parts), None, b""
            return len(parts), resource, bytes(parts)


def multipart(content_type: str, body: bytes) -> tuple[Resource, bytes]:
    """The job's resource and the data of a request that carries both."""
    boundary = content_type.partition("boundary=")[2].strip('"').encode()
    pieces = body.split(b"--" + boundary)
    parts = [piece.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for piece in pieces[1:3]]
    if len(parts) != 2:
        raise ApiError("A multipart upload has two parts", reason="badRequest")
    return json.loads(parts[0]), parts[1]


def target(reference: dict[str, str]) -> tuple[Key, str]:
    """The table a job writes to, and the one partition named after a $ ('' for none)."""
    name, _, partition = reference["tableId"].partition("$")
    return (reference["projectId"], reference["datasetId"], name), partition


def load(config: Resource, data: bytes, database: Database) -> dict[str, Any]:
    """Carry a load job out; its statistics."""
    key, partition = target(config["destinationTable"])
    form = config.get("sourceFormat", "CSV")
    wanted = [normal(field) for field in (config.get("schema") or {}).get("fields") or []]
    with database.lock:
        database.dataset(*key[:2])
        held = database.fields(key) if key in database.tables else []
        if form == "PARQUET":
            if any(field["type"] == "JSON" for field in wanted):
                raise ApiError("Unsupported field type: JSON", reason="invalid")
            rows, found = _parquet(data, lists=bool((config.get("parquetOptions") or {}).get("enableListInference")))
            found = _as_wanted(found, wanted, key) if wanted else _unsaid(found) if held else found
        elif form == "NEWLINE_DELIMITED_JSON":
            found = wanted or held
            if not found:
                raise ApiError("No schema specified on job or table.", reason="invalid")
            rows = table_of_rows([json.loads(line) for line in data.splitlines() if line.strip()], found)
        else:
            raise ApiError(f"This server does not load {form}", reason="notImplemented")
        write(key, partition, rows, found, config, database)
    size = str(len(data))
    return {"inputFiles": "1", "inputFileBytes": size, "outputRows": str(rows.num_rows), "outputBytes": size}


def _parquet(data: bytes, *, lists: bool) -> tuple[pa.Table, list[Field]]:
    try:
        rows = pq.read_table(io.BytesIO(data))
    except (pa.ArrowInvalid, OSError) as error:
        raise ApiError(f"Error while reading data, error message: {error}", reason="invalid") from error
    return rows, [field_of_arrow(field, lists=lists) for field in rows.schema]


def _unsaid(found: list[Field]) -> list[Field]:
    """The columns of a file that comes to a table without a schema: one with required columns does not take them.

    Source: https://github.com/googleapis/python-bigquery/issues/1981.
    """
    return [field | {"mode": "NULLABLE" if field["mode"] == "REQUIRED" else field["mode"]} for field in found]


def _as_wanted(found: list[Field], wanted: list[Field], key: Key) -> list[Field]:
    """The columns of a file under the schema the job gives; one that the file requires must be required by it.

    Source: https://github.com/googleapis/java-bigquery/issues/13.
    """
    given = {field["name"].lower(): field for field in found}
    for field in wanted:
        there = given.get(field["name"].lower())
        if there is None:
            continue
        if (field["mode"], there["mode"]) == ("NULLABLE", "REQUIRED"):
            raise ApiError(
                "Error while reading data, error message: Provided schema is not compatible with the file. Field "
                f"'{field['name']}' is specified as NULLABLE in provided schema which does not match REQUIRED as "
                "specified in the file.",
                reason="invalid",
            )
        mode = field["mode"] if field["mode"] != "REPEATED" else there["mode"]
        compare(field | {"mode": mode}, there, f"Error while reading data for {label(key)}:")
    return wanted
