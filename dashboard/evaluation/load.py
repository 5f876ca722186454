"""From the tables to what an assessment needs of some models: everything there is of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from dashboard.evaluation.cube import by_version, version_history
from dashboard.evaluation.due import Due
from dashboard.evaluation.mark import Span, misnamed, places
from dashboard.evaluation.measure_rows import Key
from dashboard.evaluation.stored import StoredCohort, digests_of, stored_cohorts, stored_health
from dashboard.history import ModelHistory
from dashboard.performance.truth import cohorts_of, end_of
from qod.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Loaded:
    """The history of a model as of a day, and what is stored of the same stretch of it.

    ``held`` are the days and digests of the batches stored there, ``cohorts`` the cohorts; ``strip`` are days and
    colours of the batches before it. ``versions`` are the days of each version's batches. ``batch`` and ``truth`` are
    the first days after this one on which something begins to count that is delivered already.
    """

    due: Due
    history: ModelHistory
    held: Mapping[Key, tuple[date, str]]
    cohorts: Mapping[Key, StoredCohort]
    strip: tuple[tuple[date, str], ...]
    versions: Mapping[str, Span | None]
    batch: date | None
    truth: date | None
    misnamed: bool


def load_whole(warehouse: Warehouse, dues: Sequence[Due]) -> dict[str, Loaded]:
    """By model: everything up to the day that evaluation takes for today."""
    models, as_of = [due.model.model_id for due in dues], dues[0].as_of
    versions = versions_of(warehouse, models)
    names = sorted({version for of_model in versions.values() for version in of_model})
    references = by_version(warehouse.query("evaluated_references", models=models, versions=names))
    batches = by_version(warehouse.query("evaluated_batches", models=models, since=date.min, until=as_of))
    counts = by_version(warehouse.query("evaluated_counts", models=models, since=date.min, until=as_of))
    scored = sorted({model_id for model_id, _ in batches})
    met = warehouse.query(
        "cohort_truth", models=scored, since=date.min, until=as_of, known_before=end_of(as_of)
    ) if scored else pa.table({})  # fmt: skip
    cohorts = cohorts_of(met, {due.model.model_id: due.model for due in dues})
    held = stored_health(warehouse, models, date.min)
    held_cohorts = stored_cohorts(warehouse, models, (date.min, date.max))
    next_batches = next_batch_of(warehouse, models, as_of)
    next_truths = next_truth_of(warehouse, models, (date.min, date.max), as_of)
    found = {}
    for due in dues:
        model_id = due.model.model_id
        rows = versions.get(model_id, {})
        spans = {version: span_of(batches.get((model_id, version))) for version in rows}
        order = places(spans)
        found[model_id] = Loaded(
            due,
            ModelHistory(
                due.model,
                as_of,
                tuple(
                    version_history(
                        row,
                        reference=references.get((model_id, version)),
                        batches=batches.get((model_id, version)),
                        counts=counts.get((model_id, version)),
                        cohorts=cohorts.get((model_id, version), ()),
                        order=order[version],
                    )
                    for version, row in rows.items()
                ),
            ),
            digests_of(held.get(model_id, ())),
            held_cohorts.get(model_id, {}),
            (),
            spans,
            next_batches.get(model_id),
            next_truths.get(model_id),
            any(misnamed(names_of(batches.get((model_id, version)))) for version in rows),
        )
    return found


def versions_of(warehouse: Warehouse, models: Sequence[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """By model and version: its row of ``evaluated_versions``."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in warehouse.query("evaluated_versions", models=models).to_pylist():
        found.setdefault(row["model_id"], {})[row["model_version"]] = row
    return found


def next_batch_of(warehouse: Warehouse, models: Sequence[str], as_of: date) -> dict[str, date]:
    """By model: the first day after ``as_of`` of which there is a batch already."""
    rows = warehouse.query("next_batch", models=models, since=as_of + timedelta(days=1)).to_pylist()
    return {row["model_id"]: row["batch_date"] for row in rows}


def next_truth_of(warehouse: Warehouse, models: Sequence[str], span: Span, as_of: date) -> dict[str, date]:
    """By model: the first day after ``as_of`` on which a truth about the days of the span becomes known."""
    since, until = span
    rows = warehouse.query("next_truth", models=models, since=since, until=until, known_from=end_of(as_of)).to_pylist()
    return {row["model_id"]: row["observed_at"].date() for row in rows}


def span_of(batches: pa.Table | None) -> Span | None:
    """The first and the last day of a version's batches, given oldest first."""
    if batches is None:
        return None
    days = batches.column("batch_date")
    return days[0].as_py(), days[-1].as_py()


def names_of(batches: pa.Table | None) -> list[tuple[str, date]]:
    """The batches by name and day."""
    if batches is None:
        return []
    return list(zip(batches.column("batch_id").to_pylist(), batches.column("batch_date").to_pylist(), strict=True))
