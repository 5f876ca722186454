"""A server of its own for each test, with one dataset, and a genuine client of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.bigquery.server import BigQueryServer


@pytest.fixture
def server() -> Iterator[BigQueryServer]:
    with BigQueryServer() as started:
        started.database.create_dataset("test", {"datasetReference": {"datasetId": "d"}})
        yield started


@pytest.fixture
def client(server: BigQueryServer) -> Iterator[Any]:
    with server.client() as made:
        yield made


@pytest.fixture
def counts(client: Any) -> str:
    """The name of a large table: two models, ten days, one row each, a filter on the day demanded."""
    client.query_and_wait(
        "CREATE TABLE d.counts (model_id STRING NOT NULL, batch_date DATE NOT NULL, counts ARRAY<INT64>, "
        "value FLOAT64) PARTITION BY batch_date CLUSTER BY model_id OPTIONS (require_partition_filter = TRUE)"
    )
    client.query_and_wait(
        "INSERT INTO d.counts (model_id, batch_date, counts, value) "
        "SELECT m, DATE_ADD(DATE '2026-01-01', INTERVAL day DAY), [1, 2, 3], 0.5 "
        "FROM UNNEST(['a', 'bb']) AS m, UNNEST(GENERATE_ARRAY(0, 9)) AS day"
    )
    return "d.counts"
