"""What earlier evaluations wrote of some models, as far as the next one needs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from dashboard.evaluation.mark import Span
from dashboard.evaluation.measure_rows import Key
from qod.warehouse import Warehouse

StoredCohort = tuple[date, date, int, int, str]
"""A row of ``cohorts``: first and last day, predictions, those whose truth is known, and the verdict."""


def stored_health(warehouse: Warehouse, models: Sequence[str], since: date) -> dict[str, list[dict[str, Any]]]:
    """By model: rows of ``evaluated_health``, oldest first in each version."""
    return by_model(warehouse.query("evaluated_health", models=models, since=since).to_pylist())


def digests_of(rows: Iterable[dict[str, Any]]) -> dict[Key, tuple[date, str]]:
    """By batch: the day it is stored on, and the digest of what is stored."""
    return {(row["model_version"], row["batch_id"]): (row["batch_date"], row["inputs"]) for row in rows}


def stored_cohorts(warehouse: Warehouse, models: Sequence[str], span: Span) -> dict[str, dict[Key, StoredCohort]]:
    """By model: the stored cohorts that begin in a span of days."""
    rows = warehouse.query("evaluated_cohorts", models=models, since=span[0], until=span[1]).to_pylist()
    return {
        model_id: {
            (row["model_version"], row["batch_id"]): (
                *(row["batch_date"], row["last_day"]),
                *(row["predicted"], row["known"]),
                row["verdict"],
            )
            for row in of_model
        }
        for model_id, of_model in by_model(rows).items()
    }


def by_model(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each model, in their order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["model_id"], []).append(row)
    return found
