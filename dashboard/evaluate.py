"""Evaluation: measures, findings and health for what is new or changed; idempotent, and safe to kill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from dashboard.assess import assess
from dashboard.history import HealthRow
from dashboard.load import load_history, next_data
from dashboard.results import (
    Key,
    digest,
    findings_table,
    grouped,
    health_table,
    key_of,
    measures_table,
    same_rows,
)
from qod.errors import UnknownNameError
from qod.warehouse import Warehouse

RULES_VERSION: Final = "1"
"""Part of what a row was computed from: raise it when a rule or metric changes, and everything is evaluated anew."""


@dataclass(frozen=True, slots=True)
class Change:
    """A model whose newest colour is another one than before."""

    model_id: str
    before: str | None
    after: str
    headline_en: str
    headline_fr: str


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What an evaluation did: models looked at, models evaluated, batches written, colours changed."""

    models: int
    evaluated: int
    batches: int
    changes: tuple[Change, ...]


def evaluate(
    warehouse: Warehouse,
    models: Sequence[str] = (),
    *,
    as_of: date | None = None,
    tidy: bool = True,
    progress: Callable[[int, int, str], None] | None = None,
) -> EvaluationReport:
    """Evaluate the named models, or all: only those with new or changed data, or whose colour can change by time.

    Each model is one atomic delivery, and the same tables give the same rows: it may be killed at any moment and
    run again, and two at once do the same work twice and no harm. ``as_of`` is the day taken for today (UTC);
    batches after it are left out. ``tidy`` folds small files together at the end. ``progress`` is called with
    (done, total, model_id).
    Raises UnknownNameError for a model that is not registered.
    """
    as_of = as_of or datetime.now(UTC).date()
    entries = {row["model_id"]: row for row in warehouse.query("registry").to_pylist()}
    for name in models:
        if name not in entries:
            raise UnknownNameError("model", name, entries)
    chosen = [entries[name] for name in sorted(set(models) or entries)]
    inputs = warehouse.inputs()
    state = {row["model_id"]: row for row in warehouse.query("evaluation_state").to_pylist()}
    due = [e for e in chosen if _is_due(state.get(e["model_id"]), _origin(inputs, e["model_id"]), as_of)]
    written, changes = 0, []
    for done, entry in enumerate(due):
        if progress is not None:
            progress(done, len(due), entry["model_id"])
        batches, change = _evaluate_model(warehouse, entry, as_of, _origin(inputs, entry["model_id"]))
        written += batches
        if change is not None:
            changes.append(change)
    if progress is not None and due:
        progress(len(due), len(due), "")
    if tidy:
        warehouse.tidy()
    return EvaluationReport(len(chosen), len(due), written, tuple(changes))


def _origin(inputs: dict[str, str], model_id: str) -> str:
    return f"{RULES_VERSION}-{inputs.get(model_id, '')}"


def _is_due(state: dict[str, Any] | None, origin: str, as_of: date) -> bool:
    """Whether anything that the newest health row of a model rests on has changed."""
    if state is None or state["inputs"].split(":")[0] != origin:
        return True
    until = state["valid_until"]
    return bool(as_of < state["as_of"] or (until is not None and as_of >= until))


def _evaluate_model(warehouse: Warehouse, entry: dict[str, Any], as_of: date, origin: str) -> tuple[int, Change | None]:
    """Assess one model and deliver the batches and cohorts whose rows differ from the stored ones.

    What is stored and no longer comes out (a batch after ``as_of``, a cohort of an earlier policy) is removed.
    """
    model_id = entry["model_id"]
    result = assess(load_history(warehouse, entry, as_of=as_of))
    stored = {
        (row["model_version"], row["batch_id"]): row
        for row in warehouse.query("health_digests", model_id=model_id).to_pylist()
    }
    held_cohorts: dict[Key, list[tuple[Any, ...]]] = {}
    for row in warehouse.query("cohort_measures", model_id=model_id).to_pylist():
        held_cohorts.setdefault((row["model_version"], row["batch_id"]), []).append(tuple(row.values())[2:])

    health, newest = _lasting(warehouse, model_id, result.health, as_of)
    measures, findings = grouped(result)
    digests = {key_of(row): digest(row, measures.get(key_of(row), ()), findings.get(key_of(row), ())) for row in health}
    changed = [row for row in health if _differs(stored.get(key_of(row)), digests[key_of(row)], origin, row is newest)]
    cohorts = {key: rows for key, rows in measures.items() if key not in digests}
    new_cohorts = {k: rows for k, rows in cohorts.items() if not same_rows(held_cohorts.get(k, []), rows)}
    gone = (stored.keys() - digests.keys()) | (held_cohorts.keys() - cohorts.keys())
    if not changed and not new_cohorts and not gone:
        return 0, None
    keys = [key_of(row) for row in changed]
    warehouse.deliver(
        {
            "health": health_table(model_id, changed, digests, as_of=as_of, origin=origin),
            "measures": measures_table(model_id, {key: measures.get(key, []) for key in (*keys, *new_cohorts)}),
            "findings": findings_table(model_id, [f for key in keys for f in findings.get(key, ())]),
        },
        kind="evaluation",
        emptied=[(model_id, *key) for key in sorted(gone)],
    )
    return len(changed), _change(model_id, stored, health, newest)


def _lasting(
    warehouse: Warehouse, model_id: str, health: Sequence[HealthRow], as_of: date
) -> tuple[list[HealthRow], HealthRow | None]:
    """The rows, the newest of them with the first day on which data that is already here begins to count."""
    if not health:
        return [], None
    newest = max(health, key=_age)
    days = (newest.valid_until, next_data(warehouse, model_id, as_of=as_of))
    lasting = replace(newest, valid_until=min((day for day in days if day), default=None))
    return [lasting if row is newest else row for row in health], lasting


def _differs(stored: dict[str, Any] | None, digest: str, origin: str, is_newest: bool) -> bool:
    """Whether a row has to be written: it is new or another one, or it has to carry what the model rests on."""
    if stored is None or stored["inputs"].split(":")[-1] != digest:
        return True
    return is_newest and stored["inputs"] != f"{origin}:{digest}"


def _change(
    model_id: str, stored: dict[Key, dict[str, Any]], health: Sequence[HealthRow], newest: HealthRow | None
) -> Change | None:
    """The change of the model's newest colour, if there is one."""
    if newest is None:
        return None
    last = max((row for row in health if key_of(row) in stored), key=_age, default=None)
    before = stored[key_of(last)]["colour"] if last is not None else None
    if before == newest.colour:
        return None
    return Change(model_id, before, newest.colour, newest.headline_en, newest.headline_fr)


def _age(row: HealthRow) -> tuple[date, int, str, str]:
    return row.batch_date, row.version_order, row.model_version, row.batch_id
