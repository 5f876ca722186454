"""What a query would read: bytes by table after partition and cluster pruning, and the partition filter it owes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.pushdown_predicates import pushdown_predicates
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from tests.bigquery.errors import ApiError
from tests.bigquery.kinds import Field, sql_type, weight
from tests.bigquery.shapes import partition_of
from tests.bigquery.sql import Bound, Scope, to_duck
from tests.bigquery.tables import Key, first, needs_filter, quoted

MEBIBYTE = 1 << 20

_COMPARISONS = (exp.EQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between, exp.In, exp.Is)


@dataclass(frozen=True)
class Scan:
    """One reading of a table: its columns, and the conditions on it that hold constants only."""

    key: Key
    columns: tuple[str, ...]
    conditions: tuple[exp.Expr, ...]


@dataclass(frozen=True)
class Cost:
    """Bytes before and after cluster pruning, by table.

    A dry run says ``upper``. ``pruned`` is an estimate of what BigQuery reads in the end: the rows that pass the
    conditions on clustering columns.
    """

    upper: dict[Key, int]
    pruned: dict[Key, int]

    @property
    def processed(self) -> tuple[int, int]:
        """(bytes before, bytes after cluster pruning)."""
        return sum(self.upper.values()), sum(self.pruned.values())

    def billed(self, *, upper: bool) -> int:
        """Bytes billed: each table rounded up to a mebibyte, ten at least."""
        read = (self.upper if upper else self.pruned).values()
        return sum(max(-(-size // MEBIBYTE), 10) * MEBIBYTE for size in read if size)


def cost(bound: Bound, scope: Scope) -> Cost:
    """The bytes of a statement; ApiError where a table wants a filter on its partitions and gets none."""
    upper: dict[Key, int] = {}
    pruned: dict[Key, int] = {}
    for scan in scans(bound, scope):
        made = scope.database.table(scan.key)
        partition = partition_of(made)
        clusters = set((made.get("clustering") or {}).get("fields") or [])
        days = [c for c in scan.conditions if partition and _names(c) == {partition[0].lower()} and _bare(c)]
        if needs_filter(made) and partition and not days:
            name = ".".join(scan.key)
            raise ApiError(
                f"Cannot query over table '{name}' without a filter over column(s) '{partition[0]}' "
                "that can be used for partition elimination"
            )
        kept = [c for c in scan.conditions if _names(c) <= {name.lower() for name in clusters} and _names(c)]
        fields = {f["name"].lower(): f for f in made["schema"]["fields"]}
        columns = [fields[name] for name in scan.columns if name in fields]
        for total, conditions in ((upper, days), (pruned, days + kept)):
            read = _bytes(scan.key, columns, _where(days, partition, scope, scan.key), conditions[len(days) :], scope)
            total[scan.key] = total.get(scan.key, 0) + read
    return Cost(upper, pruned)


def _bare(condition: exp.Expr) -> bool:
    """Whether every column of a condition is compared as it is: BigQuery sees through few functions of it, if any.

    Source: https://cloud.google.com/bigquery/docs/querying-partitioned-tables, "isolate the partition column".
    """
    return all(isinstance(_above(column), _COMPARISONS) for column in condition.find_all(exp.Column))


def _above(node: exp.Expr) -> exp.Expr | None:
    parent = node.parent
    return _above(parent) if isinstance(parent, exp.Paren) else parent


def _names(condition: exp.Expr) -> set[str]:
    return {column.name.lower() for column in condition.find_all(exp.Column)}


def _where(
    days: list[exp.Expr], partition: tuple[str, str] | None, scope: Scope, key: Key
) -> tuple[str, dict[str, object]]:
    """The rows of the partitions that the conditions leave: whole partitions, whatever their unit."""
    if not days or not partition:
        return "TRUE", {}
    text, params = _duck(days, scope)
    kind = next(f["type"] for f in scope.database.fields(key) if f["name"] == partition[0])
    if partition[1] == "DAY" and kind == "DATE":
        return text, params
    unit = f"date_trunc('{partition[1].lower()}', \"{partition[0]}\")"
    inner = f"SELECT {unit} FROM {quoted(key)} WHERE {text}"
    return f'({unit} IN ({inner}) OR ("{partition[0]}" IS NULL AND {text}))', params


def _duck(conditions: list[exp.Expr], scope: Scope) -> tuple[str, dict[str, object]]:
    bare = [condition.transform(_unqualified) for condition in conditions]
    return to_duck(Bound(exp.and_(*bare), (), {}), scope)


def _unqualified(node: exp.Expr) -> exp.Expr:
    return exp.column(node.name, quoted=True) if isinstance(node, exp.Column) else node


def _bytes(
    key: Key, columns: list[Field], where: tuple[str, dict[str, object]], more: list[exp.Expr], scope: Scope
) -> int:
    if not columns:
        return 0
    text, params = where
    if more:
        extra, values = _duck(more, scope)
        text, params = f"({text}) AND {extra}", params | values
    size = " + ".join(weight(f'"{f["name"]}"', f) for f in columns)
    sql = f"SELECT COALESCE(SUM({size}), 0) FROM {quoted(key)} WHERE {text}"
    row = first(scope.cursor, sql, params)
    return int(row[0]) if row else 0


def scans(bound: Bound, scope: Scope) -> Iterator[Scan]:
    """Every reading of a table in a statement."""
    tree = bound.tree
    if isinstance(tree, exp.Merge | exp.Delete | exp.Update):
        yield _target(tree, scope)
    for query in _queries(tree):
        yield from _of_query(query, bound, scope)


def _queries(tree: exp.Expr) -> list[exp.Expr]:
    """The outermost SELECTs of a statement, and a source of MERGE that is a bare table."""
    if isinstance(tree, exp.Query):
        return [tree]
    found: list[exp.Expr] = []
    for node in tree.find_all(exp.Query):
        if not isinstance(node, exp.Subquery) and node.find_ancestor(exp.Select, exp.SetOperation) is None:
            found.append(node)
    using = tree.args.get("using") if isinstance(tree, exp.Merge) else None
    if isinstance(using, exp.Table):
        found.append(exp.select("*").from_(using.copy()))
    return found


def _target(tree: exp.Merge | exp.Delete | exp.Update, scope: Scope) -> Scan:
    """The table that is changed: all its columns, in the partitions that constants leave.

    Source: https://cloud.google.com/bigquery/docs/estimate-costs, "DML statement size".
    """
    node = tree.this or tree.args["tables"][0]
    key: Key = (node.catalog, node.db, node.name)
    condition = tree.args["on"] if isinstance(tree, exp.Merge) else tree.args["where"].this
    columns = tuple(f["name"].lower() for f in scope.database.fields(key))
    if isinstance(tree, exp.Merge) and not any(
        isinstance(when.args["then"], exp.Update) or when.args["then"].name.upper() == "DELETE"
        for when in tree.args["whens"].expressions
    ):
        columns = tuple(name for name in columns if name in _names(condition))
    found = tuple(c for c in _conjuncts(condition) if _about(c, node.alias_or_name, set(columns)))
    # MERGE ... ON FALSE: what it deletes is named in the clauses themselves.
    if isinstance(tree, exp.Merge) and isinstance(condition, exp.Boolean) and not condition.this:
        for when in tree.args["whens"].expressions:
            given = when.args.get("condition")
            if given and when.args.get("source"):
                found += tuple(c for c in _conjuncts(given) if _about(c, node.alias_or_name, set(columns)))
    return Scan(key, columns, found)


def _of_query(query: exp.Expr, bound: Bound, scope: Scope) -> Iterator[Scan]:
    schema: dict[str, Any] = {}
    for project, dataset, name in bound.tables:
        fields = scope.database.fields((project, dataset, name))
        columns = {f["name"]: sql_type(f) for f in fields}
        schema.setdefault(project, {}).setdefault(dataset, {})[name] = columns
    tree = query.copy()
    try:
        tree = qualify(tree, schema=schema, dialect="bigquery", validate_qualify_columns=False, quote_identifiers=False)
        tree = pushdown_predicates(pushdown_projections(tree).transform(_veiled), dialect="bigquery").transform(_bared)
    except (SqlglotError, KeyError, AttributeError):
        tree = query.copy()
    for inner in traverse_scope(tree):
        if inner.is_udtf:
            continue  # an UNNEST of columns reads them in the query it stands in
        for alias, source in inner.sources.items():
            if not isinstance(source, exp.Table) or not source.catalog:
                continue
            key: Key = (source.catalog, source.db, source.name)
            names = {f["name"].lower() for f in scope.database.fields(key)}
            used = {c.name.lower() for c in inner.columns if c.table == alias or (not c.table and c.name in names)}
            star = any(isinstance(one, exp.Star) or one.name == "*" for one in inner.expression.args["expressions"])
            conditions = [c for c in _conditions(inner.expression, alias) if _about(c, alias, names)]
            yield Scan(key, tuple(sorted(names if star else used & names)), tuple(conditions))


# "x IS NOT NULL OR x IS NULL" is filter enough for BigQuery (dbt merges with it); the optimizer would drop it.
_PRESENT = exp.var("PRESENT")


def _veiled(node: exp.Expr) -> exp.Expr:
    inner = node.this.unnest() if isinstance(node, exp.Not) else None
    if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null):
        return exp.Is(this=inner.this.copy(), expression=_PRESENT.copy())
    return node


def _bared(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Is) and node.expression == _PRESENT:
        return exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null()))
    return node


def _conditions(select: exp.Expr, alias: str) -> Iterator[exp.Expr]:
    where = select.args.get("where")
    if where:
        yield from _conjuncts(where.this)
    for join in select.args.get("joins") or []:
        on = join.args.get("on")
        inner = join.side.upper() == "" or (join.side.upper() == "LEFT" and join.alias_or_name == alias)
        if on and inner:
            yield from _conjuncts(on)


def _conjuncts(condition: exp.Expr) -> list[exp.Expr]:
    bare = condition.unnest()
    return [part for side in bare.flatten() for part in _conjuncts(side)] if isinstance(bare, exp.And) else [bare]


def _about(condition: exp.Expr, alias: str, names: set[str]) -> bool:
    """Whether a condition compares columns of one table with constants and parameters alone."""
    if condition.find(exp.Query, exp.Subquery):
        return False
    columns = list(condition.find_all(exp.Column))
    return bool(columns) and all(
        (c.table.lower() == alias.lower() if c.table else c.name.lower() in names) for c in columns
    )
