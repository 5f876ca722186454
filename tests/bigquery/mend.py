"""Where DuckDB would answer otherwise than BigQuery, or not at all: the tree mended before it is written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlglot import exp


def mended(tree: exp.Expr) -> exp.Expr:
    """The tree with every expression in it that means something else to DuckDB put in other words."""
    _offsets(tree)
    for node in reversed(list(tree.find_all(*_MENDED))):  # the inner before the outer
        other = _MENDED[type(node)](node)
        if node is tree:
            tree = other
        elif other is not node:
            node.replace(other)
    return tree


def _offsets(tree: exp.Expr) -> None:
    """WITH OFFSET counts from 0, DuckDB's ordinality from 1."""
    for unnest in list(tree.find_all(exp.Unnest)):
        offset, select = unnest.args.get("offset"), unnest.find_ancestor(exp.Select)
        if not offset or select is None:
            continue
        name = offset.name if isinstance(offset, exp.Expr) else "offset"
        for column in list(select.find_all(exp.Column)):
            if column.name.lower() == name.lower() and not column.table:
                less: exp.Expr = exp.Paren(this=exp.Sub(this=column.copy(), expression=exp.Literal.number(1)))
                column.replace(exp.alias_(less, name) if column.parent is select else less)


def _error_if(condition: exp.Expr, message: str, value: exp.Expr) -> exp.Expr:
    wrong = exp.Anonymous(this="error", expressions=[exp.Literal.string(message)])
    return exp.Case(ifs=[exp.If(this=condition, true=wrong)], default=value)


def _divide(node: exp.Expr) -> exp.Expr:
    if isinstance(node.expression, exp.Literal) and float(node.expression.name) != 0:
        return node
    zero = exp.EQ(this=node.expression.copy(), expression=exp.Literal.number(0))
    return exp.Paren(this=_error_if(zero, "division by zero", node.copy()))


def _logarithm(node: exp.Expr) -> exp.Expr:
    argument = node.expression if isinstance(node, exp.Log) and node.expression else node.this
    low = exp.LTE(this=argument.copy(), expression=exp.Literal.number(0))
    return _error_if(low, "Floating point error in function: LN", node.copy())


def _count_if(node: exp.Expr) -> exp.Expr:
    # A count over no rows is 0. Summing a CASE keeps it an aggregate that a window may follow.
    return exp.Count(this=exp.Case(ifs=[exp.If(this=node.this.copy(), true=exp.Literal.number(1))]))


def _bracket(node: exp.Expr) -> exp.Expr:
    index = node.expressions[0]
    if node.args.get("offset") == 0 and not isinstance(index, exp.Literal):
        one = exp.Paren(this=exp.Add(this=exp.Paren(this=index.copy()), expression=exp.Literal.number(1)))
        return exp.Bracket(this=node.this.copy(), expressions=[one], offset=1, safe=node.args.get("safe"))
    return node


def _difference(node: exp.Expr) -> exp.Expr:
    # Whole units that passed, not boundaries crossed.
    unit = exp.Literal.string(node.args["unit"].name.lower())
    return exp.Anonymous(this="date_sub", expressions=[unit, node.expression.copy(), node.this.copy()])


def _date(node: exp.Expr) -> exp.Expr:
    return exp.Cast(this=node.copy(), to=exp.DataType.build("DATE"))


def _quantiles(node: exp.Expr) -> exp.Expr:
    # BigQuery gives values that occur; exact ones are as good an approximation as any.
    count = int(node.expression.name)
    shares = exp.Array(expressions=[exp.Literal.number(str(i / count)) for i in range(count + 1)])
    return exp.Anonymous(this="quantile_disc", expressions=[node.this.copy(), shares])


def _array_agg(node: exp.Expr) -> exp.Expr:
    if not isinstance(node.this, exp.Limit):
        return node
    limit = node.this
    bare = exp.ArrayAgg(this=limit.this.copy())
    part = exp.Slice(this=exp.Literal.number(1), expression=limit.expression.copy())
    return exp.Bracket(this=exp.Paren(this=bare), expressions=[part], offset=1)


def _ignore_nulls(node: exp.Expr) -> exp.Expr:
    part = node.this
    if not isinstance(part, exp.Bracket):
        return node
    bare = part.this.this  # what ``_array_agg`` made of an ARRAY_AGG with a LIMIT
    value = bare.this.this if isinstance(bare.this, exp.Order) else bare.this
    known = exp.Where(this=exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null())))
    part.set("this", exp.Paren(this=exp.Filter(this=bare.copy(), expression=known)))
    return part


def _to_json(node: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="to_json", expressions=[node.this.copy()]) if node.args.get("to_json") else node


def _extract(node: exp.Expr) -> exp.Expr:
    if node.this.name.upper() == "ISOWEEK":
        node.set("this", exp.Var(this="WEEK"))
    return node


def _function(node: exp.Expr) -> exp.Expr:
    if node.name.upper() != "RANGE_BUCKET":
        return node
    value, bounds = node.expressions
    reached = exp.Lambda(
        this=exp.LTE(this=exp.column("e_"), expression=value.copy()), expressions=[exp.to_identifier("e_")]
    )
    held = exp.Anonymous(this="list_filter", expressions=[bounds.copy(), reached])
    nothing = exp.Is(this=value.copy(), expression=exp.Null())
    count = exp.Anonymous(this="len", expressions=[held])
    return exp.Case(ifs=[exp.If(this=nothing, true=exp.Null())], default=count)


def _as_struct(node: exp.Expr) -> exp.Expr:
    # The names of its columns can be ordered by: an inner query does that, an outer one makes the structs.
    if node.args.get("kind") != "STRUCT":
        return node
    inner = node.copy()
    inner.set("kind", None)
    inner.set("expressions", [exp.alias_(one.unalias(), one.alias_or_name) for one in inner.expressions])
    names = [one.alias for one in inner.expressions]
    pairs = [
        exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=exp.column(name, "q_", quoted=True))
        for name in names
    ]
    return exp.select(exp.Struct(expressions=pairs)).from_(exp.Subquery(this=inner, alias=exp.TableAlias(this="q_")))


_MENDED: Final[dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]]] = {
    exp.Div: _divide,
    exp.Ln: _logarithm,
    exp.Log: _logarithm,
    exp.CountIf: _count_if,
    exp.Bracket: _bracket,
    exp.TimestampDiff: _difference,
    exp.DateTrunc: _date,
    exp.DateAdd: _date,
    exp.DateSub: _date,
    exp.ApproxQuantiles: _quantiles,
    exp.ArrayAgg: _array_agg,
    exp.IgnoreNulls: _ignore_nulls,
    exp.JSONFormat: _to_json,
    exp.Extract: _extract,
    exp.Select: _as_struct,
    exp.Anonymous: _function,
}
