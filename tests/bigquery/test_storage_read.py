"""The Storage Read API: results and tables as Arrow over gRPC, in one stream or two, and its faults."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from google.api_core.exceptions import GoogleAPICallError, NotFound, PermissionDenied
from google.cloud.bigquery import QueryJobConfig

from tests.bigquery.server import BigQueryServer, Fault

# The client warns of itself.
pytestmark = pytest.mark.filterwarnings("ignore:Retrieving Arrow record batches:PendingDeprecationWarning")

MANY = "SELECT x, CAST(x AS STRING) AS s, [x, x + 1] AS xs FROM UNNEST(GENERATE_ARRAY(1, {})) AS x ORDER BY x"


@pytest.fixture
def storage(server: BigQueryServer) -> Iterator[Any]:
    made = server.storage_client()
    yield made
    made.transport.close()


def test_a_large_result_is_read_as_arrow(server: BigQueryServer, client: Any, storage: Any) -> None:
    rows = client.query(MANY.format(50_000)).result().to_arrow(bqstorage_client=storage)
    assert rows.num_rows == 50_000
    assert rows.schema.field("xs").type == pa.list_(pa.int64())
    assert rows.slice(49_999).to_pylist() == [{"x": 50_000, "s": "50000", "xs": [50_000, 50_001]}]
    assert (server.log.count("gRPC CreateReadSession"), server.log.count("gRPC ReadRows")) == (1, 1)


def test_every_type_comes_as_bigquery_sends_it(server: BigQueryServer, client: Any, storage: Any) -> None:
    server.api.page_rows = 1
    sql = (
        "SELECT TIMESTAMP '2026-01-01 00:00:00+00' AS at, DATE '2026-01-02' AS day, PARSE_JSON('[1]') AS json, "
        "CAST('NaN' AS FLOAT64) AS nan, SUM(x) AS total, [STRUCT('a' AS level, 1 AS n)] AS levels, "
        "CAST(NULL AS ARRAY<STRING>) AS none_ FROM UNNEST([1, 2]) AS x GROUP BY x"
    )
    rows = client.query(sql).result().to_arrow(bqstorage_client=storage)
    assert [str(field.type) for field in rows.schema if field.name not in ("json", "levels", "none_")] == [
        *("timestamp[us, tz=UTC]", "date32[day]", "double", "int64")
    ]
    row = rows.to_pylist()[0]
    assert (row["at"], row["day"]) == (datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 2))
    assert (row["levels"], row["none_"]) == ([{"level": "a", "n": 1}], [])
    assert server.log.count("gRPC ReadRows") == 1


def test_a_small_result_needs_no_storage_read(server: BigQueryServer, client: Any, storage: Any) -> None:
    rows = client.query_and_wait("SELECT 1 AS x").to_arrow(bqstorage_client=storage)
    assert rows.to_pylist() == [{"x": 1}]
    assert server.log.count("gRPC") == 0


def test_a_table_is_read_in_two_streams_with_columns_chosen(server: BigQueryServer, client: Any, storage: Any) -> None:
    client.query_and_wait(f"CREATE TABLE d.t AS {MANY.format(50_000)}")
    table = client.get_table("test.d.t")
    rows = client.list_rows(table, selected_fields=table.schema[:1]).to_arrow(bqstorage_client=storage)
    assert rows.column_names == ["x"]
    assert sorted(rows.column("x").to_pylist()) == list(range(1, 50_001))
    assert server.log.count("gRPC ReadRows") == 2


def test_a_restriction_on_the_rows_is_sql(client: Any, storage: Any, counts: str) -> None:
    from google.cloud.bigquery_storage_v1 import types

    def read(where: str) -> pa.Table:
        session = storage.create_read_session(
            parent="projects/test",
            read_session=types.ReadSession(
                table="projects/test/datasets/d/tables/counts",
                data_format=types.DataFormat.ARROW,
                read_options=types.ReadSession.TableReadOptions(selected_fields=["model_id"], row_restriction=where),
            ),
            max_stream_count=1,
        )
        return storage.read_rows(session.streams[0].name).to_arrow()

    assert read("batch_date = DATE '2026-01-03'").column("model_id").to_pylist() == ["a", "bb"]
    with pytest.raises(GoogleAPICallError, match="without a filter over column"):
        read("model_id = 'a'")


def test_an_empty_result_has_its_types(server: BigQueryServer, client: Any, storage: Any) -> None:
    rows = client.query("SELECT x FROM UNNEST([1]) AS x WHERE x > 1").result().to_arrow(bqstorage_client=storage)
    assert (rows.num_rows, rows.schema.field("x").type) == (0, pa.int64())


def test_a_stream_that_is_torn_is_taken_up_where_it_ended(server: BigQueryServer, client: Any, storage: Any) -> None:
    server.faults.add(Fault("torn", match="gRPC ReadRows"))
    rows = client.query(MANY.format(90_000)).result().to_arrow(bqstorage_client=storage)
    assert rows.column("x").to_pylist() == list(range(1, 90_001))
    assert server.log.count("gRPC ReadRows") == 2


def test_storage_read_can_be_denied(server: BigQueryServer, client: Any, storage: Any) -> None:
    message = "Permission bigquery.readsessions.create denied"
    server.faults.add(Fault("denied", match="gRPC CreateReadSession", message=message))
    with pytest.raises(PermissionDenied, match=message):
        client.query(MANY.format(30_000)).result().to_arrow(bqstorage_client=storage)


def test_storage_read_can_hang(server: BigQueryServer, client: Any, storage: Any) -> None:
    server.faults.add(Fault("hang", match="gRPC CreateReadSession", times=None))
    result = client.query(MANY.format(30_000), job_config=QueryJobConfig(labels={"page": "x"})).result()
    with pytest.raises(Exception, match=r"(?i)deadline|timeout|timed out"):
        result.to_arrow(bqstorage_client=storage, timeout=0.3)


def test_a_table_that_is_not_there(storage: Any) -> None:
    from google.cloud.bigquery_storage_v1 import types

    asked = types.ReadSession(table="projects/test/datasets/d/tables/gone", data_format=types.DataFormat.ARROW)
    with pytest.raises(NotFound):
        storage.create_read_session(parent="projects/test", read_session=asked)
