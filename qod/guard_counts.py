"""What a guard held back, counted: by variable, reason and level; the rows of the table ``held``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from qod.contract import table_from_columns
from qod.errors import InputError
from qod.guard_rules import Guard

Reason = Literal["unseen", "out_of_range", "missing"]


@dataclass(frozen=True, slots=True)
class Count:
    """``rows`` held back for one reason. ``level`` is one of the 20 most frequent; None: all others, or no level."""

    variable: str
    reason: Reason
    level: str | None
    rows: int


@dataclass(frozen=True, slots=True)
class HeldCounts:
    """Of ``rows`` that there were, ``held`` were held back, each counted once here.

    A row that was held back for two reasons stands in both of their counts.
    """

    model_id: str
    model_version: str
    rows: int
    held: int
    counts: tuple[Count, ...]

    @property
    def kept(self) -> int:
        """The rows that were not held back."""
        return self.rows - self.held


def held_rows(held: HeldCounts | None, batch_id: str, day: date) -> pa.Table:
    """The rows of the table ``held`` of one batch; none where nothing was held back."""
    if held is None or not held.counts:
        return table_from_columns("held", {})
    n = len(held.counts)
    return table_from_columns(
        "held",
        {
            "model_id": [held.model_id] * n,
            "model_version": [held.model_version] * n,
            "batch_id": [batch_id] * n,
            "batch_date": [day] * n,
            **{name: [getattr(one, name) for one in held.counts] for name in ("variable", "reason", "level", "rows")},
            "held_rows": [held.held] * n,
            "all_rows": [held.rows] * n,
        },
    )


def check_held(held: HeldCounts | None, model_id: str, model_version: str, rows: int) -> None:
    """InputError where ``held`` cannot be what was set aside before these ``rows`` of the version were delivered."""
    if held is None:
        return
    check_version(held, model_id, model_version)
    if rows > held.kept:
        raise InputError(
            f"the guard kept {held.kept:,} rows, but {rows:,} are delivered.",
            hint="score and deliver the kept rows of qod.guard.split, not all of them.",
        )


def check_version(guard: Guard | HeldCounts, model_id: str, model_version: str) -> None:
    """InputError where a guard, or what it counted, is of another model or version."""
    if (guard.model_id, guard.model_version) != (model_id, model_version):
        raise InputError(
            f"the guard is of {guard.model_id!r} {guard.model_version!r}, the batch of {model_id!r} {model_version!r}.",
            hint="a version knows what its own training had: make its guard with 'vigie guard MODEL --version "
            f"{model_version}'.",
        )
