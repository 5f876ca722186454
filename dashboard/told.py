"""What training told of a version in JSON: parsed, and left out where it cannot be used, so that what needs it is grey.

Vigie's own producers write it well; a job that fills the tables itself may not, and `vigie check` says so.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, TypeGuard

from dashboard.foreign import json_object
from dashboard.history import Baseline, Spread, Training


def baselines_of(text: str | None, of: str | None = None) -> dict[str, Baseline]:
    """The baselines that a version was delivered with, those that have a value; ``of`` names it where it matters."""
    found = {}
    for metric, said in json_object(text).items():
        value, se = (_number(said, key) for key in ("value", "se"))
        if value is not None:
            n = _number(said, "n")
            within = None if se is None or se < 0 else se
            found[metric] = Baseline(value, within, None if n is None else int(n), spread_of(said.get("chunks")), of)
    return found


def spread_of(said: object) -> Spread | None:
    """A number between slices, as noise and baselines have it; None where it is not whole."""
    n, mean, sd = _number(said, "n"), _number(said, "mean"), _number(said, "sd")
    n = _number(said, "batches") if n is None else n
    return None if n is None or mean is None or sd is None or sd < 0 else Spread(int(n), mean, sd)


def noise_of(text: str | None) -> Spread | None:
    """The noise between slices of the training rows of a variable."""
    return spread_of(json_object(text)) if text else None


def training_of(row: Mapping[str, Any]) -> Training:
    """What training left of a version beside its bins, from its row of ``evaluated_versions``."""
    threshold = row["threshold"] if row["threshold"] is not None and math.isfinite(row["threshold"]) else None
    return Training(
        threshold,
        tuple(row["classes"] or ()),
        calibration_of(row["calibration"]),
        json_object(row["losses"]),
        json_object(row["segments"]),
    )


def calibration_of(text: str | None) -> dict[str, dict[str, list[float]]]:
    """By class, the curve of its calibration, of those that are one."""
    return {name: curve for name, curve in json_object(text).items() if _is_curve(curve)}


def derived_of(text: str | None) -> frozenset[str]:
    """The names of the variables that are computed from others."""
    said = _json(text)
    return frozenset(one["name"] for one in said if isinstance(one, dict) and "name" in one) if said else frozenset()


def _is_curve(curve: object) -> bool:
    """Whether a calibration has scores and as many shares, all of them numbers."""
    if not isinstance(curve, dict):
        return False
    scores, shares = curve.get("scores"), curve.get("shares")
    if not isinstance(scores, list) or not isinstance(shares, list) or not scores or len(scores) != len(shares):
        return False
    return all(_finite(number) for number in (*scores, *shares))


def _number(said: object, key: str) -> float | None:
    number = said.get(key) if isinstance(said, dict) else None
    return number if _finite(number) else None


def _finite(number: object) -> TypeGuard[float]:
    return isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)


def _json(text: str | None) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None
