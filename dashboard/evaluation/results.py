"""What an assessment gives, as rows of the tables: grouped by batch, digested, ready to deliver."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.evaluation.measure_rows import Key
from dashboard.evaluation.stored import StoredCohort
from dashboard.finding import Finding
from dashboard.history import CohortRow, HealthRow
from dashboard.performance.cohort_verdicts import judged_text

Columns = dict[str, list[Any]]
"""Some rows of a table, column by column."""

STRIP: Final = 100
"""Batches whose colours stand in a model's strip."""

_FINDINGS: Final = (
    *("model_version", "batch_id", "batch_date", "subject", "rule"),
    *("family", "colour", "since", "weight"),
)
_HEALTH: Final = (
    *("model_version", "batch_id", "batch_date", "colour", "drift", "quality", "performance", "freshness"),
    *("since", "headline_en", "headline_fr", "valid_until", "version_order"),
)

_COHORTS: Final = (
    *("model_id", "model_version", "batch_id", "batch_date", "last_day", "predicted", "known"),
    "verdict",
)


def key_of(row: HealthRow) -> Key:
    """Where a row belongs."""
    return row.model_version, row.batch_id


def by_batch(findings: Iterable[Finding]) -> dict[Key, list[Finding]]:
    """The findings of each batch."""
    found: dict[Key, list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.model_version, finding.batch_id), []).append(finding)
    return found


@dataclass(frozen=True, slots=True)
class Inputs:
    """A digest of everything that is stored of a batch, and the text of what it found: both are written with it."""

    digest: str
    memory: str | None


def inputs(row: HealthRow, measures: bytes, findings: Iterable[Finding]) -> Inputs:
    """The inputs of a batch; ``measures`` is a digest of its measures."""
    memory = None if row.memory is None else row.memory.text()
    content = (
        [getattr(row, name) for name in _HEALTH],
        memory,
        measures,
        sorted((f.subject, f.rule, f.family, f.colour, str(f.since), f.weight, _json(f.facts)) for f in findings),
    )
    return Inputs(hashlib.sha256(repr(content).encode()).hexdigest()[:16], memory)


def stored_cohort(row: CohortRow) -> StoredCohort:
    """What is stored of a cohort."""
    cohort = row.cohort
    verdict = judged_text(row.judged, shown=row.shown)
    return cohort.first_day, cohort.last_day, cohort.predicted, cohort.known, verdict


def _json(facts: Any) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str, allow_nan=False)


def health_columns(model_id: str, rows: Sequence[HealthRow], found: Mapping[Key, Inputs], *, as_of: date) -> Columns:
    """Rows of ``health``, with what was ``found`` of each batch."""
    columns: Columns = {name: [getattr(row, name) for row in rows] for name in _HEALTH}
    columns["model_id"] = [model_id] * len(rows)
    columns["as_of"] = [as_of] * len(rows)
    columns["inputs"] = [found[key_of(row)].digest for row in rows]
    columns["memory"] = [found[key_of(row)].memory for row in rows]
    return columns


def standing_columns(
    model_id: str, newest: HealthRow, strip: Sequence[tuple[date, str]], *, as_of: date, mark: str
) -> Columns:
    """The row of ``standing``: the newest health row, and the days and colours up to it, oldest first."""
    columns: Columns = {name: [getattr(newest, name)] for name in _HEALTH if name != "version_order"}
    columns["model_id"], columns["as_of"], columns["mark"] = [model_id], [as_of], [mark]
    columns["strip"] = [[{"batch_date": day, "colour": colour} for day, colour in strip[-STRIP:]]]
    return columns


def cohorts_columns(model_id: str, cohorts: Mapping[Key, StoredCohort]) -> Columns:
    """Rows of ``cohorts``."""
    rows = [(model_id, *key, *row) for key, row in cohorts.items()]
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in _COHORTS]
    return dict(zip(_COHORTS, columns, strict=True))


def findings_columns(model_id: str, findings: Sequence[Finding]) -> Columns:
    """Rows of ``findings``."""
    columns: Columns = {name: [getattr(f, name) for f in findings] for name in _FINDINGS}
    columns["model_id"] = [model_id] * len(findings)
    columns["onset"] = [date.fromisoformat(f.facts["onset"]) if f.facts.get("onset") else None for f in findings]
    columns["facts"] = [_json(f.facts) for f in findings]
    return columns
