"""From rows of the tables to the two sides of a comparison: bins as training froze them, and rows counted in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.drift_measures import Frozen, Side
from qod.contract import QUANTILES

Row = Mapping[str, Any]


def frozen_bins(reference: Sequence[Row]) -> Frozen:
    """The variables of one version, from its rows of ``reference_variables``, in their order."""
    cuts = [row["edges"] for row in reference]
    edges = np.full((len(reference), max(map(len, cuts), default=0)), np.inf)
    for v, given in enumerate(cuts):
        edges[v, : len(given)] = given
    return Frozen(
        names=tuple(row["variable"] for row in reference),
        numeric=np.array([row["kind"] == "numeric" for row in reference], bool),
        bins=np.array([len(row["counts"]) for row in reference], np.int64),
        edges=edges,
        sd=_numbers(reference, "sd"),
    )


def side(rows: Sequence[Row], frozen: Frozen) -> Side:
    """Training (rows of ``reference_variables``) or one batch (rows of ``batch_variables``), one row a variable.

    A variable that has no row, or one that was not counted in these bins, has no counts.
    """
    given = {row["variable"]: row for row in rows}
    counts = np.zeros((len(frozen.names), int(frozen.bins.max(initial=2))), np.int64)
    quantiles = np.full((len(frozen.names), len(QUANTILES)), np.nan)
    found: list[Row] = []
    for v, (name, bins) in enumerate(zip(frozen.names, frozen.bins.tolist(), strict=True)):
        row = given.get(name, {})
        counted = len(row.get("counts", ())) == bins
        found.append(row if counted else {})
        if counted:
            counts[v, :bins] = row["counts"]
        if counted and len(row.get("quantiles", ())) == len(QUANTILES):
            quantiles[v] = row["quantiles"]
    return Side(
        counts, mean=_numbers(found, "mean"), low=_numbers(found, "low"), high=_numbers(found, "high"),
        quantiles=quantiles,
    )  # fmt: skip


def _numbers(rows: Sequence[Row], name: str) -> npt.NDArray[np.float64]:
    """One number a row; NaN where there is none."""
    return np.array([np.nan if row.get(name) is None else row[name] for row in rows], np.float64)
