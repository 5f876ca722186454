"""The newest batches of a model with their health: as many as a page shows, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.web.page import Request

EVERY: Final = 1_000_000
"""More places than any model has batches."""


@dataclass(frozen=True, slots=True)
class HealthHistory:
    """The evaluated batches of a model, newest first: ``rows`` of the newest, and how many there are in all.

    A row is one of query ``model_health`` with ``rows`` and ``run_url`` of its batch. ``named`` says whether some batch
    is called otherwise than its day, ``versions`` how many versions have batches.
    """

    rows: tuple[Mapping[str, Any], ...] = ()
    total: int = 0
    named: bool = False
    versions: int = 0


def health_history(
    request: Request, entry: Mapping[str, Any], *, places: int, batch: str = "", version: str = ""
) -> HealthHistory:
    """At least the newest ``places`` batches, and all that are as new as the one called ``batch`` (of ``version``)."""
    newest = entry["batch_date"]
    if newest is None:
        return HealthHistory()
    batches = request.rows("batches", model_id=entry["model_id"])
    evaluated = sorted((row["batch_date"] for row in batches if row["batch_date"] <= newest), reverse=True)
    asked = [row["batch_date"] for row in batches if row["batch_id"] == batch and version in ("", row["model_version"])]
    since: date = min([newest, *evaluated[:places][-1:], *asked])
    facts = {(row["model_version"], row["batch_id"]): row for row in batches}
    rows = []
    for row in request.rows("model_health", model_id=entry["model_id"], since=since):
        own = facts.get((row["model_version"], row["batch_id"]), {})
        rows.append({**row, "rows": own.get("rows"), "run_url": own.get("run_url")})
    return HealthHistory(
        rows=tuple(rows),
        total=len(rows) + sum(day < since for day in evaluated),
        named=any(row["batch_id"] != row["batch_date"].isoformat() for row in batches),
        versions=len({row["model_version"] for row in batches}),
    )
