"""What may be put into which column: BigQuery takes fewer types for others than DuckDB does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from tests.bigquery.errors import ApiError
from tests.bigquery.kinds import Field, duck_type, sql_type
from tests.bigquery.rows import read
from tests.bigquery.sql import Bound, Scope, table_key, to_duck

_WIDER = {("BIGINT", "DOUBLE"), ("BIGINT", "DECIMAL(38, 9)"), ("DECIMAL(38, 9)", "DOUBLE")}


def check(tree: exp.Expr, scope: Scope) -> None:
    """ApiError when a statement puts a value of the wrong type into a column; constants may be converted.

    Source: https://cloud.google.com/bigquery/docs/reference/standard-sql/conversion_rules, "Coercion".
    """
    for fields, query in _pairs(tree, scope):
        sql, params = to_duck(Bound(query, (), {}), scope)
        _, found = read(scope.cursor, f"SELECT * FROM ({sql}) LIMIT 0", params)
        if len(found) != len(fields):
            raise ApiError(f"Inserted row has wrong column count; Has {len(found)}, expected {len(fields)}")
        values = query.expressions if isinstance(query, exp.Select) else []
        for place, (field, given) in enumerate(zip(fields, found, strict=True)):
            value = values[place].unalias() if len(values) == len(fields) else None
            if not _fits(given, field, value):
                raise ApiError(
                    f"Value has type {sql_type(given)} which cannot be inserted into column {field['name']}, "
                    f"which has type {sql_type(field)}"
                )


def _pairs(tree: exp.Expr, scope: Scope) -> Iterator[tuple[list[Field], exp.Expr]]:
    """The columns that are written, and a query of the values for them."""
    if isinstance(tree, exp.Insert):
        schema = tree.this if isinstance(tree.this, exp.Schema) else None
        fields = _fields(schema.this if schema else tree.this, scope)
        names = [one.name.lower() for one in schema.expressions] if schema else list(fields)
        wanted = [_named(fields, name) for name in names]
        if isinstance(tree.expression, exp.Values):
            for row in tree.expression.expressions:
                values = row.expressions if isinstance(row, exp.Tuple) else [row]
                yield wanted, exp.select(*(one.copy() for one in values))
        else:
            yield wanted, tree.expression.copy()
    elif isinstance(tree, exp.Update):
        source = tree.args.get("from_")
        yield from _set(tree.expressions, tree.this, source.this if source else None, scope)
    elif isinstance(tree, exp.Merge):
        for when in tree.args["whens"].expressions:
            then = when.args["then"]
            if isinstance(then, exp.Update):
                yield from _set(then.expressions, tree.this, tree.args["using"], scope)
            elif isinstance(then, exp.Insert):
                fields = _fields(tree.this, scope)
                if isinstance(then.this, exp.Var):  # INSERT ROW
                    names, values = list(fields), [exp.column(n, tree.args["using"].alias_or_name) for n in fields]
                else:
                    names = [one.name.lower() for one in then.this.expressions]
                    values = [one.copy() for one in then.expression.expressions]
                yield [_named(fields, name) for name in names], exp.select(*values).from_(tree.args["using"].copy())


def _set(
    pairs: list[exp.Expr], target: exp.Expr, source: exp.Expr | None, scope: Scope
) -> Iterator[tuple[list[Field], exp.Expr]]:
    fields = _fields(target, scope)
    query = exp.select(*(pair.expression.copy() for pair in pairs)).from_(target.copy())
    if source is not None:
        query = query.join(source.copy(), join_type="cross")
    yield [_named(fields, pair.this.name.lower()) for pair in pairs], query


def _fields(node: exp.Expr, scope: Scope) -> dict[str, Field]:
    assert isinstance(node, exp.Table)
    return {f["name"].lower(): f for f in scope.database.fields(table_key(node, scope))}


def _named(fields: dict[str, Field], name: str) -> Field:
    if name not in fields:
        raise ApiError(f"Column {name} is not present in the table")
    return fields[name]


def _fits(given: Field, field: Field, value: exp.Expr | None) -> bool:
    kinds = tuple(re.sub(r'"[^"]*" ', "", duck_type(one)) for one in (given, field))
    if kinds[0] == kinds[1] or kinds in _WIDER:
        return True
    if isinstance(value, exp.Null) or (isinstance(value, exp.Array) and not value.expressions):
        return True
    constant = isinstance(value, exp.Literal | exp.Parameter)
    return constant and field["type"] != "JSON" and field["mode"] != "REPEATED"
