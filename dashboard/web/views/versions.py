"""The versions of a model, newest first, with their batches counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from dashboard.web.page import Request


def versions_of(request: Request, model_id: str) -> list[dict[str, Any]]:
    """The versions of one model, from the tables; see ``with_batches``."""
    return with_batches(request.rows("versions", model_id=model_id), request.rows("batches", model_id=model_id))


def with_batches(versions: Iterable[Mapping[str, Any]], batches: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of query ``versions``, that of the newest batch first, those without a batch last.

    Each with ``batches`` (how many), ``first_batch_date`` and ``last_batch_date`` (None without a batch).
    """
    days: dict[str, list[date]] = {}
    for batch in batches:
        days.setdefault(batch["model_version"], []).append(batch["batch_date"])
    rows = [
        {
            **version,
            "batches": len(own := days.get(version["model_version"], [])),
            "first_batch_date": min(own, default=None),
            "last_batch_date": max(own, default=None),
        }
        for version in versions
    ]
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(
        rows,
        key=lambda row: (
            row["last_batch_date"] or date.min,
            row["deployed_at"] or never,
            row["trained_at"] or never,
            row["model_version"],
        ),
        reverse=True,
    )
