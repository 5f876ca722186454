"""The models of the fleet: one row each, without their strips."""

from __future__ import annotations

from typing import Any

from dashboard.web.reader import Reading


def fleet_rows(reading: Reading) -> list[dict[str, Any]]:
    """The rows of query ``fleet``. The strips are left out: as Python objects they outweigh everything else."""
    return reading.keep(("fleet_rows",), lambda: reading.read("fleet").drop_columns(["strip"]).to_pylist())
