"""What the evaluation of one model has to write: the rows that differ from those stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter

import pyarrow as pa

from dashboard.evaluation.assess import assess
from dashboard.evaluation.load import Loaded
from dashboard.evaluation.mark import RULES_VERSION, Mark
from dashboard.evaluation.results import (
    Columns,
    by_batch,
    cohorts_columns,
    findings_columns,
    health_columns,
    inputs,
    key_of,
    standing_columns,
    stored_cohort,
)
from dashboard.history import HealthRow
from qod.warehouse import Scope


@dataclass(frozen=True, slots=True)
class Change:
    """A model whose newest colour is another one than before."""

    model_id: str
    before: str | None
    after: str
    headline_en: str
    headline_fr: str


@dataclass(frozen=True, slots=True)
class Deliverable:
    """Rows by table, and what is replaced by nothing; ``days`` are those of all stored rows that are replaced.

    ``measures`` are the one table with many rows; of the others those of several models are put together before tables
    are made of them. ``batches`` are new or changed ones.
    """

    measures: pa.Table
    columns: Mapping[str, Columns]
    emptied: Mapping[str, Sequence[Scope]]
    days: Set[date]
    batches: int
    change: Change | None


def deliverable(loaded: Loaded, *, run: str) -> Deliverable | None:
    """Assess what was loaded, and keep what differs from what is stored of the same stretch; None for nothing at all.

    What is stored and no longer comes out (a batch after today, a cohort of an earlier policy) is replaced by nothing.
    """
    due = loaded.due
    model_id, as_of = due.model.model_id, due.as_of
    result = assess(loaded.history)
    health = _lasting(result.health, loaded)
    measures, findings = result.measures.digests(), by_batch(result.findings)
    found = {key_of(row): inputs(row, measures[key_of(row)], findings.get(key_of(row), ())) for row in health}
    changed = [row for row in health if loaded.held.get(key_of(row)) != (row.batch_date, found[key_of(row)].digest)]
    cohorts = {(row.model_version, row.cohort.cohort_id): stored_cohort(row) for row in result.cohorts}
    new_cohorts = {key: row for key, row in cohorts.items() if loaded.cohorts.get(key) != row}
    gone = (loaded.held.keys() - found.keys()) | (loaded.cohorts.keys() - cohorts.keys())
    if not health and not gone and not new_cohorts and due.stood is None:
        return None
    keys = [key_of(row) for row in changed]
    columns = {
        "health": health_columns(model_id, changed, found, as_of=as_of),
        "findings": findings_columns(model_id, [f for key in keys for f in findings.get(key, ())]),
        "cohorts": cohorts_columns(model_id, new_cohorts),
    }
    emptied: dict[str, list[Scope]] = {"health": [(model_id, *key) for key in sorted(gone)]}
    if health:
        strip = [*loaded.strip, *((row.batch_date, row.colour) for row in health)]
        mark = Mark(
            RULES_VERSION,
            due.entry,
            due.seen,
            run,
            loaded.versions,
            loaded.batch,
            loaded.truth,
            loaded.misnamed,
        )
        columns["standing"] = standing_columns(model_id, health[-1], strip, as_of=as_of, mark=mark.text())
    else:
        emptied["standing"] = [(model_id,)]
    replaced = {*keys, *new_cohorts, *gone}
    days = {day for key, (day, _) in loaded.held.items() if key in replaced}
    days |= {row[0] for key, row in loaded.cohorts.items() if key in replaced}
    table = result.measures.table({*keys, *new_cohorts}.__contains__)
    return Deliverable(table, columns, emptied, days, len(changed), _change(model_id, due.stood, health))


def _lasting(rows: Sequence[HealthRow], loaded: Loaded) -> list[HealthRow]:
    """The rows, oldest first; the newest with the first day on which data that is already here begins to count."""
    if not rows:
        return []
    *older, newest = sorted(rows, key=attrgetter("age"))
    days = [day for day in (newest.valid_until, loaded.batch, loaded.truth) if day is not None]
    return [*older, replace(newest, valid_until=min(days, default=None))]


def _change(model_id: str, before: str | None, health: Sequence[HealthRow]) -> Change | None:
    """The change of the model's newest colour, if there is one."""
    if not health or health[-1].colour == before:
        return None
    return Change(model_id, before, health[-1].colour, health[-1].headline_en, health[-1].headline_fr)
