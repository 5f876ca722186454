"""Google's reference analyser takes every statement that makes the tables, writes deliveries, or reads the log."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from qod.contract import TABLES, arrow_type
from qod.warehouse.bigquery import news, script
from qod.warehouse.bigquery.connect import Place
from qod.warehouse.bigquery.ddl import STORED, add_columns, create
from qod.warehouse.bigquery.fields import field, kept_as, type_of
from qod.warehouse.bigquery.log import STAGED
from qod.warehouse.bigquery.staging import staging_name
from tests.sql.zeta import _language, _type, machine

PLACE: Final = Place("my-project", "vigie")
FEATURES: Final = tuple(
    f"CREATE_TABLE_{one}" for one in ("PARTITION_BY", "CLUSTER_BY", "FIELD_ANNOTATIONS", "NOT_NULL")
)
KINDS: Final = ("QUERY", "INSERT", "DELETE", "CREATE_TABLE", "ALTER_TABLE")
PARAMS: Final = {
    **dict.fromkeys(("models", "tables", "sources", "known"), "ARRAY<STRING>"),
    **dict.fromkeys(("delivery_id", "kind", "model_id"), "STRING"),
    **dict.fromkeys(("delivered_at", "recent", "since"), "TIMESTAMP"),
    **dict.fromkeys(("repaired_from", "repaired_to"), "DATE"),
    **{f"days_{name}": "ARRAY<DATE>" for name in TABLES},
    "slack": "INT64",
}


def statements(text: str) -> list[str]:
    """The queries and changes of a script; its variables become parameters, since the analyser knows no scripts."""
    text = re.sub(r"\brepaired_(from|to)\b", r"@repaired_\1", text)
    found = []
    for part in text.split(";\n"):
        if change := re.search(r"(INSERT INTO|DELETE FROM) .*", part, re.DOTALL):
            found.append(change[0])
        elif asked := re.search(r"\(\s*(SELECT .*)\)", part, re.DOTALL):  # IF (...) > 0, SET x = (...)
            found.append(asked[1])
        elif made := re.search(r"CREATE TEMP TABLE doubled AS\n(SELECT .*)", part, re.DOTALL):
            found.append(made[1])
    return found


def told(columns: dict[str, str], name: str, place: int) -> dict[str, Any]:
    fields = [{"name": column, "type": _type(kept_as(kind))} for column, kind in columns.items()]
    return {"name": name, "serialization_id": place, "column": fields}


@pytest.fixture(scope="module")
def refused() -> Any:
    """What the analyser says against a statement; '' when it takes it."""
    from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service  # type: ignore[import-untyped]

    known = {name: {c.name: c.type for c in stored.table.columns} for name, stored in STORED.items()}
    known |= {staging_name(name, "t"): {c.name: c.type for c in table.columns} for name, table in TABLES.items()}
    known[staging_name(STAGED.name, "t")] = {c.name: c.type for c in STAGED.columns}
    days = dict.fromkeys(("first_day", "last_day"), "DATE")
    known["doubled"] = dict.fromkeys((*STAGED.scope, "newest"), "STRING") | days
    language = _language()
    language["supported_statement_kinds"] = [f"RESOLVED_{kind}_STMT" for kind in KINDS]
    language["enabled_language_features"] += [f"FEATURE_{name}" for name in FEATURES]
    tables = [told(columns, name, place) for place, (name, columns) in enumerate(known.items(), start=1)]
    catalog = {"name": "dataset", "builtin_function_options": {"language_options": language}, "table": tables}
    options = {
        "language_options": language,
        "default_timezone": "UTC",
        "query_parameters": [{"name": name, "type": _type(kind)} for name, kind in PARAMS.items()],
    }

    def analyse(sql: str) -> str:
        request = service.AnalyzeRequest(sql_statement=sql, options=options, simple_catalog=catalog)
        try:
            machine().ask("Analyze", request, service.AnalyzeResponse)
        except Exception as error:
            return str(error) or type(error).__name__
        return ""

    assert "Unrecognized name: gone" in analyse("SELECT gone FROM deliveries AS d")
    return analyse


@pytest.mark.parametrize("name", STORED)
def test_the_definition_of_every_table_is_taken(name: str, refused: Any) -> None:
    assert refused(create(STORED[name], PLACE)) == ""


@pytest.mark.parametrize("name", TABLES)
def test_the_statements_of_a_delivery_are_taken(name: str, refused: Any) -> None:
    found = statements(script.deliver([name], [name], [name], "t"))
    assert sum("INSERT INTO" in one for one in found) >= 2
    assert sum("DELETE FROM" in one for one in found) == 2, "that of the delivery, and that of the repair"
    for one in found:
        assert refused(one) == "", one


def test_what_is_asked_of_the_log_is_taken(refused: Any) -> None:
    for one in (script.look("t"), script.near(), news._NEWS, news._HISTORY):
        assert refused(one) == ""


def test_types_survive_the_way_through_the_api() -> None:
    for table in TABLES.values():
        for column in table.columns:
            found = type_of(field(column.name, column.type))
            assert found == kept_as(column.type)
            assert arrow_type(found) == arrow_type(column.type)


def test_added_columns_may_be_null() -> None:
    health = TABLES["health"]
    assert add_columns(health, [health.column("headline_fr"), health.column("memory")], PLACE) == (
        "ALTER TABLE `my-project.vigie.health`\n"
        '  ADD COLUMN IF NOT EXISTS `headline_fr` STRING OPTIONS (description = "the same in French"),\n'
        "  ADD COLUMN IF NOT EXISTS `memory` STRING OPTIONS (description = "
        '"what its evaluation carried on from: the state that the batches before had left")'
    )
