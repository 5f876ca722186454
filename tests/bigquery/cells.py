"""Values on the wire: rows as the REST API writes them, parameters and streamed rows as it reads them."""

from __future__ import annotations

import base64
import json
import math
import re
from datetime import UTC, date, datetime, time
from typing import Any

import pyarrow as pa

from tests.bigquery.errors import ApiError
from tests.bigquery.kinds import Field, arrow_field, duck_type, rest_name

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rows(table: pa.Table, fields: list[Field], *, micros: bool = True) -> list[dict[str, Any]]:
    """The rows of a table as the API writes them; without ``micros`` a TIMESTAMP is in seconds with a fraction."""
    columns = [[{"v": _cell(value, field, micros)} for value in table.column(i).to_pylist()] for i, field in _e(fields)]
    return [{"f": list(cells)} for cells in zip(*columns, strict=True)] if columns else []


def _e(fields: list[Field]) -> list[tuple[int, Field]]:
    return list(enumerate(fields))


def _cell(value: Any, field: Field, micros: bool) -> Any:
    if field["mode"] == "REPEATED":
        one = field | {"mode": "NULLABLE"}
        return [{"v": _cell(item, one, micros)} for item in value or []]
    if value is None:
        return None
    kind = field["type"]
    if kind == "RECORD":
        return {"f": [{"v": _cell(value[inner["name"]], inner, micros)} for inner in field["fields"]]}
    if kind == "BOOLEAN":
        return "true" if value else "false"
    if kind == "FLOAT":
        return repr(value) if math.isfinite(value) else {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")
    if kind == "TIMESTAMP":
        since = value - EPOCH
        number = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        return str(number) if micros else repr(number / 1e6)
    if kind == "BYTES":
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def whole(table: pa.Table, fields: list[Field]) -> pa.Table:
    """A result in the types of its fields: sums as INT64, no NULL array; an array with a NULL in it is refused."""
    columns = []
    for index, field in enumerate(fields):
        column, wanted = table.column(index), arrow_field(field)
        chunks = [chunk.storage if isinstance(chunk, pa.ExtensionArray) else chunk for chunk in column.chunks]
        if field["mode"] == "REPEATED":
            if any(chunk.flatten().null_count for chunk in chunks):
                raise ApiError(f"Array cannot have a null element; error in writing field {field['name']}")
            chunks = [pa.ListArray.from_arrays(chunk.offsets, chunk.values) for chunk in chunks]
        columns.append(pa.chunked_array([chunk.cast(wanted.type) for chunk in chunks], wanted.type))
    return pa.Table.from_arrays(columns, schema=pa.schema([arrow_field(field) for field in fields]))


def parameter(given: dict[str, Any]) -> tuple[Any, str]:
    """A query parameter as a value and the DuckDB type to cast it to."""
    kind, value = given["parameterType"], given.get("parameterValue") or {}
    return _argument(kind, value), duck_type(_argument_field(kind))


def _argument_field(kind: dict[str, Any]) -> Field:
    if kind["type"] == "ARRAY":
        return _argument_field(kind["arrayType"]) | {"mode": "REPEATED"}
    if kind["type"] == "STRUCT":
        fields = [_argument_field(inner["type"]) | {"name": inner["name"]} for inner in kind["structTypes"]]
        return {"name": "", "type": "RECORD", "mode": "NULLABLE", "fields": fields}
    return {"name": "", "type": rest_name(kind["type"]), "mode": "NULLABLE"}


def _argument(kind: dict[str, Any], value: dict[str, Any]) -> Any:
    if kind["type"] == "ARRAY":
        return [_argument(kind["arrayType"], item) for item in value.get("arrayValues") or []]
    if kind["type"] == "STRUCT":
        inner = value.get("structValues") or {}
        return {field["name"]: _argument(field["type"], inner.get(field["name"], {})) for field in kind["structTypes"]}
    plain = value.get("value")
    if plain is not None and rest_name(kind["type"]) == "BYTES":
        return base64.b64decode(plain)
    if plain is not None and rest_name(kind["type"]) in _DAYS and not re.match(r"\d{4}-", plain):
        raise ApiError(f"Invalid value for type {rest_name(kind['type'])}: {plain!r}", reason="invalid")
    return plain


_DAYS = ("DATE", "DATETIME", "TIMESTAMP")
"""Types of parameters that begin with a year of four digits."""


def table_of_rows(given: list[dict[str, Any]], fields: list[Field]) -> pa.Table:
    """Rows sent as JSON (streamed, or newline-delimited) as an Arrow table; ApiError names a column that is wrong."""
    known = {field["name"].lower() for field in fields}
    for index, row in enumerate(given):
        for name in row:
            if name.lower() not in known:
                raise ApiError(f"no such field: {name}.", reason="invalid", location=f"{index}.{name}")
    lower = [{name.lower(): value for name, value in row.items()} for row in given]
    arrays = []
    for field in fields:
        values = [_value(row.get(field["name"].lower()), field) for row in lower]
        if field["mode"] == "REQUIRED" and None in values:
            at = str(values.index(None))
            raise ApiError(f"Missing required field: {field['name']}.", reason="invalid", location=f"{at}.row")
        arrays.append(pa.array(values, arrow_field(field).type))
    return pa.Table.from_arrays(arrays, schema=pa.schema([arrow_field(field) for field in fields]))


def _value(value: Any, field: Field) -> Any:
    if field["mode"] == "REPEATED":
        return [_value(item, field | {"mode": "NULLABLE"}) for item in value or []]
    if value is None:
        return None
    try:
        return _plain(value, field)
    except (ValueError, TypeError, AttributeError) as error:
        raise ApiError(
            f"Could not convert value to {field['type'].lower()}: {value!r}", reason="invalid", location=field["name"]
        ) from error


def _plain(value: Any, field: Field) -> Any:
    kind = field["type"]
    if kind == "RECORD":
        return {inner["name"]: _value(value.get(inner["name"]), inner) for inner in field["fields"]}
    if kind == "INTEGER":
        return int(value)
    if kind == "FLOAT":
        return float(value)
    if kind == "BOOLEAN":
        return value if isinstance(value, bool) else {"true": True, "false": False}[str(value).lower()]
    if kind == "DATE":
        return date.fromisoformat(value)
    if kind == "TIME":
        return time.fromisoformat(value)
    if kind in ("TIMESTAMP", "DATETIME"):
        moment = datetime.fromisoformat(str(value).replace(" UTC", "+00:00").replace("Z", "+00:00"))
        return moment.replace(tzinfo=moment.tzinfo or UTC) if kind == "TIMESTAMP" else moment.replace(tzinfo=None)
    if kind == "BYTES":
        return base64.b64decode(value)
    if kind == "JSON":
        return value if isinstance(value, str) else json.dumps(value)
    return str(value)
