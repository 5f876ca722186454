"""A model whose inputs move, delivered and evaluated as any other: what the pages about variables are tested on."""

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
FIRST = TODAY - timedelta(days=69)
RETRAINED = TODAY - timedelta(days=19)
NO_BATCH = tuple(TODAY - timedelta(days=days) for days in (30, 31, 32))
HOSTILE = 'a/b "q" <script>alert(1)</script> & \u202e<b>é'
LEVEL = "Nothing <i>"
ROWS = 400

MODEL, BARE = "moving", "bare"


def moving(folder: Path, *, told: bool = True) -> Warehouse:
    """Two models: ``moving``, whose inputs move, and ``bare``, which is only registered.

    v1 drifts in ``wait`` until v2 heals it; ``tenure`` goes missing in the last three batches, ``brand`` has a new
    level in the last ten; there is no batch on NO_BATCH. Unless ``told``, no truth has come.
    """
    warehouse = open_warehouse(folder)
    _register(warehouse)
    chance = np.random.default_rng(7)
    for version, shift, first, last in (
        ("v1", 0.0, FIRST, RETRAINED),
        ("v2", 1.0, RETRAINED, TODAY + timedelta(days=1)),
    ):
        training = _rows(chance, 8000, shift=shift)
        qod.deliver_reference(
            MODEL,
            version,
            training,
            warehouse=warehouse,
            score="score",
            outcome="outcome",
            importance={"wait": 0.3, "tenure": 0.5, "brand": 0.1, "amount": 0.05, HOSTILE: 0.05},
            deployed_at=first,
        )
        days = [first + timedelta(days=number) for number in range((last - first).days)]
        batches = [_batch(chance, day, version) for day in days if day not in NO_BATCH]
        history = pa.concat_tables(batches)
        qod.deliver_history(
            MODEL,
            version,
            history.drop_columns(["outcome"]),
            warehouse=warehouse,
            date="day",
            every="day",
            id="id",
            score="score",
        )
        if told:
            _tell(warehouse, history)
    evaluate(warehouse, as_of=TODAY)
    return warehouse


def _tell(warehouse: Warehouse, history: pa.Table) -> None:
    """What is known of the truth: that of batches at least nine days old."""
    known = history.filter(pa.array([day <= TODAY - timedelta(days=9) for day in history["day"].to_pylist()]))
    qod.deliver_outcomes(
        MODEL, known.select(["id", "day", "outcome"]), warehouse=warehouse, id="id", outcome="outcome", date="day"
    )


def _register(warehouse: Warehouse) -> None:
    ids = [MODEL, BARE]
    columns: dict[str, object] = {
        "model_id": ids,
        "name": ["Moving <b>model</b>", "Bare"],
        "task": ["binary", "regression"],
        "cadence": ["P1D"] * 2,
        "cohort": ["week"] * 2,
        "outcome_window_days": [7] * 2,
        "registered_at": [datetime(2026, 9, 1, tzinfo=UTC)] * 2,
    }
    warehouse.deliver({"models": table_from_columns("models", columns)}, kind="models")


def _rows(chance: np.random.Generator, rows: int, *, shift: float, missing: float = 0.01, new: float = 0.0) -> pa.Table:
    wait = chance.normal(shift, 1.0, rows)
    outcome = (chance.random(rows) < 1 / (1 + np.exp(-(wait - shift)))).astype(int)
    brand = np.where(
        chance.random(rows) < new, LEVEL, chance.choice(["Apple", "Samsung", "Sony"], rows, p=[0.6, 0.3, 0.1])
    )
    tenure = chance.exponential(20.0, rows).round(1)
    return pa.table(
        {
            "amount": chance.lognormal(3.0, 0.5, rows),
            "wait": wait,
            "brand": pa.array(brand),
            "tenure": pa.array(tenure, mask=chance.random(rows) < missing),
            HOSTILE: chance.integers(0, 5, rows),
            "score": 1 / (1 + np.exp(-(wait - shift))),
            "outcome": outcome,
        }
    )


def _batch(chance: np.random.Generator, day: date, version: str) -> pa.Table:
    drift = min(1.0, max(0.0, ((day - FIRST).days - 20) / 20)) if version == "v1" else 1.0
    rows = _rows(
        chance,
        ROWS,
        shift=drift,
        missing=0.4 if day > TODAY - timedelta(days=3) else 0.01,
        new=0.04 if day > TODAY - timedelta(days=10) else 0.0,
    )
    rows = rows.append_column("day", pa.array([day] * ROWS))
    return rows.append_column("id", pa.array([f"{day}-{number}" for number in range(ROWS)]))
