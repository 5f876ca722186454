"""A statement carried out: its rows, what it changed, and what it cost."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from tests.bigquery import assign, ddl
from tests.bigquery.cells import whole
from tests.bigquery.cost import Cost, cost
from tests.bigquery.errors import ApiError
from tests.bigquery.kinds import Field
from tests.bigquery.rows import read
from tests.bigquery.sql import Bound, Scope, bind, parse, table_key, to_duck
from tests.bigquery.tables import Key, first, quoted

_DML: dict[type[exp.Expr], str] = {exp.Insert: "INSERT", exp.Update: "UPDATE", exp.Delete: "DELETE", exp.Merge: "MERGE"}

# What DuckDB says, and what BigQuery says instead.
_WORDS = (
    (r"Table \"([^\"]+)\" does not have a column named \"([^\"]+)\"", r"Name \2 not found inside \1"),
    (r"Referenced column \"([^\"]+)\" (?:was )?not found", r"Unrecognized name: \1"),
    (r"Referenced table \"([^\"]+)\" not found", r"Unrecognized name: \1"),
    (r"NOT NULL constraint failed: (?:.*\.)?(\w+)", r"Required field \1 cannot be null"),
    (
        r".*cannot affect the same target row more than once.*",
        "UPDATE/MERGE must match at most one source row for each target row",
    ),
    (r"Scalar Function with name \"?(\w+)\"? does not exist", r"Function not found: \1"),
    (r"^Invalid Input Error: (division by zero|Floating point error.*)", r"\1"),
)


@dataclass
class Outcome:
    """What came of a statement: ``rows`` and ``fields`` of a query, ``affected`` rows of DML."""

    kind: str
    rows: pa.Table | None = None
    fields: list[Field] = field(default_factory=list)
    affected: int | None = None
    target: Key | None = None
    tables: tuple[Key, ...] = ()
    cost: Cost = field(default_factory=lambda: Cost({}, {}))


def run(text: str | exp.Expr, scope: Scope, *, dry: bool = False, limit: int | None = None) -> Outcome:
    """Carry out one statement; with ``dry`` only look. ``limit`` refuses one that would bill more bytes."""
    tree = parse(text) if isinstance(text, str) else text
    try:
        if isinstance(tree, ddl.STATEMENTS):
            if dry:
                return Outcome(f"{tree.key.upper()}_TABLE")
            with scope.database.lock:
                kind, target = ddl.run(tree, scope)
            return Outcome(kind, target=target)
        if not isinstance(tree, exp.Query | exp.Insert | exp.Update | exp.Delete | exp.Merge):
            raise ApiError(f"Syntax error: unexpected statement {tree.sql('bigquery')[:80]}", location="query")
        return _run(tree, scope, dry, limit)
    except duckdb.Error as error:
        raise ApiError(_said(error), location="query") from error


def _run(tree: exp.Expr, scope: Scope, dry: bool, limit: int | None) -> Outcome:
    bound = bind(tree, scope)
    for name, view in bound.views.items():
        scope.cursor.register(name, view)
    sql, params = to_duck(bound, scope)
    outcome = Outcome(_DML.get(type(tree), "SELECT"), tables=bound.tables, cost=cost(bound, scope))
    least = outcome.cost.billed(upper=True)
    if limit is not None and least > limit:
        raise ApiError(
            f"Query exceeded limit for bytes billed: {limit}. {least} or higher required.",
            reason="bytesBilledLimitExceeded",
        )
    if outcome.kind == "SELECT":
        rows, outcome.fields = read(scope.cursor, f"SELECT * FROM ({sql}) LIMIT 0" if dry else sql, params)
        outcome.rows = None if dry else whole(rows, outcome.fields)
        return outcome
    assign.check(bound.tree, scope)
    outcome.target = _target(tree, scope)
    if not dry:
        with scope.database.lock:
            outcome.affected = _change(sql, params, bound, outcome.target, scope)
    return outcome


def _target(tree: exp.Expr, scope: Scope) -> Key:
    node = tree.this or tree.args["tables"][0]
    return table_key(node.this if isinstance(node, exp.Schema) else node, scope)


def _change(sql: str, params: dict[str, Any], bound: Bound, target: Key, scope: Scope) -> int:
    done = first(scope.cursor, sql, params)
    for one in scope.database.fields(target):
        if one["mode"] == "REPEATED":  # BigQuery keeps no NULL array
            scope.cursor.execute(f'UPDATE {quoted(target)} SET "{one["name"]}" = [] WHERE "{one["name"]}" IS NULL')
    scope.database.touch(target)
    return int(done[0]) if done else 0


def _said(error: duckdb.Error) -> str:
    first = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    for pattern, words in _WORDS:
        found = re.search(pattern, first)
        if found:
            return found.expand(words)
    return re.sub(r"^[A-Z]\w+ Error: ", "", first)
