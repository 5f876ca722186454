"""Faults on demand: each as the genuine client meets it, and the log that counts what it did."""

from __future__ import annotations

import io
import json
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from google.api_core.exceptions import (
    BadRequest,
    Conflict,
    Forbidden,
    GoogleAPICallError,
    InternalServerError,
    ServiceUnavailable,
    TooManyRequests,
)
from google.auth.exceptions import GoogleAuthError
from google.cloud.bigquery import DEFAULT_RETRY, LoadJobConfig, QueryJobConfig, SchemaField

from tests.bigquery.server import BigQueryServer, Fault

ONCE: dict[str, Any] = {"retry": None, "job_retry": None, "api_timeout": 5}


@pytest.mark.parametrize(
    ("kind", "error", "reason"),
    [
        ("unavailable", ServiceUnavailable, "backendError"),
        ("internal", InternalServerError, "internalError"),
        ("too_many", TooManyRequests, "rateLimitExceeded"),
        ("rate_limited", Forbidden, "rateLimitExceeded"),
        ("quota", Forbidden, "quotaExceeded"),
        ("denied", Forbidden, "accessDenied"),
        ("conflict", BadRequest, "invalidQuery"),
    ],
)
def test_a_reply_is_replaced_by_an_error(
    server: BigQueryServer, client: Any, kind: str, error: type[GoogleAPICallError], reason: str
) -> None:
    server.faults.add(Fault(kind))
    with pytest.raises(error) as caught:
        client.query_and_wait("SELECT 1 AS x", **ONCE)
    assert caught.value.errors[0]["reason"] == reason
    assert [row.x for row in client.query_and_wait("SELECT 1 AS x", **ONCE)] == [1]
    assert [one.status for one in server.log] == [caught.value.code, 200]


def test_an_expired_token_is_an_error_of_authentication(server: BigQueryServer, client: Any) -> None:
    server.faults.add(Fault("expired"))
    with pytest.raises(GoogleAuthError):
        client.query_and_wait("SELECT 1 AS x", **ONCE)


def test_a_fault_meets_the_requests_it_is_meant_for(server: BigQueryServer, client: Any) -> None:
    server.faults.add(Fault("quota", match="label page=fleet.*FROM d", after=1, times=2))
    client.query_and_wait("CREATE TABLE d.t AS SELECT 1 AS x")
    config = QueryJobConfig(labels={"page": "fleet"}, use_query_cache=False)

    def ask(**options: Any) -> bool:
        try:
            client.query_and_wait("SELECT x FROM d.t", **options, **ONCE)
        except Forbidden:
            return False
        return True

    assert [ask() for _ in range(3)] == [True] * 3
    assert [ask(job_config=config) for _ in range(4)] == [True, False, False, True]
    server.faults.add(Fault("quota", times=None))
    assert [ask(), ask()] == [False, False]
    server.faults.clear()
    assert ask()


def test_the_client_tries_again_until_it_succeeds(server: BigQueryServer, client: Any) -> None:
    server.faults.add(Fault("unavailable", times=2))
    retry = DEFAULT_RETRY.with_delay(initial=0.01, maximum=0.02)
    assert [row.x for row in client.query_and_wait("SELECT 1 AS x", retry=retry)] == [1]
    assert server.log.count("POST .*/queries") == 3
    assert len(server.queries()) == 3


def test_a_hang_lasts_until_the_client_gives_up(server: BigQueryServer, client: Any) -> None:
    server.faults.add(Fault("hang"))
    with pytest.raises(requests.exceptions.Timeout):
        client.query_and_wait("SELECT 1 AS x", retry=None, job_retry=None, api_timeout=0.2)


def test_a_torn_reply_is_no_result(server: BigQueryServer, client: Any) -> None:
    server.faults.add(Fault("torn"))
    with pytest.raises((requests.exceptions.RequestException, ValueError)):
        client.query_and_wait("SELECT 1 AS x", **ONCE)
    assert [row.x for row in client.query_and_wait("SELECT 1 AS x", **ONCE)] == [1]


def test_what_was_done_though_the_reply_was_lost_is_not_done_twice(server: BigQueryServer, client: Any) -> None:
    client.query_and_wait("CREATE TABLE d.t (x INT64)")
    server.faults.add(Fault("lost", match="INSERT"))
    retry = DEFAULT_RETRY.with_delay(initial=0.01)
    client.query_and_wait("INSERT INTO d.t (x) VALUES (1)", retry=retry)  # the same requestId
    assert server.log.count("INSERT") == 2
    assert client.get_table("test.d.t").num_rows == 1

    server.faults.add(Fault("lost", match="INSERT"))
    with pytest.raises(requests.exceptions.ConnectionError):
        client.query("INSERT INTO d.t (x) VALUES (2)", job_id="two", retry=None, job_retry=None)
    with pytest.raises(Conflict, match="Already Exists"):
        client.query("INSERT INTO d.t (x) VALUES (2)", job_id="two", retry=None, job_retry=None)
    assert client.get_job("two").result(job_retry=None).num_dml_affected_rows == 1
    assert client.get_table("test.d.t").num_rows == 2


def test_a_job_can_fail_after_it_was_taken(server: BigQueryServer, client: Any) -> None:
    server.faults.add(Fault("job", match=r"load d\.t", reason="backendError", message="Half of it was read."))
    data = b'{"k": "a"}\n'
    config = LoadJobConfig(source_format="NEWLINE_DELIMITED_JSON", schema=[SchemaField("k", "STRING")])
    job = client.load_table_from_file(io.BytesIO(data), "test.d.t", size=len(data), job_config=config)
    with pytest.raises(GoogleAPICallError, match="Half of it was read"):
        job.result()
    assert list(client.list_tables("d")) == []
    assert client.get_job(job.job_id).error_result["reason"] == "backendError"


def test_a_job_can_run_for_a_while_and_be_cancelled(server: BigQueryServer, client: Any) -> None:
    client.query_and_wait("CREATE TABLE d.t (x INT64)")
    server.faults.add(Fault("pending", match="INSERT", polls=3))
    job = client.query("INSERT INTO d.t (x) VALUES (1)")
    assert job.state == "RUNNING"
    job.result()
    assert client.get_table("test.d.t").num_rows == 1
    server.faults.add(Fault("pending", match="INSERT", polls=100))
    job = client.query("INSERT INTO d.t (x) VALUES (2)")
    job.cancel()
    assert job.state == "DONE"
    assert job.error_result["reason"] == "stopped"
    assert client.get_table("test.d.t").num_rows == 1


def test_a_query_that_runs_too_long_is_given_up(server: BigQueryServer, client: Any) -> None:
    server.faults.add(Fault("pending", polls=1_000_000))
    with pytest.raises(TimeoutError):
        client.query_and_wait("SELECT 1 AS x", retry=None, job_retry=None, api_timeout=5, wait_timeout=0.2)
    assert server.log.count("POST .*/cancel") == 1


def test_the_log_tells_what_each_query_read_and_was_for(server: BigQueryServer, client: Any) -> None:
    client.query_and_wait("CREATE TABLE d.t AS SELECT 1 AS x")
    server.log.clear()
    config = QueryJobConfig(labels={"page": "fleet"}, use_query_cache=False)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: list(client.query_and_wait("SELECT x FROM d.t", job_config=config)), range(4)))
    asked = server.queries("label page=fleet")
    assert len(asked) == server.log.count("SELECT x") == 4
    assert [one.labels for one in asked] == [{"page": "fleet"}] * 4
    assert [one.bytes for one in asked] == [8] * 4
    client.query("SELECT x FROM d.t", job_config=QueryJobConfig(dry_run=True))
    assert len(server.queries()) == 4


def test_stopping_ends_a_hang() -> None:
    server = BigQueryServer().start()
    server.faults.add(Fault("hang", seconds=600))

    def ask() -> None:
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(f"{server.address}/bigquery/v2/x", timeout=600)

    waiting = threading.Thread(target=ask, daemon=True)
    waiting.start()
    while not server.faults.spent():
        time.sleep(0.01)
    server.stop()
    waiting.join(5)
    assert not waiting.is_alive()


def test_another_process_can_ask_for_faults_and_read_the_log(server: BigQueryServer, client: Any) -> None:
    def control(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = json.dumps(body).encode() if body else None
        asked = urllib.request.Request(f"{server.address}/control/{path}", data=data, method=method)
        with urllib.request.urlopen(asked) as reply:
            return json.load(reply)

    control("POST", "faults", {"kind": "quota", "match": "SELECT 7"})
    with pytest.raises(Forbidden):
        client.query_and_wait("SELECT 7 AS x", **ONCE)
    assert [one["status"] for one in control("GET", "requests")["requests"]] == [403]
    control("POST", "faults", {"kind": "quota", "times": None})
    control("DELETE", "faults")
    assert [row.x for row in client.query_and_wait("SELECT 7 AS x", **ONCE)] == [7]


def test_an_unknown_kind_of_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="'slow' is no kind of fault; there are unavailable"):
        Fault("slow")
