"""Two models of two versions each that score on the same days, so that only names tell what is theirs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

import qod
from dashboard.evaluation.evaluate import evaluate
from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse

TODAY = date(2026, 11, 22)
"""A Sunday."""
TWINS, VERSIONS, DAYS, ROWS = ("twin-a", "twin-b"), ("v1", "v2"), 32, 210
SEGMENTS = np.array(["north", "south"])


def twins(folder: Path) -> Warehouse:
    """Binary models with weekly cohorts whose truth is final. ``wait`` and ``fee`` each go missing on days of their
    own, which differ between the models and their versions.
    """
    warehouse = open_warehouse(folder)
    columns: dict[str, object] = {
        "model_id": list(TWINS),
        "name": list(TWINS),
        "task": ["binary"] * 2,
        "cadence": ["P1D"] * 2,
        "cohort": ["week"] * 2,
        "outcome_window_days": [0] * 2,
        "registered_at": [datetime(2026, 9, 1, tzinfo=UTC)] * 2,
    }
    warehouse.deliver({"models": table_from_columns("models", columns)}, kind="models")
    for number, (model, version) in enumerate((model, version) for model in TWINS for version in VERSIONS):
        _deliver(warehouse, np.random.default_rng(number), model, version, number)
    evaluate(warehouse, as_of=TODAY)
    return warehouse


def _deliver(warehouse: Warehouse, chance: np.random.Generator, model: str, version: str, number: int) -> None:
    first = TODAY - timedelta(days=DAYS - 1)
    qod.deliver_reference(
        *(model, version, _rows(chance, 2000)),
        warehouse=warehouse,
        score="score",
        outcome="outcome",
        segment="region",
        deployed_at=first,
        trained_at=datetime.combine(first - timedelta(days=1), time(), UTC),
    )
    parts = []
    for place in range(DAYS):
        day = first + timedelta(days=place)
        empty = {"wait": (place + number) % 5 == 0, "fee": (place + number) % 4 == 1}
        ids = pa.array([f"{version}-{day}-{row}" for row in range(ROWS)])
        parts.append(_rows(chance, ROWS, empty).append_column("day", pa.array([day] * ROWS)).append_column("id", ids))
    history = pa.concat_tables(parts)
    qod.deliver_history(
        *(model, version, history.drop_columns(["outcome"])),
        warehouse=warehouse, date="day", every="day", id="id", score="score", segment="region",
    )  # fmt: skip
    qod.deliver_outcomes(
        model, history.select(["id", "day", "outcome"]), warehouse=warehouse, id="id", outcome="outcome", date="day"
    )


def _rows(chance: np.random.Generator, rows: int, empty: dict[str, bool] | None = None) -> pa.Table:
    """Rows of which, in the columns that are ``empty``, a fifth has no value."""
    wait = chance.normal(0.0, 1.0, rows)
    score = 1 / (1 + np.exp(-wait))
    values = {"wait": wait, "fee": chance.normal(10.0, 2.0, rows)}
    columns = {
        name: pa.array(column, mask=(chance.random(rows) < 0.2) & bool(empty and empty[name]))
        for name, column in values.items()
    }
    region = pa.array(chance.choice(SEGMENTS, rows))
    outcome = (chance.random(rows) < score).astype(int)
    return pa.table({**columns, "region": region, "score": score, "outcome": outcome})
