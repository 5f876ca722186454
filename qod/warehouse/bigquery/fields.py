"""Columns as BigQuery's API describes them, from the contract's types and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField

_API_NAMES: Final = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL", "RECORD": "STRUCT"}


def kept_as(type: str) -> str:
    """The type that BigQuery keeps a type of the contract as: JSON is text, since Parquet cannot bring it."""
    return "STRING" if type == "JSON" else type


def field(name: str, type: str, mode: str = "NULLABLE") -> SchemaField:
    """The column ``name`` of a type of the contract."""
    from google.cloud.bigquery import SchemaField

    if type.startswith("ARRAY<"):
        return field(name, type[6:-1], "REPEATED")
    if type.startswith("STRUCT<"):
        inner = [field(*one.split(" ")) for one in type[7:-1].split(", ")]
        return SchemaField(name, "RECORD", mode, fields=inner)
    return SchemaField(name, kept_as(type), mode)


def type_of(found: Any) -> str:
    """The type of a SchemaField, as the contract writes it."""
    kind = _API_NAMES.get(found.field_type, found.field_type)
    if kind == "STRUCT":
        kind = f"STRUCT<{', '.join(f'{one.name} {type_of(one)}' for one in found.fields)}>"
    return f"ARRAY<{kind}>" if found.mode == "REPEATED" else kind
