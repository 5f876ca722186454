"""Deliveries to BigQuery: they replace by scope as the lake's do, whole or not at all, whatever goes wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from qod.contract import TABLES, table_from_columns
from qod.errors import WarehouseError
from qod.warehouse import Scope, Warehouse
from qod.warehouse.bigquery import deliver as delivering
from qod.warehouse.bigquery import staging
from qod.warehouse.bigquery.warehouse import BigQueryWarehouse
from qod.warehouse.lake import LakeWarehouse
from tests.bigquery.server import BigQueryServer
from tests.longer import slow
from tests.warehouse.bigquery_home import emulated
from tests.warehouse.bigquery_made import DAY, HOSTILE, batch, count, held, later, logged, made, rows_of, staged


@pytest.fixture(scope="module")
def server() -> Iterator[BigQueryServer]:
    with emulated() as started:
        yield started


@pytest.fixture
def warehouse(server: BigQueryServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[BigQueryWarehouse]:
    monkeypatch.setattr(delivering, "_PAUSE_SECONDS", 0.001)
    yield made(server)
    server.faults.clear()


# -- the same as on the lake ---------------------------------------------------------------------------------


def test_a_delivery_reads_back_as_it_was_sent(warehouse: BigQueryWarehouse) -> None:
    sent = batch(rows=3)
    delivery = warehouse.deliver(sent, kind="batch")
    for name, rows in sent.items():
        assert held(warehouse, name) == sorted(rows.to_pylist(), key=repr)
        assert set(warehouse.table(name).column("delivery_id").to_pylist()) == {delivery}
    moment = warehouse.table("batches").column("delivered_at")[0].as_py()
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    assert staged(warehouse) == []


MODELS = ("churn", HOSTILE, "zebra")


def anything(chance: random.Random) -> tuple[str, dict[str, pa.Table], dict[str, list[Scope]]]:
    """A delivery as any of the producers may send it: its kind, its tables, and what it empties."""

    def batches(name: str, **more: Any) -> dict[tuple[str, ...], dict[str, Any]]:
        found = {}
        for _ in range(chance.randint(0, 3)):
            scope = (chance.choice(MODELS), chance.choice("12"), f"b{chance.randint(1, 4)}")
            day = later(chance.randint(-40, 40))
            found[scope] = dict(zip(("model_id", "model_version", "batch_id"), scope, strict=True)) | {
                "batch_date": day
            }
        return found

    model, number = chance.choice(MODELS), chance.randint(0, 1000)
    kind = chance.choice(("register", "reference", "batch", "batch", "batch", "outcomes", "evaluate", "evaluate"))
    gone = [
        (chance.choice(MODELS), chance.choice("12"), f"b{chance.randint(1, 4)}") for _ in range(chance.randint(0, 2))
    ]
    if kind == "register":
        return kind, {"models": rows_of("models", {"model_id": model, "name": f"n{number}"})}, {}
    if kind == "reference":
        of = {"model_id": model, "model_version": chance.choice("12")}
        variables = [of | {"variable": f"v{n}"} for n in range(chance.randint(0, 3))]
        tables = {
            "versions": rows_of("versions", of),
            "reference_variables": rows_of("reference_variables", *variables),
        }
        return kind, tables, {}
    if kind == "outcomes":
        days = [None if chance.random() < 0.3 else later(n) for n in range(chance.randint(1, 4))]
        rows = [{"model_id": model, "entity_id": f"e{n}", "batch_date": day} for n, day in enumerate(days)]
        return kind, {"outcomes": rows_of("outcomes", *rows)}, {}
    sent = list(batches("batches").values())
    if kind == "batch":
        tables = {
            "batches": rows_of("batches", *(of | {"rows": number} for of in sent)),
            "batch_variables": rows_of(
                "batch_variables", *(of | {"variable": v} for of in sent for v in "xy"[: number % 3])
            ),
        }
        if chance.random() < 0.7:
            scored = [of | {"entity_id": f"e{n}"} for of in sent for n in range(chance.randint(0, 2))]
            tables["predictions"] = rows_of("predictions", *scored)
        return kind, tables, {"batches": gone}
    tables = {
        "measures": rows_of("measures", *(of | {"value": float(number)} for of in sent)),
        "findings": rows_of("findings", *(of | {"weight": float(number)} for of in sent if chance.random() < 0.5)),
        "health": rows_of("health", *sent),
        "standing": rows_of("standing", {"model_id": model, "mark": str(number)}),
        "events": rows_of("events", *({"event_id": f"v{n}", "author": str(number)} for n in range(number % 3))),
        "runs": rows_of("runs", {"run_id": str(number), "models": number}),
    }
    return kind, tables, {"measures": gone, "standing": [(chance.choice(MODELS),)]}


@pytest.mark.parametrize(("seed", "steps"), [(0, 8), *slow((0, 15), (1, 15), (2, 15))])
def test_any_sequence_of_deliveries_leaves_what_it_leaves_on_a_lake(
    seed: int, steps: int, warehouse: BigQueryWarehouse, tmp_path: Path
) -> None:
    chance, lake = random.Random(seed), LakeWarehouse(tmp_path / "lake")
    for _ in range(steps):
        kind, tables, emptied = anything(chance)
        for one in (lake, warehouse):
            one.deliver(tables, kind=kind, emptied=emptied)
        for name in tables:
            assert held(warehouse, name) == held(lake, name), (seed, name)
    for name in TABLES:
        assert held(warehouse, name) == held(lake, name)
    for model in MODELS:
        assert told(warehouse, model) == told(lake, model)
    assert staged(warehouse) == []


def told(warehouse: Warehouse, model: str) -> list[tuple[Any, ...]]:
    """The history of a model without what differs: identifiers and times."""
    return [(one.kind, one.table, sorted(one.batches), one.current) for one in warehouse.deliveries(model)]


def test_a_batch_that_moves_to_another_day_is_there_once(warehouse: BigQueryWarehouse) -> None:
    for day in (DAY, later(-400), later(3)):
        warehouse.deliver(batch(day=day), kind="batch")
    for name in batch():
        assert set(warehouse.table(name).column("batch_date").to_pylist()) == {later(3)}
    assert count(warehouse, "predictions") == 2


def test_a_scope_is_emptied_in_every_table_that_shares_it(warehouse: BigQueryWarehouse) -> None:
    warehouse.deliver(batch("b1"), kind="batch")
    warehouse.deliver(batch("b2"), kind="batch")
    warehouse.deliver(
        {"batches": rows_of("batches"), "predictions": rows_of("predictions")},
        kind="retract",
        emptied={"batches": [("churn", "1", "b1")]},
    )
    assert [row["batch_id"] for row in held(warehouse, "predictions")] == ["b2", "b2"]
    assert [row["batch_id"] for row in held(warehouse, "batches")] == ["b2"]
    assert count(warehouse, "batch_variables") == 4, "the delivery did not have that table"


def test_outcomes_are_added_and_one_delivery_of_them_can_be_taken_back(warehouse: BigQueryWarehouse) -> None:
    truth = rows_of("outcomes", {"entity_id": "e1"}, {"entity_id": "e2", "batch_date": None})
    first = warehouse.deliver({"outcomes": truth}, kind="outcomes")
    warehouse.deliver({"outcomes": truth}, kind="outcomes")
    assert count(warehouse, "outcomes") == 4
    retracted = {"outcomes": [("churn", first)]}
    warehouse.deliver({"outcomes": rows_of("outcomes")}, kind="retract", emptied=retracted)
    assert count(warehouse, "outcomes") == 2
    assert first not in warehouse.table("outcomes").column("delivery_id").to_pylist()
    assert [one.current for one in warehouse.deliveries("churn")] == [False, True, True]


def test_what_was_replaced_is_kept_aside(warehouse: BigQueryWarehouse) -> None:
    first = warehouse.deliver(batch(rows=2), kind="batch")
    second = warehouse.deliver(batch(rows=3), kind="batch")
    sql = "SELECT r.entity_id, r.delivery_id, r.replaced_by FROM {}.replaced_predictions AS r ORDER BY r.entity_id"
    aside = warehouse.connection.client.query_and_wait(sql.format(warehouse.connection.place))
    assert [tuple(row.values()) for row in aside] == [("b1-0", first, second), ("b1-1", first, second)]
    assert count(warehouse, "predictions") == 3


def test_a_table_that_breaks_the_contract_is_refused_before_anything_is_sent(
    server: BigQueryServer, warehouse: BigQueryWarehouse
) -> None:
    wrong = batch()["batches"].drop_columns(["rows"])
    with pytest.raises(WarehouseError, match="columns \\['rows'\\] are missing"):
        warehouse.deliver({"batches": wrong}, kind="batch")
    assert server.log.count() == 0


# -- what it costs others ------------------------------------------------------------------------------------


def test_a_first_delivery_deletes_nothing_so_that_it_cannot_conflict(
    server: BigQueryServer, warehouse: BigQueryWarehouse
) -> None:
    warehouse.deliver(batch("b1"), kind="batch")
    server.log.clear()
    warehouse.deliver(batch("b2"), kind="batch")
    assert not server.queries(r"BEGIN TRANSACTION;[^;]*DELETE FROM")
    assert len(server.queries(r"COMMIT TRANSACTION")) == 1
    warehouse.deliver(batch("b2"), kind="batch")
    assert server.queries("DELETE FROM `predictions`")
    warehouse.deliver(batch("b2", rows=0), kind="batch")
    server.log.clear()
    warehouse.deliver(batch("b2"), kind="batch")
    assert not server.queries("BEGIN TRANSACTION;[^;]*DELETE FROM `predictions`[^;]*;.*INSERT INTO `deliveries`")


def test_a_delivery_of_nothing_is_one(warehouse: BigQueryWarehouse) -> None:
    assert warehouse.deliver({}, kind="batch") < warehouse.deliver({"events": rows_of("events")}, kind="evaluate")
    assert logged(warehouse) == []


def test_a_delivery_reads_its_own_days_and_models_alone(server: BigQueryServer, warehouse: BigQueryWarehouse) -> None:
    many = [
        {"model_id": model, "batch_id": f"b{n}", "batch_date": later(n), "entity_id": f"e{k}"}
        for model in ("churn", "other")
        for n in range(30)
        for k in range(50)
    ]
    warehouse.deliver({"predictions": rows_of("predictions", *many)}, kind="history")
    server.log.clear()
    again = [row for row in many if row["model_id"] == "churn" and row["batch_id"] == "b3"]
    warehouse.deliver({"predictions": rows_of("predictions", *again)}, kind="batch")
    row = 150  # bytes of a prediction
    (script,) = server.queries("COMMIT TRANSACTION")
    assert 0 < script.bytes < row * len(again) * 6
    assert count(warehouse, "predictions") == len(many)


def test_every_job_carries_labels_and_a_limit(server: BigQueryServer, warehouse: BigQueryWarehouse) -> None:
    warehouse.deliver(batch(), kind="batch")
    configurations = [one.job["configuration"] for one in server.log if one.job and one.line.startswith("POST")]
    loads = [one for one in configurations if "load" in one]
    assert len(loads) == 4
    assert all(one["labels"]["app"] == "vigie" for one in configurations)
    assert all(one["query"]["maximumBytesBilled"] for one in configurations if "query" in one)


def test_a_large_table_is_sent_in_parts(
    server: BigQueryServer, warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "_ONE_REQUEST", 1000)
    rows = 50_000
    columns = {
        **{name: [value] * rows for name, value in (("model_id", "churn"), ("model_version", "1"), ("batch_id", "b"))},
        "entity_id": [str(n) for n in range(rows)],
        "batch_date": [DAY] * rows,
    }
    warehouse.deliver({"predictions": table_from_columns("predictions", columns)}, kind="batch")
    assert count(warehouse, "predictions") == rows
    assert server.log.count("^PUT ") >= 1


# -- schemas that differ -------------------------------------------------------------------------------------


def test_a_column_of_the_users_own_does_no_harm(warehouse: BigQueryWarehouse) -> None:
    place, client = warehouse.connection.place, warehouse.connection.client
    warehouse.deliver(batch("b1"), kind="batch")
    for name in ("predictions", "replaced_predictions", "deliveries"):
        client.query_and_wait(f"ALTER TABLE {place}.{name} ADD COLUMN aaa STRING, ADD COLUMN region ARRAY<STRING>")
    client.query_and_wait(f"UPDATE {place}.predictions SET aaa = 'mine' WHERE batch_date = '{DAY}'")
    warehouse.deliver(batch("b2"), kind="batch")
    found = client.query_and_wait(
        f"SELECT p.batch_id, p.aaa FROM {place}.predictions AS p WHERE p.batch_date = '{DAY}'"
    )
    assert sorted((tuple(row.values()) for row in found), key=repr) == [("b1", "mine")] * 2 + [("b2", None)] * 2
    warehouse.deliver(batch("b1", rows=1), kind="batch")
    assert count(warehouse, "predictions") == 3


def test_a_table_of_an_earlier_release_is_completed_by_init(warehouse: BigQueryWarehouse) -> None:
    place, client = warehouse.connection.place, warehouse.connection.client
    warehouse.deliver(batch("b1"), kind="batch")
    client.query_and_wait(f"DROP TABLE {place}.batches")
    client.query_and_wait(
        f"CREATE TABLE {place}.batches (model_id STRING NOT NULL, batch_date DATE) PARTITION BY batch_date"
    )
    with pytest.raises(WarehouseError, match="vigie init"):
        warehouse.deliver(batch("b2"), kind="batch")
    assert count(warehouse, "predictions") == 2
    assert {entry[2] for entry in logged(warehouse)} == {"b1"}


def test_days_of_the_log_are_read_as_they_are_written() -> None:
    assert delivering._days("2026-03-01/2026-03-01,2026-02-28/2026-03-01") == [date(2026, 2, 28), date(2026, 3, 1)]
    assert delivering._days(None) == []
