"""SQL as BigQuery means it: where DuckDB would answer otherwise, changes of rows, scripts, definitions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud.bigquery import QueryJobConfig, ScalarQueryParameter

from tests.bigquery.server import BigQueryServer


def rows(client: Any, sql: str, **options: Any) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in client.query_and_wait(sql, **options)]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("COUNTIF(x > 9)", 0),
        ("COUNTIF(x > 1)", 2),
        ("SAFE_DIVIDE(SUM(x), 0)", None),
        ("SUM(x) / 4 / 2", 0.75),
        ("APPROX_QUANTILES(x, 2)", [1, 2, 3]),
        ("ARRAY_AGG(x ORDER BY x DESC LIMIT 2)", [3, 2]),
        ("MAX(TIMESTAMP_DIFF(TIMESTAMP '2026-01-01 10:59:59+00', TIMESTAMP '2026-01-01 10:00:01+00', HOUR))", 0),
        ("MAX([10, 20, 30][OFFSET(1)])", 20),
        (
            "ARRAY(SELECT AS STRUCT y AS level, COUNT(*) AS n FROM UNNEST(['b', 'a', 'b']) AS y "
            "GROUP BY y ORDER BY n DESC LIMIT 1)[OFFSET(0)].n + SUM(x) * 0",
            2,
        ),
        ("MAX(EXTRACT(ISOWEEK FROM DATE '2026-01-01'))", 1),
        ("MAX([10, 20, 30][OFFSET(x - 1)])", 30),
        ("MAX(RANGE_BUCKET(x, [1, 2]))", 2),
        ("MAX(RANGE_BUCKET(CAST(NULL AS FLOAT64), [1.0]))", None),
        ("MAX(GREATEST(CAST(NULL AS INT64), x))", None),
        ("COUNT(DISTINCT x)", 3),
        ("SUM(2.5)", 7.5),
    ],
)
def test_an_expression_means_what_it_means_to_bigquery(client: Any, expression: str, wanted: Any) -> None:
    assert rows(client, f"SELECT {expression} AS v FROM UNNEST([1, 2, 3]) AS x") == [(wanted,)]


def test_offsets_count_from_nought(client: Any) -> None:
    sql = "SELECT x, o FROM UNNEST(['a', 'b']) AS x WITH OFFSET AS o WHERE o < 2 ORDER BY o DESC"
    assert rows(client, sql) == [("b", 1), ("a", 0)]


def test_a_with_may_bear_the_name_of_the_table_it_reads(client: Any) -> None:
    client.query_and_wait("CREATE TABLE d.t AS SELECT 1 AS x UNION ALL SELECT 2")
    config = QueryJobConfig(default_dataset="test.d")
    sql = "WITH t AS (SELECT t.x FROM t WHERE t.x > 1) SELECT t.x FROM t"
    assert [row.x for row in client.query_and_wait(sql, job_config=config)] == [2]


# -- changes of rows ---------------------------------------------------------------------------------------


@pytest.fixture
def two(client: Any) -> Any:
    client.query_and_wait("CREATE TABLE d.t (k STRING NOT NULL, v INT64, xs ARRAY<INT64>)")
    client.query_and_wait("CREATE TABLE d.s (k STRING NOT NULL, v INT64, xs ARRAY<INT64>)")
    client.query_and_wait("INSERT INTO d.t (k, v, xs) VALUES ('a', 1, [1]), ('b', 2, [2])")
    client.query_and_wait("INSERT d.s (k, v, xs) VALUES ('b', 20, [20]), ('c', 30, NULL)")
    return client


def test_merge_updates_inserts_and_deletes_and_counts_them(two: Any) -> None:
    done = two.query_and_wait(
        "MERGE INTO d.t AS t USING d.s AS s ON t.k = s.k WHEN MATCHED THEN UPDATE SET t.v = s.v, xs = s.xs "
        "WHEN NOT MATCHED THEN INSERT ROW WHEN NOT MATCHED BY SOURCE THEN DELETE"
    )
    assert done.num_dml_affected_rows == 3
    assert rows(two, "SELECT t.k, t.v, t.xs FROM d.t AS t ORDER BY t.k") == [("b", 20, [20]), ("c", 30, [])]


def test_merge_on_false_replaces_a_scope(two: Any) -> None:
    two.query_and_wait(
        "MERGE d.t t USING (SELECT s.* FROM d.s s) s ON FALSE "
        "WHEN NOT MATCHED BY SOURCE AND t.k IN (SELECT DISTINCT s.k FROM d.s s) THEN DELETE "
        "WHEN NOT MATCHED BY TARGET THEN INSERT (k, v) VALUES (s.k, s.v)"
    )
    assert rows(two, "SELECT k, v, ARRAY_LENGTH(xs) FROM d.t ORDER BY k") == [("a", 1, 1), ("b", 20, 0), ("c", 30, 0)]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            "MERGE d.t t USING (SELECT 'a' AS k, x AS v FROM UNNEST([1, 2]) AS x) s ON t.k = s.k "
            "WHEN MATCHED THEN UPDATE SET v = s.v",
            "must match at most one source row",
        ),
        ("DELETE FROM d.t", "DELETE must have a WHERE clause"),
        ("INSERT INTO d.t (v) VALUES (1)", "Required field k cannot be null"),
        ("INSERT INTO d.t (k, v) SELECT s.k, s.k FROM d.s AS s", "Value has type STRING which cannot be inserted into"),
        ("UPDATE d.t SET v = k WHERE TRUE", "column v, which has type INT64"),
        (
            "MERGE d.t t USING d.s s ON t.k = s.k WHEN NOT MATCHED THEN INSERT (k, v) VALUES (s.k, s.v / 2)",
            "Value has type FLOAT64",
        ),
        ("INSERT INTO d.t (k, other) VALUES ('a', 1)", "Column other is not present"),
    ],
)
def test_a_change_that_is_refused_changes_nothing(two: Any, sql: str, message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        two.query_and_wait(sql)
    assert rows(two, "SELECT k, v FROM d.t ORDER BY k") == [("a", 1), ("b", 2)]


def test_json_is_put_in_as_json_not_as_a_string(client: Any) -> None:
    client.query_and_wait("CREATE TABLE d.t (j JSON, day DATE)")
    client.query_and_wait("CREATE TABLE d.staged AS SELECT '[1.5]' AS j, '2026-01-01' AS day")
    for value in ("s.j, NULL", "NULL, s.day"):
        with pytest.raises(BadRequest, match="which cannot be inserted into"):
            client.query_and_wait(f"INSERT INTO d.t (j, day) SELECT {value} FROM d.staged AS s")
    client.query_and_wait("INSERT INTO d.t (j, day) SELECT PARSE_JSON(s.j), CAST(s.day AS DATE) FROM d.staged AS s")
    client.query_and_wait("INSERT INTO d.t (j, day) VALUES (TO_JSON(STRUCT(1 AS a)), '2026-01-02')")
    assert rows(client, "SELECT t.j, JSON_VALUE(t.j, '$[0]') FROM d.t AS t ORDER BY t.day") == [
        ([1.5], "1.5"),
        ({"a": 1}, None),
    ]


def test_a_job_counts_what_it_changed(two: Any) -> None:
    job = two.query("DELETE d.t WHERE k = 'a'")
    job.result()
    assert (job.statement_type, job.num_dml_affected_rows, job.dml_stats.deleted_row_count) == ("DELETE", 1, 1)


# -- scripts -----------------------------------------------------------------------------------------------


def test_a_transaction_is_all_or_nothing(two: Any) -> None:
    change = "DELETE FROM d.t WHERE TRUE; INSERT INTO d.t (k, v) SELECT s.k, s.v FROM d.s AS s;"
    with pytest.raises(BadRequest, match="division by zero"):
        two.query_and_wait(f"BEGIN TRANSACTION; {change} SELECT 1 / 0; COMMIT TRANSACTION;")
    assert rows(two, "SELECT k FROM d.t ORDER BY k") == [("a",), ("b",)]
    two.query_and_wait(f"BEGIN TRANSACTION; {change}")  # never committed
    assert rows(two, "SELECT k FROM d.t ORDER BY k") == [("a",), ("b",)]
    two.query_and_wait(f"BEGIN TRANSACTION; {change} COMMIT TRANSACTION;")
    assert rows(two, "SELECT k FROM d.t ORDER BY k") == [("b",), ("c",)]


def test_a_script_has_variables_branches_handlers_and_temporary_tables(two: Any) -> None:
    script = """
        DECLARE low INT64 DEFAULT @low;
        DECLARE kept ARRAY<STRING>;
        CREATE TEMP TABLE big AS SELECT s.k, s.v FROM d.s AS s WHERE s.v > low;
        SET kept = (SELECT ARRAY_AGG(b.k ORDER BY b.k) FROM big AS b);
        IF (SELECT COUNT(*) FROM big) > 1 THEN SET low = -1;
        ELSEIF 'c' IN UNNEST(kept) THEN
          BEGIN
            BEGIN TRANSACTION;
            DELETE FROM d.t WHERE k = 'a';
            INSERT INTO d.t (k, v) SELECT b.k, b.v FROM big AS b;
            ASSERT @@row_count = 1 AS 'one row';
            COMMIT TRANSACTION;
          EXCEPTION WHEN ERROR THEN
            ROLLBACK TRANSACTION;
            RAISE;
          END;
        ELSE SELECT 'neither' AS word;
        END IF;
        SELECT CASE WHEN low = 25 THEN 'as it was' END AS word, kept;
    """
    config = QueryJobConfig(query_parameters=[ScalarQueryParameter("low", "INT64", 25)])
    job = two.query(script, job_config=config)
    assert [tuple(row.values()) for row in job.result()] == [("as it was", ["c"])]
    assert job.statement_type == "SCRIPT"
    assert {"INSERT", "DELETE"} <= {one.statement_type for one in two.list_jobs(parent_job=job)}
    assert rows(two, "SELECT k FROM d.t ORDER BY k") == [("b",), ("c",)]
    with pytest.raises((BadRequest, NotFound)):
        rows(two, "SELECT k FROM big")


def test_a_handler_rolls_back_and_tells(two: Any) -> None:
    script = """
        BEGIN
          BEGIN TRANSACTION;
          DELETE FROM d.t WHERE TRUE;
          ASSERT (SELECT COUNT(*) FROM d.s) = 0 AS 'the staging table is not empty';
          COMMIT TRANSACTION;
        EXCEPTION WHEN ERROR THEN
          ROLLBACK TRANSACTION;
          SELECT @@error.message AS why;
        END;
    """
    assert rows(two, script) == [("the staging table is not empty",)]
    assert rows(two, "SELECT COUNT(*) FROM d.t") == [(2,)]


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("CREATE TABLE d.new (x INT64)", False),
        ("DROP TABLE d.s", False),
        ("ALTER TABLE d.t ADD COLUMN more INT64", False),
        ("CREATE TEMP TABLE kept AS SELECT 1 AS x; DROP TABLE kept", True),
    ],
)
def test_a_transaction_defines_temporary_tables_alone(two: Any, statement: str, allowed: bool) -> None:
    script = f"BEGIN TRANSACTION; {statement}; COMMIT TRANSACTION;"
    if allowed:
        two.query_and_wait(script)
        return
    with pytest.raises(BadRequest, match="cannot use DDL statements that affect permanent entities"):
        two.query_and_wait(script)


def test_a_script_is_run_in_the_united_states_unless_it_says_where() -> None:
    with BigQueryServer(location="EU") as server, server.client() as client:
        client.create_dataset("d")
        script = "CREATE TABLE d.t (x INT64); SELECT t.x FROM d.t AS t;"
        with pytest.raises(NotFound, match="Dataset test:d was not found in location US"):
            client.query_and_wait(script)
        assert rows(client, script, location="EU") == []
        assert rows(client, "SELECT t.x FROM d.t AS t", job_config=QueryJobConfig(default_dataset="test.d")) == []


def test_a_script_takes_no_destination(two: Any) -> None:
    with pytest.raises(BadRequest, match="destinationTable cannot be set for scripts"):
        two.query("SELECT 1; SELECT 2;", job_config=QueryJobConfig(destination="test.d.out")).result()


def test_a_day_that_bigquery_cannot_read_is_refused(client: Any) -> None:
    wrong = QueryJobConfig(query_parameters=[ScalarQueryParameter("at", "DATETIME", datetime(1, 1, 1))])
    with pytest.raises(BadRequest, match="Invalid value for type DATETIME"):
        client.query_and_wait("SELECT @at", job_config=wrong)


# -- definitions -------------------------------------------------------------------------------------------


def test_definitions_make_what_the_api_describes(client: Any) -> None:
    client.query_and_wait(
        "CREATE TABLE IF NOT EXISTS `test.d.t` (m STRING NOT NULL OPTIONS (description = 'which'), day DATE, "
        "levels ARRAY<STRUCT<level STRING, rows INT64>>) PARTITION BY DATE_TRUNC(day, MONTH) CLUSTER BY m "
        "OPTIONS (require_partition_filter = TRUE, labels = [('app', 'vigie')], description = 'a table')"
    )
    client.query_and_wait("CREATE TABLE IF NOT EXISTS `test.d.t` (m STRING)")
    client.query_and_wait("ALTER TABLE d.t ADD COLUMN IF NOT EXISTS m STRING, ADD COLUMN n INT64")
    made = client.get_table("test.d.t")
    assert [(f.name, f.field_type, f.mode) for f in made.schema] == [
        ("m", "STRING", "REQUIRED"),
        ("day", "DATE", "NULLABLE"),
        ("levels", "RECORD", "REPEATED"),
        ("n", "INTEGER", "NULLABLE"),
    ]
    assert (made.time_partitioning.type_, made.clustering_fields, made.labels) == ("MONTH", ["m"], {"app": "vigie"})
    assert (made.schema[0].description, made.description, made.require_partition_filter) == ("which", "a table", True)
    client.query_and_wait("ALTER TABLE d.t SET OPTIONS (require_partition_filter = FALSE)")
    assert rows(client, "SELECT * FROM d.t") == []
    client.query_and_wait("CREATE TABLE d.like_it LIKE d.t")
    assert client.get_table("test.d.like_it").schema == client.get_table("test.d.t").schema
    client.query_and_wait("DROP TABLE d.like_it")
    client.query_and_wait("DROP TABLE IF EXISTS d.like_it")
    with pytest.raises(NotFound):
        client.query_and_wait("DROP TABLE d.like_it")


def test_a_view_is_read_through(client: Any) -> None:
    client.query_and_wait("CREATE TABLE d.t AS SELECT 'a' AS k, v FROM UNNEST([1, 2]) AS v")
    client.query_and_wait(
        "CREATE OR REPLACE VIEW d.latest AS "
        "SELECT t.* FROM test.d.t AS t QUALIFY ROW_NUMBER() OVER (PARTITION BY t.k ORDER BY t.v DESC) = 1"
    )
    assert rows(client, "SELECT l.k, l.v FROM d.latest AS l WHERE l.k = 'a'") == [("a", 2)]
    assert client.get_table("test.d.latest").table_type == "VIEW"


def test_tables_outlive_a_server_that_keeps_a_folder(tmp_path: Any) -> None:
    for index in range(2):
        with BigQueryServer(tmp_path / "kept") as server, server.client() as client:
            client.create_dataset("d", exists_ok=True)
            client.query_and_wait("CREATE TABLE IF NOT EXISTS d.t (x INT64, day DATE) PARTITION BY day")
            client.query_and_wait(f"INSERT INTO d.t (x) VALUES ({index})")
            assert rows(client, "SELECT COUNT(*) FROM d.t") == [(index + 1,)]
            assert client.get_table("test.d.t").time_partitioning.field == "day"
