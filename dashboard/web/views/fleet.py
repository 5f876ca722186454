"""The models of the fleet: one row each, without their strips; and their colours by day."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard.web.fleet_days import DAYS, DayCounts, Histories, histories, trend_counts
from dashboard.web.reader import Reading


def fleet_rows(reading: Reading) -> list[dict[str, Any]]:
    """The rows of query ``fleet``. The strips are left out: as Python objects they outweigh everything else."""
    return reading.keep(("fleet_rows",), lambda: reading.read("fleet").drop_columns(["strip"]).to_pylist())


def fleet_histories(reading: Reading) -> Histories:
    """The strips of query ``fleet``."""
    return reading.keep(("histories",), lambda: histories(reading.read("fleet")))


def fleet_counts(reading: Reading, today: date) -> DayCounts:
    """How many models had which colour on each of the last DAYS days, as far as strips know."""
    models = [row["model_id"] for row in fleet_rows(reading)]
    return reading.keep(("fleet_counts", today), lambda: trend_counts(models, fleet_histories(reading), today, DAYS))
