"""One statement: its tables found and its views opened, then in DuckDB's dialect with BigQuery's meaning."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from tests.bigquery.errors import ApiError, not_found
from tests.bigquery.mend import mended
from tests.bigquery.tables import Database, Key

Value = tuple[Any, str]
"""A parameter or variable: what it is, and its DuckDB type."""


@dataclass(frozen=True)
class Scope:
    """What a statement may name: tables, parameters, variables of the script, its temporary tables."""

    database: Database
    cursor: duckdb.DuckDBPyConnection
    project: str
    dataset: str | None
    location: str
    information: Callable[[str, str, str | None], pa.Table]
    params: dict[str, Value] = field(default_factory=dict)
    variables: dict[str, Value] = field(default_factory=dict)
    temporary: dict[str, Key] = field(default_factory=dict)


@dataclass(frozen=True)
class Bound:
    """A statement in BigQuery's dialect with its tables found: ``views`` holds rows of INFORMATION_SCHEMA by name."""

    tree: exp.Expr
    tables: tuple[Key, ...]
    views: dict[str, pa.Table]


def parse(text: str) -> exp.Expr:
    """The tree of one statement; ApiError where it is no SQL."""
    try:
        trees = [tree for tree in sqlglot.parse(text, read="bigquery") if tree is not None]
    except SqlglotError as error:
        first = re.sub(r"\x1b\[\d+m", "", str(error)).splitlines()[0]
        raise ApiError(f"Syntax error: {first}", location="query") from error
    if len(trees) != 1:
        raise ApiError("Syntax error: one statement was expected", location="query")
    return trees[0]


def table_key(node: exp.Table, scope: Scope) -> Key:
    """The table a name stands for; 404 where its dataset is elsewhere than the job."""
    name, dataset, project = node.name, node.db or scope.dataset, node.catalog or scope.project
    if not node.db and name.lower() in scope.temporary:
        return scope.temporary[name.lower()]
    if dataset is None:
        raise ApiError(f'Table "{name}" must be qualified with a dataset (e.g. dataset.table).')
    held = scope.database.datasets.get((project, dataset))
    if held and scope.location and held["location"].upper() != scope.location.upper():
        raise not_found("Dataset", f"{project}:{dataset} was not found in location {scope.location}")
    return project, dataset, name


def bind(tree: exp.Expr, scope: Scope) -> Bound:
    """The statement with every table found, views opened, and the views of INFORMATION_SCHEMA read."""
    tables: list[Key] = []
    views: dict[str, pa.Table] = {}
    # The name inside INFORMATION_SCHEMA makes a table of two parts of what looks like one.
    for node in list(tree.find_all(exp.Table)):
        if not node.name or _is_cte(node) or isinstance(node.this, exp.Func):
            continue
        alias = exp.to_identifier(node.alias or node.name.split(".")[-1])
        if node.name.upper().startswith("INFORMATION_SCHEMA."):
            name = f"_information_{len(views)}"
            rows = scope.information(node.name.split(".")[1], node.catalog or scope.project, node.db or scope.dataset)
            views[name] = rows
            node.replace(exp.Table(this=exp.to_identifier(name), alias=exp.TableAlias(this=alias)))
            continue
        key = table_key(node, scope)
        made = scope.database.table(key)
        if made["type"] == "VIEW":
            inner = bind(parse(made["view"]["query"]), replace(scope, dataset=None, temporary={}))
            tables += inner.tables
            views |= inner.views
            node.replace(exp.Subquery(this=inner.tree, alias=exp.TableAlias(this=alias)))
            continue
        tables.append(key)
        node.set("this", exp.to_identifier(key[2], quoted=True))
        node.set("db", exp.to_identifier(key[1], quoted=True))
        node.set("catalog", exp.to_identifier(key[0], quoted=True))
        if not node.alias and isinstance(node.parent, exp.From | exp.Join):
            node.set("alias", exp.TableAlias(this=alias))
    _mark_variables(tree, tables, scope)
    return Bound(tree, tuple(dict.fromkeys(tables)), views)


def _mark_variables(tree: exp.Expr, tables: list[Key], scope: Scope) -> None:
    """Make parameters of the script's variables; a column of that name comes first."""
    columns = {f["name"].lower() for key in tables for f in scope.database.fields(key)}
    for node in list(tree.find_all(exp.Column)):
        name = node.name.lower()
        if not node.table and name in scope.variables and name not in columns:
            node.replace(exp.Parameter(this=exp.Var(this=f"variable_{name}")))


def _is_cte(node: exp.Table) -> bool:
    """Whether the name is that of a WITH; inside its own definition it still is the table's."""
    if node.db:
        return False
    above = node.parent
    while above is not None:
        with_ = above.args.get("with_")
        for cte in with_.expressions if with_ else []:
            if cte.alias.lower() == node.name.lower() and not any(one is cte for one in _ancestors(node)):
                return True
        above = above.parent
    return False


def _ancestors(node: exp.Expr) -> list[exp.Expr]:
    found = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def to_duck(bound: Bound, scope: Scope) -> tuple[str, dict[str, Any]]:
    """The statement in DuckDB's dialect, and the values of the parameters it uses."""
    used: dict[str, Any] = {}
    tree = bound.tree.copy()
    _mend_dml(tree, scope)
    tree = tree.transform(lambda node: _value(node, scope, used))
    tree = mended(tree)
    for table in tree.find_all(exp.Table):
        if table.catalog:
            table.set("db", exp.to_identifier(f"{table.catalog}.{table.db}", quoted=True))
            table.set("catalog", None)
    try:
        return tree.sql("duckdb", comments=False, unsupported_level=sqlglot.ErrorLevel.IGNORE), used
    except SqlglotError as error:
        raise ApiError(f"This server cannot run: {error}") from error


def _value(node: exp.Expr, scope: Scope, used: dict[str, Any]) -> exp.Expr:
    found: Value | None = None
    if isinstance(node, exp.Literal) and not node.is_string and not node.name.isdigit():
        return exp.Cast(this=node.copy(), to=exp.DataType.build("DOUBLE"))  # 2.5 is FLOAT64, in DuckDB a decimal
    if isinstance(node, exp.Dot) and isinstance(node.this, exp.Parameter) and node.name == "message":
        name, found = "system_message", scope.variables.get("@@error.message")
    elif isinstance(node, exp.Parameter):
        inner = node.this
        name = inner.name
        if isinstance(inner, exp.Parameter):
            name, found = f"system_{inner.this.name}", scope.variables.get(f"@@{inner.this.name.lower()}")
        elif name.startswith("variable_") and name[9:] in scope.variables:
            found = scope.variables[name[9:]]
        else:
            found = next((value for key, value in scope.params.items() if key.lower() == name.lower()), None)
        if found is None:
            raise ApiError(f"Query parameter '{name}' not found")
    elif isinstance(node, exp.Placeholder) and not node.this:
        name = f"positional_{len(used)}"
        found = scope.params.get(str(sum(1 for key in used if key.startswith("positional_"))))
        if found is None:
            raise ApiError("Query parameter number is out of bounds")
    if found is None:
        return node
    used[name] = found[0]
    kind = exp.DataType.build(found[1], dialect="duckdb")
    return exp.Cast(this=exp.Parameter(this=exp.Var(this=name)), to=kind)


def _mend_dml(tree: exp.Expr, scope: Scope) -> None:
    if isinstance(tree, exp.Delete) and not tree.this:
        tree.set("this", tree.args["tables"][0])
        tree.set("tables", None)
    if isinstance(tree, exp.Delete | exp.Update) and not tree.args.get("where"):
        raise ApiError(f"{tree.key.upper()} must have a WHERE clause")
    if isinstance(tree, exp.Update):
        _unqualify(tree.expressions)
    if not isinstance(tree, exp.Merge):
        return
    key = table_key(tree.this, scope)
    names = [f["name"] for f in scope.database.fields(key)]
    for when in tree.args["whens"].expressions:
        then = when.args["then"]
        if isinstance(then, exp.Update):
            _unqualify(then.expressions)
        elif isinstance(then, exp.Insert) and isinstance(then.this, exp.Var):
            source = tree.args["using"].alias_or_name
            then.set("this", exp.Tuple(expressions=[exp.column(name, quoted=True) for name in names]))
            then.set("expression", exp.Tuple(expressions=[exp.column(n, source, quoted=True) for n in names]))


def _unqualify(pairs: list[exp.Expr]) -> None:
    for pair in pairs:
        if isinstance(pair.this, exp.Column):
            pair.this.set("table", None)
