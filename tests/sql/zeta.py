"""ZetaSQL, the reference engine of BigQuery's dialect: a query on typed tables, its rows as Arrow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

import pyarrow as pa

from qod.contract import TABLES, arrow_type
from qod.warehouse.query import Query
from tests.sql.engine import fingerprint, holding
from tests.sql.machine import Machine

_EPOCH: Final = date(1970, 1, 1)
_MICROSECOND: Final = timedelta(microseconds=1)

# What BigQuery has beyond the core language. Whatever is not named here is refused.
_FEATURES: Final = (
    "ADDITIONAL_STRING_FUNCTIONS",
    "ALLOW_DASHES_IN_TABLE_NAME",
    "ANALYTIC_FUNCTIONS",
    "BIGNUMERIC_TYPE",
    "CAST_DIFFERENT_ARRAY_TYPES",
    "CIVIL_TIME",
    "CONCAT_MIXED_TYPES",
    "DATE_ARITHMETICS",
    "DATE_TIME_CONSTRUCTORS",
    "EXTENDED_DATE_TIME_SIGNATURES",
    "FORMAT_IN_CAST",
    "GROUPING_BUILTIN",
    "GROUPING_SETS",
    "GROUP_BY_ROLLUP",
    "HAVING_IN_AGGREGATE",
    "INTERVAL_TYPE",
    "IS_DISTINCT",
    "JSON_ARRAY_FUNCTIONS",
    "JSON_TYPE",
    "JSON_VALUE_EXTRACTION_FUNCTIONS",
    "LIMIT_IN_AGGREGATE",
    "NAMED_ARGUMENTS",
    "NULLS_FIRST_LAST_IN_ORDER_BY",
    "NULL_HANDLING_MODIFIER_IN_AGGREGATE",
    "NULL_HANDLING_MODIFIER_IN_ANALYTIC",
    "NUMERIC_TYPE",
    "ORDER_BY_IN_AGGREGATE",
    "PARAMETERIZED_TYPES",
    "PIVOT",
    "QUALIFY",
    "SAFE_FUNCTION_CALL",
    "SELECT_STAR_EXCEPT_REPLACE",
    "TABLESAMPLE",
    "UNPIVOT",
    "WEEK_WITH_WEEKDAY",
    "WITH_ON_SUBQUERY",
    "WITH_RECURSIVE",
)

_FIELDS: Final = {
    "STRING": "string_value",
    "JSON": "json_value",
    "INT64": "int64_value",
    "FLOAT64": "double_value",
    "BOOL": "bool_value",
    "DATE": "date_value",
}
"""Where a message of the engine's protocol keeps a value of each type; TIMESTAMP, ARRAY and STRUCT are built."""

_KINDS: Final = {"FLOAT64": "TYPE_DOUBLE"}
"""Types whose name differs inside the engine."""


class ZetaEngine:
    """The reference engine. It meets the rows of each table last one first: only ORDER BY may set their order."""

    name = "zetasql"

    def __init__(self) -> None:
        self._catalogs: dict[tuple[int, str], int] = {}

    def run(self, query: Query, params: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> pa.Table:
        """The rows of ``query``; RefusedError where the engine does not take it, or fails on these rows."""
        rows = machine().instance, fingerprint(tables)
        if rows not in self._catalogs:
            self._catalogs[rows] = register(holding(tables))
        return evaluate(query.sql, query.params, params, self._catalogs[rows])


def register(tables: Mapping[str, pa.Table]) -> int:
    """The contract's tables with these rows, as the engine knows them from now on."""
    from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service  # type: ignore[import-untyped]

    declared = [
        {
            "name": table.name,
            "serialization_id": place,
            "column": [{"name": column.name, "type": _type(column.type)} for column in table.columns],
        }
        for place, table in enumerate(TABLES.values(), start=1)
    ]
    content = {
        name: {"table_data": {"row": [{"cell": _row(name, row)} for row in rows.to_pylist()[::-1]]}}
        for name, rows in tables.items()
    }
    catalog = {"name": "contract", "builtin_function_options": {"language_options": _language()}, "table": declared}
    request = service.RegisterCatalogRequest(simple_catalog=catalog, table_content=content)
    return int(machine().ask("RegisterCatalog", request, service.RegisterResponse).registered_id)


def evaluate(sql: str, types: Mapping[str, str], params: Mapping[str, Any], catalog: int) -> pa.Table:
    """The rows of a statement over the tables of a registered catalog, with parameters of the given types."""
    from google.protobuf import empty_pb2
    from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service

    options = {
        "language_options": _language(),
        "default_timezone": "UTC",
        "query_parameters": [{"name": name, "type": _type(type)} for name, type in types.items()],
    }
    prepare = service.PrepareQueryRequest(sql=sql, options=options, registered_catalog_id=catalog)
    prepared = machine().ask("PrepareQuery", prepare, service.PrepareQueryResponse).prepared
    given = [{"name": name, "value": _message(types[name], value)} for name, value in params.items()]
    question = service.EvaluateQueryRequest(prepared_query_id=prepared.prepared_query_id, params=given)
    answer = machine().ask("EvaluateQuery", question, service.EvaluateQueryResponse).content
    done = service.UnprepareQueryRequest(prepared_query_id=prepared.prepared_query_id)
    machine().ask("UnprepareQuery", done, empty_pb2.Empty)
    kinds = [_written(column.type) for column in prepared.columns]
    arrays = [
        pa.array([_value(kind, row.cell[place]) for row in answer.table_data.row], arrow_type(kind))
        for place, kind in enumerate(kinds)
    ]
    return pa.Table.from_arrays(arrays, names=[column.name for column in prepared.columns])


def _language() -> dict[str, Any]:
    return {
        "product_mode": "PRODUCT_EXTERNAL",
        "enabled_language_features": [f"FEATURE_{name}" for name in _FEATURES],
        # BigQuery reserves it; where it is not reserved, it needs a WHERE, GROUP BY or HAVING beside it.
        "reserved_keywords": ["QUALIFY"],
        "supported_statement_kinds": ["RESOLVED_QUERY_STMT"],
    }


@cache
def machine() -> Machine:
    """The engine of this process, made when it is first asked."""
    return Machine()


def _row(table: str, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_message(column.type, row[column.name]) for column in TABLES[table].columns]


# -- types: as the contract writes them, and as the engine's protocol does ---------------------------------


def _inner(type: str) -> str:
    return type[type.index("<") + 1 : -1]


def _struct(type: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind in (field.split() for field in re.split(", ", _inner(type)))]


def _type(type: str) -> dict[str, Any]:
    if type.startswith("ARRAY<"):
        return {"type_kind": "TYPE_ARRAY", "array_type": {"element_type": _type(_inner(type))}}
    if type.startswith("STRUCT<"):
        fields = [{"field_name": name, "field_type": _type(kind)} for name, kind in _struct(type)]
        return {"type_kind": "TYPE_STRUCT", "struct_type": {"field": fields}}
    return {"type_kind": _KINDS.get(type, f"TYPE_{type}")}


def _written(type: Any) -> str:
    """The contract's way of writing a type that the engine gave a column of its answer."""
    from zetasql.wasi._pb2.zetasql.public.type_pb2 import TypeKind  # type: ignore[import-untyped]

    name = TypeKind.Name(type.type_kind)
    if name == "TYPE_ARRAY":
        return f"ARRAY<{_written(type.array_type.element_type)}>"
    if name == "TYPE_STRUCT":
        fields = [f"{field.field_name} {_written(field.field_type)}" for field in type.struct_type.field]
        return f"STRUCT<{', '.join(fields)}>"
    return next((kind for kind, inside in _KINDS.items() if inside == name), name.removeprefix("TYPE_"))


# -- values ------------------------------------------------------------------------------------------------


def _message(type: str, value: Any) -> dict[str, Any]:
    """A value in the shape of the engine's protocol; no field at all is NULL."""
    if value is None:
        return {}
    if type.startswith("ARRAY<"):
        return {"array_value": {"element": [_message(_inner(type), item) for item in value]}}
    if type.startswith("STRUCT<"):
        return {"struct_value": {"field": [_message(kind, value[name]) for name, kind in _struct(type)]}}
    if type == "TIMESTAMP":
        micros = (value - datetime(1970, 1, 1, tzinfo=UTC)) // _MICROSECOND
        return {"timestamp_value": {"seconds": micros // 1_000_000, "nanos": micros % 1_000_000 * 1000}}
    return {_FIELDS[type]: (value - _EPOCH).days if type == "DATE" else value}


def _value(type: str, message: Any) -> Any:
    """The Python value of a message of the engine's protocol."""
    if message.WhichOneof("value") is None:
        return None
    if type.startswith("ARRAY<"):
        return [_value(_inner(type), item) for item in message.array_value.element]
    if type.startswith("STRUCT<"):
        return {
            name: _value(kind, item)
            for (name, kind), item in zip(_struct(type), message.struct_value.field, strict=True)
        }
    if type == "TIMESTAMP":
        moment = message.timestamp_value
        return datetime.fromtimestamp(moment.seconds, UTC) + timedelta(microseconds=moment.nanos // 1000)
    value = getattr(message, _FIELDS[type])
    return _EPOCH + timedelta(days=value) if type == "DATE" else value
