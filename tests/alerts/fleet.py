"""A small fleet whose last batch lacks values in one variable: five models, four of them red, each of another owner."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

import qod
from dashboard.evaluation.evaluate import evaluate
from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse

FIRST: Final = date(2026, 11, 12)
LAST: Final = FIRST + timedelta(days=3)
OWNERS: Final = {
    "churn": "ana@example.org",
    "credit": "bob@example.org",
    "fraud": "chloé@example.org",
    "upsell": "dan@example.org",
    "well": "ana@example.org",
}
RED: Final = tuple(model for model in OWNERS if model != "well")


def make(folder: Path) -> Warehouse:
    """The fleet, evaluated, in a new warehouse."""
    warehouse = open_warehouse(folder)
    entries: dict[str, object] = {
        "model_id": list(OWNERS),
        "name": [model.title() for model in OWNERS],
        "task": ["binary"] * len(OWNERS),
        "cadence": ["P1D"] * len(OWNERS),
        "cohort": ["month"] * len(OWNERS),
        "outcome_window_days": [30] * len(OWNERS),
        "owner_email": list(OWNERS.values()),
        "registered_at": [datetime(2026, 1, 1, tzinfo=UTC)] * len(OWNERS),
    }
    warehouse.deliver({"models": table_from_columns("models", entries)}, kind="register")
    chance = np.random.default_rng(3)
    for model in OWNERS:
        qod.deliver_reference(model, "v1", _rows(chance, 2000), warehouse=warehouse)
        for number in range((LAST - FIRST).days + 1):
            deliver(warehouse, model, FIRST + timedelta(days=number), holes=model in RED and number == 3)
    evaluate(warehouse, as_of=LAST)
    return warehouse


def deliver(warehouse: Warehouse, model: str, day: date, *, holes: bool) -> None:
    """A batch, a third of whose ages are missing, or none."""
    qod.deliver_batch(model, "v1", day, _rows(np.random.default_rng(9), 400, holes=holes), warehouse=warehouse)


def copy(made: Path, folder: Path) -> Path:
    """A fleet of its own for a test that writes."""
    shutil.copytree(made, folder)
    return folder


def _rows(chance: np.random.Generator, n: int, *, holes: bool = False) -> pa.Table:
    ages = chance.normal(40, 10, n)
    return pa.table(
        {
            "age": pa.array(ages, mask=(np.arange(n) % 3 == 0) if holes else None),
            "plan": pa.array(chance.choice(["a", "b"], n).tolist()),
        }
    )
