"""One question to BigQuery: its limits wherever it hangs, what is tried again, what is said, and what it cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from qod.errors import UnavailableError, WarehouseError
from qod.warehouse.bigquery.ask import COMMAND, PAGE, Limits, Param, ask, run, usual
from qod.warehouse.bigquery.connect import Connection, parse_address
from qod.warehouse.ledger import LEDGER
from qod.warehouse.purpose import purpose
from tests.bigquery.server import BigQueryServer, Fault
from tests.warehouse.bigquery_home import ADDRESS, MANY, ROWS, SOME, filled, one


@pytest.fixture(scope="module")
def shared() -> Iterator[BigQueryServer]:
    with filled() as server:
        yield server


@pytest.fixture
def server(shared: BigQueryServer) -> Iterator[BigQueryServer]:
    shared.log.clear()
    yield shared
    shared.faults.clear()


@pytest.fixture
def connection(server: BigQueryServer) -> Connection:
    return Connection(parse_address(ADDRESS))


# -- what is sent ------------------------------------------------------------------------------------------


def test_every_job_says_what_it_is_for_and_what_it_may_cost(server: BigQueryServer, connection: Connection) -> None:
    with purpose("page", "Model / Übersicht"):
        one(connection)
    with purpose("command", "evaluate"):
        run(connection, "CREATE OR REPLACE TABLE made AS SELECT 1 AS x", {}, query="make_" + "x" * 80)
    jobs = [(asked.job or {})["configuration"] for asked in server.queries()]
    assert [job["labels"] for job in jobs] == [
        {"app": "vigie", "page": "model____bersicht", "query": "one"},
        {"app": "vigie", "command": "evaluate", "query": ("make_" + "x" * 80)[:63]},
    ]
    assert [job["query"]["maximumBytesBilled"] for job in jobs] == [str(connection.max_bytes)] * 2
    assert [job["jobTimeoutMs"] for job in jobs] == ["8000", "300000"]
    assert [job["query"].get("useQueryCache") for job in jobs] == [True, True]


def test_a_reader_waits_less_than_a_command() -> None:
    with purpose("page", "fleet"):
        assert usual() is PAGE
    assert usual() is COMMAND
    assert PAGE.seconds < 10 < COMMAND.seconds


def test_parameters_come_with_their_types(connection: Connection) -> None:
    given = {
        "text": Param("STRING", "'; DROP TABLE many; --"),
        "none": Param("STRING", None),
        "n": Param("INT64", 2**53 + 1),
        "share": Param("FLOAT64", 0.1),
        "flag": Param("BOOL", True),
        "day": Param("DATE", date(2026, 3, 2)),
        "at": Param("TIMESTAMP", datetime(2026, 3, 2, 7, 0, 0, 1, UTC)),
        "days": Param("ARRAY<DATE>", (date(2026, 3, 2), date(2026, 3, 9))),
        "names": Param("ARRAY<STRING>", []),
    }
    sql = f"SELECT {', '.join(f'@{name} AS {name}' for name in given)}"
    answer = ask(connection, sql, given, query="echo").table
    assert answer.to_pylist() == [{name: list(v) if isinstance(v, tuple) else v for name, (_, v) in given.items()}]
    assert [str(kind) for kind in answer.schema.types[2:7]] == [
        *("int64", "double", "bool", "date32[day]", "timestamp[us, tz=UTC]")
    ]


# -- what comes back ---------------------------------------------------------------------------------------


def test_types_are_those_of_the_contract_however_the_rows_come(server: BigQueryServer, connection: Connection) -> None:
    sql = (
        "SELECT SUM(t.x) AS n, 0.5 AS v, 'a' AS s, DATE '2026-03-02' AS day, TIMESTAMP '2026-03-02 00:00:00+00' AS at, "
        "[1, 2] AS counts, [STRUCT('a' AS level, 1 AS n)] AS unseen, CAST(NULL AS ARRAY<STRING>) AS none_ "
        "FROM many AS t {} ORDER BY n"
    )
    small, empty = (
        one(connection, sql.format("")).table,
        one(connection, sql.format("WHERE t.x < 0 GROUP BY t.s")).table,
    )
    large = one(connection, sql.format("GROUP BY t.s")).table
    assert (small.num_rows, empty.num_rows, large.num_rows) == (1, 0, ROWS)
    assert server.log.count("gRPC ReadRows") == 1
    unseen = pa.list_(pa.struct([("level", pa.string()), ("n", pa.int64())]))
    kinds = [
        pa.int64(),
        pa.float64(),
        pa.string(),
        pa.date32(),
        pa.timestamp("us", "UTC"),
        pa.list_(pa.int64()),
        unseen,
    ]
    assert small.schema.types == [*kinds, pa.list_(pa.string())]
    assert small.schema == large.schema == empty.schema
    assert small.column("none_").to_pylist() == [[]]


def test_a_large_result_is_read_by_storage_read_in_its_order(server: BigQueryServer, connection: Connection) -> None:
    answer = one(connection, MANY)
    assert answer.table.column("x").to_pylist() == list(range(1, ROWS + 1))
    assert (server.log.count("gRPC CreateReadSession"), server.log.count("gRPC ReadRows")) == (1, 1)
    assert server.log.count("GET .*/queries") == 0


def test_a_stream_that_breaks_off_is_taken_up_where_it_ended(server: BigQueryServer, connection: Connection) -> None:
    server.faults.add(Fault("torn", match="gRPC ReadRows"))
    assert one(connection, MANY).table.column("x").to_pylist() == list(range(1, ROWS + 1))
    assert server.log.count("gRPC ReadRows") == 2
    assert server.log.count("GET .*/queries") == 0


@pytest.mark.parametrize("kind", ["denied", "internal", "unavailable", "hang"])
@pytest.mark.parametrize("call", ["CreateReadSession", "ReadRows"])
def test_where_storage_read_fails_rest_answers(
    server: BigQueryServer, connection: Connection, kind: str, call: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.add(Fault(kind, match=f"gRPC {call}", times=None, message="User does not have permission"))
    answer = one(connection, SOME, limits=Limits(seconds=3.0, attempts=3))
    assert answer.table.column("x").to_pylist() == list(range(1, 12_001))
    assert server.log.count("GET .*/queries") == 1
    assert ("roles/bigquery.readSessionUser on the project test" in caplog.text) == (kind == "denied")
    server.log.clear()
    server.faults.clear()
    one(connection, SOME)
    # Where it was denied it is not asked for again.
    assert server.log.count("gRPC ReadRows") == (0 if kind == "denied" else 1)


def test_without_storage_read_large_results_come_by_rest(
    server: BigQueryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BIGQUERY_STORAGE_EMULATOR_HOST")
    answer = one(Connection(parse_address(ADDRESS)), SOME)
    assert answer.table.column("x").to_pylist() == list(range(1, 12_001))
    assert server.log.count("gRPC") == 0


# -- what it costs -----------------------------------------------------------------------------------------


def test_the_ledger_holds_what_the_server_counted(server: BigQueryServer, connection: Connection) -> None:
    known = len(LEDGER.entries())
    began = datetime.now(UTC)
    with purpose("page", "fleet"):
        new = f"{MANY} -- {began}"  # nobody asked it before
        answers = [
            one(connection, sql) for sql in (new, f"SELECT MAX(t.x) AS x FROM many AS t ORDER BY x -- {began}") * 2
        ]
    entries = LEDGER.entries()[known:]
    assert [(entry.kind, entry.name, entry.query) for entry in entries] == [("page", "fleet", "one")] * 4
    assert [entry.bytes_processed for entry in entries] == [asked.bytes for asked in server.queries()]
    assert [entry.bytes_billed for entry in entries] == [10 << 20, 10 << 20, 0, 0]
    assert [entry.cached for entry in entries] == [False, False, True, True]
    assert [entry.rows for entry in entries] == [ROWS, 1, ROWS, 1]
    assert entries[0].bytes_processed > entries[1].bytes_processed > 0
    assert [entry.seconds for entry in entries] == [answer.seconds for answer in answers]
    assert all(began <= entry.at <= datetime.now(UTC) for entry in entries)


def test_a_small_answer_takes_one_request(server: BigQueryServer, connection: Connection) -> None:
    one(connection, "SELECT COUNT(*) AS n FROM many AS t ORDER BY n")
    assert [asked.line for asked in server.log] == ["POST /projects/test/queries"]


def test_a_query_that_would_bill_more_than_allowed_is_not_run(server: BigQueryServer, connection: Connection) -> None:
    with pytest.raises(WarehouseError, match="BigQuery would bill more for the query one") as caught:
        one(connection, "SELECT MIN(t.s) AS s FROM many AS t ORDER BY s", limits=Limits(5, 3, max_bytes=1000))
    assert "raise VIGIE_MAX_BYTES_BILLED" in str(caught.value)
    assert len(list(server.log)) == 1


def test_the_limit_of_bytes_may_come_as_an_internal_error(server: BigQueryServer, connection: Connection) -> None:
    server.faults.add(Fault("internal", reason="bytesBilledLimitExceeded", message="Query exceeded limit", times=None))
    with pytest.raises(WarehouseError, match="raise VIGIE_MAX_BYTES_BILLED"):
        one(connection)
    assert len(list(server.log)) == 1


# -- statements --------------------------------------------------------------------------------------------


def test_a_statement_with_an_identifier_is_carried_out_once(server: BigQueryServer, connection: Connection) -> None:
    run(connection, "CREATE OR REPLACE TABLE made (x INT64)", {}, query="make")
    insert = "INSERT INTO made (x) VALUES (@x)"
    server.faults.add(Fault("lost", match="POST /projects/test/jobs.*INSERT"))
    first = run(connection, insert, {"x": Param("INT64", 1)}, query="insert", job_id="vigie-1")
    second = run(connection, insert, {"x": Param("INT64", 2)}, query="insert", job_id="vigie-1")
    assert (first.affected, second.affected, first.job_id) == (1, 1, "vigie-1")
    assert one(connection, "SELECT m.x FROM made AS m ORDER BY m.x").table.to_pylist() == [{"x": 1}]


def test_a_statement_without_an_identifier_is_sent_once(server: BigQueryServer, connection: Connection) -> None:
    run(connection, "CREATE OR REPLACE TABLE made (x INT64)", {}, query="make")
    server.log.clear()
    server.faults.add(Fault("lost", match="POST /projects/test/jobs.*INSERT"))
    with pytest.raises(UnavailableError, match="broke"):
        run(connection, "INSERT INTO made (x) VALUES (1)", {}, query="insert")
    assert server.log.count("POST .*/jobs") == 1


def test_a_script_answers_with_the_rows_of_its_last_query(connection: Connection) -> None:
    answer = run(connection, "DECLARE n INT64 DEFAULT 3; SELECT n AS x;", {}, query="script")
    assert answer.table.to_pylist() == [{"x": 3}]
