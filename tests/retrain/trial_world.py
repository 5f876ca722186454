"""A model whose first version went red, and a second that was trained because of that: both score the same days."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from dashboard.alerts.read import read_world
from dashboard.events import Event
from dashboard.settings import Settings
from dashboard.world import World
from qod.warehouse import Warehouse
from qod.warehouse.lake import LakeWarehouse
from tests.sending import send_events, send_rows

FIRST: Final = date(2026, 10, 1)
ASKED: Final = datetime(2026, 10, 3, 9, tzinfo=UTC)
TRAINED: Final = datetime(2026, 10, 4, 3, tzinfo=UTC)
ROWS: Final = 1000
WINDOW: Final = 2
"""Days from a batch until its truth is complete."""


class TrialWorld:
    """One model in a lake; a batch is a cohort. ``lift`` of a version says how far its scores tell the truth apart."""

    def __init__(self, folder: Path, *, task: str = "binary", margin: float = 0.005, cohort: str = "batch") -> None:
        self.lake: Warehouse = LakeWarehouse(folder)
        self.random, self.task = np.random.default_rng(7), task
        entry = {
            "model_id": "m",
            "name": "M",
            "task": task,
            "cadence": "P1D",
            "cohort": cohort,
            "outcome_window_days": WINDOW,
            "policy": json.dumps({"retrain": {"margin": margin}}),
            "registered_at": ASKED,
        }
        send_rows(self.lake, "register", models=[entry])

    def train(self, version: str, baseline: float, *, at: datetime | None = None) -> None:
        """Deliver the training of a version, with its main measure on the test set."""
        measured = {key: {"value": baseline, "se": 0.004, "n": 20_000} for key in ("auc", "rmse", "accuracy")}
        head = {"model_id": "m", "model_version": version, "trained_at": at, "rows": 1000}
        variable = {"variable": "x", "position": 0, "kind": "numeric", "edges": [0.5], "levels": [], "tail": []}
        key = {"model_id": "m", "model_version": version}
        send_rows(
            self.lake,
            "reference",
            versions=[head | {"baselines": json.dumps(measured), "classes": []}],
            reference_variables=[key | variable | {"counts": [500, 500, 0]}],
        )

    def score(self, days: Iterable[int], lifts: dict[str, float]) -> None:
        """Score the same rows of some days of October with each version, and deliver their truth."""
        for day in (date(2026, 10, number) for number in days):
            truth = self.random.random(ROWS) < 0.5
            ids = [f"{day}-{number}" for number in range(ROWS)]
            for version, lift in lifts.items():
                noise = self.random.normal(size=ROWS)
                score = truth + noise * lift if self.task == "regression" else 1 / (1 + np.exp(-lift * truth - noise))
                self._batch(version, day, ids, score)
            moment = datetime.combine(day + timedelta(days=1), time(), UTC)
            rows = [
                {"model_id": "m", "entity_id": one, "batch_date": day, "outcome": str(int(yes)), "observed_at": moment}
                for one, yes in zip(ids, truth, strict=True)
            ]
            send_rows(self.lake, "outcomes", outcomes=rows)

    def asked(self, at: datetime = ASKED, version: str = "1") -> None:
        """Record that a retraining of the model was asked for."""
        self.told(Event(f"r{at:%d}.asked", at, "retraining_asked", "m", version, facts={"request_id": f"r{at:%d}"}))

    def told(self, *events: Event) -> None:
        """Record events."""
        send_events(self.lake, *events)

    def read(self, day: int) -> World:
        """The world as a run on the morning of a day of October reads it."""
        return read_world(self.lake, datetime(2026, 10, day, 8, tzinfo=UTC), Settings())

    def gates(self) -> dict[str, dict[str, Any]]:
        """The gates that stand, by version."""
        return {row["model_version"]: row for row in self.lake.query("gates").to_pylist()}

    def performance(self, version: str) -> tuple[str, dict[str, Any]]:
        """The colour of performance of the newest batch of a version, and the facts of its finding, if it has one."""
        rows = [row for row in self.lake.table("health").to_pylist() if row["model_version"] == version]
        newest = max(rows, key=lambda row: row["batch_date"])
        found = [
            json.loads(row["facts"])
            for row in self.lake.table("findings").to_pylist()
            if (row["model_version"], row["batch_id"], row["family"]) == (version, newest["batch_id"], "performance")
        ]
        return newest["performance"], next(iter(found), {})

    def _batch(self, version: str, day: date, ids: list[str], score: Any) -> None:
        of = {"model_id": "m", "model_version": version, "batch_id": day.isoformat(), "batch_date": day}
        variable = of | {"variable": "x", "counts": [ROWS // 2, ROWS // 2, 0], "unseen": [], "quantiles": []}
        send_rows(
            self.lake,
            "batch",
            batches=[of | {"rows": ROWS, "duplicate_ids": 0}],
            batch_variables=[variable],
            predictions=[
                of | {"entity_id": one, "score": float(value), "probabilities": []}
                for one, value in zip(ids, score, strict=True)
            ],
        )
