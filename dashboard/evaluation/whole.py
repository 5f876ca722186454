"""The whole history of one model as its last evaluation saw it, and the layers of its policy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from dashboard.evaluation.due import Due, model_of
from dashboard.evaluation.load import load_whole
from dashboard.history import ModelHistory
from dashboard.stated import Stated, fleet_policy, parse_stated
from qod.errors import UnknownNameError
from qod.warehouse import Warehouse

LAYERS: Final = ("fleet", "model")
"""What changes the defaults, the later the stronger."""


def history_of(warehouse: Warehouse, model_id: str) -> ModelHistory:
    """Everything up to the day the model's last evaluation took for today (UTC today before the first).

    UnknownNameError for a model that is not registered.
    """
    model = model_of(_entry(warehouse, model_id), _fleet(warehouse))
    days = {row["model_id"]: row["as_of"] for row in warehouse.query("evaluation_state").to_pylist()}
    as_of = days.get(model_id, datetime.now(UTC).date())
    due = Due(model, entry="", as_of=as_of, seen="", stood=None, standing=None, changes=None)
    return load_whole(warehouse, [due])[model_id].history


def layers_of(warehouse: Warehouse, model_id: str) -> dict[str, Stated]:
    """What each of LAYERS states for the model; UnknownNameError for one that is not registered."""
    own = _entry(warehouse, model_id)["policy"]
    return dict(zip(LAYERS, (parse_stated(_fleet(warehouse)), parse_stated(own)), strict=True))


def _entry(warehouse: Warehouse, model_id: str) -> dict[str, Any]:
    entries = {row["model_id"]: row for row in warehouse.query("registry").to_pylist()}
    if model_id not in entries:
        first = None if entries else "no model is registered yet: run 'vigie register MODEL.toml'."
        raise UnknownNameError("model", model_id, entries, hint=first)
    found: dict[str, Any] = entries[model_id]
    return found


def _fleet(warehouse: Warehouse) -> str | None:
    return fleet_policy(warehouse.query("policies").to_pylist())
