"""The house style of the SQL: what a query may not contain, and why.

Each rule comes from a difference between engines that was seen, or from what a query on BigQuery costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlglot import MappingSchema, exp
from sqlglot.optimizer.annotate_types import annotate_types

from qod.contract import TABLES
from qod.warehouse import query

Find = Callable[[exp.Expr], Iterator[exp.Expr]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a query may not contain: where it does, and why it may not."""

    key: str
    reason: str
    find: Find


@dataclass(frozen=True, slots=True)
class Breach:
    """One place in a query that breaks a rule."""

    rule: str
    reason: str
    sql: str


def breaches(sql: str) -> list[Breach]:
    """Every place in a query that breaks a rule of the house; none where it keeps to all of them."""
    tree = annotate_types(query.parse(sql), schema=_schema(), dialect="bigquery")
    return [
        Breach(rule.key, rule.reason, node.sql("bigquery", comments=False))
        for rule in RULES
        for node in rule.find(tree)
    ]


def _schema() -> MappingSchema:
    columns: dict[str, object] = {
        table.name: {column.name: column.type for column in table.columns} for table in TABLES.values()
    }
    return MappingSchema(columns, dialect="bigquery")


# -- what the rules look for -------------------------------------------------------------------------------


def _of(*kinds: type[exp.Expr]) -> Find:
    """Nodes of these kinds."""

    def find(tree: exp.Expr) -> Iterator[exp.Expr]:
        yield from tree.find_all(*kinds)

    return find


def _named(*names: str) -> Find:
    """Calls of functions that sqlglot has no kind of its own for; a name that ends in a dot stands for a family."""

    def find(tree: exp.Expr) -> Iterator[exp.Expr]:
        for node in tree.find_all(exp.Anonymous, exp.Dot):
            called = node.sql("bigquery").upper().partition("(")[0]
            if any(called == name or (name.endswith(".") and called.startswith(name)) for name in names):
                yield node

    return find


def _all(*finds: Find) -> Find:
    def find(tree: exp.Expr) -> Iterator[exp.Expr]:
        for one in finds:
            yield from one(tree)

    return find


def _not_a_query(tree: exp.Expr) -> Iterator[exp.Expr]:
    if not isinstance(tree, exp.Query):
        yield tree


def _without_order(tree: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(tree, exp.Query) and not tree.args.get("order"):
        yield tree


def _unqualified(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Columns without a table, save a result's own name in its ORDER BY and the name of an array of plain values."""
    free = {name for unnest in tree.find_all(exp.Unnest) for name in _names_given_by(unnest)}
    for column in tree.find_all(exp.Column):
        order = column.find_ancestor(exp.Order, exp.Query)
        ordered = order.parent if isinstance(order, exp.Order) else None
        results = ordered.named_selects if isinstance(ordered, exp.Query) else []
        if not column.table and column.name not in free and column.name not in results:
            yield column


def _names_given_by(unnest: exp.Unnest) -> list[str]:
    offset = unnest.args.get("offset")
    return [*unnest.alias_column_names, *([offset.name] if isinstance(offset, exp.Identifier) else [])]


def _unnest_without_alias(tree: exp.Expr) -> Iterator[exp.Expr]:
    """UNNEST among the tables of a query; ``x IN UNNEST(@values)`` has no fields to name."""
    for unnest in tree.find_all(exp.Unnest):
        if not isinstance(unnest.parent, exp.In) and not (unnest.alias or unnest.alias_column_names):
            yield unnest


def _with_offset(tree: exp.Expr) -> Iterator[exp.Expr]:
    for unnest in tree.find_all(exp.Unnest):
        if unnest.args.get("offset"):
            yield unnest


def _partition_by_float(tree: exp.Expr) -> Iterator[exp.Expr]:
    for window in tree.find_all(exp.Window):
        for key in window.args.get("partition_by") or ():
            if key.is_type(*exp.DataType.REAL_TYPES):
                yield key


def _bare_logarithm(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Logarithms of anything but GREATEST(x, @eps) or GREATEST(x, 1e-6): the bound must be there to be read."""
    for node in tree.find_all(exp.Ln, exp.Log):
        value = node.expression if isinstance(node, exp.Log) and node.expression else node.this
        bounds = [value.this, *value.expressions] if isinstance(value, exp.Greatest) else []
        if not any(isinstance(bound, exp.Parameter) or _positive(bound) for bound in bounds):
            yield node


def _division(tree: exp.Expr) -> Iterator[exp.Expr]:
    for node in tree.find_all(exp.Div, exp.IntDiv, exp.Mod):
        if not _positive(node.expression):
            yield node


def _positive(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and float(node.this) > 0


def _cast_of_halves(tree: exp.Expr) -> Iterator[exp.Expr]:
    whole = (exp.Floor, exp.Ceil, exp.Trunc, exp.Round)
    known = {*exp.DataType.INTEGER_TYPES, *exp.DataType.TEXT_TYPES, exp.DType.BOOLEAN}
    for cast in tree.find_all(exp.Cast):
        to_integer = cast.to.is_type(*exp.DataType.INTEGER_TYPES)
        if to_integer and not isinstance(cast.this, whole) and not cast.this.is_type(*known):
            yield cast


def _round_to_digits(tree: exp.Expr) -> Iterator[exp.Expr]:
    for node in tree.find_all(exp.Round):
        if node.args.get("decimals"):
            yield node


def _date_without_cast(tree: exp.Expr) -> Iterator[exp.Expr]:
    for node in tree.find_all(exp.DateAdd, exp.DateSub, exp.DateTrunc):
        parent = node.parent
        if not (isinstance(parent, exp.Cast) and parent.to.is_type(exp.DType.DATE)):
            yield node


def _stars(tree: exp.Expr) -> Iterator[exp.Expr]:
    for star in tree.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count):
            yield star


def _strange_tables(tree: exp.Expr) -> Iterator[exp.Expr]:
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.db or table.catalog or (table.name not in TABLES and table.name not in own):
            yield table


def _unbounded(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Large tables that are read without a model of their own, or a first day, in the WHERE beside them."""
    for table in tree.find_all(exp.Table):
        declared = TABLES.get(table.name)
        if declared is None or not declared.large:
            continue
        select = table.find_ancestor(exp.Select)
        where = select.args.get("where") if select else None
        conditions = list(where.this.flatten()) if where and isinstance(where.this, exp.And) else [where and where.this]
        if not any(_bounds(condition, table.alias_or_name, declared.partition) for condition in conditions):
            yield table


def _bounds(condition: exp.Expr | None, alias: str, partition: str | None) -> bool:
    if isinstance(condition, exp.Is) and isinstance(condition.expression, exp.Null):
        # Rows without a day lie in a partition of their own.
        return isinstance(condition.this, exp.Column) and (condition.this.table, condition.this.name) == (
            alias,
            partition,
        )
    if not isinstance(condition, exp.EQ | exp.GTE | exp.GT | exp.Between):
        return False
    column = condition.this
    value = condition.args.get("low") if isinstance(condition, exp.Between) else condition.expression
    if not isinstance(column, exp.Column) or column.table != alias or not isinstance(value, exp.Parameter):
        return False
    return column.name == partition or (column.name == "model_id" and isinstance(condition, exp.EQ))


# -- the rules ---------------------------------------------------------------------------------------------

RULES: Final = (
    Rule("one_query", "a file holds one SELECT, and changes nothing", _not_a_query),
    Rule("order_by", "without ORDER BY each engine returns its rows in an order of its own", _without_order),
    Rule(
        "qualified",
        "a column without its table's alias is found in another table, or in an array's field, by another engine",
        _unqualified,
    ),
    Rule("unnest_alias", "the fields of an UNNEST without an alias cannot be qualified", _unnest_without_alias),
    Rule("star", "what * stands for changes with the table, and BigQuery bills every column of it", _stars),
    Rule("tables", "a query reads tables of the contract, by their bare names", _strange_tables),
    Rule(
        "large_table",
        "a large table is read for one model (model_id = @model_id) or from a day on (batch_date >= @since), "
        "so that BigQuery bills no more of it",
        _unbounded,
    ),
    Rule("with_offset", "WITH OFFSET counts from 0 in BigQuery, from 1 in DuckDB", _with_offset),
    Rule("subscript", "array subscripts count from 0 in BigQuery, from 1 in DuckDB", _of(exp.Bracket)),
    Rule("countif", "COUNTIF over no rows is 0 in BigQuery, NULL in DuckDB: COUNT of a CASE", _of(exp.CountIf)),
    Rule(
        "timestamp_diff",
        "TIMESTAMP_DIFF counts whole units in BigQuery, boundaries in DuckDB",
        _of(exp.TimestampDiff, exp.DatetimeDiff, exp.TimeDiff),
    ),
    Rule(
        "date_arithmetic",
        "DATE_ADD, DATE_SUB and DATE_TRUNC give a TIMESTAMP in DuckDB: CAST(... AS DATE)",
        _date_without_cast,
    ),
    Rule("partition_by_float", "BigQuery refuses FLOAT64 in PARTITION BY: GROUP BY it first", _partition_by_float),
    Rule("logarithm", "LN(0) is an error in BigQuery, -inf in DuckDB: LN(GREATEST(x, @eps))", _bare_logarithm),
    Rule(
        "division",
        "x / 0 is an error in BigQuery, inf or NULL in DuckDB: SAFE_DIVIDE, or a number as the divisor",
        _all(_division, _named("IEEE_DIVIDE")),
    ),
    Rule("cast_to_integer", "CAST of a half to INT64 is rounded differently: FLOOR or ROUND it first", _cast_of_halves),
    Rule(
        "round_to_digits",
        "ROUND(x, n) of a number that lies on a half, as decimals go, differs: FLOOR(x * 1000000 + .5) / 1000000",
        _round_to_digits,
    ),
    Rule("safe", "SAFE. exists in BigQuery alone; SAFE_DIVIDE and SAFE_CAST exist in both", _of(exp.SafeFunc)),
    Rule(
        "sketch",
        "sketches and fingerprints are computed differently, or not at all, in DuckDB",
        _all(_of(exp.FarmFingerprint, exp.ApproxTopK, exp.ApproxTopSum), _named("HLL_COUNT.")),
    ),
    Rule(
        "format",
        "FORMAT reads its pattern differently in each engine: format in Python",
        _of(exp.Format, exp.TimeToStr),
    ),
    Rule(
        "parse_timestamp",
        "PARSE_TIMESTAMP and its like read their pattern differently in each engine",
        _all(_of(exp.StrToTime, exp.StrToDate, exp.ParseDatetime, exp.ParseTime), _named("PARSE_TIMESTAMP")),
    ),
    Rule(
        "timestamp_millis",
        "TIMESTAMP_MILLIS and its like have no time zone in DuckDB: pass a TIMESTAMP as a parameter",
        _of(exp.UnixToTime),
    ),
    Rule(
        "changing",
        "what changes from call to call is never served from BigQuery's cache: pass it as a parameter",
        _of(
            *(exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentDatetime, exp.CurrentTime, exp.Rand, exp.Uuid),
            exp.SessionUser,
        ),
    ),
)
