"""``vigie init``: a dataset and its tables made from nothing, completed, and never harmed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from qod.contract import TABLES, Column, Table
from qod.errors import WarehouseError
from qod.warehouse import open_warehouse
from qod.warehouse.bigquery.create import carry_out, plan
from qod.warehouse.bigquery.ddl import STORED
from qod.warehouse.bigquery.warehouse import open_bigquery
from tests.bigquery.server import BigQueryServer, Fault
from tests.commands import vigie
from tests.warehouse.bigquery_home import emulated
from tests.warehouse.bigquery_made import batch, held

ADDRESS = "bigquery://test/fresh"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[BigQueryServer]:
    with emulated(location="EU") as started:
        monkeypatch.setenv("VIGIE_WAREHOUSE", ADDRESS)
        yield started


@pytest.fixture
def client(server: BigQueryServer) -> Iterator[Any]:
    with server.client() as made:
        yield made


def test_it_makes_everything_once(server: BigQueryServer, client: Any) -> None:
    said = vigie("init").stdout
    assert "Created the dataset test.fresh in EU." in said
    assert f"Created {len(STORED)} tables in test.fresh: models, policies, versions," in said
    assert client.get_dataset("test.fresh").location == "EU"
    assert {table.table_id for table in client.list_tables("test.fresh")} == set(STORED)
    open_warehouse(ADDRESS).deliver(batch(), kind="batch")
    server.log.clear()
    assert vigie("init").stdout == "Nothing is missing in test.fresh.\n"
    assert server.log.count("POST") == 0
    assert len(held(open_warehouse(ADDRESS), "predictions")) == 2


def test_what_it_prints_is_what_it_would_do(server: BigQueryServer, client: Any) -> None:
    said = vigie("init", "--dry-run", "--location", "europe-west1").stdout
    assert server.log.count("POST") == 0
    statements = [statement.strip() for statement in said.split(";\n\n")]
    assert statements[0] == "CREATE SCHEMA IF NOT EXISTS `test.fresh` OPTIONS (location = 'europe-west1')"
    for statement in statements:
        client.query_and_wait(statement.rstrip(";"))
    assert client.get_dataset("test.fresh").location == "europe-west1"
    assert vigie("init").stdout == "Nothing is missing in test.fresh.\n"
    assert vigie("init", "--dry-run").stdout == "-- Nothing is missing in test.fresh.\n"


def test_a_column_of_a_later_release_is_added_and_nothing_is_lost(
    server: BigQueryServer, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    health = TABLES["health"]
    columns = tuple(c for c in health.columns if c.name not in ("memory", "headline_fr"))
    older = Table(**{name: getattr(health, name) for name in Table.__slots__} | {"columns": columns})
    with monkeypatch.context() as patch:
        patch.setitem(STORED, "health", type(STORED["health"])(older))  # type: ignore[attr-defined]
        vigie("init")
    client.query_and_wait("ALTER TABLE fresh.health ADD COLUMN mine STRING")
    client.query_and_wait(
        "INSERT INTO fresh.health (model_id, model_version, batch_id, batch_date, colour, drift, quality, performance, "
        "freshness, since, headline_en, as_of, inputs, delivery_id, delivered_at, mine) SELECT 'churn', '1', 'b', "
        "DATE '2026-01-01', 'red', 'red', 'red', 'red', 'red', DATE '2026-01-01', 'text', DATE '2026-01-01', 'x', 'y', "
        "TIMESTAMP '2026-01-01 00:00:00+00', 'kept'"
    )
    said = vigie("init", "--dry-run").stdout
    assert "ALTER TABLE `test.fresh.health`" in said
    assert "CREATE TABLE" not in said
    said = vigie("init").stdout
    assert said == "Added the column headline_fr to health.\nAdded the column memory to health.\n"
    added = {field.name: field for field in client.get_table("test.fresh.health").schema}
    assert (added["headline_fr"].mode, added["memory"].field_type) == ("NULLABLE", "STRING")
    row = next(iter(client.query_and_wait("SELECT h.mine, h.headline_fr FROM fresh.health AS h")))
    assert tuple(row.values()) == ("kept", None)
    assert vigie("init").stdout == "Nothing is missing in test.fresh.\n"


@pytest.mark.parametrize(
    ("definition", "wrong"),
    [
        ("model_id STRING NOT NULL, trained_at DATE", "'trained_at' is DATE, but has to be TIMESTAMP"),
        ("model_id ARRAY<STRING>", "'model_id' is ARRAY<STRING>, but has to be STRING"),
        ("model_id STRING, baselines JSON", "'baselines' is JSON, but has to be STRING"),
        ("model_id STRING, team STRING NOT NULL", "has a column 'team' that may not be NULL"),
    ],
)
def test_a_table_that_cannot_be_completed_is_named_and_left_alone(
    server: BigQueryServer, client: Any, definition: str, wrong: str
) -> None:
    client.create_dataset("fresh")
    client.query_and_wait(f"CREATE TABLE fresh.versions ({definition})")
    said = vigie("init", code=1).stderr
    assert "The table versions of test.fresh" in said
    assert wrong in said
    assert [table.table_id for table in client.list_tables("test.fresh")] == ["versions"]


def test_a_struct_with_other_fields_is_another_type(server: BigQueryServer, client: Any) -> None:
    client.create_dataset("fresh")
    client.query_and_wait("CREATE TABLE fresh.standing (model_id STRING, strip ARRAY<STRUCT<day DATE, colour STRING>>)")
    said = vigie("init", code=1).stderr
    assert "is ARRAY<STRUCT<day DATE, colour STRING>>, but has to be ARRAY<STRUCT<batch_date DATE, colour" in said


def test_a_dataset_elsewhere_is_not_moved(server: BigQueryServer, client: Any) -> None:
    client.create_dataset("fresh")
    said = vigie("init", "--location", "US", code=1).stderr
    assert "The dataset test.fresh is in EU, not in US" in said
    vigie("init", "--location", "eu")


def test_broken_off_it_is_completed_by_the_next(server: BigQueryServer, client: Any) -> None:
    server.faults.add(Fault("job", match="CREATE TABLE", reason="backendError", message="it broke"))
    vigie("init", code=1)
    client.query_and_wait("CREATE TABLE fresh.half (x INT64)")
    assert f"Created {len(STORED)} tables" in vigie("init").stdout


def test_a_lost_reply_is_no_failure(server: BigQueryServer) -> None:
    server.faults.add(Fault("lost", match="POST .*CREATE TABLE"))
    assert f"Created {len(STORED)} tables" in vigie("init").stdout


def test_two_at_once_make_one(server: BigQueryServer, client: Any) -> None:
    def init(_: int) -> None:
        connection = open_bigquery(ADDRESS).connection
        carry_out(connection, plan(connection, None))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(init, range(2)))
    assert {table.table_id for table in client.list_tables("test.fresh")} == set(STORED)
    assert vigie("init").stdout == "Nothing is missing in test.fresh.\n"


@pytest.mark.parametrize("address", ["warehouse", "gs://bucket/prefix"])
def test_folders_and_buckets_need_none(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_WAREHOUSE", address)
    assert vigie("init").stdout == f"There is nothing to create: {address} is filled as deliveries come.\n"


def test_without_it_a_delivery_says_what_to_do(server: BigQueryServer, client: Any) -> None:
    with pytest.raises(WarehouseError, match="vigie init"):
        open_warehouse(ADDRESS).deliver(batch(), kind="batch")
    client.create_dataset("fresh")
    with pytest.raises(WarehouseError, match="vigie init"):
        open_warehouse(ADDRESS).deliver(batch(), kind="batch")
    with pytest.raises(WarehouseError, match="vigie init"):
        open_warehouse(ADDRESS).news({})


def test_a_missing_permission_is_named(server: BigQueryServer) -> None:
    message = "Access Denied: Project test: User does not have bigquery.datasets.create permission in project test."
    server.faults.add(Fault("denied", match="POST /projects/test/datasets", times=None, message=message))
    assert "roles/bigquery.user" in vigie("init", code=1).stderr


def test_columns_are_told_as_the_contract_means_them(server: BigQueryServer, client: Any) -> None:
    vigie("init")
    for name, stored in STORED.items():
        found = client.get_table(f"test.fresh.{name}")
        assert [(f.name, f.description) for f in found.schema] == [(c.name, c.meaning) for c in stored.table.columns]
        assert [f.mode for f in found.schema] == [_mode(column) for column in stored.table.columns]
        assert found.clustering_fields == list(stored.clustering)
        assert found.clustering_fields[0] == "model_id" or "model_id" not in stored.table.names
        assert bool(found.require_partition_filter) is stored.table.large
        assert (found.time_partitioning and found.time_partitioning.field) == stored.table.partition
        assert stored.table.meaning in found.description
    kept = client.get_table("test.fresh.replaced_batches").time_partitioning.expiration_ms
    assert kept == 400 * 86_400_000


def _mode(column: Column) -> str:
    if column.type.startswith("ARRAY"):
        return "REPEATED"
    return "NULLABLE" if column.nullable else "REQUIRED"
