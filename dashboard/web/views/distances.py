"""How far the batches on screen are from training and from each other, in every measure of distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from dashboard.counted import frozen_bins, side
from dashboard.drift_measures import REASONS, Measure, drift_measures
from dashboard.text import Text

Row = Mapping[str, Any]

METRICS: Final = ("psi", "js_distance", "l_infinity", "ks", "wasserstein")
"""What is told, by the keys of the metrics; the last two of numeric variables only."""


@dataclass(frozen=True, slots=True)
class Distance:
    """One measure of one pair: None without a value, and then why. ``chance`` is what no drift exceeds but rarely."""

    value: float | None
    chance: float | None = None
    why: Text | None = None


def distances(reference: Row, pairs: Sequence[tuple[Row | None, Row | None]]) -> dict[str, list[Distance]]:
    """Every measure of each of ``pairs`` (base, batch), in their order: rows of ``variable_counts``.

    The ``reference``, a row of ``variables``, may itself be a base; None is a batch without the variable.
    """
    frozen = frozen_bins([reference])
    name = reference["variable"]
    found: dict[str, list[Distance]] = {metric: [] for metric in METRICS}
    for base, batch in pairs:
        sides = [side([{**row, "variable": name}] if row is not None else [], frozen) for row in (base, batch)]
        measures = drift_measures(frozen, *sides).by_metric
        noise = measures["psi_noise"].high
        for metric in METRICS:
            chance = float(noise[0]) if metric == "psi" and noise is not None and isfinite(noise[0]) else None
            found[metric].append(_told(measures[metric], chance))
    numeric = reference["kind"] == "numeric"
    return {metric: told for metric, told in found.items() if numeric or metric not in ("ks", "wasserstein")}


def _told(measure: Measure, chance: float | None) -> Distance:
    value = float(measure.value[0])
    return Distance(value, chance) if isfinite(value) else Distance(None, None, REASONS[int(measure.reason[0])])
