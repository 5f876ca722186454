"""Evaluation: measures, findings and health for what is new or changed; idempotent, and safe to kill."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from dashboard.assess import assess
from dashboard.finding import Finding
from dashboard.history import Assessment, HealthRow
from dashboard.load import load_history, next_data
from qod.contract import table_from_columns
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
    progress: Callable[[int, int, str], None] | None = None,
) -> EvaluationReport:
    """Evaluate the named models, or all: only those with new or changed data, or whose colour can change by time.

    Each model is one atomic delivery, and the same tables give the same rows: it may be killed at any moment and
    run again, and two at once do the same work twice and no harm. ``as_of`` is the day taken for today (UTC);
    batches after it are left out. ``progress`` is called with (done, total, model_id).
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
    """Assess one model and deliver the batches and cohorts whose rows differ from the stored ones."""
    model_id = entry["model_id"]
    result = assess(load_history(warehouse, entry, as_of=as_of))
    if not result.health:
        return 0, None
    newest = max(result.health, key=_age)
    until = min((day for day in (newest.valid_until, next_data(warehouse, model_id, as_of=as_of)) if day), default=None)
    health = [replace(row, valid_until=until) if row is newest else row for row in result.health]
    stored = {
        (row["model_version"], row["batch_id"]): row
        for row in warehouse.query("health_digests", model_id=model_id).to_pylist()
    }
    measures, findings = _grouped(result)
    newest = max(health, key=_age)
    changed: list[HealthRow] = []
    digests: dict[tuple[str, str], str] = {}
    for row in health:
        key = (row.model_version, row.batch_id)
        digests[key] = _digest(row, measures.get(key, ()), findings.get(key, ()))
        held = stored.get(key)
        if (
            held is None
            or held["inputs"].split(":")[-1] != digests[key]
            or (row is newest and held["inputs"] != f"{origin}:{digests[key]}")
        ):
            changed.append(row)
    batch_keys = {(row.model_version, row.batch_id) for row in health}
    cohorts = {key: rows for key, rows in measures.items() if key not in batch_keys}
    held_cohorts: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for row in warehouse.query("cohort_measures", model_id=model_id).to_pylist():
        held_cohorts.setdefault((row["model_version"], row["batch_id"]), []).append(tuple(row.values())[2:])
    new_cohorts = {
        k: rows for k, rows in cohorts.items() if sorted(held_cohorts.get(k, []), key=repr) != sorted(rows, key=repr)
    }
    if not changed and not new_cohorts:
        return 0, None
    keys = [(row.model_version, row.batch_id) for row in changed]
    long = [(model_id, *key, *row) for key in (*keys, *new_cohorts) for row in measures.get(key, ())]
    warehouse.deliver(
        {
            "health": _health_table(model_id, changed, digests, as_of, origin),
            "measures": table_from_columns(
                "measures", dict(zip(_MEASURES, _columns(long, len(_MEASURES)), strict=True))
            ),
            "findings": _findings_table(model_id, [f for key in keys for f in findings.get(key, ())]),
        },
        kind="evaluation",
    )
    before = stored.get((newest.model_version, newest.batch_id)) or _latest_before(stored, health)
    colour_before = before["colour"] if before else None
    if colour_before == newest.colour:
        return len(changed), None
    return len(changed), Change(model_id, colour_before, newest.colour, newest.headline_en, newest.headline_fr)


def _age(row: HealthRow) -> tuple[date, str, str]:
    return row.batch_date, row.model_version, row.batch_id


def _latest_before(stored: dict[tuple[str, str], dict[str, Any]], health: Iterable[HealthRow]) -> dict[str, Any] | None:
    known = [row for row in health if (row.model_version, row.batch_id) in stored]
    if not known:
        return None
    last = max(known, key=_age)
    return stored[last.model_version, last.batch_id]


_MEASURES: Final = (
    "model_id",
    "model_version",
    "batch_id",
    "batch_date",
    "subject",
    "metric",
    "value",
    "low",
    "high",
    "n",
)

Key = tuple[str, str]


def _grouped(result: Assessment) -> tuple[dict[Key, list[tuple[Any, ...]]], dict[Key, list[Finding]]]:
    """Measures (from batch_date on) and findings by (model_version, batch_id)."""
    measures: dict[Key, list[tuple[Any, ...]]] = {}
    columns = result.measures
    for version, batch, *row in zip(*(columns[name] for name in _MEASURES[1:]), strict=True):
        day, subject, metric, value, low, high, n = row
        measures.setdefault((version, batch), []).append(
            (day, subject, metric, _number(value), _number(low), _number(high), None if n is None else int(n))
        )
    findings: dict[Key, list[Finding]] = {}
    for finding in result.findings:
        findings.setdefault((finding.model_version, finding.batch_id), []).append(finding)
    return measures, findings


def _number(value: Any) -> float | None:
    """A finite float, or None: no NaN and no infinity stand in the tables."""
    return None if value is None or not math.isfinite(value) else float(value)


def _digest(row: HealthRow, measures: Iterable[tuple[Any, ...]], findings: Iterable[Finding]) -> str:
    """A digest of everything that is stored for a batch."""
    content = (
        [
            row.colour,
            row.drift,
            row.quality,
            row.performance,
            row.freshness,
            row.since,
            row.headline_en,
            row.headline_fr,
            row.valid_until,
        ],
        sorted(measures, key=repr),
        sorted((f.subject, f.rule, f.family, f.colour, str(f.since), f.weight, _json(f.facts)) for f in findings),
    )
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


def _json(facts: Any) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str, allow_nan=False)


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _health_table(model_id: str, rows: Sequence[HealthRow], digests: dict[Key, str], as_of: date, origin: str) -> Any:
    names = (
        "model_version",
        "batch_id",
        "batch_date",
        "colour",
        "drift",
        "quality",
        "performance",
        "freshness",
        "since",
        "headline_en",
        "headline_fr",
        "valid_until",
    )
    columns: dict[str, object] = {name: [getattr(row, name) for row in rows] for name in names}
    columns["model_id"] = [model_id] * len(rows)
    columns["as_of"] = [as_of] * len(rows)
    columns["inputs"] = [f"{origin}:{digests[row.model_version, row.batch_id]}" for row in rows]
    return table_from_columns("health", columns)


def _findings_table(model_id: str, findings: Sequence[Finding]) -> Any:
    names = ("model_version", "batch_id", "batch_date", "subject", "rule", "family", "colour", "since", "weight")
    columns: dict[str, object] = {name: [getattr(f, name) for f in findings] for name in names}
    columns["model_id"] = [model_id] * len(findings)
    columns["facts"] = [_json(f.facts) for f in findings]
    return table_from_columns("findings", columns)
