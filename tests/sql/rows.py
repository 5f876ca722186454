"""Rows of the contract's tables for the proof of the queries: what a row does not say is filled in plausibly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pyarrow as pa

from qod.contract import DELIVERY_COLUMNS, TABLES, arrow_schema


@dataclass(frozen=True, slots=True)
class Row:
    """A row of ``table``, delivered by the delivery of this number (from 1)."""

    table: str
    columns: Mapping[str, Any]
    delivery: int = 1

    def bare(self) -> Row:
        """The row with NULL wherever the contract allows it, save in its key."""
        table = TABLES[self.table]
        required = {*table.key, *(column.name for column in table.columns if not column.nullable)}
        return replace(self, columns={name: value for name, value in self.columns.items() if name in required})


def day(month: int, day: int) -> date:
    """A day of 2026."""
    return date(2026, month, day)


def moment(month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, microsecond: int = 0) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, minute, second, microsecond, UTC)


def text(value: object) -> str:
    """JSON as BigQuery writes it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


_KEY: Final = {"model_id": "churn", "model_version": "1", "batch_id": "b1", "batch_date": day(3, 2)}

_FILLED: Final[dict[str, dict[str, Any]]] = {
    "models": {
        "model_id": "churn",
        "name": "Churn, postpaid",
        "description": "Who leaves\nwithin a month: “é”, \U0001f525 and 'quotes'.",
        "team": "Base care",
        "owner_email": "care@example.org",
        "task": "binary",
        "cadence": "P7D",
        "cohort": "month",
        "outcome_window_days": 30,
        "links": text({"repository": "https://example.org/churn"}),
        "policy": text({"drift": {"amber": 0.15}}),
        "retrain": text({"job": "churn-train"}),
        "registered_at": moment(1, 5, 8, 30, 0, 123456),
    },
    "versions": {
        "model_id": "churn",
        "model_version": "1",
        "trained_at": moment(1, 10, 4),
        "deployed_at": moment(2, 1, 6),
        "rows": 1000,
        "framework": "scikit-learn 1.9",
        "score_variable": "score",
        "baselines": text({"auc": {"n": 400, "se": 0.02, "value": 0.75}}),
        "threshold": 0.5,
        "classes": ["leaves", "stays"],
        "segments": text({"column": "region", "segments": {}}),
        "calibration": text({"1": {"scores": [0.1, 0.9], "shares": [0.2, 0.8]}}),
        "losses": text({"squared": {"effects": {}, "mean": 1.5}}),
        "derived": text([{"at": 0.5, "column": "score", "kind": "threshold", "name": "prediction"}]),
    },
    "gates": {
        "model_id": "churn",
        "model_version": "2",
        "against": "1",
        "state": "open",
        "cohort": "month:2026-03",
        "first_day": day(3, 1),
        "cohorts": 1,
        "metric": "auc",
        "old": 0.75,
        "new": 0.76,
        "difference": 0.01,
        "low": -0.02,
        "high": 0.04,
        "margin": 0.005,
        "accepted_by": "somebody",
        "decided_at": moment(4, 2),
    },
    "policies": {"policy_id": "fleet", "policy": text({"drift": {"amber": 0.2}}), "registered_at": moment(1, 4)},
    "reference_variables": {
        "model_id": "churn",
        "model_version": "1",
        "variable": "age",
        "position": 0,
        "kind": "numeric",
        "importance": 0.375,
        "edges": [0.5, 1.5],
        "levels": ["kept"],
        "tail": ["rare", ""],
        "low": -1.25,
        "high": 9.75,
        "counts": [400, 350, 250, 0],
        "mean": 1.125,
        "sd": 0.1,
        "distinct_values": 812,
        "noise": text({"batches": 20, "mean": 0.001, "sd": 0.002}),
        "weekdays": [*range(28)],
        "type": "number",
    },
    "batches": {
        **_KEY,
        "bins": "ab12",
        "rows": 100,
        "duplicate_ids": 0,
        "started_at": moment(3, 2, 5),
        "finished_at": moment(3, 2, 5, 12),
        "status": "success",
        "run_url": "https://example.org/runs/1",
    },
    "batch_variables": {
        **_KEY,
        "variable": "age",
        "counts": [40, 35, 20, 5],
        "below": 1,
        "above": 2,
        "unseen": [{"level": "new", "rows": 3}, {"level": "newer", "rows": 1}],
        "mean": 1.0,
        "sd": 0.3,
        "low": -2.5,
        "high": 11.0,
        "quantiles": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
        "distinct_values": 88,
        "type": "number",
    },
    "predictions": {
        **_KEY,
        "entity_id": "e1",
        "score": 0.5,
        "prediction": "stays",
        "segment": "north",
        "probabilities": [0.25, 0.75],
    },
    "held": {
        **_KEY,
        "variable": "plan",
        "reason": "unseen",
        "level": "Nothing \u201cé\u201d",
        "rows": 36,
        "held_rows": 40,
        "all_rows": 2000,
    },
    "outcomes": {
        "model_id": "churn",
        "entity_id": "e1",
        "batch_date": day(3, 2),
        "outcome": "1",
        "observed_at": moment(3, 20),
    },
    "measures": {**_KEY, "subject": "age", "metric": "psi", "value": 0.125, "low": 0.1, "high": 0.2, "n": 100},
    "findings": {
        **_KEY,
        "subject": "age",
        "rule": "drift",
        "family": "drift",
        "colour": "amber",
        "since": day(3, 2),
        "onset": day(3, 1),
        "weight": 0.375,
        "facts": text({"psi": 0.125, "threshold": 0.1}),
    },
    "health": {
        **_KEY,
        "colour": "green",
        "drift": "green",
        "quality": "green",
        "performance": "grey",
        "freshness": "green",
        "since": day(3, 2),
        "headline_en": "All 3 variables are stable.",
        "headline_fr": "Les 3 variables sont stables.",
        "as_of": day(3, 3),
        "valid_until": day(3, 10),
        "version_order": 1,
        "inputs": "a1b2",
        "memory": text({"runs": []}),
    },
    "cohorts": {
        "model_id": "churn",
        "model_version": "1",
        "batch_id": "month:2026-03",
        "batch_date": day(3, 1),
        "last_day": day(3, 31),
        "predicted": 100,
        "known": 96,
        "verdict": text({"colour": "green"}),
    },
    "standing": {
        **_KEY,
        "colour": "green",
        "drift": "green",
        "quality": "green",
        "performance": "grey",
        "freshness": "green",
        "since": day(3, 2),
        "headline_en": "All 3 variables are stable.",
        "headline_fr": "Les 3 variables sont stables.",
        "as_of": day(3, 3),
        "valid_until": day(3, 10),
        "strip": [{"batch_date": day(3, 1), "colour": "grey"}, {"batch_date": day(3, 2), "colour": "green"}],
        "mark": "a1b2",
    },
    "runs": {
        "run_id": "20260303T090000.000000Z-00000001",
        "started_at": moment(3, 3, 9),
        "finished_at": moment(3, 3, 9, 1),
        "as_of": day(3, 3),
        "mark": "a1b2",
        "models": 3,
        "evaluated": 2,
        "batches": 5,
        "bytes_processed": 4096,
        "bytes_billed": 0,
    },
    "events": {
        "event_id": "v1",
        "happened_at": moment(3, 3, 7),
        "kind": "note",
        "model_id": "churn",
        "model_version": "1",
        "batch_id": "b1",
        "subject": "age",
        "author": "somebody",
        "facts": text({"text": "looked at"}),
    },
}


def row(table: str, delivery: int = 1, /, **columns: Any) -> Row:
    """A row of ``table``: ``columns`` in place of a plausible row's own; KeyError for a column it does not have."""
    strange = {*columns, *_FILLED[table]} ^ {*TABLES[table].names} - {*DELIVERY_COLUMNS}
    if strange:
        raise KeyError(f"{table}: {sorted(strange)} in the contract alone, or not in it")
    return Row(table, {**_FILLED[table], **columns}, delivery)


def delivered(rows: Iterable[Row]) -> dict[str, pa.Table]:
    """The rows by table, with their delivery columns, in the contract's types."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in rows:
        at = moment(6, one.delivery, 9, 0, 0, 250)
        stamps = {"delivery_id": f"{at:%Y%m%dT%H%M%S.%f}Z-{one.delivery:08x}", "delivered_at": at}
        found.setdefault(one.table, []).append({**one.columns, **stamps})
    return {name: pa.Table.from_pylist(columns, arrow_schema(name)) for name, columns in found.items()}
