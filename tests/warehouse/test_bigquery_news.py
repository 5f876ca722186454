"""The news of BigQuery's log: nothing missed, nothing told twice, and no more read than is new."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from qod.contract import TABLES
from qod.warehouse.bigquery.log import SLACK
from qod.warehouse.bigquery.warehouse import BigQueryWarehouse
from qod.warehouse.news import Changed, News
from tests.bigquery.server import BigQueryServer, Fault
from tests.warehouse.bigquery_home import emulated
from tests.warehouse.bigquery_made import DAY, HOSTILE, batch, later, made, rows_of, wait_for_pending


@pytest.fixture(scope="module")
def server() -> Iterator[BigQueryServer]:
    with emulated() as started:
        yield started


@pytest.fixture
def warehouse(server: BigQueryServer) -> BigQueryWarehouse:
    """A warehouse with two registered models."""
    fresh = made(server)
    for model in ("churn", HOSTILE):
        fresh.deliver({"models": rows_of("models", {"model_id": model})}, kind="register")
    server.log.clear()
    return fresh


def marks(news: News) -> dict[str, str]:
    return {model: one.mark for model, one in news.models.items()}


def changes(news: News, model: str = "churn") -> tuple[Changed, ...] | None:
    return news.models[model].changes


def age(server: BigQueryServer, warehouse: BigQueryWarehouse, days: int) -> None:
    """Let everything in the log have happened that many days earlier."""
    sql = (
        f"UPDATE {warehouse.connection.place}.deliveries SET logged_at = TIMESTAMP_SUB(logged_at, INTERVAL {days} DAY) "
        "WHERE TRUE"
    )
    warehouse.connection.client.query_and_wait(sql)
    server.log.clear()


def test_without_a_mark_anything_may_have_changed(warehouse: BigQueryWarehouse) -> None:
    found = warehouse.news({})
    assert list(found.models) == sorted(["churn", HOSTILE])
    assert all(one.changes is None for one in found.models.values())
    again = warehouse.news(marks(found), since=found.mark)
    assert all(one.changes == () for one in again.models.values())
    for unreadable in ("", "a1b2", "2026-99-01", "2026-01-01T00:00:00", HOSTILE):
        assert changes(warehouse.news({"churn": unreadable})) is None
        assert changes(warehouse.news(marks(found), since=unreadable)) == ()


def test_an_empty_registry_has_no_news(server: BigQueryServer) -> None:
    assert made(server).news({"gone": "x"}) == News("", {})


def test_a_model_that_is_new_has_an_entry_and_one_that_is_unknown_has_none(warehouse: BigQueryWarehouse) -> None:
    seen = warehouse.news({})
    warehouse.deliver({"models": rows_of("models", {"model_id": "third"})}, kind="register")
    warehouse.deliver(batch(model="stranger"), kind="batch")
    found = warehouse.news(marks(seen), since=seen.mark)
    assert sorted(found.models) == sorted(["churn", "third", HOSTILE])
    assert changes(found, "third") is None


def test_what_was_delivered_is_told_once_with_its_days(warehouse: BigQueryWarehouse) -> None:
    seen = warehouse.news({})
    first = warehouse.deliver(batch("b1"), kind="batch")
    truth = rows_of("outcomes", {"entity_id": "e1"}, {"entity_id": "e2", "batch_date": later(3)})
    second = warehouse.deliver({"outcomes": truth}, kind="outcomes")
    third = warehouse.deliver({"outcomes": rows_of("outcomes", {"batch_date": None}, {})}, kind="outcomes")
    fourth = warehouse.deliver({"versions": rows_of("versions", {"model_version": "2"})}, kind="reference")
    found = warehouse.news(marks(seen), since=seen.mark)
    assert changes(found) == (
        *(Changed(first, name, "1", "b1", DAY, DAY) for name in ("batch_variables", "batches", "predictions")),
        Changed(second, "outcomes", None, None, DAY, later(3)),
        Changed(third, "outcomes", None, None, None, None),
        Changed(fourth, "versions", "2", None, None, None),
    )
    assert changes(found, HOSTILE) == ()
    again = warehouse.news(marks(found), since=found.mark)
    assert changes(again) == ()
    assert again.models["churn"].mark == found.models["churn"].mark, "a mark changes with a delivery alone"


def test_a_scope_that_was_emptied_is_news(warehouse: BigQueryWarehouse) -> None:
    warehouse.deliver(batch("b1"), kind="batch")
    seen = warehouse.news({})
    gone = warehouse.deliver(
        {"batches": rows_of("batches")}, kind="retract", emptied={"batches": [("churn", "1", "b1")]}
    )
    assert changes(warehouse.news(marks(seen))) == (Changed(gone, "batches", "1", "b1", None, None),)


def test_what_evaluation_writes_is_no_news(warehouse: BigQueryWarehouse) -> None:
    seen = warehouse.news({})
    names = ("measures", "findings", "health", "cohorts", "standing", "events", "runs")
    warehouse.deliver({name: rows_of(name, {}) for name in names}, kind="evaluate")
    assert changes(warehouse.news(marks(seen), since=seen.mark)) == ()


def test_a_transaction_that_ends_late_is_not_missed(server: BigQueryServer, warehouse: BigQueryWarehouse) -> None:
    """Its identifier and its moment lie before what was seen meanwhile, and before the mark."""
    late: list[str] = []
    server.faults.add(Fault("pending", match="POST .*COMMIT", polls=10**9))
    thread = threading.Thread(target=lambda: late.append(warehouse.deliver(batch("late"), kind="batch")))
    thread.start()
    waiting = wait_for_pending(server)
    warehouse.deliver(batch("b2"), kind="batch")
    seen = warehouse.news({})
    waiting.polls = 1
    thread.join()
    back(warehouse, late[0], timedelta(minutes=8))  # as if its transaction had begun that long before it ended
    found = warehouse.news(marks(seen), since=seen.mark)
    assert {one.delivery_id for one in changes(found) or ()} == set(late)
    assert changes(warehouse.news(marks(found), since=found.mark)) == ()


def back(warehouse: BigQueryWarehouse, delivery_id: str, by: timedelta) -> None:
    sql = (
        f"UPDATE {warehouse.connection.place}.deliveries SET logged_at = TIMESTAMP_SUB(logged_at, INTERVAL "
        f"{int(by.total_seconds())} SECOND) WHERE delivery_id = '{delivery_id}'"
    )
    warehouse.connection.client.query_and_wait(sql)


def test_no_transaction_may_take_as_long_as_the_overlap_of_two_looks() -> None:
    from qod.warehouse.bigquery.deliver import _LIMITS

    assert timedelta(seconds=_LIMITS.seconds) < SLACK


@pytest.mark.slow
def test_the_bytes_grow_with_what_is_new_and_not_with_history(
    server: BigQueryServer, warehouse: BigQueryWarehouse
) -> None:
    """A model that sleeps has an old mark; the mark of the last full run bounds what is read."""
    for n in range(12):
        warehouse.deliver(batch(f"b{n}", day=later(n)), kind="batch")
    sleeping = marks(warehouse.news({}))
    age(server, warehouse, 30)
    sleeping = {model: mark.replace(mark.split()[0], earlier(mark, 30)) for model, mark in sleeping.items()}
    run = warehouse.news(sleeping)
    assert changes(run) == ()
    small = cost(server, lambda: warehouse.news(sleeping, since=run.mark))
    whole = cost(server, lambda: warehouse.news(sleeping))
    for n in range(12, 24):
        warehouse.deliver(batch(f"b{n}", day=later(n)), kind="batch")
    after = warehouse.news(sleeping, since=run.mark)
    assert len(changes(after) or ()) == 36
    age(server, warehouse, 3)
    later_run = warehouse.news(marks(after))
    assert cost(server, lambda: warehouse.news(sleeping, since=later_run.mark)) == small < whole / 5


def earlier(mark: str, days: int) -> str:
    return (datetime.fromisoformat(mark.split()[0]) - timedelta(days=days)).astimezone(UTC).isoformat()


def cost(server: BigQueryServer, ask: Any) -> int:
    server.log.clear()
    ask()
    (request,) = server.queries()
    return request.bytes


def test_a_sleeping_model_that_wakes_is_heard(server: BigQueryServer, warehouse: BigQueryWarehouse) -> None:
    warehouse.deliver(batch("b1"), kind="batch")
    seen = marks(warehouse.news({}))
    age(server, warehouse, 90)
    seen = {model: mark.replace(mark.split()[0], earlier(mark, 90)) for model, mark in seen.items()}
    run = warehouse.news(seen)
    assert changes(run) == ()
    woken = warehouse.deliver(batch("b2"), kind="batch")
    found = warehouse.news(marks(run), since=run.mark)
    assert {one.delivery_id for one in changes(found) or ()} == {woken}


def test_the_history_of_a_model_has_every_delivery(warehouse: BigQueryWarehouse) -> None:
    first = warehouse.deliver({**batch("b1"), "versions": rows_of("versions", {})}, kind="history")
    second = warehouse.deliver(batch("b1", rows=5), kind="batch")
    found = [one for one in warehouse.deliveries("churn") if one.kind != "register"]
    assert [(one.delivery_id, one.table, one.rows, one.current) for one in found] == [
        (first, "batch_variables", 2, False),
        (first, "batches", 1, False),
        (first, "predictions", 2, False),
        (first, "versions", 1, True),
        (second, "batch_variables", 2, True),
        (second, "batches", 1, True),
        (second, "predictions", 5, True),
    ]
    assert [(one.model_version, one.batches) for one in found[2:4]] == [("1", ("b1",)), ("1", ())]
    moment = datetime.fromisoformat(found[0].delivered_at)
    assert first.startswith(f"{moment.astimezone(UTC):%Y%m%dT%H%M%S}")
    assert warehouse.deliveries("nobody") == []
    assert {one.table for one in found} <= set(TABLES)
