"""Small deliveries, for tests of a warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from qod.contract import table_from_columns

DAY = date(2026, 1, 1)


def batch_tables(
    batches: dict[str, int], *, model: str = "churn", variables: tuple[str, ...] = ("age", "plan"), day: date = DAY
) -> dict[str, pa.Table]:
    """A delivery of batches with their rows, and the same number in each count, so that a torn read shows."""
    pairs = [(b, v) for b in batches for v in variables]
    return {
        "batches": table_from_columns(
            "batches",
            {
                "model_id": [model] * len(batches),
                "model_version": ["1"] * len(batches),
                "batch_id": list(batches),
                "batch_date": [day] * len(batches),
                "rows": list(batches.values()),
            },
        ),
        "batch_variables": table_from_columns(
            "batch_variables",
            {
                "model_id": [model] * len(pairs),
                "model_version": ["1"] * len(pairs),
                "batch_id": [b for b, _ in pairs],
                "variable": [v for _, v in pairs],
                "batch_date": [day] * len(pairs),
                "counts": [[batches[b], 0] for b, _ in pairs],
                "unseen": [[{"level": "new", "rows": 3}]] * len(pairs),
                "quantiles": [[0.5]] * len(pairs),
            },
        ),
    }


def outcomes(ids: list[str], days: Sequence[date | None]) -> dict[str, pa.Table]:
    columns = {"model_id": ["churn"] * len(ids), "entity_id": ids, "batch_date": days, "outcome": ["1"] * len(ids)}
    return {"outcomes": table_from_columns("outcomes", columns)}
