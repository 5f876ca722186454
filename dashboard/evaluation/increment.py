"""From the tables to what an assessment needs of some models: only what is new or changed, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from dashboard.evaluation.cube import Scope, by_version, version_history
from dashboard.evaluation.due import Due
from dashboard.evaluation.load import Loaded, next_batch_of, next_truth_of, span_of, versions_of
from dashboard.evaluation.mark import Span, places
from dashboard.evaluation.memory import far, near, oldest
from dashboard.evaluation.part import Part, parts_of, read_cohorts, read_health, read_truth
from dashboard.evaluation.results import STRIP
from dashboard.evaluation.stored import digests_of
from dashboard.evaluation.touched import by_length, by_span
from dashboard.history import ModelHistory, VersionHistory
from qod.warehouse import Warehouse

Tables = dict[Scope, pa.Table]


def load_increments(warehouse: Warehouse, dues: Sequence[Due]) -> dict[str, Loaded | None]:
    """By model: the batches that may come out differently, those they look back at, and the cohorts that count then.

    None for a model that has to be evaluated from nothing, as it cannot be told what the changes touch.
    """
    found: dict[str, Loaded | None] = {due.model.model_id: None for due in dues}
    parts = parts_of(warehouse, dues)
    versions = versions_of(warehouse, sorted(parts)) if parts else {}
    read_truth(warehouse, parts, versions)
    read_health(warehouse, parts)
    read_cohorts(warehouse, parts)
    if not parts:
        return found
    models, as_of = sorted(parts), dues[0].as_of
    fars = {name: _back(part, FAR) for name, part in parts.items()}
    batches = _read(warehouse, "evaluated_batches", fars, as_of)
    spans = {name: dict(_spans(part, batches)) for name, part in parts.items()}
    nears = {name: _back(part, NEAR) for name, part in parts.items()}
    backs = {name: (nears if _large(part, nears[name], batches) else fars)[name] for name, part in parts.items()}
    counts = _read(warehouse, "evaluated_counts", backs, as_of)
    judged = sorted({version for name, part in parts.items() for version in _judged(part, spans[name])})
    references = by_version(warehouse.query("evaluated_references", models=models, versions=judged))
    next_batches = next_batch_of(warehouse, models, as_of)
    next_truths: dict[str, date] = {}
    for span, of_span in by_span({name: [part.touched.truth] for name, part in parts.items() if part.touched.truth}):
        next_truths |= next_truth_of(warehouse, of_span, span, as_of)
    for name, part in parts.items():
        history = _history(
            part, versions[name], spans[name], backs[name], backs[name] > fars[name], references, batches, counts
        )
        strip = None if history is None else _strip(part, history)
        if history is None or strip is None:
            continue
        truths = [day for day in (part.standing.mark.truth, next_truths.get(name)) if day is not None]
        found[name] = Loaded(
            part.due,
            history,
            digests_of(part.held),
            part.stored,
            strip,
            spans[name],
            next_batches.get(name),
            min(truths, default=None),
            False,
        )
    return found


NEAR: Final = "near"
FAR: Final = "far"


def _back(part: Part, how: str) -> date:
    """The day from which on a part is read, so that every version looks back as far as a judgement may."""
    reach = near() if how == NEAR else far(part.due.model.policy)
    days = [part.since]
    for memory in part.before.values():
        if memory is not None:
            before = [day.toordinal() for day in memory.days()][::-1]
            days.append(date.fromordinal(before[oldest(before, len(before), reach)]))
    return min(days)


def _read(warehouse: Warehouse, query: str, backs: Mapping[str, date], until: date) -> Tables:
    """The rows of a query by version, of each model from its day on or from before."""
    found: Tables = {}
    for since, models in by_length(backs, until):
        found |= by_version(warehouse.query(query, models=models, since=since, until=until))
    return found


def _from(rows: pa.Table | None, since: date) -> pa.Table | None:
    """The batches from a day on; None where there are none."""
    if rows is None:
        return None
    kept = rows.filter(pc.greater_equal(rows.column("batch_date"), pa.scalar(since)))
    return kept if kept.num_rows else None


def _large(part: Part, since: date, batches: Tables) -> bool:
    """Whether every batch near by, from ``since`` on, is judged by itself: it has rows enough for that, or none."""
    if part.due.model.policy.drift_window_days:
        return False
    enough = part.due.model.policy.drift_rows
    for version in part.before:
        recent = _from(batches.get((part.due.model.model_id, version)), since)
        if recent is not None and any(0 < rows < enough for rows in recent.column("rows").to_pylist()):
            return False
    return True


def _spans(part: Part, batches: Tables) -> Iterator[tuple[str, Span | None]]:
    """The days of the batches of each version, as they are now."""
    for version, span in part.standing.mark.versions.items():
        new = span_of(_from(batches.get((part.due.model.model_id, version)), part.since))
        older = span is not None and span[0] < part.since
        if not older or span is None:
            yield version, new
        elif new is not None or span[1] < part.since:
            yield version, (span[0], new[1] if new is not None else span[1])
        else:
            # All batches from the change on are gone: the newest that is left is the one before them.
            memory = part.before[version]
            yield version, (span[0], memory.day if memory is not None else span[0])


def _judged(part: Part, spans: Mapping[str, Span | None]) -> list[str]:
    """The versions with batches from the change on."""
    return [version for version, span in spans.items() if span is not None and span[1] >= part.since]


def _history(
    part: Part,
    versions: Mapping[str, Mapping[str, object]],
    spans: Mapping[str, Span | None],
    back: date,
    is_near: bool,
    references: Tables,
    batches: Tables,
    counts: Tables,
) -> ModelHistory | None:
    """What is assessed of the model; None where its versions come in another order, or nothing is left to assess."""
    model, mark, judged = part.due.model, part.standing.mark, _judged(part, spans)
    order = places(spans)
    if set(versions) != set(spans) or order != places(mark.versions) or not judged:
        return None
    found: list[VersionHistory] = []
    for version, row in versions.items():
        scope = (model.model_id, version)
        given = {"cohorts": part.cohorts(version), "order": order[version]}
        if version not in judged:
            span = spans[version]
            found.append(replace(version_history(row, **given), ended=span and span[1]))  # type: ignore[arg-type]
            continue
        one = version_history(
            row,
            **given,  # type: ignore[arg-type]
            reference=references.get(scope),
            batches=_from(batches.get(scope), back),
            counts=counts.get(scope),
            since=part.since,
            before=part.before.get(version),
        )
        rows = one.counts.sum(axis=-1)
        if is_near and ((rows > 0) & (rows < model.policy.drift_rows)).any():
            # The counts do not add up to the batch's rows: it is judged with others that were not read.
            return None
        found.append(one)
    return ModelHistory(model, part.due.as_of, tuple(found))


def _strip(part: Part, history: ModelHistory) -> tuple[tuple[date, str], ...] | None:
    """The days and colours of the batches before; None where some are missing that had no place so far."""
    held = part.standing.strip
    before = tuple(entry for entry in held if entry[0] < part.since)
    here = sum(batch.batch_date >= part.since for version in history.versions for batch in version.batches)
    return None if len(held) >= STRIP > len(before) + here else before
