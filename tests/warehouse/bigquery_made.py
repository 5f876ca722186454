"""Datasets with all their tables, one a test, on one server."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import pyarrow as pa

from qod.contract import DELIVERY_COLUMNS, table_from_columns
from qod.warehouse import Warehouse
from qod.warehouse.bigquery.create import carry_out, plan
from qod.warehouse.bigquery.warehouse import BigQueryWarehouse, open_bigquery
from tests.bigquery.jobs import Job
from tests.bigquery.server import BigQueryServer
from tests.sql.rows import delivered, row

_NUMBERS: Final = itertools.count(1)
DAY: Final = date(2026, 3, 2)
HOSTILE: Final = "../\\'\"`; DROP TABLE models --\u00e9\U0001f525" + "x" * 270
"""A name that is long, and hurts what is not quoted."""


def made(server: BigQueryServer) -> BigQueryWarehouse:
    """A warehouse in a dataset of its own, made as 'vigie init' does; the server forgets its faults and requests."""
    warehouse = open_bigquery(f"bigquery://test/d{next(_NUMBERS)}")
    carry_out(warehouse.connection, plan(warehouse.connection, "US"))
    server.faults.clear()
    server.log.clear()
    return warehouse


def rows_of(name: str, *rows: Mapping[str, Any]) -> pa.Table:
    """Rows of a table as a producer sends them; what is not given is filled in plausibly."""
    if not rows:
        return table_from_columns(name, {})
    return delivered(row(name, **columns) for columns in rows)[name].drop_columns(list(DELIVERY_COLUMNS))


def held(warehouse: Warehouse, name: str) -> list[dict[str, Any]]:
    """What a table holds now, without delivery columns, in an order of its own."""
    table = warehouse.table(name).drop_columns(list(DELIVERY_COLUMNS))
    return sorted(table.to_pylist(), key=repr)


def batch(
    batch_id: str = "b1", *, rows: int = 2, day: date = DAY, model: str = "churn", version: str = "1"
) -> dict[str, pa.Table]:
    """A delivery of one batch: itself, two variables, and ``rows`` predictions."""
    of = {"model_id": model, "model_version": version, "batch_id": batch_id, "batch_date": day}
    return {
        "batches": rows_of("batches", of | {"rows": rows}),
        "batch_variables": rows_of(
            "batch_variables", *(of | {"variable": v, "counts": [rows]} for v in ("age", "plan"))
        ),
        "predictions": rows_of("predictions", *(of | {"entity_id": f"{batch_id}-{n}"} for n in range(rows))),
    }


def later(days: int) -> date:
    """The day that many days after DAY."""
    return DAY + timedelta(days=days)


def staged(warehouse: BigQueryWarehouse) -> list[str]:
    """The staging tables of the dataset."""
    listed = warehouse.connection.client.list_tables(str(warehouse.connection.place))
    return [table.table_id for table in listed if table.table_id.startswith("staging_")]


def logged(warehouse: BigQueryWarehouse) -> list[tuple[str, str, str, int]]:
    """(delivery, table, batch, rows) of every entry of the log."""
    sql = (
        f"SELECT d.* FROM {warehouse.connection.place}.deliveries AS d ORDER BY d.delivery_id, d.table_name, d.batch_id"
    )
    found = warehouse.connection.client.query_and_wait(sql).to_arrow().to_pylist()
    return [(row["delivery_id"], row["table_name"], row["batch_id"], row["rows"]) for row in found]


def count(warehouse: Warehouse, name: str) -> int:
    """The rows of a table."""
    return warehouse.table(name).num_rows


def wait_for_pending(server: BigQueryServer) -> Job:
    """The job that a fault keeps from being carried out."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        waiting = [job for job in list(server.jobs._jobs.values()) if job.polls > 1000]
        if waiting:
            return waiting[0]
        time.sleep(0.01)
    raise AssertionError("no job is waiting")
