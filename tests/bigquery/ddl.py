"""CREATE, ALTER, DROP and TRUNCATE: statements that change tables rather than rows."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pyarrow as pa
from sqlglot import exp

from tests.bigquery.cells import whole
from tests.bigquery.errors import ApiError
from tests.bigquery.kinds import Field, field_of_ddl
from tests.bigquery.rows import fill, read
from tests.bigquery.shapes import Resource
from tests.bigquery.sql import Bound, Scope, bind, table_key, to_duck
from tests.bigquery.tables import Key, first, quoted

STATEMENTS = (exp.Create, exp.Alter, exp.Drop, exp.TruncateTable)

_OPTIONS = {
    "require_partition_filter": "requirePartitionFilter",
    "description": "description",
    "friendly_name": "friendlyName",
    "labels": "labels",
    "expiration_timestamp": "expirationTime",
    "partition_expiration_days": "expirationMs",
}


def run(tree: exp.Expr, scope: Scope) -> tuple[str, Key | None]:
    """Carry the statement out; its type as BigQuery names it, and the table it was about."""
    if isinstance(tree, exp.Create):
        return _create(tree, scope)
    if isinstance(tree, exp.Alter):
        return "ALTER_TABLE", _alter(tree, scope)
    if isinstance(tree, exp.Drop):
        return _drop(tree, scope)
    key = table_key(tree.expressions[0], scope)
    scope.database.table(key)
    scope.cursor.execute(f"DELETE FROM {quoted(key)}")
    scope.database.touch(key)
    return "TRUNCATE_TABLE", key


def _create(tree: exp.Create, scope: Scope) -> tuple[str, Key | None]:
    kind = str(tree.args["kind"]).upper()
    properties: list[exp.Expr] = tree.args["properties"].expressions if tree.args.get("properties") else []
    node = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    exists, replace = bool(tree.args.get("exists")), bool(tree.args.get("replace"))
    if kind == "SCHEMA":
        return _create_schema(node, properties, scope, exists)
    if kind not in ("TABLE", "VIEW"):
        raise ApiError(f"This server cannot CREATE {kind}")
    temporary = any(isinstance(one, exp.TemporaryProperty) for one in properties)
    key = scope.temporary[node.name.lower()] if temporary else table_key(node, scope)
    if key in scope.database.tables and exists:
        return f"CREATE_{kind}", key
    given, rows = _described(tree, properties, scope, kind)
    # A temporary table lives in the transaction of its script.
    with nullcontext(scope.cursor) if temporary else scope.database.changing(key) as cursor:
        scope.database.create(key, given, cursor, replace=replace)
        if rows is not None:
            fill(key, rows, scope.database, cursor)
    return f"CREATE_{kind}" + ("_AS_SELECT" if rows is not None else ""), key


def _described(
    tree: exp.Create, properties: list[exp.Expr], scope: Scope, kind: str
) -> tuple[Resource, pa.Table | None]:
    """The resource of the table to be made, and its rows where it is made AS SELECT."""
    given: Resource = {}
    fields: list[Field] = []
    rows = None
    if isinstance(tree.this, exp.Schema):
        fields = [field_of_ddl(column) for column in tree.this.expressions if isinstance(column, exp.ColumnDef)]
    query = tree.args.get("expression")
    if query is not None:
        bound = bind(query.copy(), scope)
        for name, view in bound.views.items():
            scope.cursor.register(name, view)
        sql, params = to_duck(bound, scope)
        rows, found = read(scope.cursor, sql if kind == "TABLE" else f"SELECT * FROM ({sql}) LIMIT 0", params)
        fields = fields or found
        rows = whole(rows, fields)
    if kind == "VIEW":
        if query is None:
            raise ApiError("A view needs a query")
        given["view"] = {"query": query.sql("bigquery"), "useLegacySql": False}
        rows = None
    given["schema"] = {"fields": fields}
    for one in properties:
        if isinstance(one, exp.PartitionedByProperty):
            given["timePartitioning"] = _partitioning(one.this)
        elif isinstance(one, exp.ClusterProperty | exp.Cluster):
            given["clustering"] = {"fields": [column.name for column in one.expressions]}
        elif isinstance(one, exp.LikeProperty):
            like = scope.database.table(table_key(one.this, scope))
            copied = ("schema", "timePartitioning", "clustering", "requirePartitionFilter", "description", "labels")
            given |= {name: like[name] for name in copied if name in like}
        elif type(one) is exp.Property:
            given |= _option(one, scope)
    if "expirationMs" in given:
        if "timePartitioning" not in given:
            raise ApiError("partition_expiration_days may only be set on a table that is partitioned by time")
        given["timePartitioning"]["expirationMs"] = given.pop("expirationMs")
    return given, rows


def _partitioning(node: exp.Expr) -> dict[str, str]:
    if isinstance(node, exp.Schema):
        node = node.expressions[0]
    column = node if isinstance(node, exp.Identifier | exp.Column) else node.find(exp.Column, exp.Identifier)
    if column is None:
        raise ApiError("PARTITION BY expression must name a column")
    unit = node.args.get("unit")
    return {"type": unit.name.upper() if unit is not None else "DAY", "field": column.name}


def _option(node: exp.Property, scope: Scope) -> dict[str, Any]:
    name, value = node.name.lower(), node.args["value"]
    if name == "labels":
        return {"labels": {pair.expressions[0].name: pair.expressions[1].name for pair in value.expressions}}
    if name not in _OPTIONS:
        raise ApiError(f"Unknown option: {name}")
    sql, params = to_duck(Bound(exp.select(value.copy()), (), {}), scope)
    row = first(scope.cursor, sql, params)
    found = row[0] if row else None
    if name == "expiration_timestamp" and found is not None:
        found = str(int(found.timestamp() * 1000))
    if name == "partition_expiration_days" and found is not None:
        found = str(int(found * 86_400_000))
    return {_OPTIONS[name]: found}


def _create_schema(node: exp.Expr, properties: list[exp.Expr], scope: Scope, exists: bool) -> tuple[str, Key | None]:
    whole = ".".join(node.args[part].name for part in ("catalog", "db") if node.args.get(part))
    project, _, dataset = whole.rpartition(".")  # `project.dataset` may be one name in quotes
    project = project or scope.project
    if exists and (project, dataset) in scope.database.datasets:
        return "CREATE_SCHEMA", None
    given: Resource = {"datasetReference": {"projectId": project, "datasetId": dataset}}
    for one in properties:
        if isinstance(one, exp.LocationProperty):
            given["location"] = one.this.name
    scope.database.create_dataset(project, given)
    return "CREATE_SCHEMA", None


def _alter(tree: exp.Alter, scope: Scope) -> Key:
    key = table_key(tree.this, scope)
    fields = list(scope.database.fields(key))
    for action in tree.args["actions"]:
        if isinstance(action, exp.ColumnDef):
            if any(field["name"].lower() == action.name.lower() for field in fields):
                if action.args.get("exists"):
                    continue
                raise ApiError(f"Column already exists: {action.name}")
            fields.append(field_of_ddl(action))
        elif isinstance(action, exp.AlterSet):
            for properties in action.expressions:
                for one in properties.expressions:
                    scope.database.patch(key, _option(one, scope))
        else:
            raise ApiError(f"This server cannot ALTER TABLE {action.sql('bigquery')}")
    with scope.database.changing(key) as cursor:
        scope.database.set_fields(key, fields, cursor)
    return key


def _drop(tree: exp.Drop, scope: Scope) -> tuple[str, Key | None]:
    kind, exists = str(tree.args["kind"]).upper(), bool(tree.args.get("exists"))
    if kind == "SCHEMA":
        node = tree.args["tables"][0]
        dataset, project = node.db, node.catalog or scope.project
        if not exists or (project, dataset) in scope.database.datasets:
            scope.database.drop_dataset(project, dataset, contents=bool(tree.args.get("cascade")))
        return "DROP_SCHEMA", None
    key = table_key(tree.args["tables"][0], scope)
    if not exists or key in scope.database.tables:
        scope.database.drop(key)
    return f"DROP_{kind}", key
