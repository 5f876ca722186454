"""The champion gate of one version as the table ``gates`` keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from dashboard.retrain.gate import State


@dataclass(frozen=True, slots=True)
class Gate:
    """Fields as the contract has the columns; the numbers are None while nothing can be compared."""

    model_id: str
    model_version: str
    against: str
    state: State
    margin: float
    decided_at: datetime
    cohort: str | None = None
    first_day: date | None = None
    cohorts: int = 0
    metric: str | None = None
    old: float | None = None
    new: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    accepted_by: str | None = None

    @property
    def counts(self) -> bool:
        """Whether the version's own baselines count."""
        return self.state == "passed"


def from_row(row: Mapping[str, Any]) -> Gate:
    """The gate that a row of query ``gates`` holds."""
    return Gate(**{name: row[name] for name in Gate.__dataclass_fields__})


def to_table(gates: Sequence[Gate]) -> pa.Table:
    """The gates as rows to deliver."""
    from qod.contract import table_from_columns

    rows = [asdict(gate) for gate in gates]
    return table_from_columns("gates", {name: [row[name] for row in rows] for name in Gate.__dataclass_fields__})
