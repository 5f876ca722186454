"""From the tables to what an assessment needs of some models: everything there is of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from dashboard.evaluation.cube import by_version, version_history
from dashboard.evaluation.due import Due
from dashboard.evaluation.mark import Span, misnamed, places
from dashboard.evaluation.measure_rows import Key
from dashboard.evaluation.stored import StoredCohort, digests_of, stored_cohorts, stored_health
from dashboard.history import ModelEntry, ModelHistory
from dashboard.performance.truth import cohorts_of, end_of
from qod.warehouse import Warehouse


class Answering(Protocol):
    """The part of a warehouse that reading a history needs."""

    def query(self, name: str, /, **params: Any) -> pa.Table:
        """The answer of ``queries/<name>.sql``."""
        ...


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


@dataclass(frozen=True, slots=True)
class Whole:
    """The history of a model, the first and last day of each version's batches, and the names of its batches."""

    history: ModelHistory
    spans: Mapping[str, Span | None]
    names: Mapping[str, Sequence[tuple[str, date]]]


def load_whole(warehouse: Warehouse, dues: Sequence[Due]) -> dict[str, Loaded]:
    """By model: everything up to the day that evaluation takes for today."""
    models, as_of = [due.model.model_id for due in dues], dues[0].as_of
    wholes = read_whole(warehouse, [due.model for due in dues], as_of)
    held = stored_health(warehouse, models, date.min)
    held_cohorts = stored_cohorts(warehouse, models, (date.min, date.max))
    next_batches = next_batch_of(warehouse, models, as_of)
    next_truths = next_truth_of(warehouse, models, (date.min, date.max), as_of)
    found = {}
    for due in dues:
        model_id, whole = due.model.model_id, wholes[due.model.model_id]
        found[model_id] = Loaded(
            due,
            whole.history,
            digests_of(held.get(model_id, ())),
            held_cohorts.get(model_id, {}),
            (),
            whole.spans,
            next_batches.get(model_id),
            next_truths.get(model_id),
            any(misnamed(names) for names in whole.names.values()),
        )
    return found


def read_whole(
    tables: Answering, models: Sequence[ModelEntry], as_of: date, *, since: date = date.min
) -> dict[str, Whole]:
    """By model: its history up to the day ``as_of``.

    With ``since``, the history is as if it began on that day, but for the order of the versions.
    """
    ids = [model.model_id for model in models]
    versions = versions_of(tables, ids)
    names = sorted({version for of_model in versions.values() for version in of_model})
    references = by_version(tables.query("evaluated_references", models=ids, versions=names))
    batches = by_version(tables.query("evaluated_batches", models=ids, since=date.min, until=as_of))
    counts = by_version(tables.query("evaluated_counts", models=ids, since=since, until=as_of))
    scored = sorted({model_id for model_id, _ in batches})
    met = tables.query(
        "cohort_truth", models=scored, since=since, until=as_of, known_before=end_of(as_of)
    ) if scored else pa.table({})  # fmt: skip
    cohorts = cohorts_of(met, {model.model_id: model for model in models})
    found = {}
    for model in models:
        model_id = model.model_id
        rows = versions.get(model_id, {})
        spans = {version: span_of(batches.get((model_id, version))) for version in rows}
        order = places(spans)
        found[model_id] = Whole(
            ModelHistory(
                model,
                as_of,
                tuple(
                    version_history(
                        row,
                        reference=references.get((model_id, version)),
                        batches=_from(batches.get((model_id, version)), since),
                        counts=counts.get((model_id, version)),
                        cohorts=cohorts.get((model_id, version), ()),
                        order=order[version],
                    )
                    for version, row in rows.items()
                ),
            ),
            spans,
            {version: names_of(batches.get((model_id, version))) for version in rows},
        )
    return found


def _from(batches: pa.Table | None, since: date) -> pa.Table | None:
    """The batches from a day on; None where there are none."""
    if batches is None or since == date.min:
        return batches
    kept = batches.filter(pc.greater_equal(batches.column("batch_date"), pa.scalar(since)))
    return kept if kept.num_rows else None


def versions_of(warehouse: Answering, models: Sequence[str]) -> dict[str, dict[str, dict[str, Any]]]:
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
