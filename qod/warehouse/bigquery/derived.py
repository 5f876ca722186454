"""Variables that are computed from others, in SQL: the same that a file's rows give."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from qod.derived import (
    CLASSES,
    ERROR,
    PREDICTION,
    Derivation,
    Threshold,
    class_of,
    declaration,
    lacking,
    not_projected,
    predicted,
    taken,
)
from qod.freeze import Frozen
from qod.projection import FARTHEST, STEPS, Projection
from qod.warehouse.bigquery import cells
from qod.warehouse.bigquery.ask import Param, ask
from qod.warehouse.bigquery.table import LIMITS, SourceTable, quoted


def kind_of(how: Derivation) -> str:
    """The type of the computed values, as SQL calls it."""
    return "FLOAT64" if isinstance(how, Projection) else "STRING"


def with_derived(table: SourceTable, derived: Mapping[str, Derivation], names: Collection[str]) -> SourceTable:
    """The table with its columns ``names``, and those of them that ``derived`` says how to compute.

    InputError where a column that they are computed from does not hold numbers.
    """
    made = {name: derived[name] for name in names if name in derived}
    if not made:
        return table
    columns = [f"t.{quoted(name, table.label)}" for name in names if name not in made]
    params = {**table.params}
    for place, (name, how) in enumerate(made.items()):
        expression, more = _computed(table, how, place)
        columns.append(f"{expression} AS {quoted(name, table.label)}")
        params |= more
    sql = f"(\n    SELECT {', '.join(columns)}\n    FROM {table.sql_name} AS t\n    WHERE {table.where}\n  )"
    kinds = {**table.columns, **{name: kind_of(how) for name, how in made.items()}}
    return replace(table, sql_name=sql, where="TRUE", columns=kinds, params=params)


def _computed(table: SourceTable, how: Derivation, place: int) -> tuple[str, dict[str, Param]]:
    """The expression over a row ``t`` of the table, and its parameters, named after ``place``."""
    if isinstance(how, Threshold):
        return _CLASS.format(x=_number(table, how.column), place=place), {f"at_{place}": Param("FLOAT64", how.at)}
    mean, sd, weights = np.asarray(how.mean), np.asarray(how.sd), np.asarray(how.components)
    arrays = {"mean": mean, "sd": sd, "low": mean - FARTHEST * sd, "high": mean + FARTHEST * sd}
    arrays |= {f"weights_{k}": row for k, row in enumerate(weights)}
    sql = _ERROR.format(
        values=", ".join(_number(table, name) for name in how.variables),
        along=" - ".join(f"POW(SUM(z.x * @weights_{k}_{place}[OFFSET(z.place)]), 2)" for k in range(len(weights))),
        place=place,
    )
    return sql, {f"{name}_{place}": Param("ARRAY<FLOAT64>", array.tolist()) for name, array in arrays.items()}


def _number(table: SourceTable, name: str) -> str:
    kind = cells.require_number(table.columns[name], table.label, name)
    return cells.number(f"t.{quoted(name, table.label)}", kind)


_CLASS: Final = (
    f"CASE WHEN {{x}} IS NULL THEN NULL WHEN {{x}} >= @at_{{place}} THEN '{CLASSES[1]}' ELSE '{CLASSES[0]}' END"
)
_ERROR: Final = f"""(
      SELECT ROUND(SQRT(GREATEST(SUM(z.x * z.x) - {{along}}, 0)) * {STEPS!r}) / {STEPS!r}
      FROM (
        SELECT
          place,
          IF(x IS NULL OR IS_INF(x), 0, (
            LEAST(GREATEST(x, @low_{{place}}[OFFSET(place)]), @high_{{place}}[OFFSET(place)])
            - @mean_{{place}}[OFFSET(place)]
          ) / @sd_{{place}}[OFFSET(place)]) AS x
        FROM UNNEST([{{values}}]) AS x WITH OFFSET AS place
      ) AS z
    )"""


def derive_in_table(
    table: SourceTable, *, task: str, score: str | None, threshold: float | None, features: Sequence[Frozen]
) -> tuple[list[dict[str, Any]], list[Frozen], tuple[str, ...]]:
    """``qod.derived.derive`` for training rows in a table: the predicted class alone, for which the score is read."""
    notes = [taken(table.columns, ERROR) or not_projected(lacking(score, features) or "the training rows are a table")]
    how = class_of(task, score, threshold, features, table.columns)
    if isinstance(how, Threshold):
        return [declaration(PREDICTION, how)], [_freeze_classes(table, how)], tuple(notes)
    return [], [], (*notes, how) if how is not None else tuple(notes)


def _freeze_classes(table: SourceTable, how: Threshold) -> Frozen:
    x = _number(table, how.column)
    sql = f"""SELECT
  COUNT(CASE WHEN {x} < @at THEN 1 END) AS negative,
  COUNT(CASE WHEN {x} >= @at THEN 1 END) AS positive,
  COUNT(CASE WHEN {x} IS NULL THEN 1 END) AS missing
FROM {table.sql_name} AS t
WHERE {table.where}"""
    params: Mapping[str, Param] = {**table.params, "at": Param("FLOAT64", how.at)}
    (row,) = ask(table.connection, sql, params, query="classes", limits=LIMITS).table.to_pylist()
    return predicted((row["negative"], row["positive"], row["missing"]))
