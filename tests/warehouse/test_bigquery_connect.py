"""The address of a dataset, the setting that limits what a query bills, and clients made once a process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from qod.errors import SettingError, WarehouseError
from qod.warehouse import open_warehouse
from qod.warehouse.bigquery.connect import MAX_BYTES, Connection, Place, parse_address
from tests.bigquery.server import BigQueryServer
from tests.sql.bigquery import described
from tests.warehouse.bigquery_home import ADDRESS, emulated


@pytest.fixture
def server() -> Iterator[BigQueryServer]:
    with emulated(location="europe-west1") as started:
        yield started


def test_an_address_names_a_project_and_a_dataset() -> None:
    place = parse_address("bigquery://example.com:my-project/vigie_2")
    assert place == Place("example.com:my-project", "vigie_2")
    assert (str(place), place.address) == (
        "example.com:my-project.vigie_2",
        "bigquery://example.com:my-project/vigie_2",
    )
    assert parse_address("bigquery://my-project/vigie/") == Place("my-project", "vigie")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("bigquery://", "names no project"),
        ("bigquery:///vigie", "names no project"),
        ("bigquery://My Project/vigie", "'My Project' cannot be one"),
        ("bigquery://my-project", "names no dataset of 'my-project'"),
        ("bigquery://my-project/", "names no dataset of 'my-project'"),
        ("bigquery://my-project/vigie-prod", "'vigie-prod' may hold letters, digits and _ alone"),
        ("bigquery://my-project/vigie/health", "'vigie/health' may hold"),
    ],
)
def test_an_address_that_names_no_dataset_is_refused(address: str, said: str) -> None:
    with pytest.raises(WarehouseError, match=said) as caught:
        open_warehouse(address)
    assert "bigquery://my-project/vigie" in str(caught.value.hint)


@pytest.mark.parametrize("value", ["20 GiB", "-1", "1e9", "10485759"])
def test_a_limit_that_is_no_number_of_bytes_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_MAX_BYTES_BILLED", value)
    with pytest.raises(SettingError, match="VIGIE_MAX_BYTES_BILLED must be a whole number of bytes, 10485760 at least"):
        open_warehouse(ADDRESS)


def test_the_limit_is_that_of_the_setting(server: BigQueryServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.database.create(("test", "d", "models"), described("models"))

    def limit() -> str:
        server.log.clear()
        open_warehouse(ADDRESS).query("registry")
        (asked,) = server.queries()
        return str((asked.job or {})["configuration"]["query"]["maximumBytesBilled"])

    assert limit() == str(MAX_BYTES)
    monkeypatch.setenv("VIGIE_MAX_BYTES_BILLED", "10485760")
    assert limit() == "10485760"


def test_eight_threads_share_one_client(server: BigQueryServer) -> None:
    connection = Connection(parse_address(ADDRESS))
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: (connection.client, connection.storage), range(32)))
    assert len({(id(client), id(storage)) for client, storage in made}) == 1


def test_the_location_is_the_dataset_s_and_asked_after_once(server: BigQueryServer) -> None:
    connection = Connection(parse_address(ADDRESS))
    assert [connection.location() for _ in range(3)] == ["europe-west1"] * 3
    assert server.log.count("GET .*/datasets/d") == 1


def test_a_table_is_named_for_the_client() -> None:
    reference = Connection(parse_address(ADDRESS)).table_ref("health")
    assert (reference.project, reference.dataset_id, reference.table_id) == ("test", "d", "health")


def test_a_process_that_was_forked_makes_its_own_clients(server: BigQueryServer) -> None:
    code = f"""
import os
from qod.warehouse.bigquery.ask import ask
from qod.warehouse.bigquery.connect import Connection, parse_address
connection = Connection(parse_address({ADDRESS!r}))
def answer():
    return ask(connection, "SELECT 1 AS x", {{}}, query="one").table.to_pylist()
assert answer() == [{{"x": 1}}]
parent = connection.client
child = os.fork()
if child == 0:
    os._exit(0 if answer() == [{{"x": 1}}] and connection.client is not parent else 1)
assert os.waitpid(child, 0)[1] == 0
assert answer() == [{{"x": 1}}] and connection.client is parent
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
