"""BigQuery as an engine: the genuine client asks the tests' own server, through the product's own warehouse."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import pyarrow as pa

from qod.warehouse.bigquery import ddl
from qod.warehouse.bigquery.connect import Connection, Place
from qod.warehouse.bigquery.warehouse import BigQueryWarehouse
from qod.warehouse.query import Query
from tests.bigquery import statement
from tests.bigquery.jobs import Jobs
from tests.bigquery.rows import fill
from tests.bigquery.server import BigQueryServer
from tests.bigquery.tables import Database
from tests.sql.engine import fingerprint, holding

PROJECT: Final = "test"


class BigQueryEngine:
    """A dataset for each set of rows, that holds the rows that hold, last one first: only ORDER BY may set their order.

    Large tables refuse a query that does not say which of their days it reads.
    """

    name = "bigquery"

    def __init__(self, server: BigQueryServer) -> None:
        self._server = server
        self._datasets: dict[str, BigQueryWarehouse] = {}

    def run(self, query: Query, params: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> pa.Table:
        """The rows of ``query``; WarehouseError where the server refuses it, for its SQL or for what it would read."""
        rows = fingerprint(tables)
        if rows not in self._datasets:
            dataset = f"rows_{uuid.uuid4().hex}"
            self._server.database.create_dataset(PROJECT, {"datasetReference": {"datasetId": dataset}})
            make(self._server, dataset, tables)
            self._datasets[rows] = BigQueryWarehouse(Connection(Place(PROJECT, dataset)))
        return self._datasets[rows].query(query.name, **params)


def make(server: BigQueryServer, dataset: str, tables: Mapping[str, pa.Table]) -> None:
    """Every table of the contract in a dataset that is there, with the rows that hold of these deliveries.

    They are made behind the API's back: it is the reading that is proved with them.
    """
    database = server.database
    for name, rows in holding(tables).items():
        key = (PROJECT, dataset, name)
        database.create(key, described(name))
        if rows.num_rows:
            fill(key, rows.take(pa.array(range(rows.num_rows - 1, -1, -1))), database, database.cursor())


@cache
def described(name: str) -> dict[str, Any]:
    """A table of the contract as BigQuery's API describes it, made by the product's own statement."""
    database = Database()
    database.create_dataset(PROJECT, {"datasetReference": {"datasetId": "d"}})
    statement.run(ddl.create(ddl.STORED[name], Place(PROJECT, "d")), Jobs(database).scope(PROJECT, {}, None))
    made = database.table((PROJECT, "d", name))
    database.close()
    return {
        key: made[key] for key in ("schema", "timePartitioning", "clustering", "requirePartitionFilter") if key in made
    }
