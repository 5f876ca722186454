"""Handing simulated models to a warehouse, in the ways jobs would: register, reference, history, outcomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Final

import qod
from dashboard.demo.fleet import registry_row
from dashboard.demo.marker import Parameters
from dashboard.demo.model import DemoModel
from dashboard.demo.rows import importances
from dashboard.demo.simulate import Simulation, probability_columns, simulate
from dashboard.evaluation.evaluate import evaluate
from qod.contract import table_from_columns
from qod.warehouse import Warehouse

FRAMEWORKS: Final = {
    "Base care": "scikit-learn 1.8",
    "Growth": "lightgbm 4.6",
    "Risk": "xgboost 3.1",
    "Network": "R 4.5, ranger 0.17",
    "Field": "R 4.5, ranger 0.17",
    "Care": "scikit-learn 1.8",
}
EVERY: Final = {"P1D": "day", "P7D": "week", "P1M": "month"}

Filled = tuple[str | None, int, dict[str, float]]
"""A model (None: the fleet as a whole), its scored rows, and the seconds each stage took."""


def register(warehouse: Warehouse, models: tuple[DemoModel, ...], parameters: Parameters) -> None:
    """Register the demo's models."""
    rows = [registry_row(model) for model in models]
    columns: dict[str, object] = {name: [row[name] for row in rows] for name in rows[0]}
    registered = datetime.combine(parameters.today, datetime.min.time(), UTC)
    warehouse.deliver(
        {"models": table_from_columns("models", {**columns, "registered_at": [registered] * len(rows)})}, kind="models"
    )


def deliver(warehouse: Warehouse, simulation: Simulation) -> None:
    """Hand a simulated model to the warehouse in the ways a training job, a scoring job and the truth would."""
    model = simulation.model
    for version in simulation.versions:
        deployed = version.history["date"][0].as_py()
        qod.deliver_reference(
            model.model_id,
            version.name,
            version.training,
            warehouse=warehouse,
            score=simulation.score,
            outcome="outcome",
            date="date",
            segment="segment",
            exclude=("segment",),
            probabilities=probability_columns(model),
            importance=importances(model),
            trained_at=datetime.combine(deployed - timedelta(days=1), datetime.min.time(), UTC),
            deployed_at=deployed,
            framework=FRAMEWORKS[model.team],
        )
        qod.deliver_history(
            model.model_id,
            version.name,
            version.history,
            warehouse=warehouse,
            date="date",
            every=EVERY[model.cadence],
            id="id",
            score=simulation.score,
            segment="segment",
            probabilities=probability_columns(model),
        )
    if simulation.outcomes.num_rows:  # a young model's first truth may not be due yet
        qod.deliver_outcomes(
            model.model_id,
            simulation.outcomes,
            warehouse=warehouse,
            id="id",
            outcome="outcome",
            observed="observed",
            date="date",
        )


def fill(warehouse: Warehouse, parameters: Parameters, model: DemoModel, *, evaluated: bool = True) -> Filled:
    """Simulate and deliver one model, and evaluate it unless that is done for all of them later."""
    marks = [perf_counter()]
    simulation = simulate(model, today=parameters.today, days=parameters.days, seed=parameters.seed)
    marks.append(perf_counter())
    deliver(warehouse, simulation)
    marks.append(perf_counter())
    if evaluated:
        evaluate(warehouse, [model.model_id], as_of=parameters.today, tidy=False)
    marks.append(perf_counter())
    rows = sum(version.history.num_rows for version in simulation.versions)
    seconds = {name: marks[k + 1] - marks[k] for k, name in enumerate(("simulate", "deliver", "evaluate"))}
    return model.model_id, rows, seconds
