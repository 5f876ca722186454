"""A fleet of daily models over a year in the tests' BigQuery server: one evaluated in earnest, the others like it."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

import qod
from dashboard.evaluation.evaluate import evaluate
from qod.contract import TABLES, table_from_columns
from qod.warehouse import Warehouse, open_warehouse
from qod.warehouse.bigquery import ddl
from qod.warehouse.bigquery.connect import Connection, Place
from qod.warehouse.bigquery.warehouse import BigQueryWarehouse
from tests.bigquery.rows import fill
from tests.bigquery.server import BigQueryServer
from tests.bigquery.tables import quoted

TODAY: Final = date(2026, 11, 19)
MODEL: Final = "churn-postpaid-000"
VERSION: Final = "v3"
LARGE: Final = tuple(name for name, table in TABLES.items() if table.large)
NEIGHBOURS: Final = 3
"""Models that have rows in the large tables: enough to show that those of others are not read."""

_ROWS: Final = 120
_NAMES: Final = (
    *("failed_logins_30d", "late_payments_12m", "days_since_last_call", "open_balance_eur", "ip_distance_km"),
    *("data_used_gb_30d", "account_age_days", "declared_income_eur", "wait_seconds_p90", "payment_method"),
)
DRIFTING: Final = f"{_NAMES[0]}_00"
"""A variable that moves."""
_LEVELS: Final = ("direct debit", "card", "transfer", "cash at a shop", "by telephone", "other means")


@dataclass(frozen=True, slots=True)
class Year:
    """The fleet, and how many models and days it has."""

    warehouse: BigQueryWarehouse
    models: int
    days: int


def year(server: BigQueryServer, *, models: int = 300, days: int = 365, variables: int = 50) -> Year:
    """``models`` models, each as the one that is delivered and evaluated: ``variables`` variables, a batch a day.

    The others have the rows of the first, under names of the same length, some days earlier. In the large tables only
    the first few models have rows: that of no other is asked for, and what all weigh is a matter of multiplying.
    """
    place = Place("test", "year")
    server.database.create_dataset(place.project, {"datasetReference": {"datasetId": place.dataset}})
    warehouse = BigQueryWarehouse(Connection(place))
    with tempfile.TemporaryDirectory() as folder:
        lake = open_warehouse(folder)
        deliver_model(lake, days=days, variables=variables)
        evaluate(lake, as_of=TODAY)
        for name, table in TABLES.items():
            warehouse.connection.client.query_and_wait(ddl.create(ddl.STORED[name], place))
            if name not in ("predictions", "outcomes") and "model_id" in table.names:
                many = NEIGHBOURS if table.large else models
                _multiply(server, (place.project, place.dataset, name), lake.table(name), many)
    return Year(warehouse, models, days)


def _multiply(server: BigQueryServer, key: tuple[str, str, str], rows: pa.Table, models: int) -> None:
    """The rows of the first model, then those of the others: each a week's days earlier by its number."""
    cursor = server.database.cursor()
    fill(key, rows, server.database, cursor)
    number = "lpad(n.number::VARCHAR, 3, '0')"
    changed = [f"replace(t.model_id, '000', {number}) AS model_id"]
    if "batch_date" in rows.column_names:
        changed.append("t.batch_date - (n.number % 7)::INTEGER AS batch_date")
    cursor.execute(
        f"INSERT INTO {quoted(key)} SELECT t.* REPLACE ({', '.join(changed)}) "
        f"FROM {quoted(key)} AS t CROSS JOIN range(1, $models) AS n(number)",
        {"models": models},
    )


def deliver_model(lake: Warehouse, *, days: int, variables: int, model_id: str = MODEL, outcomes: bool = True) -> None:
    """One model with a reference, a year of batches and their truth: two of its variables move."""
    chance = np.random.default_rng(11)
    registered = datetime(2025, 10, 1, tzinfo=UTC)
    entry: dict[str, Any] = {
        "model_id": model_id,
        "name": "Churn, mobile postpaid",
        "description": "Who leaves within three months, so that the shops can call them before they do.",
        "team": "Base care",
        "owner_email": "ada.lovelace@example.org",
        "task": "binary",
        "cadence": "P1D",
        "cohort": "batch",
        "outcome_window_days": 30,
        "links": json.dumps({"repository": "https://git.example.org/base-care/churn-postpaid"}),
        "policy": json.dumps({"drift": {"amber": 0.12}}),
        "registered_at": registered,
    }
    lake.deliver(
        {"models": table_from_columns("models", {name: [value] for name, value in entry.items()})}, kind="models"
    )
    names = [f"{_NAMES[place % len(_NAMES)]}_{place:02d}" for place in range(variables)]
    training = _rows(chance, names, np.zeros(6000))
    qod.deliver_reference(
        *(model_id, VERSION, training),
        warehouse=lake,
        score="score",
        outcome="outcome",
        importance={name: 1 / variables for name in names},
        deployed_at=TODAY - timedelta(days=days - 1),
    )
    day = np.repeat(np.arange(days), _ROWS)
    dates = pa.array((np.datetime64(TODAY) - (days - 1 - day)).astype("datetime64[D]"))
    scored = _rows(chance, names, day / days * 2)
    scored = scored.append_column("day", dates).append_column("id", pa.array([f"c{n:06d}" for n in range(len(day))]))
    qod.deliver_history(
        *(model_id, VERSION, scored.drop_columns(["outcome"])),
        warehouse=lake,
        date="day",
        every="day",
        id="id",
        score="score",
    )
    if not outcomes:
        return
    truth = scored.filter(pa.array(day < days - 40)).select(["id", "day", "outcome"])
    qod.deliver_outcomes(model_id, truth, warehouse=lake, id="id", outcome="outcome", date="day")


def _rows(chance: np.random.Generator, names: list[str], moved: np.ndarray[Any, np.dtype[np.float64]]) -> pa.Table:
    """One row for each of ``moved``: how far, in standard deviations, the first two variables have gone."""
    rows = len(moved)
    columns: dict[str, pa.Array] = {}
    for place, name in enumerate(names):
        missing = chance.random(rows) < 0.02
        if name.startswith("payment_method"):
            columns[name] = pa.array(_LEVELS).take(pa.array(chance.integers(0, len(_LEVELS), rows), mask=missing))
        else:
            columns[name] = pa.array(chance.normal(moved if place < 2 else 0.0, 1.0, rows), mask=missing)
    score = 1 / (1 + np.exp(-chance.normal(0.0, 1.0, rows)))
    outcome = (chance.random(rows) < score).astype(int)
    return pa.table({**columns, "score": score, "outcome": outcome})
