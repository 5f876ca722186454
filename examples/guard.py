"""A scoring job that sets rows aside first: python guard.py guard.json rows.parquet 2026-11-19.

The guard comes from a message, or from: vigie guard churn --json > guard.json
"""

from __future__ import annotations

import sys

import pandas as pd

import qod


def score(rows: pd.DataFrame) -> pd.Series:
    """In place of your model."""
    return pd.Series(0.5, index=rows.index)


def main(guard_file: str, rows_file: str, day: str, warehouse: str = "warehouse") -> None:
    """Score the rows that the guard keeps, write down the others, and deliver the batch with both counts."""
    guard = qod.guard.read_guard(guard_file)
    split = qod.guard.split(pd.read_parquet(rows_file), guard)
    split.write_held(f"held-{day}.parquet")
    scored = split.kept.assign(score=score)
    qod.deliver_batch(
        guard.model_id,
        guard.model_version,
        day,
        scored,
        warehouse=warehouse,
        id="customer_id",
        score="score",
        held=split.counts,
    )
    print(f"{split.counts.kept:,} rows scored, {split.counts.held:,} held back.")


if __name__ == "__main__":
    main(*sys.argv[1:])
