"""How good a version was at training, from its scores and outcomes in a table: sums over them, made in BigQuery."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from qod.baseline import FEWEST_OF_A_CLASS, Estimate, accuracy, share
from qod.columns import Where
from qod.scored import CLIP
from qod.warehouse.bigquery import cells
from qod.warehouse.bigquery.ask import Param, ask
from qod.warehouse.bigquery.table import LIMITS, SourceTable, quoted


def baselines(
    table: SourceTable, task: str, score: str | None, outcome: str | None, threshold: float | None
) -> dict[str, Estimate]:
    """The measures of a task and their standard errors, NaN where there are too few rows; none without both columns.

    These are ``qod.scored.measure`` of the same rows, but for what takes the probability of each class.

    The outcome's column is read, and the score's once more. InputError where an outcome does not suit the task.
    """
    if score is None or outcome is None:
        return {}
    of_score, of_outcome = (cells.require_plain(table.columns[name], table.label, name) for name in (score, outcome))
    given, truth = (f"t.{quoted(name, table.label)}" for name in (score, outcome))
    if task == "multiclass":
        pairs = _rows(table, _PAIRS, score=cells.level(given, of_score), outcome=cells.level(truth, of_outcome))
        right = sum(
            row["n"] for row in pairs if cells.text_of(row["x"], of_score) == cells.text_of(row["y"], of_outcome)
        )
        return {"accuracy": accuracy(right, sum(row["n"] for row in pairs))}
    x = cells.number(given, cells.require_number(of_score, table.label, score))
    if task == "regression":
        y = cells.number(truth, cells.require_number(of_outcome, table.label, outcome))
        wrong, question = cells.wrong_word(truth, of_outcome), _RESIDUALS
        about = "is no outcome of a regression model", "write finite numbers; leave unknown outcomes NULL."
    else:
        y = cells.truth(truth, of_outcome)
        wrong, question = f"IF({y} IN (0, 1), NULL, {cells.level(truth, of_outcome)})", _AUC
        about = "is no outcome of a binary model", "write 0 or 1, or true or false."
    (row,) = _rows(table, question, threshold, score=x, outcome=y, wrong=wrong)
    if row["infinite"]:
        raise cells.infinite_score(Where(table.label, score))
    if row["wrong"] is not None:
        raise Where(table.label, outcome).error(f"{row['wrong']!r} {about[0]}.", hint=about[1])
    return _errors(row) if task == "regression" else _binary(row, threshold)


def _rows(table: SourceTable, sql: str, threshold: float | None = None, **columns: str) -> list[dict[str, Any]]:
    params = dict(table.params)
    if "@threshold" in sql:
        params["threshold"] = Param("FLOAT64", threshold)
    if any("@missing" in column for column in columns.values()):
        params["missing"] = Param("ARRAY<STRING>", cells.MISSING)
    question = sql.format(table=table.sql_name, where=table.where, clip=CLIP, **columns)
    rows: list[dict[str, Any]] = ask(
        table.connection, question, params, query="baseline", limits=LIMITS
    ).table.to_pylist()
    return rows


# For each score the share of negatives it beats (ties one half), and the share of positives that beat it: DeLong's
# placements, of which the sums and the sums of squares are all that the area and its error need.
_AUC: Final = """WITH scored AS (
  SELECT {score} AS x, {outcome} AS y, {wrong} AS wrong
  FROM {table} AS t
  WHERE {where}
),
held AS (
  SELECT
    s.x,
    IF(s.x IS NULL, 0, COUNT(CASE WHEN s.y = 1 THEN 1 END)) AS positives,
    IF(s.x IS NULL, 0, COUNT(CASE WHEN s.y = 0 THEN 1 END)) AS negatives,
    MIN(s.wrong) AS wrong,
    COUNT(CASE WHEN IS_INF(s.x) THEN 1 END) AS infinite
  FROM scored AS s
  GROUP BY s.x
),
ranked AS (
  SELECT
    h.x, h.positives, h.negatives, h.wrong, h.infinite,
    SUM(h.positives) OVER () AS m,
    SUM(h.negatives) OVER () AS n,
    SUM(h.positives) OVER (ORDER BY h.x ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS positives_upto,
    SUM(h.negatives) OVER (ORDER BY h.x ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS negatives_upto
  FROM held AS h
),
placed AS (
  SELECT
    r.x, r.positives, r.negatives, r.m, r.n, r.wrong, r.infinite,
    IF(r.x BETWEEN 0 AND 1, r.x, NULL) AS chance,
    LN(GREATEST(LEAST(r.x, 1 - {clip}), {clip})) AS hit,
    LN(GREATEST(LEAST(1 - r.x, 1 - {clip}), {clip})) AS miss,
    SAFE_DIVIDE(r.negatives_upto - r.negatives / 2, r.n) AS beaten,
    SAFE_DIVIDE(r.m - r.positives_upto + r.positives / 2, r.m) AS beating
  FROM ranked AS r
)
SELECT
  MAX(p.m) AS m,
  MAX(p.n) AS n,
  SUM(p.positives * p.beaten) AS wins,
  SUM(p.positives * p.beaten * p.beaten) AS squared_wins,
  SUM(p.negatives * p.beating * p.beating) AS squared_losses,
  MIN(IF(p.positives + p.negatives > 0, p.x, NULL)) AS low,
  MAX(IF(p.positives + p.negatives > 0, p.x, NULL)) AS high,
  -SUM(p.positives * p.hit + p.negatives * p.miss) AS log_loss,
  SUM(p.positives * p.hit * p.hit + p.negatives * p.miss * p.miss) AS log_loss_squares,
  SUM(p.positives * POW(1 - p.chance, 2) + p.negatives * POW(p.chance, 2)) AS brier,
  SUM(p.positives * POW(1 - p.chance, 4) + p.negatives * POW(p.chance, 4)) AS brier_squares,
  SUM(IF(p.x >= @threshold, p.positives, 0)) AS hits,
  SUM(IF(p.x >= @threshold, p.positives + p.negatives, 0)) AS said,
  MIN(p.wrong) AS wrong,
  SUM(p.infinite) AS infinite
FROM placed AS p"""

_RESIDUALS: Final = """WITH scored AS (
  SELECT {score} AS x, {outcome} AS y, {wrong} AS wrong
  FROM {table} AS t
  WHERE {where}
),
residuals AS (
  SELECT
    s.x,
    IF(IS_INF(s.x) OR IS_INF(s.y), NULL, s.x - s.y) AS r,
    IF(IS_INF(s.y), CAST(s.y AS STRING), s.wrong) AS wrong
  FROM scored AS s
)
SELECT
  COUNT(e.r) AS n,
  AVG(e.r * e.r) AS mean_square,
  STDDEV_SAMP(e.r * e.r) AS sd_square,
  AVG(e.r) AS mean,
  STDDEV_SAMP(e.r) AS sd,
  AVG(ABS(e.r)) AS mean_size,
  STDDEV_SAMP(ABS(e.r)) AS sd_size,
  MIN(e.wrong) AS wrong,
  COUNT(CASE WHEN IS_INF(e.x) THEN 1 END) AS infinite
FROM residuals AS e"""

_PAIRS: Final = """WITH scored AS (
  SELECT {score} AS x, {outcome} AS y
  FROM {table} AS t
  WHERE {where}
)
SELECT s.x, s.y, COUNT(*) AS n
FROM scored AS s
WHERE s.x IS NOT NULL AND s.y IS NOT NULL
GROUP BY s.x, s.y"""


def _auc(row: dict[str, Any]) -> Estimate:
    """``baseline.auc_delong`` from the sums."""
    m, n = row["m"] or 0, row["n"] or 0
    if m < FEWEST_OF_A_CLASS or n < FEWEST_OF_A_CLASS:
        return Estimate(math.nan, math.nan, m + n)
    area = row["wins"] / m
    of_wins = max(row["squared_wins"] - m * area * area, 0.0) / (m - 1)
    of_losses = max(row["squared_losses"] - n * area * area, 0.0) / (n - 1)
    return Estimate(area, float(np.sqrt(of_wins / m + of_losses / n)), m + n)


def _binary(row: dict[str, Any], threshold: float | None) -> dict[str, Estimate]:
    """The measures of a binary model from the sums."""
    area = _auc(row)
    found = {"auc": area, "gini": Estimate(2 * area.value - 1, 2 * area.se, area.n)}
    rows = (row["m"] or 0) + (row["n"] or 0)
    if rows and row["low"] >= 0 and row["high"] <= 1:
        for metric in ("log_loss", "brier"):
            found[metric] = _mean(rows, row[metric], row[f"{metric}_squares"])
    if threshold is not None:
        found["precision"] = share(row["hits"] or 0, row["said"] or 0)
        found["recall"] = share(row["hits"] or 0, row["m"] or 0)
    return found


def _mean(n: int, total: float, squares: float) -> Estimate:
    """``baseline.mean`` from the sums of the values and of their squares."""
    if n < 2:
        return Estimate(math.nan, math.nan, n)
    value = total / n
    return Estimate(value, math.sqrt(max(squares - total * value, 0.0) / (n - 1) / n), n)


def _errors(row: dict[str, Any]) -> dict[str, Estimate]:
    """``baseline.rmse``, ``baseline.mae`` and ``baseline.bias`` from the sums."""
    n = row["n"]
    if n < 2:
        return {name: Estimate(math.nan, math.nan, n) for name in ("rmse", "mae", "bias")}
    value = math.sqrt(row["mean_square"])
    se = row["sd_square"] / math.sqrt(n) / (2 * value) if value > 0 else 0.0
    return {
        "rmse": Estimate(value, se, n),
        "mae": Estimate(row["mean_size"], row["sd_size"] / math.sqrt(n), n),
        "bias": Estimate(row["mean"], row["sd"] / math.sqrt(n), n),
    }
