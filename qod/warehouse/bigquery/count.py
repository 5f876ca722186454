"""Rows counted in frozen bins inside BigQuery: one query, which reads each column once and returns counts alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qod.bins import Bins
from qod.columns import Where
from qod.counting import LevelCounts, NumericCounts
from qod.derived import Derivation
from qod.errors import InputError
from qod.receipt import Progress
from qod.warehouse.bigquery import cells
from qod.warehouse.bigquery.ask import Param, ask
from qod.warehouse.bigquery.counted import POINTS, Row, cuts_of, read_duplicates, read_levels, read_numeric
from qod.warehouse.bigquery.derived import kind_of, with_derived
from qod.warehouse.bigquery.table import LIMITS, MOST_CELLS, SourceTable, quoted

NAMED: Final = 1_000
"""Levels that training did not have and that come back with their names, the most frequent of each variable."""
_MOST_TEXT: Final = 2_000_000
"""Characters of the levels that one query is given: far from the 10 MB that a request may have."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: ``rows``, the ``variables``, ``duplicates`` of the identifier, if asked.

    ``infinite`` are the rows of each numeric variable whose value is infinite.
    """

    rows: int
    variables: Mapping[str, NumericCounts | LevelCounts]
    infinite: Mapping[str, int]
    duplicates: int | None = None


@dataclass(frozen=True, slots=True)
class _Cell:
    """A column as the query reads it: counted in ``bins``, or as identifiers (None)."""

    name: str
    bins: Bins | None
    kind: str

    @property
    def text(self) -> int:
        return sum(len(level) + 24 for level in self.levels)

    @property
    def levels(self) -> tuple[str, ...]:
        return (*self.bins.levels, *self.bins.tail) if self.bins is not None else ()

    def known(self, place: int) -> list[str]:
        return [f"{place}:{level}" for level in self.levels]


def count(
    table: SourceTable,
    variables: Mapping[str, Bins],
    *,
    derived: Mapping[str, Derivation] | None = None,
    id: str | None = None,
    progress: Progress | None = None,
) -> Counted:
    """The rows of ``table`` counted in the bins of ``variables``, each the name of a column or of one of ``derived``.

    Counts, distinct values, extremes and unseen levels are exact, mean and deviation to the last digits; a quantile is
    off by at most 1/200 of the rows of one bin, in rank. InputError where a column does not hold what its variable
    needs, an identifier is missing, or there are no rows.
    """
    made = {name: how for name, how in (derived or {}).items() if name in variables}
    columns = [
        _Cell(name, bins, kind_of(made[name])) if name in made else _cell(table, name, bins)
        for name, bins in variables.items()
    ]
    if id is not None:
        columns.append(_Cell(id, None, cells.require_plain(table.columns[id], table.label, id)))
    rows: int | None = None
    found: dict[str, NumericCounts | LevelCounts] = {}
    infinite: dict[str, int] = {}
    duplicates = None
    done = 0
    for part in _parts(columns):
        answer = _asked(with_derived(table, made, [cell.name for cell in part]), part)
        total = sum(row["n"] for row in answer.pop(-1, []))
        if total == 0:
            raise InputError("there are no rows.", file=table.label, hint="check the table, and the day.")
        if rows not in (None, total):
            raise InputError("the table changed while it was counted.", file=table.label, hint="count it again.")
        rows = total
        for place, cell in enumerate(part):
            held = answer.get(place, [])
            where = Where(table.label, cell.name)
            if cell.bins is None:
                duplicates = read_duplicates(held, where)
                continue
            if cell.bins.kind == "numeric":
                found[cell.name], infinite[cell.name] = read_numeric(held, cell.bins, where)
            else:
                found[cell.name] = read_levels(held, cell.bins, cell.kind)
        done += len(part)
        if progress is not None:
            progress(done, len(columns))
    assert rows is not None
    return Counted(rows, found, infinite, duplicates)


# -- the question ------------------------------------------------------------------------------------------


def _cell(table: SourceTable, name: str, bins: Bins) -> _Cell:
    kind = cells.require_plain(table.columns[name], table.label, name)
    if bins.kind == "numeric":
        cells.require_number(kind, table.label, name)
    return _Cell(name, bins, kind)


def _parts(columns: Sequence[_Cell]) -> Iterator[list[_Cell]]:
    """The columns in portions that one query can take; one portion without columns where there are none."""
    part: list[_Cell] = []
    text = 0
    for cell in columns:
        if part and (len(part) == MOST_CELLS or text + cell.text > _MOST_TEXT):
            yield part
            part, text = [], 0
        part.append(cell)
        text += cell.text
    yield part


def _asked(table: SourceTable, part: Sequence[_Cell]) -> dict[int, list[Row]]:
    sql, params = _question(table, part)
    answer = ask(table.connection, sql, params, query="count", limits=LIMITS).table
    found: dict[int, list[Row]] = {}
    for row in answer.to_pylist():
        found.setdefault(row["cell"], []).append(row)
    return found


def _question(table: SourceTable, part: Sequence[_Cell]) -> tuple[str, dict[str, Param]]:
    """The query and its parameters.

    Every row becomes one small row a column: its bin from the top (the edges that are >= the value), the value, the
    level. They are aggregated by column, bin and level, and the levels then by whether training knew them.
    """
    known = [level for place, cell in enumerate(part) for level in cell.known(place)]
    params = {**table.params, "known": Param("ARRAY<STRING>", known), "missing": Param("ARRAY<STRING>", cells.MISSING)}
    structs = ["STRUCT(-1 AS cell, CAST(NULL AS INT64) AS bin, CAST(NULL AS FLOAT64) AS x, CAST(NULL AS STRING) AS s)"]
    for place, cell in enumerate(part):
        column = f"t.{quoted(cell.name, table.label)}"
        if cell.bins is not None and cell.bins.kind == "numeric":
            x, word = cells.number(column, cell.kind), cells.wrong_word(column, cell.kind)
            structs.append(f"STRUCT({place}, RANGE_BUCKET(-({x}), @cuts_{place}), {x}, {word})")
            params[f"cuts_{place}"] = Param("ARRAY<FLOAT64>", (-cuts_of(cell.bins)[::-1]).tolist())
        else:
            level = cells.level(column, cell.kind)
            structs.append(f"STRUCT({place}, CAST(NULL AS INT64), CAST(NULL AS FLOAT64), {level})")
    if not any("@missing" in struct for struct in structs):
        params.pop("missing")
    sql = _SQL.format(structs=",\n    ".join(structs), table=table.sql_name, where=table.where)
    return sql, params


_SQL: Final = f"""WITH cells AS (
  SELECT
    c.cell, c.bin, c.x, c.s,
    IF(IS_INF(c.x), NULL, c.x) AS finite,
    IF(ABS(c.x) <= {cells.TAME}, c.x, NULL) AS tame
  FROM {{table}} AS t, UNNEST([
    {{structs}}
  ]) AS c
  WHERE {{where}}
),
bins AS (
  SELECT
    c.cell, c.bin, c.s,
    COUNT(*) AS n,
    COUNT(DISTINCT c.x) AS different,
    COUNT(c.finite) AS finite,
    COUNT(c.tame) AS tame,
    AVG(c.tame) AS mean,
    VAR_SAMP(c.tame) AS variance,
    MIN(c.finite) AS low,
    MAX(c.finite) AS high,
    APPROX_QUANTILES(c.finite, {POINTS}) AS quantiles
  FROM cells AS c
  GROUP BY c.cell, c.bin, c.s
),
named AS (
  SELECT
    b.*,
    b.s IS NULL AS blank,
    IF(CONCAT(CAST(b.cell AS STRING), ':', b.s) IN UNNEST(@known), b.s, NULL) AS level
  FROM bins AS b
)
SELECT
  b.cell, b.bin, b.blank, b.level,
  SUM(b.n) AS n,
  COUNT(*) AS levels,
  ARRAY_AGG(STRUCT(b.s AS level, b.n AS n) ORDER BY b.n DESC, b.s LIMIT {NAMED}) AS named,
  MAX(b.different) AS different,
  MAX(b.finite) AS finite,
  MAX(b.tame) AS tame,
  MAX(b.mean) AS mean,
  MAX(b.variance) AS variance,
  MIN(b.low) AS low,
  MAX(b.high) AS high,
  ANY_VALUE(b.quantiles) AS quantiles
FROM named AS b
GROUP BY b.cell, b.bin, b.blank, b.level"""
