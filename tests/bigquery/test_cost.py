"""Bytes: by column and partition before a query runs, by cluster after it; limits; the filter a table demands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest, InternalServerError
from google.cloud.bigquery import ArrayQueryParameter, QueryJobConfig, ScalarQueryParameter

DAY = "c.batch_date >= DATE '2026-01-08'"
MEBIBYTE = 1 << 20


def measured(client: Any, sql: str, *params: Any) -> tuple[int, int]:
    """(bytes of a dry run, bytes of the query itself)."""
    dry = client.query(sql, job_config=QueryJobConfig(dry_run=True, query_parameters=list(params)))
    done = client.query(sql, job_config=QueryJobConfig(use_query_cache=False, query_parameters=list(params)))
    done.result()
    return dry.total_bytes_processed, done.total_bytes_processed


# A row weighs: model_id 2 + 1 or 2 + 2, batch_date 8, counts 3 x 8, value 8. Ten days of two models.
@pytest.mark.parametrize(
    ("sql", "dry", "real"),
    [
        (f"SELECT c.value FROM d.counts AS c WHERE {DAY}", 2 * 2 * 16, 64),
        (f"SELECT c.counts FROM d.counts AS c WHERE {DAY}", 2 * 2 * 32, 128),
        (f"SELECT * FROM d.counts AS c WHERE {DAY}", 2 * (40 + 3 + 40 + 4), 174),
        (f"SELECT c.value FROM d.counts AS c WHERE {DAY} AND c.model_id = 'a'", 2 * (16 + 3 + 16 + 4), 2 * 19),
        (f"SELECT COUNT(*) AS n FROM d.counts AS c WHERE {DAY}", 2 * 2 * 8, 32),
        (f"SELECT q.value FROM (SELECT c.* FROM d.counts AS c) AS q WHERE {DAY.replace('c.', 'q.')}", 64, 64),
        (f"WITH q AS (SELECT * FROM d.counts AS c) SELECT q.value FROM q WHERE {DAY.replace('c.', 'q.')}", 64, 64),
        (f"SELECT a.value FROM d.counts AS a JOIN d.counts AS c ON a.model_id = c.model_id AND {DAY} "
         "WHERE a.batch_date = DATE '2026-01-01'", (16 + 3 + 16 + 4) + 2 * (8 + 3 + 8 + 4), 85),
        ("DELETE FROM d.counts AS c WHERE c.batch_date = DATE '2026-01-01' AND c.model_id = 'a'", 87, 43),
        ("SELECT 1 AS x", 0, 0),
    ],
)  # fmt: skip
def test_bytes_are_those_of_the_columns_and_partitions_read(
    client: Any, counts: str, sql: str, dry: int, real: int
) -> None:
    assert measured(client, sql.replace("2026-01-08", "2026-01-09")) == (dry, real)


@pytest.mark.parametrize("unit", ["DAY", "MONTH"])
def test_a_partition_is_read_as_a_whole(client: Any, unit: str) -> None:
    client.query_and_wait(
        f"CREATE TABLE d.t PARTITION BY DATE_TRUNC(day, {unit}) AS "
        "SELECT DATE_ADD(DATE '2026-01-30', INTERVAL x DAY) AS day FROM UNNEST([0, 1, 2, 3]) AS x"
    )
    read = {"DAY": 8, "MONTH": 16}[unit]
    assert measured(client, "SELECT day FROM d.t WHERE day = DATE '2026-01-30'") == (read, read)


@pytest.mark.parametrize(
    "condition",
    [
        "c.model_id = 'a'",
        "c.batch_date >= (SELECT MAX(x) FROM UNNEST([DATE '2026-01-01']) AS x)",
        "c.batch_date = DATE '2026-01-01' OR c.model_id = 'a'",
        "CAST(c.batch_date AS STRING) = '2026-01-01'",
        "EXTRACT(YEAR FROM c.batch_date) = 2026",
        "TRUE",
    ],
)
def test_a_table_that_demands_a_filter_is_not_read_without_one(client: Any, counts: str, condition: str) -> None:
    message = (
        r"Cannot query over table 'test\.d\.counts' without a filter over column\(s\) 'batch_date' "
        "that can be used for partition elimination"
    )
    with pytest.raises(BadRequest, match=message):
        client.query_and_wait(f"SELECT c.value FROM d.counts AS c WHERE {condition}")
    with pytest.raises(BadRequest, match=message):
        client.query_and_wait(f"DELETE FROM d.counts AS c WHERE {condition}")


@pytest.mark.parametrize(
    "condition",
    [
        "c.batch_date >= @since",
        "c.batch_date IS NULL OR c.batch_date <= @since",
        "(c.batch_date IS NOT NULL OR c.batch_date IS NULL)",
        "c.batch_date BETWEEN @since AND DATE_ADD(@since, INTERVAL 1 DAY) AND c.model_id = 'a'",
        "c.batch_date IN UNNEST(@days)",
    ],
)
def test_parameters_make_a_filter(client: Any, counts: str, condition: str) -> None:
    day = date(2026, 1, 9)
    params: list[Any] = [ScalarQueryParameter("since", "DATE", day), ArrayQueryParameter("days", "DATE", [day])]
    used = [p for p in params if f"@{p.name}" in condition]
    assert measured(client, f"SELECT c.value FROM d.counts AS c WHERE {condition}", *used)[0] > 0


def test_a_filter_does_not_reach_through_a_window(client: Any, counts: str) -> None:
    inner = "SELECT c.* FROM d.counts AS c QUALIFY ROW_NUMBER() OVER (PARTITION BY c.model_id ORDER BY c.value) = 1"
    with pytest.raises(BadRequest, match="without a filter"):
        client.query_and_wait(f"SELECT q.value FROM ({inner}) AS q WHERE q.batch_date = DATE '2026-01-01'")


def test_a_merge_reads_the_partitions_its_constants_leave(client: Any, counts: str) -> None:
    client.query_and_wait("CREATE TABLE d.staged AS SELECT 'a' AS model_id, DATE '2026-01-01' AS batch_date")
    merge = (
        "MERGE d.counts AS t USING d.staged AS s ON t.model_id = s.model_id AND t.batch_date = s.batch_date{} "
        "WHEN MATCHED THEN UPDATE SET value = 1.5"
    )
    with pytest.raises(BadRequest, match="without a filter"):
        client.query_and_wait(merge.format(""))
    dry, _ = measured(client, merge.format(" AND t.batch_date IN (DATE '2026-01-01')"))
    assert dry == (43 + 44) + 11
    script = "DECLARE days ARRAY<DATE> DEFAULT (SELECT ARRAY_AGG(DISTINCT s.batch_date) FROM d.staged AS s); "
    job = client.query(script + merge.format(" AND t.batch_date IN UNNEST(days)"))
    job.result()
    assert job.total_bytes_processed == (43 + 44) + 11


def test_a_limit_is_held_against_the_estimate_before_clustering(client: Any, counts: str) -> None:
    sql = f"SELECT c.value FROM d.counts AS c WHERE {DAY} AND c.model_id = 'a'"
    client.query_and_wait(sql, job_config=QueryJobConfig(maximum_bytes_billed=10 * MEBIBYTE))
    refused = QueryJobConfig(maximum_bytes_billed=10 * MEBIBYTE - 1, use_query_cache=False)
    message = "Query exceeded limit for bytes billed: 10485759. 10485760 or higher required."
    with pytest.raises(BadRequest, match=message):
        client.query_and_wait(sql, job_config=refused)
    with pytest.raises(InternalServerError, match=message):  # so the client names this failure of a job
        client.query(sql, job_config=refused).result()


def test_each_table_bills_ten_mebibytes_at_least(client: Any, counts: str) -> None:
    client.query_and_wait("CREATE TABLE d.other AS SELECT 'a' AS model_id")
    job = client.query(f"SELECT c.value FROM d.counts AS c JOIN d.other AS o USING (model_id) WHERE {DAY}")
    job.result()
    assert job.total_bytes_billed == 20 * MEBIBYTE


def test_a_dry_run_does_nothing_and_tells_the_schema(client: Any, counts: str) -> None:
    job = client.query(f"SELECT c.counts FROM d.counts AS c WHERE {DAY}", job_config=QueryJobConfig(dry_run=True))
    assert [(f.name, f.field_type, f.mode) for f in job.schema] == [("counts", "INTEGER", "REPEATED")]
    config = QueryJobConfig(dry_run=True)
    assert client.query_and_wait(f"DELETE FROM d.counts AS c WHERE {DAY}", job_config=config).total_bytes_processed > 0
    assert client.get_table("test.d.counts").num_rows == 20
