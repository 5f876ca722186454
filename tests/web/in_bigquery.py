"""The small fleet in the tests' BigQuery server, asked by the genuine client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qod.contract import TABLES
from qod.warehouse import Warehouse
from qod.warehouse.bigquery import ddl
from qod.warehouse.bigquery.connect import parse_address
from tests.bigquery.rows import fill
from tests.bigquery.server import BigQueryServer
from tests.warehouse.bigquery_home import ADDRESS, emulated


@contextmanager
def fleet_in_bigquery(lake: Warehouse) -> Iterator[BigQueryServer]:
    """A server with everything that a lake holds, at ADDRESS; its log is empty."""
    place = parse_address(ADDRESS)
    with emulated() as server, server.client() as client:
        cursor = server.database.cursor()
        for name in TABLES:
            client.query_and_wait(ddl.create(ddl.STORED[name], place))
            fill((place.project, place.dataset, name), lake.table(name), server.database, cursor)
        server.log.clear()
        yield server


def deliver(server: BigQueryServer) -> None:
    """Change the stamp, as a delivery does."""
    with server.client() as client:
        client.query_and_wait(
            "UPDATE d.models SET delivered_at = TIMESTAMP_ADD(delivered_at, INTERVAL 1 SECOND) WHERE TRUE"
        )
