"""The thresholds that colours depend on: the defaults, and what a model's registry entry changes."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from typing import Any, Final

from qod.errors import InputError, UnknownNameError


@dataclass(frozen=True, slots=True)
class Policy:
    """The thresholds of one model.

    In the registry's JSON a field stands under its section: ``{"drift": {"amber": 0.15}}`` is ``drift_amber``.
    Shares, PSI and AUC drops are 0..1; rises of RMSE are relative. ValueError when two of them contradict each other.
    """

    drift_amber: float = 0.10
    drift_red: float = 0.25
    drift_rows: int = 200
    pool_batches: int = 7
    missing_amber: float = 0.01
    missing_red: float = 0.05
    unseen_amber: float = 0.01
    unseen_red: float = 0.05
    duplicate_ids_amber: float = 0.01
    duplicate_ids_red: float = 0.05
    row_count_low: float = 0.5
    row_count_high: float = 2.0
    row_count_batches: int = 28
    auc_amber: float = 0.01
    auc_red: float = 0.03
    accuracy_amber: float = 0.01
    accuracy_red: float = 0.03
    rmse_amber: float = 0.05
    rmse_red: float = 0.15
    completeness: float = 0.95
    grace_share: float = 0.25
    importance_light: float = 0.01

    def __post_init__(self) -> None:
        for name in _RULES_WITH_TWO:
            amber, red = getattr(self, f"{name}_amber"), getattr(self, f"{name}_red")
            if not 0 < amber <= red:
                raise ValueError(f"{name}: amber ({amber:g}) must be above 0 and no higher than red ({red:g})")
        for name in ("drift_rows", "pool_batches", "row_count_batches"):
            if getattr(self, name) < 1:
                raise ValueError(f"{_place(name)} must be at least 1, not {getattr(self, name)}")
        if not 0 <= self.row_count_low < 1 < self.row_count_high:
            raise ValueError(
                f"row_count: low ({self.row_count_low:g}) must be below 1 and high ({self.row_count_high:g}) above 1"
            )
        for name in ("completeness", "importance_light"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{_place(name)} is a share between 0 and 1, not {getattr(self, name):g}")
        if self.grace_share < 0:
            raise ValueError(f"{_place('grace_share')} must not be negative, not {self.grace_share:g}")


_RULES_WITH_TWO: Final = ("drift", "missing", "unseen", "duplicate_ids", "auc", "accuracy", "rmse")

POLICY_KEYS: Final[dict[str, str]] = {
    "drift.amber": "drift_amber",
    "drift.red": "drift_red",
    "drift.rows": "drift_rows",
    "drift.pool_batches": "pool_batches",
    "missing.amber": "missing_amber",
    "missing.red": "missing_red",
    "unseen.amber": "unseen_amber",
    "unseen.red": "unseen_red",
    "duplicate_ids.amber": "duplicate_ids_amber",
    "duplicate_ids.red": "duplicate_ids_red",
    "row_count.low": "row_count_low",
    "row_count.high": "row_count_high",
    "row_count.batches": "row_count_batches",
    "auc.amber": "auc_amber",
    "auc.red": "auc_red",
    "accuracy.amber": "accuracy_amber",
    "accuracy.red": "accuracy_red",
    "rmse.amber": "rmse_amber",
    "rmse.red": "rmse_red",
    "performance.completeness": "completeness",
    "freshness.grace_share": "grace_share",
    "importance.light": "importance_light",
}
"""Where each field stands in the registry's JSON: ``section.key`` -> field of Policy."""


def parse_policy(text: str | None) -> Policy:
    """The policy that ``text`` (JSON, or None for the defaults) describes.

    Raises InputError for text that is no JSON object or a value that cannot be a threshold, and UnknownNameError
    for a key that does not exist.
    """
    if text is None or not text.strip():
        return Policy()
    try:
        sections = json.loads(text)
    except ValueError as error:
        raise InputError(f"the policy is no JSON: {error}.", column="policy", hint=_EXAMPLE) from None
    return policy_from_sections(sections)


def policy_from_sections(sections: Any) -> Policy:
    """As ``parse_policy``, from the parsed ``{section: {key: value}}``."""
    if not isinstance(sections, dict):
        raise InputError("a policy is a table of sections.", column="policy", hint=_EXAMPLE)
    values: dict[str, Any] = {}
    for section, keys in sections.items():
        if section not in {place.split(".")[0] for place in POLICY_KEYS}:
            raise UnknownNameError("policy section", section, {place.split(".")[0] for place in POLICY_KEYS})
        if not isinstance(keys, dict):
            raise InputError(f"policy section {section!r} is a table of keys.", column="policy", hint=_EXAMPLE)
        for key, value in keys.items():
            place = f"{section}.{key}"
            if place not in POLICY_KEYS:
                raise UnknownNameError("policy key", place, POLICY_KEYS)
            values[POLICY_KEYS[place]] = _number(place, value)
    try:
        return Policy(**values)
    except ValueError as error:
        raise InputError(f"{error}.", column="policy") from None


def _number(place: str, value: Any) -> float | int:
    whole = {field.name: field.type for field in fields(Policy)}[POLICY_KEYS[place]] == "int"
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"policy key {place} is a number, not {value!r}.", column="policy", hint=_EXAMPLE)
    if whole and value != int(value):
        raise InputError(f"policy key {place} is a whole number, not {value!r}.", column="policy")
    return int(value) if whole else float(value)


def _place(name: str) -> str:
    return next(place for place, field_name in POLICY_KEYS.items() if field_name == name)


_EXAMPLE: Final = 'write it as {"drift": {"amber": 0.15, "red": 0.3}}.'
