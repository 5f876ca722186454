"""What the evaluation of one model has to write: the rows that differ from those stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from dashboard.assess import assess
from dashboard.history import HealthRow
from dashboard.load import Loaded
from dashboard.mark import RULES_VERSION, Mark
from dashboard.results import (
    by_batch,
    cohorts_table,
    digest,
    findings_table,
    health_table,
    key_of,
    standing_table,
    stored_cohort,
)
from qod.contract import table_from_columns
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

    ``batches`` are new or changed ones.
    """

    tables: Mapping[str, pa.Table]
    emptied: Mapping[str, Sequence[Scope]]
    days: Set[date]
    batches: int
    change: Change | None

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.num_rows for table in self.tables.values())


def deliverable(loaded: Loaded, *, run: str) -> Deliverable | None:
    """Assess what was loaded, and keep what differs from what is stored of the same stretch; None for nothing at all.

    What is stored and no longer comes out (a batch after today, a cohort of an earlier policy) is replaced by nothing.
    """
    due = loaded.due
    model_id, as_of = due.model.model_id, due.as_of
    result = assess(loaded.history)
    health = _lasting(result.health, loaded)
    measures, findings = result.measures.digests(), by_batch(result.findings)
    digests = {key_of(row): digest(row, measures[key_of(row)], findings.get(key_of(row), ())) for row in health}
    changed = [row for row in health if loaded.held.get(key_of(row)) != (row.batch_date, digests[key_of(row)])]
    cohorts = {(row.model_version, row.cohort.cohort_id): stored_cohort(row) for row in result.cohorts}
    new_cohorts = {key: row for key, row in cohorts.items() if loaded.cohorts.get(key) != row}
    gone = (loaded.held.keys() - digests.keys()) | (loaded.cohorts.keys() - cohorts.keys())
    if not health and not gone and not new_cohorts and due.stood is None:
        return None
    keys = [key_of(row) for row in changed]
    tables = {
        "health": health_table(model_id, changed, digests, as_of=as_of),
        "measures": result.measures.table({*keys, *new_cohorts}.__contains__),
        "findings": findings_table(model_id, [f for key in keys for f in findings.get(key, ())]),
        "cohorts": cohorts_table(model_id, new_cohorts),
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
        tables["standing"] = standing_table(model_id, health[-1], strip, as_of=as_of, mark=mark.text())
    else:
        tables["standing"] = table_from_columns("standing", {})
        emptied["standing"] = [(model_id,)]
    replaced = {*keys, *new_cohorts, *gone}
    days = {day for key, (day, _) in loaded.held.items() if key in replaced}
    days |= {row[0] for key, row in loaded.cohorts.items() if key in replaced}
    return Deliverable(tables, emptied, days, len(changed), _change(model_id, due.stood, health))


def _lasting(rows: Sequence[HealthRow], loaded: Loaded) -> list[HealthRow]:
    """The rows, oldest first; the newest with the first day on which data that is already here begins to count."""
    if not rows:
        return []
    *older, newest = sorted(rows, key=_age)
    days = [day for day in (newest.valid_until, loaded.batch, loaded.truth) if day is not None]
    return [*older, replace(newest, valid_until=min(days, default=None))]


def _change(model_id: str, before: str | None, health: Sequence[HealthRow]) -> Change | None:
    """The change of the model's newest colour, if there is one."""
    if not health or health[-1].colour == before:
        return None
    return Change(model_id, before, health[-1].colour, health[-1].headline_en, health[-1].headline_fr)


def _age(row: HealthRow) -> tuple[date, int, str, str]:
    return row.batch_date, row.version_order, row.model_version, row.batch_id
