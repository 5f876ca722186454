"""Deliveries to BigQuery when things go wrong: nothing lost, nothing doubled, and a sentence that says what to do."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from qod.errors import UnavailableError, WarehouseError
from qod.warehouse.bigquery import deliver as delivering
from qod.warehouse.bigquery.warehouse import BigQueryWarehouse
from tests.bigquery.server import BigQueryServer, Fault
from tests.commands import ROOT
from tests.longer import slow
from tests.warehouse.bigquery_home import emulated
from tests.warehouse.bigquery_made import batch, count, held, later, logged, made, staged, wait_for_pending


@pytest.fixture(scope="module")
def server() -> Iterator[BigQueryServer]:
    with emulated() as started:
        yield started


@pytest.fixture
def warehouse(server: BigQueryServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[BigQueryWarehouse]:
    monkeypatch.setattr(delivering, "_PAUSE_SECONDS", 0.001)
    yield made(server)
    server.faults.clear()


CONFLICT = "Transaction is aborted due to concurrent update against table x"
OUTSTANDING = (
    "Resources exceeded during query execution: Too many DML statements outstanding against table x, limit is 20."
)
INSERTS = "Exceeded rate limits: too many table dml insert operations for this table."

SURVIVED = {
    "a lost reply to the script": [Fault("lost", match="POST .*/jobs\n.*COMMIT")],
    "a torn reply to the script": [Fault("torn", match="POST .*/jobs\n.*COMMIT")],
    "no reply about the script": [Fault("unavailable", match="GET .*COMMIT", times=2)],
    "a lost reply to a load": [Fault("lost", match="POST .*/jobs\n.*load .*staging_predictions")],
    "a torn reply to a load": [Fault("torn", match="POST .*/jobs\n.*load .*staging_predictions")],
    "a lost reply to the staging table": [Fault("lost", match="POST .*/tables$", times=2)],
    "503 to every first request": [Fault("unavailable", match="^(POST|GET|DELETE) ", times=3)],
    "429 to the script": [Fault("too_many", match="POST .*COMMIT", times=2)],
    "a load job that broke": [Fault("job", match="load .*staging_predictions", reason="backendError")],
    "a conflict": [Fault("job", match="COMMIT", times=3, reason="invalidQuery", message=CONFLICT)],
    "a conflict told at once": [Fault("conflict", match="POST .*COMMIT", times=2)],
    "too many others that change the table": [
        Fault("job", match="COMMIT", times=2, reason="resourcesExceeded", message=OUTSTANDING)
    ],
    "too many others that add to it": [
        Fault("job", match="COMMIT", times=2, reason="jobRateLimitExceeded", message=INSERTS)
    ],
    "jobs that take their time": [Fault("pending", match="POST", times=None, polls=2)],
    "staging that cannot be dropped": [Fault("denied", match="^DELETE", times=None)],
}


@pytest.mark.parametrize("what", SURVIVED)
def test_a_passing_failure_loses_nothing_and_doubles_nothing(
    what: str, server: BigQueryServer, warehouse: BigQueryWarehouse
) -> None:
    warehouse.deliver(batch(rows=2), kind="batch")
    for fault in SURVIVED[what]:
        server.faults.add(replace(fault))
    delivery = warehouse.deliver(batch(rows=3), kind="batch")
    server.faults.clear()
    assert count(warehouse, "predictions") == 3
    assert set(warehouse.table("predictions").column("delivery_id").to_pylist()) == {delivery}
    assert [row["rows"] for row in held(warehouse, "batches")] == [3]
    assert len(logged(warehouse)) == 6, "two deliveries, three tables each"


FAILED = {
    "a load that fails half-way": (
        Fault("job", match="load .*_predictions", times=None, reason="invalid", message="Error while reading data"),
        "the load of predictions.*Error while reading data",
    ),
    "a load without quota": (Fault("quota", match="load .*staging_batches", times=None), "quota .*midnight"),
    "a script without quota": (Fault("quota", match="COMMIT", times=None), "quota .*midnight"),
    "a quota found by the job": (
        Fault("job", match="COMMIT", times=None, reason="quotaExceeded", message="Quota exceeded: too many DML"),
        "quota .*too many DML",
    ),
    "conflicts without end": (Fault("conflict", match="COMMIT", times=None), "deliver it again later"),
    "a missing permission": (
        Fault("denied", match="POST .*/tables$", times=None, message="Permission bigquery.tables.create denied"),
        "roles/bigquery.dataEditor",
    ),
    "a script that breaks in the middle": (
        Fault("job", match="COMMIT", times=None, reason="invalidQuery", message="Resources exceeded"),
        "Resources exceeded",
    ),
}


@pytest.mark.parametrize("what", FAILED)
def test_a_lasting_failure_changes_nothing_and_says_what_to_do(
    what: str, server: BigQueryServer, warehouse: BigQueryWarehouse
) -> None:
    warehouse.deliver(batch(rows=2), kind="batch")
    before = {name: held(warehouse, name) for name in batch()}, logged(warehouse)
    fault, said = FAILED[what]
    server.faults.add(replace(fault))
    with pytest.raises(WarehouseError, match=f"(?s){said}"):
        warehouse.deliver(batch(rows=3), kind="batch")
    server.faults.clear()
    assert ({name: held(warehouse, name) for name in batch()}, logged(warehouse)) == before
    assert staged(warehouse) == []
    warehouse.deliver(batch(rows=3), kind="batch")
    assert count(warehouse, "predictions") == 3


def test_a_script_whose_fate_was_not_told_is_looked_up(server: BigQueryServer, warehouse: BigQueryWarehouse) -> None:
    server.faults.add(Fault("denied", match="^GET .*COMMIT", times=None))
    delivery = warehouse.deliver(batch(rows=2), kind="batch")
    server.faults.clear()
    assert set(warehouse.table("predictions").column("delivery_id").to_pylist()) == {delivery}


KILLED = textwrap.dedent("""
    import sys
    from qod.warehouse import open_warehouse
    from tests.warehouse.bigquery_made import batch
    open_warehouse(sys.argv[1]).deliver(batch(rows=5), kind="batch")
""")


@pytest.mark.parametrize(
    ("moment", "rows"),
    [
        ("^POST .*load .*staging_batch_variables", 2),
        ("^POST .*COMMIT", 2),
        ("^GET .*COMMIT", 5),
        *slow(("^POST .*/tables$", 2), ("^GET .*load ", 2), ("^POST .*WITH logged", 2), ("^DELETE ", 5)),
    ],
)
def test_killed_at_any_moment_it_has_delivered_all_or_nothing(
    moment: str, rows: int, server: BigQueryServer, warehouse: BigQueryWarehouse
) -> None:
    warehouse.deliver(batch(rows=2), kind="batch")
    server.log.clear()
    server.faults.add(Fault("hang", match=moment, times=None))
    if "GET .*load" in moment:
        server.faults.add(Fault("pending", match="POST .*load ", times=None))
    process = subprocess.Popen([sys.executable, "-c", KILLED, warehouse.connection.place.address], cwd=ROOT)
    try:
        ends = time.monotonic() + 30
        while not any(one.status == 0 for one in server.log):
            assert process.poll() is None
            assert time.monotonic() < ends
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    server.faults.clear()
    assert count(warehouse, "predictions") == rows
    assert [row["rows"] for row in held(warehouse, "batches")] == [rows]
    expires = [
        server.database.tables["test", warehouse.connection.place.dataset, name].get("expirationTime")
        for name in staged(warehouse)
    ]
    now = datetime.now(UTC).timestamp()
    assert all(at is not None and 0 < int(at) / 1000 - now <= 24 * 3600 for at in expires)
    warehouse.deliver(batch(rows=3), kind="batch")
    assert count(warehouse, "predictions") == 3


# -- two at once ---------------------------------------------------------------------------------------------


def test_a_delivery_that_slipped_in_unseen_is_found_and_repaired(
    server: BigQueryServer, warehouse: BigQueryWarehouse
) -> None:
    """The first looks and sees nothing; the second comes whole; then the first's transaction runs."""
    slow: list[str] = []
    server.faults.add(Fault("pending", match="POST .*COMMIT", polls=10**9))
    thread = threading.Thread(target=lambda: slow.append(warehouse.deliver(batch(rows=4), kind="batch")))
    thread.start()
    waiting = wait_for_pending(server)
    fast = warehouse.deliver(batch(rows=2, day=later(9)), kind="batch")
    waiting.polls = 1
    thread.join()
    assert fast > slow[0], "the one that looked later holds"
    assert set(warehouse.table("predictions").column("delivery_id").to_pylist()) == {fast}
    assert [row["rows"] for row in held(warehouse, "batches")] == [2]
    assert len(logged(warehouse)) == 6
    assert [one.current for one in warehouse.deliveries("churn")] == [False] * 3 + [True] * 3


def test_many_at_once_leave_one(server: BigQueryServer, warehouse: BigQueryWarehouse) -> None:
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda n: warehouse.deliver(batch(rows=n), kind="batch"), range(1, 9)))
    held_by = set(warehouse.table("predictions").column("delivery_id").to_pylist())
    assert held_by == {max(sent)}
    assert count(warehouse, "predictions") == sent.index(max(sent)) + 1 == held(warehouse, "batches")[0]["rows"]


def test_a_repair_that_did_not_happen_is_done_by_tidy_once(
    server: BigQueryServer, warehouse: BigQueryWarehouse
) -> None:
    warehouse.deliver(batch(rows=2), kind="batch")
    newest = warehouse.deliver(batch(rows=3), kind="batch")
    place, client = warehouse.connection.place, warehouse.connection.client
    client.query_and_wait(  # as if the earlier delivery had never been replaced
        f"INSERT INTO {place}.predictions (model_id, model_version, batch_id, entity_id, batch_date, delivery_id, "
        f"delivered_at) SELECT r.model_id, r.model_version, r.batch_id, r.entity_id, r.batch_date, r.delivery_id, "
        f"r.delivered_at FROM {place}.replaced_predictions AS r"
    )
    assert count(warehouse, "predictions") == 5
    warehouse.tidy()
    assert set(warehouse.table("predictions").column("delivery_id").to_pylist()) == {newest}
    assert count(warehouse, "predictions") == 3
    server.log.clear()
    warehouse.tidy()
    (script,) = server.queries("label query=repair")
    assert script.job is not None
    inside = [
        one for one in server.jobs.all() if one["statistics"].get("parentJobId") == script.job["jobReference"]["jobId"]
    ]
    assert not [one for one in inside if one["statistics"]["query"]["statementType"] == "DELETE"]


def test_tidy_drops_what_was_left_over_for_a_day_and_nothing_else(
    server: BigQueryServer, warehouse: BigQueryWarehouse
) -> None:
    place, client = warehouse.connection.place, warehouse.connection.client
    for name in ("staging_batches_old", "staging_batches_new", "mine_staging_x"):
        client.query_and_wait(f"CREATE TABLE {place}.{name} (x INT64)")
        if not name.endswith("new"):
            server.database.tables["test", place.dataset, name]["creationTime"] = str(1000 * 86_400)
    warehouse.tidy()
    assert staged(warehouse) == ["staging_batches_new"]
    assert "mine_staging_x" in [table.table_id for table in client.list_tables(str(place))]


def test_a_warehouse_that_stays_busy_is_given_up_with_a_sentence(
    server: BigQueryServer, warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.faults.add(Fault("unavailable", match="POST .*COMMIT", times=None))
    monkeypatch.setattr(delivering, "_LIMITS", delivering.Limits(seconds=1.5, attempts=2))
    with pytest.raises(UnavailableError, match="BigQuery is busy and refused the query deliver"):
        warehouse.deliver(batch(), kind="batch")
    server.faults.clear()
    assert count(warehouse, "predictions") == 0
