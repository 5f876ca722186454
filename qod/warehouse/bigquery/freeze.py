"""Training rows frozen into bins inside BigQuery: one query, which reads each column once and returns parts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from qod.bins import LONGEST_TAIL, MOST_LEVELS, QUANTILE_BINS, Bins, Kind, freeze_categorical, freeze_parts
from qod.classify import refuse_text, refuse_whole_numbers
from qod.columns import Where
from qod.counting import level_places
from qod.errors import InputError
from qod.freeze import Frozen
from qod.receipt import Progress
from qod.warehouse.bigquery import cells
from qod.warehouse.bigquery.ask import Param, ask
from qod.warehouse.bigquery.table import LIMITS, MOST_CELLS, SourceTable, quoted

Row = Mapping[str, Any]


def freeze_table(
    table: SourceTable, asked: Mapping[str, Kind | None], *, progress: Progress | None = None
) -> tuple[int, list[Frozen | str]]:
    """The rows of the table, and of each column of ``asked`` the frozen variable, or the note that says why it is none.

    Edges, counts, levels and distinct values are exact: BigQuery ranks the distinct values of each column. Mean and
    deviation agree to the last digits. Since rows of a table have no order, whole numbers that only by it look like
    identifiers are taken for a variable. InputError where there are no rows, or a column asked for cannot be one.
    """
    kinds = {name: kind or _kind_of(table.columns[name]) for name, kind in asked.items()}
    for name in asked:
        if asked[name] is not None:
            _require(table, name, kinds[name])
    wanted = [name for name in asked if kinds[name] in ("numeric", "categorical")]
    found: dict[str, Frozen | str] = {}
    rows: int | None = None
    for first in range(0, max(len(wanted), 1), MOST_CELLS):
        part = wanted[first : first + MOST_CELLS]
        answer = _asked(table, part, kinds)
        total = sum(row["n"] for row in answer.pop(-1, []))
        if total == 0:
            raise InputError("there are no rows.", file=table.label, hint="deliver at least one row.")
        if rows not in (None, total):
            raise InputError("the table changed while it was read.", file=table.label, hint="deliver it again.")
        rows = total
        for place, name in enumerate(part):
            held, where, kind = answer.get(place, []), Where(table.label, name), table.columns[name]
            freeze = _numeric if kinds[name] == "numeric" else _levels
            one = freeze(held, where, kind, asked=asked[name] is not None)
            found[name] = one if isinstance(one, str) else replace(one, type=cells.value_type(kind))
        if progress is not None:
            progress(len(found), len(wanted))
    assert rows is not None
    return rows, [found.get(name) or f"Column {name!r} {kinds[name]}; it is not watched." for name in asked]


def _kind_of(kind: str) -> str:
    """``numeric`` or ``categorical`` by the type alone, or the reason why it can be no variable."""
    if kind in cells.TIMES:
        return "holds dates or times"
    if not cells.is_plain(kind):
        return f"is {kind.partition('<')[0]}, which cannot be binned"
    return "numeric" if cells.is_number(kind) else "categorical"


def _require(table: SourceTable, name: str, kind: str) -> None:
    cells.require_plain(table.columns[name], table.label, name)
    if kind == "numeric":
        cells.require_number(table.columns[name], table.label, name)


# -- the question ------------------------------------------------------------------------------------------


def _asked(table: SourceTable, part: Sequence[str], kinds: Mapping[str, str]) -> dict[int, list[Row]]:
    structs = ["STRUCT(-1 AS cell, CAST(NULL AS FLOAT64) AS x, CAST(NULL AS STRING) AS s)"]
    for place, name in enumerate(part):
        column, kind = f"t.{quoted(name, table.label)}", table.columns[name]
        if kinds[name] == "numeric":
            structs.append(f"STRUCT({place}, {cells.number(column, kind)}, {cells.wrong_word(column, kind)})")
        else:
            structs.append(f"STRUCT({place}, CAST(NULL AS FLOAT64), {cells.level(column, kind)})")
    params = dict(table.params)
    if any("@missing" in struct for struct in structs):
        params["missing"] = Param("ARRAY<STRING>", cells.MISSING)
    sql = _SQL.format(structs=",\n    ".join(structs), table=table.sql_name, where=table.where)
    answer = ask(table.connection, sql, params, query="freeze", limits=LIMITS).table
    found: dict[int, list[Row]] = {}
    for row in answer.to_pylist():
        found.setdefault(row["cell"], []).append(row)
    return found


# Each distinct value is ranked once. A tenth begins after the value that holds the rank ceil(i n / 10); a value with a
# tenth of the rows stands alone. PARTITION BY the level keeps levels, which have no order, apart from each other.
_SQL: Final = f"""WITH cells AS (
  SELECT c.cell, c.x, c.s
  FROM {{table}} AS t, UNNEST([
    {{structs}}
  ]) AS c
  WHERE {{where}}
),
held AS (
  SELECT
    c.cell, c.x, c.s,
    COUNT(*) AS n,
    CASE
      WHEN c.s IS NOT NULL THEN 'level'
      WHEN c.x IS NULL THEN 'missing'
      WHEN IS_INF(c.x) THEN 'infinite'
      ELSE 'finite'
    END AS kind
  FROM cells AS c
  GROUP BY c.cell, c.x, c.s
),
ranked AS (
  SELECT
    h.cell, h.kind, h.x, h.s, h.n,
    IF(ABS(h.x) <= {cells.TAME}, h.x, NULL) AS tame,
    SUM(h.n) OVER (
      PARTITION BY h.cell, h.kind, h.s ORDER BY h.x ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) - h.n AS before,
    SUM(h.n) OVER (PARTITION BY h.cell, h.kind, h.s) AS total,
    SUM(IF(ABS(h.x) <= {cells.TAME}, h.n * h.x, NULL)) OVER (PARTITION BY h.cell, h.kind, h.s) AS amount
  FROM held AS h
),
parts AS (
  SELECT
    r.cell, r.kind, r.x, r.s, r.n, r.tame,
    DIV({QUANTILE_BINS} * r.before, r.total) AS part,
    {QUANTILE_BINS} * r.n >= r.total AS atom,
    r.amount / r.total AS centre
  FROM ranked AS r
)
SELECT
  p.cell, p.kind, p.part, p.atom,
  SUM(p.n) AS n,
  COUNT(*) AS different,
  MIN(p.x) AS low,
  MAX(p.x) AS high,
  MAX(p.centre) AS centre,
  SUM(IF(p.tame IS NULL, 0, p.n)) AS tame,
  SUM(p.n * (p.tame - p.centre)) AS away,
  SUM(p.n * (p.tame - p.centre) * (p.tame - p.centre)) AS squares,
  ARRAY_AGG(IF(p.s IS NULL, NULL, STRUCT(p.s AS level, p.n AS n)) IGNORE NULLS
    ORDER BY p.n DESC, p.s LIMIT {MOST_LEVELS + LONGEST_TAIL}) AS named
FROM parts AS p
GROUP BY p.cell, p.kind, p.part, p.atom"""


# -- the answer --------------------------------------------------------------------------------------------


def _numeric(rows: list[Row], where: Where, kind: str, *, asked: bool) -> Frozen | str:
    wrong = [word["level"] for row in rows if row["kind"] == "level" for word in row["named"] or []]
    if wrong:
        raise cells.no_number(wrong[0], where)
    finite = sorted((row for row in rows if row["kind"] == "finite"), key=lambda row: float(row["low"]))
    infinite = [row for row in rows if row["kind"] == "infinite"]
    missing = sum(row["n"] for row in rows if row["kind"] == "missing")
    lows, highs = (np.array([row[name] for row in finite], dtype=np.float64) for name in ("low", "high"))
    bins = freeze_parts(
        lows,
        highs,
        atom_first=bool(finite) and finite[0]["atom"],
        atom_last=bool(finite) and finite[-1]["atom"],
    )
    counts = np.zeros(bins.size, dtype=np.int64)
    np.add.at(counts, np.searchsorted(bins.edges, lows), [row["n"] for row in finite])
    np.add.at(counts, [0 if row["low"] < 0 else bins.size - 2 for row in infinite], [row["n"] for row in infinite])
    counts[-1] = missing
    distinct = sum(row["different"] for row in (*finite, *infinite))
    if not asked and kind == "INT64" and finite:
        reason = refuse_whole_numbers(
            where.column,
            present=int(counts[:-1].sum()),
            distinct=distinct,
            low=float(lows[0]),
            high=float(highs[-1]),
            follow=lambda: False,
        )
        if reason is not None:
            return f"Column {where.column!r} {reason}; it is not watched (--numeric {where.column} insists)."
    mean, sd = _mean_and_sd(finite)
    return Frozen(where.column, bins, tuple(counts.tolist()), mean, sd, distinct)


def _mean_and_sd(rows: list[Row]) -> tuple[float | None, float | None]:
    """Mean and deviation (n - 1), from sums of the distances to a centre; None where a value is too large for them."""
    n = sum(row["n"] for row in rows)
    if not rows or sum(row["tame"] for row in rows) != n:
        return None, None
    away, squares = (float(sum(row[name] for row in rows)) for name in ("away", "squares"))
    mean = rows[0]["centre"] + away / n
    return mean, float(np.sqrt(max(squares - away * away / n, 0.0) / (n - 1))) if n > 1 else None


def _levels(rows: list[Row], where: Where, kind: str, *, asked: bool) -> Frozen | str:
    by_level: dict[str, int] = {}
    for row in rows:
        for one in row["named"] or []:
            text = cells.text_of(one["level"], kind)
            if text is not None:
                by_level[text] = by_level.get(text, 0) + one["n"]
    texts = list(by_level)
    held = np.array(list(by_level.values()), dtype=np.int64)
    levels = [row for row in rows if row["kind"] == "level"]
    nameless_levels = sum(row["different"] - len(row["named"] or []) for row in levels)
    nameless_rows = sum(row["n"] for row in levels) - int(held.sum())
    distinct = len(texts) + nameless_levels
    if not asked and kind == "STRING":
        reason = refuse_text(distinct, int(held.sum()) + nameless_rows, texts)
        if reason is not None:
            return f"Column {where.column!r} {reason}; it is not watched (--categorical {where.column} insists)."
    bins = freeze_categorical(texts, held, nameless_levels=nameless_levels, nameless_rows=nameless_rows)
    return Frozen(where.column, bins, _counts(bins, texts, held, rows, nameless_rows), None, None, distinct)


def _counts(bins: Bins, texts: list[str], held: Any, rows: list[Row], nameless_rows: int) -> tuple[int, ...]:
    counts = np.bincount(level_places(texts, bins), weights=held, minlength=bins.size).astype(np.int64)
    counts[len(bins.levels)] += nameless_rows
    counts[-1] = sum(row["n"] for row in rows if row["kind"] == "missing")
    return tuple(counts.tolist())
