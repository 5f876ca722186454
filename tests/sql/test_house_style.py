"""Every query keeps to the house style, and the house style is refused where it is broken."""

from __future__ import annotations

import pytest

from qod.warehouse import query
from tests.sql.house_style import RULES, breaches

BAD = {
    "one_query": ("DELETE FROM models AS m WHERE m.model_id = @model_id",),
    "order_by": (
        "SELECT m.name FROM models AS m",
        "SELECT x.name FROM (SELECT m.name FROM models AS m ORDER BY m.name) AS x",
        "SELECT m.name FROM models AS m UNION ALL SELECT m.team FROM models AS m",
    ),
    "qualified": (
        "SELECT name FROM models AS m ORDER BY m.name",
        "SELECT m.name FROM models AS m WHERE team = 'a' ORDER BY m.name",
        "SELECT m.name FROM models AS m ORDER BY team",
        "SELECT rows AS n FROM batch_variables AS v, UNNEST(v.unseen) AS u WHERE v.model_id = @model_id ORDER BY n",
        "SELECT m.team, COUNT(*) AS n FROM models AS m GROUP BY team ORDER BY n",
    ),
    "unnest_alias": (
        "SELECT v.rows FROM batch_variables AS v, UNNEST(v.unseen) WHERE v.model_id = @model_id ORDER BY v.rows",
    ),
    "star": (
        "SELECT * FROM models AS m ORDER BY m.name",
        "SELECT m.* FROM models AS m ORDER BY m.name",
        "WITH a AS (SELECT * FROM models AS m) SELECT a.name FROM a ORDER BY a.name",
    ),
    "tables": (
        "SELECT m.name FROM fleet.models AS m ORDER BY m.name",
        "SELECT m.name FROM model AS m ORDER BY m.name",
    ),
    "large_table": (
        "SELECT m.value FROM measures AS m ORDER BY m.value",
        "SELECT m.value FROM measures AS m WHERE m.metric = @metric ORDER BY m.value",
        "SELECT m.value FROM measures AS m WHERE m.batch_date <= @until ORDER BY m.value",
        "SELECT m.value FROM measures AS m WHERE m.model_id <> @model_id ORDER BY m.value",
        "SELECT m.value FROM measures AS m WHERE m.model_id = @model_id OR m.metric = 'psi' ORDER BY m.value",
        # The filter of the one table does not bound the other.
        "SELECT m.value FROM measures AS m JOIN predictions AS p ON p.model_id = m.model_id "
        "WHERE m.model_id = @model_id ORDER BY m.value",
        # Nor does a filter above it: whether an engine moves it down is its own affair.
        "WITH a AS (SELECT m.model_id, m.value FROM measures AS m) "
        "SELECT a.value FROM a WHERE a.model_id = @model_id ORDER BY a.value",
    ),
    "with_offset": (
        "SELECT place FROM reference_variables AS r, UNNEST(r.edges) AS e WITH OFFSET AS place ORDER BY place",
    ),
    "subscript": (
        "SELECT r.edges[OFFSET(0)] AS first FROM reference_variables AS r ORDER BY first",
        "SELECT r.edges[SAFE_ORDINAL(1)] AS first FROM reference_variables AS r ORDER BY first",
        "SELECT r.edges[0] AS first FROM reference_variables AS r ORDER BY first",
    ),
    "countif": ("SELECT COUNTIF(b.rows = 0) AS empty FROM batches AS b ORDER BY empty",),
    "timestamp_diff": (
        "SELECT TIMESTAMP_DIFF(b.finished_at, b.started_at, MINUTE) AS took FROM batches AS b ORDER BY took",
        "SELECT DATETIME_DIFF(DATETIME(b.finished_at), DATETIME(b.started_at), DAY) AS d FROM batches AS b ORDER BY d",
    ),
    "date_arithmetic": (
        "SELECT DATE_TRUNC(b.batch_date, MONTH) AS month FROM batches AS b ORDER BY month",
        "SELECT DATE_ADD(b.batch_date, INTERVAL 1 DAY) AS next FROM batches AS b ORDER BY next",
        "SELECT b.batch_id FROM batches AS b WHERE b.batch_date > DATE_SUB(@until, INTERVAL 7 DAY) ORDER BY b.batch_id",
    ),
    "partition_by_float": (
        "SELECT ROW_NUMBER() OVER (PARTITION BY p.score ORDER BY p.entity_id) AS n FROM predictions AS p "
        "WHERE p.model_id = @model_id ORDER BY n",
        "SELECT r.variable FROM reference_variables AS r "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY r.variable, r.mean + 1 ORDER BY r.position) = 1 ORDER BY r.variable",
        # Through a name of the query's own.
        "WITH a AS (SELECT f.weight AS w FROM findings AS f) "
        "SELECT COUNT(*) OVER (PARTITION BY a.w) AS n FROM a ORDER BY n",
        "SELECT COUNT(*) OVER same AS n FROM findings AS f WINDOW same AS (PARTITION BY f.weight) ORDER BY n",
    ),
    "logarithm": (
        "SELECT LN(f.weight) AS x FROM findings AS f ORDER BY x",
        "SELECT LOG(f.weight, 2) AS x FROM findings AS f ORDER BY x",
        "SELECT LOG10(f.weight) AS x FROM findings AS f ORDER BY x",
        "SELECT LN(GREATEST(f.weight, 0)) AS x FROM findings AS f ORDER BY x",
        "SELECT LN(GREATEST(f.weight, f.weight)) AS x FROM findings AS f ORDER BY x",
    ),
    "division": (
        "SELECT b.duplicate_ids / b.rows AS share FROM batches AS b ORDER BY share",
        "SELECT b.rows / 0 AS share FROM batches AS b ORDER BY share",
        "SELECT DIV(b.duplicate_ids, b.rows) AS share FROM batches AS b ORDER BY share",
        "SELECT MOD(b.duplicate_ids, b.rows) AS rest FROM batches AS b ORDER BY rest",
        "SELECT IEEE_DIVIDE(b.duplicate_ids, b.rows) AS share FROM batches AS b ORDER BY share",
    ),
    "cast_to_integer": (
        "SELECT CAST(f.weight AS INT64) AS w FROM findings AS f ORDER BY w",
        "SELECT SAFE_CAST(f.weight * 100 AS INT64) AS w FROM findings AS f ORDER BY w",
        "SELECT CAST(AVG(b.rows) AS INT64) AS n FROM batches AS b ORDER BY n",
    ),
    "round_to_digits": ("SELECT ROUND(f.weight, 2) AS w FROM findings AS f ORDER BY w",),
    "safe": ("SELECT SAFE.SUBSTR(m.name, 0, -1) AS x FROM models AS m ORDER BY x",),
    "sketch": (
        "SELECT HLL_COUNT.INIT(m.team) AS x FROM models AS m ORDER BY x",
        "SELECT FARM_FINGERPRINT(m.team) AS x FROM models AS m ORDER BY x",
        "SELECT APPROX_TOP_COUNT(m.team, 3) AS x FROM models AS m ORDER BY x",
    ),
    "format": (
        "SELECT FORMAT('%d', b.rows) AS x FROM batches AS b ORDER BY x",
        "SELECT FORMAT_DATE('%Y', b.batch_date) AS x FROM batches AS b ORDER BY x",
    ),
    "parse_timestamp": (
        "SELECT PARSE_TIMESTAMP('%Y', m.name) AS x FROM models AS m ORDER BY x",
        "SELECT PARSE_DATE('%Y', m.name) AS x FROM models AS m ORDER BY x",
    ),
    "timestamp_millis": ("SELECT TIMESTAMP_MILLIS(b.rows) AS x FROM batches AS b ORDER BY x",),
    "changing": (
        "SELECT CURRENT_DATE() AS today FROM models AS m ORDER BY today",
        "SELECT m.name FROM models AS m WHERE m.registered_at < CURRENT_TIMESTAMP() ORDER BY m.name",
        "SELECT RAND() AS x FROM models AS m ORDER BY x",
    ),
}

GOOD = (
    "SELECT m.name AS called FROM models AS m ORDER BY called, m.team",
    "SELECT m.name FROM models AS m UNION ALL SELECT m.team FROM models AS m ORDER BY name",
    "SELECT u.level, SUM(u.rows) AS n FROM batch_variables AS v, UNNEST(v.unseen) AS u "
    "WHERE v.model_id = @model_id AND v.batch_date >= @since GROUP BY u.level ORDER BY n",
    "SELECT e FROM reference_variables AS r, UNNEST(r.edges) AS e ORDER BY e",
    "SELECT m.name FROM models AS m WHERE m.team IN UNNEST(@teams) ORDER BY m.name",
    "SELECT m.value FROM measures AS m WHERE m.batch_date >= @since AND m.metric = 'psi' ORDER BY m.value",
    "SELECT m.value FROM measures AS m WHERE m.batch_date BETWEEN @since AND @until ORDER BY m.value",
    "SELECT COUNT(*) AS n, SUM(CASE WHEN b.rows = 0 THEN 1 ELSE 0 END) AS empty FROM batches AS b ORDER BY n",
    "SELECT CAST(DATE_TRUNC(b.batch_date, MONTH) AS DATE) AS month FROM batches AS b ORDER BY month",
    "SELECT DATE_DIFF(@until, b.batch_date, DAY) AS days FROM batches AS b ORDER BY days",
    "SELECT LN(GREATEST(f.weight, @eps)) AS x, LN(GREATEST(f.weight, 1e-6)) AS y FROM findings AS f ORDER BY x",
    "SELECT SAFE_DIVIDE(b.duplicate_ids, b.rows) AS share, b.rows / 100 AS hundreds FROM batches AS b ORDER BY share",
    "SELECT CAST(SUM(b.rows) AS INT64) AS n, CAST(FLOOR(AVG(b.rows)) AS INT64) AS mean FROM batches AS b ORDER BY n",
    "SELECT ROUND(f.weight) AS w, FLOOR(f.weight * 100 + 0.5) / 100 AS percent FROM findings AS f ORDER BY w",
    "SELECT SAFE_CAST(o.outcome AS FLOAT64) AS y FROM outcomes AS o WHERE o.model_id = @model_id ORDER BY y",
    "SELECT ROW_NUMBER() OVER (PARTITION BY f.subject ORDER BY f.weight) AS n FROM findings AS f ORDER BY n",
)


@pytest.mark.parametrize("name", query.names())
def test_a_query_keeps_to_the_house_style(name: str) -> None:
    found = breaches(query.load(name).sql)
    assert not found, "\n".join(f"{breach.rule}: {breach.sql}\n  {breach.reason}." for breach in found)


def test_every_rule_has_an_example_of_its_own() -> None:
    assert sorted(BAD) == sorted(rule.key for rule in RULES)


@pytest.mark.parametrize(("rule", "sql"), [(rule, sql) for rule, examples in BAD.items() for sql in examples])
def test_a_breach_is_refused_with_its_reason(rule: str, sql: str) -> None:
    found = breaches(sql)
    reason = next(one.reason for one in RULES if one.key == rule)
    assert {(breach.rule, breach.reason) for breach in found} == {(rule, reason)}


@pytest.mark.parametrize("sql", GOOD)
def test_what_is_allowed_is_not_refused(sql: str) -> None:
    assert breaches(sql) == []
