"""What the tests of the producers share: a registered model in a warehouse of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse

DATA = Path(__file__).parent / "data"


def register(folder: Path, *, model_id: str = "churn", task: str = "binary") -> Warehouse:
    """A warehouse in ``folder`` that knows one model."""
    warehouse = open_warehouse(folder)
    entry = {
        "model_id": [model_id],
        "name": ["Churn"],
        "task": [task],
        "cadence": ["P1D"],
        "cohort": ["month"],
        "outcome_window_days": [30],
        "registered_at": [datetime(2026, 1, 1, tzinfo=UTC)],
    }
    warehouse.deliver({"models": table_from_columns("models", entry)}, kind="register")
    return warehouse
