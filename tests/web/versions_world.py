"""Models whose versions differ in every way that the pages about versions tell apart."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

import qod
from dashboard.evaluation.evaluate import evaluate
from dashboard.events import Event, to_table
from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse

TODAY = date(2026, 11, 19)
HOSTILE = 'v/2 "q" <script>alert(1)</script> & \u202e<b>é'
"""The version in use of ``many``, and a variable that every version has."""
NOTE = "The <b>new</b> tariff came; all is well"

MANY, ALONE, BARE, UNSCORED, HOURS = "many", "alone", "bare", "unscored", "hours"
SPANS = {"v1": (40, 20), HOSTILE: (20, 0), "v3": (10, 0)}
"""Of ``many``: days ago of a version's first batch, and of the day after its last; v3, to be deployed in nine
days, scores beside the one in use."""


def versions_world(folder: Path) -> Warehouse:
    """``many`` has three versions, ``hours`` (regression) two, ``alone`` one, ``unscored`` one without batches,
    ``bare`` none.
    """
    warehouse = open_warehouse(folder)
    chance = np.random.default_rng(5)
    ids = [MANY, ALONE, BARE, UNSCORED, HOURS]
    columns: dict[str, object] = {
        "model_id": ids,
        "name": ["Many <b>versions</b>", "Alone", "Bare", "Unscored", "Hours"],
        "team": ["Care"] * 5,
        "task": ["binary", "binary", "binary", "binary", "regression"],
        "cadence": ["P1D"] * 5,
        "cohort": ["week"] * 5,
        "outcome_window_days": [5] * 5,
        "registered_at": [datetime(2026, 9, 1, tzinfo=UTC)] * 5,
    }
    warehouse.deliver({"models": table_from_columns("models", columns)}, kind="models")
    for place, (version, span) in enumerate(SPANS.items()):
        deployed = TODAY + timedelta(days=9) if version == "v3" else _ago(span[0])
        _deliver(warehouse, chance, MANY, version, 2000 + 400 * place, span, deployed=deployed)
    _deliver(warehouse, chance, ALONE, "v1", 1000, (12, 0), deployed=_ago(12))
    _deliver(warehouse, chance, UNSCORED, "v1", 1000, (0, 0), deployed=None)
    for version, span in (("v1", (30, 12)), ("v2", (12, 0))):
        _deliver(warehouse, chance, HOURS, version, 1000, span, deployed=_ago(span[0]))
    evaluate(warehouse, as_of=TODAY)
    happened = [
        Event("n1", _moment(15), "note", model_id=MANY, author="ada", facts={"text": NOTE}),
        Event("n2", _moment(15), "note", model_id=MANY, author="grace", facts={"text": "Second thoughts"}),
        Event("r1", _moment(25), "retraining_asked", model_id=MANY, author="vigie"),
    ]
    warehouse.deliver({"events": to_table(happened)}, kind="events")
    return warehouse


def _ago(days: int) -> date:
    return TODAY - timedelta(days=days - 1)


def _moment(days: int) -> datetime:
    return datetime.combine(_ago(days), time(10), UTC)


def _deliver(
    warehouse: Warehouse,
    chance: np.random.Generator,
    model: str,
    version: str,
    trained_on: int,
    span: tuple[int, int],
    *,
    deployed: date | None,
) -> None:
    regression = model == HOURS
    qod.deliver_reference(
        *(model, version, _rows(chance, trained_on, version, regression=regression)),
        warehouse=warehouse,
        score="score",
        outcome="outcome",
        importance={"wait": 0.6},
        deployed_at=deployed,
        trained_at=datetime.combine(_ago(span[0] + 1), time(), UTC),
        framework="lightgbm <4>",
    )
    if span[0] == span[1]:
        return
    days = [TODAY - timedelta(days=ago) for ago in range(span[0] - 1, span[1] - 1, -1)]
    parts = []
    for day in days:
        rows = _rows(chance, 80, version, regression=regression).append_column("day", pa.array([day] * 80))
        parts.append(rows.append_column("id", pa.array([f"{day}-{number}" for number in range(80)])))
    history = pa.concat_tables(parts)
    qod.deliver_history(
        *(model, version, history.drop_columns(["outcome"])),
        warehouse=warehouse, date="day", every="day", id="id", score="score",
    )  # fmt: skip
    qod.deliver_outcomes(
        model, history.select(["id", "day", "outcome"]), warehouse=warehouse, id="id", outcome="outcome", date="day"
    )


def _rows(chance: np.random.Generator, rows: int, version: str, *, regression: bool) -> pa.Table:
    """``fee`` stays the same, ``wait`` moves by one with each version; some come, go, or change their type."""
    moved = list(SPANS).index(version) if version in SPANS else 0
    wait = chance.normal(moved, 1.0, rows)
    score = wait if regression else 1 / (1 + np.exp(moved - wait))
    columns = {
        "wait": pa.array(wait),
        "fee": pa.array(chance.choice([10.0, 20.0, 30.0, 40.0], rows)),
        HOSTILE: pa.array(chance.choice(["a", "b", *(["c"] if moved else [])], rows)),
    }
    plan = chance.integers(1, 9, rows)
    columns["plan"] = pa.array([f"P{number}" for number in plan]) if moved else pa.array(plan.astype(float))
    columns["old" if moved == 0 else "new"] = pa.array(chance.normal(0.0, 1.0, rows))
    columns["score"] = pa.array(score)
    outcome = wait + chance.normal(0.0, 0.5, rows) if regression else (chance.random(rows) < score).astype(int)
    return pa.table({**columns, "outcome": outcome})
