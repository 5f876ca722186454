"""What an assessment gives, as rows of the tables: grouped by batch, digested, ready to deliver."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pyarrow as pa

from dashboard.finding import Finding
from dashboard.history import Assessment, HealthRow
from qod.contract import table_from_columns

Key = tuple[str, str]
"""(model_version, batch_id), or (model_version, cohort)."""

_MEASURES: Final = (
    *("model_id", "model_version", "batch_id", "batch_date", "subject", "metric"),
    *("value", "low", "high", "n"),
)
_FINDINGS: Final = (
    *("model_version", "batch_id", "batch_date", "subject", "rule"),
    *("family", "colour", "since", "weight"),
)
_HEALTH: Final = (
    *("model_version", "batch_id", "batch_date", "colour", "drift", "quality", "performance", "freshness"),
    *("since", "headline_en", "headline_fr", "valid_until", "version_order"),
)


def key_of(row: HealthRow) -> Key:
    """Where a row belongs."""
    return row.model_version, row.batch_id


def grouped(result: Assessment) -> tuple[dict[Key, list[tuple[Any, ...]]], dict[Key, list[Finding]]]:
    """Measures (their columns from batch_date on) and findings by key."""
    measures: dict[Key, list[tuple[Any, ...]]] = {}
    columns = result.measures
    for version, batch, day, subject, metric, value, low, high, n in zip(
        *(columns[name] for name in _MEASURES[1:]), strict=True
    ):
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


def digest(row: HealthRow, measures: Iterable[tuple[Any, ...]], findings: Iterable[Finding]) -> str:
    """A digest of everything that is stored for a batch."""
    content = (
        [getattr(row, name) for name in _HEALTH],
        sorted(measures, key=repr),
        sorted((f.subject, f.rule, f.family, f.colour, str(f.since), f.weight, _json(f.facts)) for f in findings),
    )
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


def same_rows(one: Iterable[tuple[Any, ...]], other: Iterable[tuple[Any, ...]]) -> bool:
    """Whether both hold the same rows, in whatever order."""
    return sorted(one, key=repr) == sorted(other, key=repr)


def _json(facts: Any) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str, allow_nan=False)


def health_table(
    model_id: str, rows: Sequence[HealthRow], digests: Mapping[Key, str], *, as_of: date, origin: str
) -> pa.Table:
    """Rows of ``health``. ``inputs`` is the origin of the model's data and the digest of the row, with a colon."""
    columns: dict[str, object] = {name: [getattr(row, name) for row in rows] for name in _HEALTH}
    columns["model_id"] = [model_id] * len(rows)
    columns["as_of"] = [as_of] * len(rows)
    columns["inputs"] = [f"{origin}:{digests[key_of(row)]}" for row in rows]
    return table_from_columns("health", columns)


def measures_table(model_id: str, measures: Mapping[Key, Sequence[tuple[Any, ...]]]) -> pa.Table:
    """Rows of ``measures``, from what ``grouped`` gives."""
    rows = [(model_id, *key, *row) for key, of_key in measures.items() for row in of_key]
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in _MEASURES]
    return table_from_columns("measures", dict(zip(_MEASURES, columns, strict=True)))


def findings_table(model_id: str, findings: Sequence[Finding]) -> pa.Table:
    """Rows of ``findings``."""
    columns: dict[str, object] = {name: [getattr(f, name) for f in findings] for name in _FINDINGS}
    columns["model_id"] = [model_id] * len(findings)
    columns["facts"] = [_json(f.facts) for f in findings]
    return table_from_columns("findings", columns)
