"""What goes wrong between Vigie and BigQuery: what is tried again, what is said, and what a hang costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from qod.errors import UnavailableError, WarehouseError
from qod.warehouse.bigquery.ask import Limits, Param, ask, run
from qod.warehouse.bigquery.connect import Connection, Place, parse_address
from tests.bigquery.server import BigQueryServer, Fault
from tests.warehouse.bigquery_home import ADDRESS, SHORT, SOME, filled, one


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


# -- what goes wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "trouble", "said"),
    [
        ("unavailable", "busy", "BigQuery is busy and refused the query one on test.d for now"),
        ("internal", "busy", "BigQuery is busy"),
        ("too_many", "busy", "BigQuery is busy"),
        ("rate_limited", "busy", "BigQuery is busy"),
        ("torn", "broken", "The connection to BigQuery broke before the query one on test.d was answered"),
        ("lost", "broken", "The connection to BigQuery broke"),
        ("expired", "expired", "The Google credentials are no longer accepted"),
        ("quota", "quota", "A quota of the project test is used up"),
        (
            "denied",
            "denied",
            "it lacks bigquery.jobs.create. Hint: grant it roles/bigquery.jobUser on the project test",
        ),
    ],
)
def test_a_failure_that_lasts_is_a_sentence_and_one_that_passes_is_not_seen(
    server: BigQueryServer, connection: Connection, kind: str, trouble: str, said: str
) -> None:
    server.faults.add(Fault(kind, times=None))
    with pytest.raises(UnavailableError) as caught:
        one(connection, limits=Limits(seconds=5, attempts=2))
    assert caught.value.trouble == trouble
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    again = trouble in ("busy", "broken")
    assert (len(list(server.log)) > 1) == again, "what a later try may cure is tried again, the rest is not"
    server.faults.clear()
    server.faults.add(Fault(kind, times=1 if again else 0))
    assert one(connection).table.to_pylist() == [{"x": 1}]


@pytest.mark.parametrize(
    ("message", "role"),
    [
        ("Permission bigquery.jobs.create denied", "roles/bigquery.jobUser on the project test"),
        (
            "Permission bigquery.tables.getData denied on table test:d.health",
            "roles/bigquery.dataViewer on the dataset",
        ),
        (
            "Access Denied: Table test:d.health: User does not have permission to query table",
            "roles/bigquery.dataViewer",
        ),
        ("Permission bigquery.tables.get denied", "roles/bigquery.dataViewer on the dataset test.d"),
        ("Permission bigquery.tables.updateData denied", "roles/bigquery.dataEditor on the dataset test.d"),
        ("Permission bigquery.tables.create denied on dataset", "roles/bigquery.dataEditor on the dataset test.d"),
        ("Permission bigquery.datasets.create denied on project", "roles/bigquery.user on the project test"),
        ("Permission bigquery.readsessions.create denied", "roles/bigquery.readSessionUser on the project test"),
        ("VPC Service Controls: Request is prohibited by organization's policy", "ask who administers the project"),
    ],
)
def test_a_missing_permission_names_the_role(
    server: BigQueryServer, connection: Connection, message: str, role: str
) -> None:
    server.faults.add(Fault("denied", message=message))
    with pytest.raises(UnavailableError, match=role) as caught:
        one(connection)
    assert caught.value.trouble == "denied"


def test_an_api_that_is_not_enabled_is_said(server: BigQueryServer, connection: Connection) -> None:
    message = "BigQuery API has not been used in project test before or it is disabled."
    server.faults.add(Fault("denied", reason="accessNotConfigured", message=message))
    with pytest.raises(WarehouseError, match=r"gcloud services enable bigquery\.googleapis\.com --project test"):
        one(connection)


def test_what_is_not_there_is_said(server: BigQueryServer, connection: Connection) -> None:
    with pytest.raises(WarehouseError, match=r"A table of the query one was not found: .*gone.*vigie init' creates"):
        one(connection, "SELECT g.x FROM gone AS g ORDER BY g.x")
    with pytest.raises(
        WarehouseError, match=r"The dataset of the query one was not found: .*test:nothing.*vigie init' creates"
    ):
        one(Connection(Place("test", "nothing")), "SELECT g.x FROM gone AS g ORDER BY g.x")
    with pytest.raises(
        WarehouseError,
        match=r"A table of test\.d lacks a column .*the query one was refused: .*\by\b.*vigie init' adds it",
    ):
        one(connection, "SELECT t.y FROM many AS t ORDER BY t.y")
    with pytest.raises(WarehouseError, match=r"BigQuery refused the query one on test\.d: "):
        one(connection, "SELECT t.x FROM many AS t ORDER BY")


def test_a_dataset_in_another_location_is_said(server: BigQueryServer, connection: Connection) -> None:
    message = "Not found: Dataset other:sales was not found in location US"
    server.faults.add(Fault("conflict", reason="notFound", message=message))
    server.database.datasets["test", "d"]["location"] = "EU"
    try:
        with pytest.raises(WarehouseError, match=r"test\.d is in EU, and the query one needs it elsewhere"):
            one(connection)
    finally:
        server.database.datasets["test", "d"]["location"] = "US"


def test_a_server_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:9")
    with pytest.raises(UnavailableError, match="BigQuery cannot be reached") as caught:
        one(Connection(parse_address(ADDRESS)), limits=SHORT)
    assert caught.value.trouble == "unreachable"


# -- where it hangs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("SELECT 1 AS x", Fault("hang", match="POST /projects/test/queries", times=None)),
        ("SELECT 1 AS x", Fault("pending", polls=1_000_000, times=None)),
        (SOME, Fault("hang", match="GET /projects/test/jobs/", times=None)),
        (SOME, Fault("hang", match="GET /projects/test/queries|gRPC", times=None)),
    ],
    ids=["jobs.query", "a job that does not end", "jobs.get", "the pages of the result"],
)
def test_a_hang_costs_no_more_than_the_limit_wherever_it_is(
    server: BigQueryServer, connection: Connection, sql: str, fault: Fault
) -> None:
    one(connection)  # the client is made
    server.faults.add(fault)
    began = time.monotonic()
    with pytest.raises(UnavailableError, match=r"did not answer the query one on test\.d") as caught:
        one(connection, sql, limits=SHORT)
    assert time.monotonic() - began < SHORT.seconds + 3
    assert caught.value.trouble == "hang"


def test_a_query_that_is_given_up_is_cancelled() -> None:
    # A server of its own: on the shared one the cancelling of an earlier test's query may still be under way.
    with filled() as server:
        server.faults.add(Fault("pending", polls=1_000_000))
        with pytest.raises(UnavailableError, match="did not answer"):
            one(Connection(parse_address(ADDRESS)), limits=SHORT)
        until = time.monotonic() + 2
        while not server.log.count("POST .*/cancel") and time.monotonic() < until:
            time.sleep(0.02)
        assert server.log.count("POST .*/cancel") == 1


@pytest.mark.parametrize("stage", ["POST .*/jobs", "GET .*/jobs/", "GET .*/queries"])
def test_a_hang_of_a_statement_costs_no_more_either(server: BigQueryServer, connection: Connection, stage: str) -> None:
    one(connection)
    server.faults.add(Fault("hang", match=stage, times=None))
    server.faults.add(Fault("pending", polls=2))
    began = time.monotonic()
    with pytest.raises(UnavailableError) as caught:
        run(connection, "CREATE OR REPLACE TABLE made AS SELECT 1 AS x", {}, query="make", limits=SHORT)
    assert time.monotonic() - began < SHORT.seconds + 3
    assert caught.value.trouble == "hang"


def test_one_request_that_hangs_is_sent_again(server: BigQueryServer, connection: Connection) -> None:
    server.faults.add(Fault("hang", match="POST /projects/test/queries"))
    assert one(connection, limits=Limits(seconds=1.5, attempts=3)).table.to_pylist() == [{"x": 1}]


def test_eight_threads_ask_over_one_connection(server: BigQueryServer, connection: Connection) -> None:
    def answer(n: int) -> list[dict[str, Any]]:
        return ask(connection, "SELECT @n AS x", {"n": Param("INT64", n)}, query="one").table.to_pylist()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(answer, range(64))) == [[{"x": n}] for n in range(64)]


SAID = {
    "billing": (
        ("denied", "billingNotEnabled", "Billing has not been enabled for this project. DML queries are not allowed."),
        r"project test has no billing account.*sandbox",
    ),
    "scopes": (
        ("denied", "forbidden", "Request had insufficient authentication scopes."),
        r"credentials may not be used for BigQuery.*auth/cloud-platform",
    ),
    "the project that pays": (
        ("denied", "forbidden", "Caller does not have required permission to use project other-1. Grant the caller"),
        r"may not use the project other-1.*serviceUsageConsumer on the project other-1.*set-quota-project",
    ),
    "memory": (
        ("conflict", "resourcesExceeded", "Resources exceeded during query execution: not enough memory."),
        r"not enough memory or processors for the query one.*a sample of the rows",
    ),
    "others that change the table": (
        ("conflict", "resourcesExceeded", "Resources exceeded during query execution: Too many DML statements out"),
        r"Something else changed the same table.*do it again",
    ),
    "partitions": (
        ("conflict", "invalidQuery", "Too many partitions produced by query, allowed 4000, query produces 5000"),
        r"refused the query one.*a longer history in parts",
    ),
}


@pytest.mark.parametrize("what", SAID)
def test_what_is_refused_for_good_is_said_with_what_to_do(
    what: str, server: BigQueryServer, connection: Connection
) -> None:
    (kind, reason, message), said = SAID[what]
    server.faults.add(Fault(kind, times=None, reason=reason, message=message))
    with pytest.raises(WarehouseError, match=f"(?s){said}"):
        one(connection)
