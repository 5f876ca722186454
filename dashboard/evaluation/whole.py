"""The whole history of one model as its last evaluation saw it, and the layers of its policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from dashboard.evaluation.due import model_of
from dashboard.evaluation.load import Answering, read_whole
from dashboard.history import ModelHistory
from dashboard.stated import Stated, fleet_policy, parse_stated
from qod.errors import UnknownNameError

LAYERS: Final = ("fleet", "model")
"""What changes the defaults, the later the stronger."""

_RUN_UP_DAYS: Final = 92
"""Days that votes, usual rows and two months of a cohort look back at most, on daily batches."""


def history_of(tables: Answering, model_id: str) -> ModelHistory:
    """Everything up to the day the model's last evaluation took for today (UTC today before the first).

    UnknownNameError for a model that is not registered.
    """
    model = model_of(_entry(tables, model_id), _fleet(tables))
    days = {row["model_id"]: row["as_of"] for row in tables.query("evaluation_state").to_pylist()}
    return read_whole(tables, [model], days.get(model_id, _today()))[model_id].history


def newest_of(tables: Answering, entry: Mapping[str, Any], most: int) -> ModelHistory:
    """The same of the model whose row of query ``fleet`` is given, but no more than its newest batches are judged by.

    They are ``most`` at most, and those of as many days before them as a cohort's truth takes.
    """
    model = model_of(entry, _fleet(tables))
    model_id, as_of = model.model_id, entry["as_of"] or _today()
    batches = tables.query("evaluated_batches", models=[model_id], since=date.min, until=as_of)
    days = sorted(batches.column("batch_date").to_pylist(), reverse=True)
    since = date.min
    if days:
        run_up = timedelta(days=model.outcome_window_days + _RUN_UP_DAYS)
        since = days[most - 1] - run_up if len(days) > most else days[-1]
    return read_whole(tables, [model], as_of, since=since)[model_id].history


def _today() -> date:
    return datetime.now(UTC).date()


def layers_of(tables: Answering, model_id: str) -> dict[str, Stated]:
    """What each of LAYERS states for the model; UnknownNameError for one that is not registered."""
    own = _entry(tables, model_id)["policy"]
    return dict(zip(LAYERS, (parse_stated(_fleet(tables)), parse_stated(own)), strict=True))


def _entry(tables: Answering, model_id: str) -> dict[str, Any]:
    entries = {row["model_id"]: row for row in tables.query("registry").to_pylist()}
    if model_id not in entries:
        first = None if entries else "no model is registered yet: run 'vigie register MODEL.toml'."
        raise UnknownNameError("model", model_id, entries, hint=first)
    found: dict[str, Any] = entries[model_id]
    return found


def _fleet(tables: Answering) -> str | None:
    return fleet_policy(tables.query("policies").to_pylist())
