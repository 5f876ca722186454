"""A model whose second version lost a variable and won another, and that was delivered without a score."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

import qod
from dashboard.evaluation.evaluate import evaluate
from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse

TODAY = date(2026, 11, 19)
MODEL = "changing"
ROWS = 60
LEVELS = 30


def changing(folder: Path) -> Warehouse:
    """Weekly batches of 60 rows: v1 has ``plan`` and ``old``, v2, of the last three weeks, ``plan`` and ``new``."""
    warehouse = open_warehouse(folder)
    registered = datetime(2025, 1, 1, tzinfo=UTC)
    entry = {"model_id": MODEL, "name": "Changing", "task": "binary", "cadence": "P7D", "cohort": "month"}
    columns = {key: [value] for key, value in {**entry, "outcome_window_days": 30, "registered_at": registered}.items()}
    warehouse.deliver({"models": table_from_columns("models", columns)}, kind="models")
    chance = np.random.default_rng(3)
    for version, other, weeks in (("v1", "old", range(20, 2, -1)), ("v2", "new", range(2, -1, -1))):
        first = TODAY - timedelta(weeks=weeks[0])
        training = _rows(chance, 4000, other)
        qod.deliver_reference(MODEL, version, training, warehouse=warehouse, deployed_at=first)
        for week in weeks:
            day = TODAY - timedelta(weeks=week)
            many = pa.array([f"made {n:03d}" for n in range(ROWS)])
            batch = _rows(chance, ROWS, other)
            if week == 0:
                batch = batch.set_column(0, "plan", many)
            qod.deliver_batch(MODEL, version, day, batch, warehouse=warehouse)
    evaluate(warehouse, as_of=TODAY)
    return warehouse


def _rows(chance: np.random.Generator, rows: int, other: str) -> pa.Table:
    plan = [f"plan {n:02d}" for n in chance.integers(0, LEVELS, rows)]
    return pa.table({"plan": plan, other: chance.normal(0.0, 1.0, rows)})
