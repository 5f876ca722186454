"""The BigQuery server of the tests, driven by Google's own client: queries, cells, tables, rows, jobs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest, Conflict, NotFound, PreconditionFailed
from google.cloud.bigquery import (
    ArrayQueryParameter,
    DatasetReference,
    QueryJobConfig,
    ScalarQueryParameter,
    SchemaField,
    Table,
    TimePartitioning,
)

from tests.bigquery.server import BigQueryServer

NO_CACHE = QueryJobConfig(use_query_cache=False)


@pytest.fixture
def server() -> Iterator[BigQueryServer]:
    with BigQueryServer() as started:
        yield started


@pytest.fixture
def client(server: BigQueryServer) -> Iterator[Any]:
    with server.client() as made:
        made.create_dataset("d")
        yield made


def rows(client: Any, sql: str, **params: Any) -> list[tuple[Any, ...]]:
    config = QueryJobConfig(default_dataset="test.d", query_parameters=[*params.values()])
    return [tuple(row.values()) for row in client.query_and_wait(sql, job_config=config)]


# -- queries -----------------------------------------------------------------------------------------------


def test_parameters_of_every_type_come_back_as_they_went(client: Any) -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    values: list[tuple[str, Any]] = [
        ("STRING", 'l\'été\n"x"'),
        ("INT64", -(2**62)),
        ("FLOAT64", 0.1),
        ("FLOAT64", math.inf),
        ("BOOL", False),
        ("DATE", date(2026, 2, 28)),
        ("TIMESTAMP", moment),
        ("BYTES", b"\x00\xff"),
        ("NUMERIC", Decimal("1.5")),
        ("STRING", None),
        ("DATE", None),
    ]
    params = [ScalarQueryParameter(f"p{i}", kind, value) for i, (kind, value) in enumerate(values)]
    sql = "SELECT " + ", ".join(f"@p{i} AS c{i}" for i in range(len(values)))
    found = next(iter(client.query_and_wait(sql, job_config=QueryJobConfig(query_parameters=params))))
    assert list(found.values()) == [value for _, value in values]


@pytest.mark.parametrize(
    ("kind", "given"), [("STRING", ["a", "b"]), ("STRING", []), ("DATE", [date(2026, 1, 1)]), ("FLOAT64", [0.5, -1.0])]
)
def test_arrays_as_parameters(client: Any, kind: str, given: list[Any]) -> None:
    wanted = ArrayQueryParameter("xs", kind, given)
    assert rows(client, "SELECT @xs AS xs", xs=wanted) == [(given,)]
    assert rows(client, "SELECT x FROM UNNEST(@xs) AS x WHERE x IN UNNEST(@xs) ORDER BY x", xs=wanted) == [
        (x,) for x in sorted(given)
    ]


def test_cells_of_every_type(client: Any) -> None:
    sql = """
        SELECT TIMESTAMP '1969-12-31 23:59:59.999999+00' AS early, DATE '2026-01-01' AS day, TIME '10:00:01' AS clock,
          DATETIME '2026-01-01 10:00:00' AS wall, CAST('NaN' AS FLOAT64) AS nan, CAST('-inf' AS FLOAT64) AS low,
          1e20 AS big, TRUE AS yes, b'abc' AS bytes,
          PARSE_JSON('{"a": [1, null]}') AS json, CAST(NULL AS INT64) AS nothing,
          STRUCT('x' AS name, [1, 2] AS counts, STRUCT(CAST(NULL AS DATE) AS day) AS inner_) AS nested,
          [STRUCT('a' AS level, 1 AS n), STRUCT('b', 2)] AS levels, CAST([] AS ARRAY<FLOAT64>) AS empty,
          CAST(NULL AS ARRAY<STRING>) AS no_array
    """
    (found,) = rows(client, sql)
    early, day, clock, wall, nan, low, big, *rest = found
    assert early == datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert (day, clock, wall) == (date(2026, 1, 1), time(10, 0, 1), datetime(2026, 1, 1, 10))
    assert math.isnan(nan)
    assert (low, big) == (-math.inf, 1e20)
    assert rest == [
        *(True, b"abc", {"a": [1, None]}, None),
        {"name": "x", "counts": [1, 2], "inner_": {"day": None}},
        [{"level": "a", "n": 1}, {"level": "b", "n": 2}],
        [],
        [],  # a result has no NULL array
    ]


def test_the_schema_of_a_result_has_bigquerys_types(client: Any) -> None:
    sql = "SELECT SUM(x) AS s, COUNT(*) AS n, AVG(x) AS a, ARRAY_AGG(x) AS xs FROM UNNEST([1, 2]) AS x"
    result = client.query_and_wait(sql)
    assert [(f.name, f.field_type, f.mode) for f in result.schema] == [
        ("s", "INTEGER", "NULLABLE"),
        ("n", "INTEGER", "NULLABLE"),
        ("a", "FLOAT", "NULLABLE"),
        ("xs", "INTEGER", "REPEATED"),
    ]
    assert [tuple(row.values()) for row in result] == [(3, 2, 1.5, [1, 2])]


def test_an_array_with_a_null_in_it_cannot_be_a_result(client: Any) -> None:
    with pytest.raises(BadRequest, match="Array cannot have a null element; error in writing field xs"):
        rows(client, "SELECT [1, NULL] AS xs")


@pytest.mark.parametrize("many", [0, 1, 5, 6, 11])
def test_a_result_comes_in_pages_whichever_way_it_is_asked_for(server: BigQueryServer, client: Any, many: int) -> None:
    server.api.page_rows = 5
    sql = f"SELECT x FROM UNNEST(GENERATE_ARRAY(1, 11)) AS x WHERE x <= {many} ORDER BY x"
    wanted = list(range(1, many + 1))
    assert [row.x for row in client.query_and_wait(sql)] == wanted
    assert [row.x for row in client.query(sql).result()] == wanted
    assert [row.x for row in client.query(sql).result(page_size=2)] == wanted
    assert [row.x for row in client.query(sql).result(max_results=3)] == wanted[:3]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT nothing FROM d.t", "Not found: Table test:d.t"),
        ("SELECT 1 FROM elsewhere.t", "Not found: Dataset test:elsewhere"),
        ("SELECT 1 FROM t", "must be qualified with a dataset"),
        ("SELECT x", "Unrecognized name: x"),
        ("SELEC 1", "Syntax error"),
        ("SELECT 1 / 0", "division by zero"),
        ("SELECT LN(0)", "Floating point error"),
        ("SELECT @gone", "Query parameter 'gone' not found"),
        ("DELETE FROM d.x", "Not found: Table test:d.x"),
    ],
)
def test_what_is_wrong_with_sql_is_said_once(server: BigQueryServer, client: Any, sql: str, message: str) -> None:
    with pytest.raises((BadRequest, NotFound), match=message):
        client.query_and_wait(sql)
    assert server.log.count("POST .*/queries") == 1
    with pytest.raises((BadRequest, NotFound), match=message):
        client.query(sql).result()


def test_a_dataset_elsewhere_is_not_found(client: Any) -> None:
    client.query_and_wait("CREATE TABLE d.t AS SELECT 1 AS x")
    with pytest.raises(NotFound, match="test:d was not found in location EU"):
        client.query_and_wait("SELECT x FROM d.t", location="EU")


# -- tables ------------------------------------------------------------------------------------------------


def test_tables_are_made_changed_listed_and_deleted(client: Any) -> None:
    table = Table(
        "test.d.t",
        [SchemaField("model_id", "STRING", "REQUIRED", description="which"), SchemaField("day", "DATE")],
    )
    table.time_partitioning = TimePartitioning(type_="MONTH", field="day")
    table.clustering_fields = ["model_id"]
    table.require_partition_filter = True
    table.labels, table.description = {"app": "vigie"}, "what it is"
    client.create_table(table)
    with pytest.raises(Conflict):
        client.create_table(table)
    client.create_table(table, exists_ok=True)

    held = client.get_table("test.d.t")
    assert (held.time_partitioning.type_, held.time_partitioning.field) == ("MONTH", "day")
    assert (held.clustering_fields, held.require_partition_filter) == (["model_id"], True)
    assert (held.labels, held.description, held.num_rows) == ({"app": "vigie"}, "what it is", 0)
    assert held.schema[0].description == "which"

    stale = client.get_table("test.d.t")
    counts = SchemaField("counts", "INTEGER", "REPEATED")
    held.schema = [*held.schema, counts]
    client.update_table(held, ["schema"])
    assert client.get_table("test.d.t").schema[-1] == counts
    with pytest.raises(PreconditionFailed):
        client.update_table(stale, ["labels"])
    held.schema = held.schema[1:]
    held._properties.pop("etag")
    with pytest.raises(BadRequest, match="Field model_id is missing in new schema"):
        client.update_table(held, ["schema"])

    assert [one.table_id for one in client.list_tables("d")] == ["t"]
    with pytest.raises(BadRequest, match="still in use"):
        client.delete_dataset("d")
    client.delete_table("test.d.t")
    with pytest.raises(NotFound):
        client.get_table("test.d.t")
    client.delete_table("test.d.t", not_found_ok=True)
    client.delete_dataset("d")
    assert list(client.list_datasets()) == []


def test_a_table_cannot_be_partitioned_by_what_it_does_not_have(client: Any) -> None:
    table = Table("test.d.t", [SchemaField("a", "STRING")])
    table.time_partitioning = TimePartitioning(field="day")
    with pytest.raises(BadRequest, match="time partitioning"):
        client.create_table(table)


def test_rows_are_streamed_listed_and_refused_all_together(client: Any) -> None:
    fields = [SchemaField("n", "INTEGER", "REQUIRED"), SchemaField("at", "TIMESTAMP"), SchemaField("j", "JSON")]
    client.create_table(Table("test.d.t", [*fields, SchemaField("xs", "FLOAT", "REPEATED")]))
    good = {"n": 1, "at": "2026-01-01T00:00:00Z", "j": '{"a": 1}', "xs": [0.5]}
    assert client.insert_rows_json("test.d.t", [good, {"n": 2}]) == []
    wrong = client.insert_rows_json("test.d.t", [good, {"n": 3, "other": 1}])
    assert wrong[0]["index"] == 1
    assert "no such field: other" in wrong[0]["errors"][0]["message"]
    listed = [tuple(row.values()) for row in client.list_rows("test.d.t", page_size=1)]
    assert listed == [(1, datetime(2026, 1, 1, tzinfo=UTC), {"a": 1}, [0.5]), (2, None, None, [])]
    assert [row.n for row in client.list_rows("test.d.t", selected_fields=[fields[0]], start_index=1)] == [2]


def test_the_information_schema_tells_of_tables_columns_partitions_and_jobs(client: Any) -> None:
    client.query_and_wait(
        "CREATE TABLE d.t (m STRING NOT NULL, day DATE, xs ARRAY<STRUCT<level STRING, rows INT64>>) "
        "PARTITION BY day CLUSTER BY m"
    )
    client.query_and_wait("INSERT INTO d.t (m, day) VALUES ('a', DATE '2026-01-02'), ('b', NULL)")
    columns = "column_name, data_type, is_nullable, is_partitioning_column, clustering_ordinal_position"
    assert rows(client, f"SELECT {columns} FROM d.INFORMATION_SCHEMA.COLUMNS ORDER BY ordinal_position") == [
        ("m", "STRING", "NO", "NO", 1),
        ("day", "DATE", "YES", "YES", None),
        ("xs", "ARRAY<STRUCT<level STRING, rows INT64>>", "YES", "NO", None),
    ]
    parts = "SELECT partition_id, total_rows FROM `test.d.INFORMATION_SCHEMA.PARTITIONS` ORDER BY partition_id"
    assert rows(client, parts) == [("20260102", 1), ("__NULL__", 1)]
    config = QueryJobConfig(labels={"page": "fleet"}, use_query_cache=False)
    list(client.query_and_wait("SELECT m FROM d.t WHERE m = 'a'", job_config=config))
    jobs = (
        "SELECT j.total_bytes_processed FROM `region-us`.INFORMATION_SCHEMA.JOBS AS j "
        "WHERE EXISTS (SELECT 1 FROM UNNEST(j.labels) AS l WHERE l.key = 'page' AND l.value = 'fleet')"
    )
    assert rows(client, jobs) == [(3,)]


# -- jobs --------------------------------------------------------------------------------------------------


def test_a_job_keeps_its_labels_and_is_found_listed_and_cancelled(client: Any) -> None:
    job = client.query("SELECT 1 AS x", job_id="mine", job_config=QueryJobConfig(labels={"app": "v"}), job_retry=None)
    assert [row.x for row in job.result(job_retry=None)] == [1]
    again = client.get_job("mine")
    assert (again.state, again.labels, again.query) == ("DONE", {"app": "v"}, "SELECT 1 AS x")
    assert [one.job_id for one in client.list_jobs()] == ["mine"]
    assert client.cancel_job("mine").state == "DONE"
    with pytest.raises(Conflict, match="Already Exists: Job"):
        client.query("SELECT 2 AS x", job_id="mine", job_retry=None)
    with pytest.raises(NotFound):
        client.get_job("other", retry=None)


def test_what_was_asked_before_is_answered_from_the_cache_until_a_table_changes(client: Any) -> None:
    client.query_and_wait("CREATE TABLE d.t AS SELECT 1 AS x")

    def ask() -> tuple[bool, int, int]:
        job = client.query("SELECT SUM(x) AS x FROM d.t")
        return job.result() and job.cache_hit, job.total_bytes_processed, next(iter(job.result())).x

    assert [ask(), ask()] == [(False, 8, 1), (True, 0, 1)]
    client.query_and_wait("INSERT INTO d.t (x) VALUES (5)")
    assert ask() == (False, 16, 6)


def test_many_threads_at_once(server: BigQueryServer, client: Any) -> None:
    client.query_and_wait("CREATE TABLE d.t (x INT64)")

    def work(index: int) -> int:
        client.query_and_wait(f"INSERT INTO d.t (x) VALUES ({index})")
        return int(next(iter(client.query_and_wait(f"SELECT {index} AS x FROM d.t LIMIT 1", job_config=NO_CACHE))).x)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(24))) == list(range(24))
    assert rows(client, "SELECT COUNT(DISTINCT x) AS n FROM d.t") == [(24,)]
    assert len(server.queries("INSERT")) == 24


def test_an_unknown_path_is_answered(client: Any) -> None:
    from google.api_core.exceptions import MethodNotImplemented

    with pytest.raises(MethodNotImplemented):
        list(client.list_models(DatasetReference("test", "d"), retry=None))
