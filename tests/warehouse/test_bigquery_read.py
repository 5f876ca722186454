"""The warehouse in BigQuery, read: queries and whole tables, its stamp, the states of its tables, what it imports."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from qod.contract import TABLES, arrow_schema
from qod.errors import UnavailableError, WarehouseError
from qod.warehouse import open_warehouse
from qod.warehouse.bigquery.warehouse import BigQueryWarehouse
from qod.warehouse.purpose import purpose
from tests.bigquery.rows import fill
from tests.bigquery.server import BigQueryServer, Fault
from tests.sql.bigquery import make
from tests.sql.fleet import FLEET
from tests.sql.rows import Row, delivered, row
from tests.warehouse.bigquery_home import ADDRESS, emulated


@pytest.fixture
def server() -> Iterator[BigQueryServer]:
    with emulated() as started:
        make(started, "d", delivered(FLEET))
        yield started


@pytest.fixture
def home(server: BigQueryServer) -> BigQueryWarehouse:
    opened = open_warehouse(ADDRESS)
    assert isinstance(opened, BigQueryWarehouse)
    return opened


def add(server: BigQueryServer, *rows: Row) -> None:
    """Put rows into the server's tables, beside the product."""
    for name, table in delivered(rows).items():
        fill(("test", "d", name), table, server.database, server.database.cursor())
        server.database.touch(("test", "d", name))


def test_opening_asks_nothing(server: BigQueryServer) -> None:
    server.log.clear()
    open_warehouse(ADDRESS)
    assert list(server.log) == []


def test_a_query_takes_its_own_parameters_and_no_others(home: BigQueryWarehouse) -> None:
    assert home.query("model", model_id="churn").column("name").to_pylist() == ["Churn, mobile postpaid"]
    with pytest.raises(TypeError, match="query model takes"):
        home.query("model")
    with pytest.raises(TypeError, match="query model takes"):
        home.query("model", model_id="churn", more=1)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_whole_in_the_contract_s_types(home: BigQueryWarehouse, name: str) -> None:
    rows = home.table(name)
    assert rows.schema.types == arrow_schema(name).types
    assert rows.column_names == list(TABLES[name].names)
    assert rows.num_rows > 0 or name in ("cohorts", "policies", "runs", "events", "standing", "held", "gates")


def test_rows_without_a_day_are_read_too(server: BigQueryServer, home: BigQueryWarehouse) -> None:
    add(server, row("outcomes", entity_id="undated", batch_date=None))
    assert "undated" in home.table("outcomes").column("entity_id").to_pylist()


def test_the_stamp_changes_with_what_pages_show_and_with_nothing_else(
    server: BigQueryServer, home: BigQueryWarehouse
) -> None:
    seen = [home.stamp()]

    def changed(*rows: Row) -> bool:
        add(server, *rows)
        seen.append(home.stamp())
        return seen[-1] != seen[-2]

    assert not changed(row("batches", 5, batch_id="new"), row("predictions", 5, entity_id="new"))
    assert changed(row("models", 6, model_id="new"))
    assert changed(row("versions", 7, model_version="new"))
    assert changed(row("standing", 8, model_id="new"))
    assert changed(row("events", 9, event_id="new"))
    assert len(seen[0]) == 16


def test_the_stamp_is_empty_before_the_first_delivery_and_costs_nothing() -> None:
    with emulated() as server:
        make(server, "d", {})
        home = open_warehouse(ADDRESS)
        assert home.stamp() == ""
        add(server, row("models"))
        server.log.clear()
        assert home.stamp() == home.stamp() != ""
        assert not server.queries()


def test_states_tell_rows_bytes_and_the_last_change(server: BigQueryServer, home: BigQueryWarehouse) -> None:
    began = datetime.now(UTC)
    server.database.drop(("test", "d", "runs"))
    add(server, row("events", 5, event_id="new"))
    server.log.clear()
    states = {state.name: state for state in home.states()}
    assert list(states) == list(TABLES)
    assert states["models"].rows == home.table("models").num_rows
    assert (states["models"].bytes or 0) > 0
    changed = states["events"].delivered_at
    assert changed is not None
    assert abs((changed - began).total_seconds()) < 60
    assert (states["runs"].rows, states["runs"].delivered_at) == (0, None)
    assert (states["cohorts"].rows, states["cohorts"].delivered_at) == (0, None)
    assert server.queries()[1:] == [], "sizes are looked up, not counted"


def test_eight_readers_at_once_get_the_same(home: BigQueryWarehouse) -> None:
    def read(_: int) -> Any:
        with purpose("page", "fleet"):
            return home.query("registry").to_pylist()

    with ThreadPoolExecutor(8) as pool:
        first, *others = pool.map(read, range(16))
    assert first
    assert all(other == first for other in others)


def test_it_recovers_by_itself(server: BigQueryServer, home: BigQueryWarehouse) -> None:
    expected = home.query("registry")
    for kind in ("unavailable", "quota", "expired", "torn"):
        server.faults.add(Fault(kind, times=None))
        with purpose("page", "fleet"), pytest.raises(UnavailableError):
            home.query("registry")
        server.faults.clear()
        assert home.query("registry") == expected


def test_a_missing_table_says_how_to_make_it(server: BigQueryServer, home: BigQueryWarehouse) -> None:
    server.database.drop(("test", "d", "models"))
    with pytest.raises(WarehouseError, match="'VIGIE_WAREHOUSE=bigquery://test/d vigie init' creates what is missing"):
        home.query("registry")


def test_a_table_of_an_earlier_release_says_what_adds_its_columns(
    server: BigQueryServer, home: BigQueryWarehouse
) -> None:
    server.database.drop(("test", "d", "models"))
    with server.client() as client:
        client.query_and_wait("CREATE TABLE d.models (model_id STRING)")
    with pytest.raises(WarehouseError, match="'VIGIE_WAREHOUSE=bigquery://test/d vigie init' adds it"):
        home.query("registry")


def test_reading_bigquery_needs_neither_duckdb_nor_a_parser_of_sql(server: BigQueryServer) -> None:
    code = (
        "import sys\n"
        "from qod.warehouse import open_warehouse\n"
        f"home = open_warehouse({ADDRESS!r})\n"
        "assert not [name for name in sys.modules if name.startswith('google.')], 'opening imports no client'\n"
        "assert home.query('registry').num_rows and home.stamp() and home.states()\n"
        "print([name for name in ('duckdb', 'sqlglot', 'gcsfs', 'dash') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "[]\n", done.stderr
