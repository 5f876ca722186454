"""BigQuery's types: as the REST API names them, in DuckDB, in Arrow, and what a value of each weighs."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
from sqlglot import exp

from tests.bigquery.errors import ApiError

Field = dict[str, Any]
"""One column as the REST API describes it: name, type, mode, fields."""

_UTC: Final = pa.timestamp("us", tz="UTC")

# REST name: (GoogleSQL name, DuckDB type, Arrow type, bytes of a value; None: its length).
SCALARS: Final[dict[str, tuple[str, str, pa.DataType, int | None]]] = {
    "INTEGER": ("INT64", "BIGINT", pa.int64(), 8),
    "FLOAT": ("FLOAT64", "DOUBLE", pa.float64(), 8),
    "BOOLEAN": ("BOOL", "BOOLEAN", pa.bool_(), 1),
    "STRING": ("STRING", "VARCHAR", pa.string(), None),
    "BYTES": ("BYTES", "BLOB", pa.binary(), None),
    "JSON": ("JSON", "JSON", pa.string(), None),
    "DATE": ("DATE", "DATE", pa.date32(), 8),
    "TIME": ("TIME", "TIME", pa.time64("us"), 8),
    "DATETIME": ("DATETIME", "TIMESTAMP", pa.timestamp("us"), 8),
    "TIMESTAMP": ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE", _UTC, 8),
    "NUMERIC": ("NUMERIC", "DECIMAL(38, 9)", pa.decimal128(38, 9), 16),
}

_ALIASES: Final = {"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN", "STRUCT": "RECORD", "DECIMAL": "NUMERIC"}
_OF_DUCK: Final = {
    **{duck: name for name, (_, duck, _, _) in SCALARS.items()},
    **dict.fromkeys(("HUGEINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "UBIGINT", "UHUGEINT"), "INTEGER"),
    **dict.fromkeys(("FLOAT", "REAL"), "FLOAT"),
    **dict.fromkeys(("TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "DATETIME"),
    '"NULL"': "INTEGER",
    "NULL": "INTEGER",
}


def rest_name(name: str) -> str:
    """The REST API's name of a type, whichever way it is spelt."""
    upper = name.upper()
    found = _ALIASES.get(upper, upper)
    if found not in SCALARS and found != "RECORD":
        raise ApiError(f"Invalid value for type: {name} is not a valid value", reason="invalid")
    return found


def normal(field: Field) -> Field:
    """A field as the API gives it back, in its own spelling."""
    made = {key: value for key, value in field.items() if value is not None and key != "fields"}
    made |= {"type": rest_name(field["type"]), "mode": (field.get("mode") or "NULLABLE").upper()}
    if made["type"] == "RECORD":
        made["fields"] = [normal(inner) for inner in field["fields"]]
    return made


def field_of_duck(name: str, kind: Any) -> Field:
    """The field of a column of a result, from its DuckDBPyType."""
    text = str(kind)
    if text == "JSON":
        return {"name": name, "type": "JSON", "mode": "NULLABLE"}
    if kind.id in ("list", "array"):
        inner = field_of_duck(name, kind.children[0][1])
        if inner["mode"] == "REPEATED":
            raise ApiError("Cannot construct array with element type ARRAY because nested arrays are not supported")
        return inner | {"mode": "REPEATED"}
    if kind.id == "struct":
        fields = [field_of_duck(str(key), child) for key, child in kind.children]
        return {"name": name, "type": "RECORD", "mode": "NULLABLE", "fields": fields}
    found = "NUMERIC" if kind.id == "decimal" else _OF_DUCK.get(text)
    if found is None:
        raise ApiError(f"Unsupported type of a result: {text}")
    return {"name": name, "type": found, "mode": "NULLABLE"}


def field_of_ddl(column: exp.ColumnDef) -> Field:
    """The field of a column of a CREATE TABLE or ALTER TABLE."""
    field = {"name": column.name} | _typed(column.args["kind"])
    for constraint in column.args.get("constraints") or []:
        if isinstance(constraint.kind, exp.NotNullColumnConstraint):
            field["mode"] = "REQUIRED"
        elif isinstance(constraint.kind, exp.Properties):
            for option in constraint.kind.expressions:
                if option.name.lower() == "description":
                    field["description"] = option.args["value"].name
    return field


def _typed(kind: exp.DataType) -> Field:
    if kind.this == exp.DType.ARRAY:
        return _typed(kind.expressions[0]) | {"mode": "REPEATED"}
    if kind.this == exp.DType.STRUCT:
        return {"type": "RECORD", "mode": "NULLABLE", "fields": [field_of_ddl(inner) for inner in kind.expressions]}
    return {"type": rest_name(kind.sql("bigquery").split("(")[0]), "mode": "NULLABLE"}


def duck_type(field: Field) -> str:
    """The type of a field in DuckDB."""
    if field["type"] == "RECORD":
        inner = "STRUCT(" + ", ".join(f'"{f["name"]}" {duck_type(f)}' for f in field["fields"]) + ")"
    else:
        inner = SCALARS[field["type"]][1]
    return f"{inner}[]" if field["mode"] == "REPEATED" else inner


def sql_type(field: Field) -> str:
    """The type of a field in GoogleSQL, as INFORMATION_SCHEMA writes it."""
    if field["type"] == "RECORD":
        inner = "STRUCT<" + ", ".join(f"{f['name']} {sql_type(f)}" for f in field["fields"]) + ">"
    else:
        inner = SCALARS[field["type"]][0]
    return f"ARRAY<{inner}>" if field["mode"] == "REPEATED" else inner


def arrow_field(field: Field) -> pa.Field:
    """The field in Arrow, as the Storage Read API writes it; JSON carries its name in the metadata."""
    if field["type"] == "RECORD":
        inner = pa.struct([arrow_field(f) for f in field["fields"]])
    else:
        inner = SCALARS[field["type"]][2]
    if field["mode"] == "REPEATED":
        return pa.field(field["name"], pa.list_(pa.field("item", inner)), nullable=False)
    logical = {"JSON": b"google:sqlType:json", "DATETIME": b"google:sqlType:datetime"}.get(field["type"])
    metadata = {b"ARROW:extension:name": logical} if logical else None
    return pa.field(field["name"], inner, nullable=field["mode"] != "REQUIRED", metadata=metadata)


def field_of_arrow(field: pa.Field, *, lists: bool) -> Field:
    """The field BigQuery makes of a Parquet column; without list inference a list is a record of its own shape."""
    mode = "NULLABLE" if field.nullable else "REQUIRED"
    kind = field.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        inner = field_of_arrow(kind.value_field, lists=lists)
        if lists:
            return inner | {"name": field.name, "mode": "REPEATED"}
        record = {"name": "list", "type": "RECORD", "mode": "REPEATED", "fields": [inner | {"name": "element"}]}
        return {"name": field.name, "type": "RECORD", "mode": mode, "fields": [record]}
    if pa.types.is_struct(kind):
        fields = [field_of_arrow(inner, lists=lists) for inner in kind]
        return {"name": field.name, "type": "RECORD", "mode": mode, "fields": fields}
    if pa.types.is_timestamp(kind):
        found = "TIMESTAMP" if kind.tz else "DATETIME"
    elif pa.types.is_integer(kind):
        found = "INTEGER"
    elif pa.types.is_floating(kind):
        found = "FLOAT"
    elif pa.types.is_decimal(kind):
        found = "NUMERIC"
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        found = "STRING"
    else:
        found = next((name for name, (_, _, arrow, _) in SCALARS.items() if arrow == kind and name != "JSON"), "")
    if not found:
        raise ApiError(f"Unsupported type of the Parquet column {field.name}: {kind}", reason="invalid")
    return {"name": field.name, "type": found, "mode": mode}


def weight(expression: str, field: Field) -> str:
    """The bytes BigQuery counts for a value, as an expression of DuckDB; NULL weighs nothing.

    Source: "Data type sizes", https://cloud.google.com/bigquery/pricing#data_type_sizes.
    """
    if field["mode"] == "REPEATED":
        each = weight("e_", field | {"mode": "NULLABLE"})
        return f"COALESCE(list_sum(list_transform({expression}, lambda e_: {each})), 0)"
    if field["type"] == "RECORD":
        return "(" + " + ".join(weight(f'{expression}."{f["name"]}"', f) for f in field["fields"]) + ")"
    fixed = SCALARS[field["type"]][3]
    if fixed is None:
        length = f"octet_length({expression})" if field["type"] == "BYTES" else f"strlen({expression})"
        plus = 0 if field["type"] == "JSON" else 2
        return f"COALESCE({length} + {plus}, 0)"
    return f"(CASE WHEN {expression} IS NULL THEN 0 ELSE {fixed} END)"
