"""A BigQuery server of the tests' own, which the product finds where it looks for BigQuery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from qod.warehouse.bigquery import rows
from qod.warehouse.bigquery.ask import Answer, Limits, ask
from qod.warehouse.bigquery.connect import Connection
from tests.bigquery.server import BigQueryServer

ADDRESS: Final = "bigquery://test/d"
"""The address of its dataset."""

SHORT: Final = Limits(seconds=0.6, attempts=3)
"""The limits of a question that is to be given up soon."""


@contextmanager
def emulated(*, location: str = "US", storage: bool = True) -> Iterator[BigQueryServer]:
    """The server, with an empty dataset ``test.d``; without ``storage`` nobody says where its Storage Read API is."""
    with BigQueryServer(location=location) as server, pytest.MonkeyPatch.context() as patch:
        server.database.create_dataset("test", {"datasetReference": {"datasetId": "d"}})
        patch.setenv("BIGQUERY_EMULATOR_HOST", server.address)
        patch.delenv("BIGQUERY_STORAGE_EMULATOR_HOST", raising=False)
        if storage:
            patch.setenv("BIGQUERY_STORAGE_EMULATOR_HOST", server.storage.address)
        yield server


ROWS: Final = rows.INLINE_ROWS + 31_000  # more than come with a reply, and enough for two streams
MANY: Final = "SELECT t.x, t.s FROM many AS t ORDER BY t.x"
SOME: Final = "SELECT t.x, t.s FROM many AS t WHERE t.x <= 12000 ORDER BY t.x"
"""A large result too, of 12,000 rows."""


@contextmanager
def filled() -> Iterator[BigQueryServer]:
    """The server with a table ``many``: x from 1 to ROWS, and the same as text. A reply brings 8,000 rows at most."""
    with emulated() as server, server.client() as client:
        server.api.page_rows = 8_000
        client.query_and_wait(
            f"CREATE TABLE d.many AS SELECT x, CAST(x AS STRING) AS s FROM UNNEST(GENERATE_ARRAY(1, {ROWS})) AS x"
        )
        yield server


def one(connection: Connection, sql: str = "SELECT 1 AS x", **options: Any) -> Answer:
    """The answer to a query that takes no parameters."""
    return ask(connection, sql, {}, query="one", **options)
