"""From the tables to what an assessment needs of one model: arrays of counts, cohorts, versions."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dashboard.history import (
    Baseline,
    BatchEntry,
    ClassCounts,
    Cohort,
    ModelEntry,
    ModelHistory,
    ReferenceVariable,
    Residuals,
    ScoreCounts,
    VersionHistory,
)
from dashboard.policy import parse_policy
from qod.frozen import bins_digest
from qod.warehouse import Warehouse


def load_history(warehouse: Warehouse, entry: dict[str, Any], *, as_of: date) -> ModelHistory:
    """Everything evaluation knows of one model as of a day; ``entry`` is its row of ``queries/registry.sql``."""
    model = ModelEntry(
        model_id=entry["model_id"],
        name=entry["name"],
        task=entry["task"],
        cadence=entry["cadence"],
        cohort=entry["cohort"],
        outcome_window_days=entry["outcome_window_days"],
        policy=parse_policy(entry["policy"]),
    )
    versions = warehouse.query("model_versions", model_id=model.model_id).to_pylist()
    references = _by_version(warehouse.query("model_references", model_id=model.model_id))
    batches = _by_version(warehouse.query("model_batches", model_id=model.model_id, until=as_of))
    counts = _by_version(warehouse.query("model_counts", model_id=model.model_id, until=as_of))
    cohorts = _cohorts(warehouse, model, as_of=as_of) if batches else {}
    places = _places([row["model_version"] for row in versions], batches)
    return ModelHistory(
        model=model,
        as_of=as_of,
        versions=tuple(
            _version(
                row,
                references.get(row["model_version"]),
                batches.get(row["model_version"]),
                counts.get(row["model_version"]),
                cohorts.get(row["model_version"], ()),
                places[row["model_version"]],
            )
            for row in versions
        ),
    )


def _places(versions: list[str], batches: dict[str, pa.Table]) -> dict[str, int]:
    """The place of each version: the one whose batches began last is the newest; of two, the one numbered higher."""

    def age(version: str) -> tuple[date, list[tuple[int, str]]]:
        rows = batches.get(version)
        first = rows.column("batch_date")[0].as_py() if rows is not None else date.min
        parts = re.split(r"(\d+)", version)
        return first, [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)]

    return {version: place for place, version in enumerate(sorted(versions, key=age))}


def next_data(warehouse: Warehouse, model_id: str, *, as_of: date) -> date | None:
    """The first day after ``as_of`` on which data that is already delivered begins to count: a batch or a truth."""
    batch = warehouse.query("next_batch", model_id=model_id, after=as_of).column("batch_date")[0].as_py()
    truth = (
        warehouse.query("next_truth", model_id=model_id, known_before=_end_of(as_of)).column("observed_at")[0].as_py()
    )
    return min((day for day in (batch, truth and truth.date()) if day is not None), default=None)


def _end_of(day: date) -> datetime:
    """The moment after the last of a day, UTC."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)


def _by_version(rows: pa.Table) -> dict[str, pa.Table]:
    """The rows of each version; they come ordered by version."""
    if rows.num_rows == 0:
        return {}
    versions = rows.column("model_version")
    return {versions[a].as_py(): rows.slice(a, b - a) for a, b in pairwise(_runs(rows, "model_version"))}


def _runs(rows: pa.Table, *columns: str) -> list[int]:
    """Where the values of the columns change, from row 0 to the number of rows; the rows come ordered by them."""
    changes = np.zeros(rows.num_rows, bool)
    changes[0] = True
    for name in columns:
        codes = np.asarray(rows.column(name).combine_chunks().dictionary_encode().indices)
        changes[1:] |= codes[1:] != codes[:-1]
    return [*np.flatnonzero(changes).tolist(), rows.num_rows]


def _version(
    row: dict[str, Any],
    reference: pa.Table | None,
    batches: pa.Table | None,
    counts: pa.Table | None,
    cohorts: tuple[Cohort, ...],
    place: int,
) -> VersionHistory:
    frozen = reference.to_pylist() if reference is not None else []
    variables = tuple(
        ReferenceVariable(
            name=r["variable"],
            kind=r["kind"],
            importance=r["importance"],
            edges=tuple(r["edges"]),
            levels=tuple(r["levels"]),
            counts=np.asarray(r["counts"], np.int64),
        )
        for r in frozen
    )
    entries = tuple(
        BatchEntry(b["batch_id"], b["batch_date"], b["rows"], b["duplicate_ids"])
        for b in (batches.to_pylist() if batches is not None else ())
    )
    cube = _cube(counts, entries, variables)
    deployed = row["deployed_at"]
    return VersionHistory(
        model_version=row["model_version"],
        deployed_on=deployed.date() if deployed is not None else None,
        baselines={
            metric: Baseline(b["value"], b["se"], b["n"]) for metric, b in json.loads(row["baselines"] or "{}").items()
        },
        variables=variables,
        batches=entries,
        counts=cube["counts"],
        present=cube["present"],
        below=cube["below"],
        above=cube["above"],
        unseen=cube["unseen"],
        distinct=cube["distinct"],
        cohorts=cohorts,
        stale=_stale(frozen, batches),
        order=place,
    )


def _stale(frozen: list[dict[str, Any]], batches: pa.Table | None) -> NDArray[np.bool_]:
    """Which batches were counted in other bins than those of the reference that holds now."""
    counted_in = batches.column("bins").to_pylist() if batches is not None else []
    if not frozen:
        return np.zeros(len(counted_in), bool)
    now = bins_digest((r["variable"], r["kind"], r["edges"], r["levels"], r["tail"]) for r in frozen)
    return np.array([bins is not None and bins != now for bins in counted_in], bool)


def _cube(
    rows: pa.Table | None, batches: tuple[BatchEntry, ...], variables: tuple[ReferenceVariable, ...]
) -> dict[str, Any]:
    """Counts as (batches, variables, bins), padded with zeros; a row whose bins are not the reference's is absent."""
    shape = (len(batches), len(variables))
    widths = np.array([len(v.counts) for v in variables], np.int64)
    counts = np.zeros((*shape, int(widths.max()) if len(widths) else 0), np.int64)
    present = np.zeros(shape, bool)
    below, above = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    unseen: dict[tuple[int, int], tuple[tuple[str, int], ...]] = {}
    distinct = np.full(shape, -1, np.int64)
    cube = {
        "counts": counts,
        "present": present,
        "below": below,
        "above": above,
        "unseen": unseen,
        "distinct": distinct,
    }
    if rows is None or rows.num_rows == 0 or counts.size == 0:
        return cube
    t = _codes(rows.column("batch_id"), [b.batch_id for b in batches])
    v = _codes(rows.column("variable"), [x.name for x in variables])
    lists = rows.column("counts").combine_chunks()
    offsets = np.asarray(lists.offsets)
    lengths = np.diff(offsets)
    good = (t >= 0) & (v >= 0)
    good[good] = lengths[good] == widths[v[good]]
    values = np.asarray(lists.values)
    inside = np.repeat(good, lengths)
    position = np.arange(offsets[0], offsets[-1]) - np.repeat(offsets[:-1], lengths)
    counts[np.repeat(t, lengths)[inside], np.repeat(v, lengths)[inside], position[inside]] = values[
        offsets[0] : offsets[-1]
    ][inside]
    present[t[good], v[good]] = True
    for name, target, unknown in (("below", below, 0), ("above", above, 0), ("distinct_values", distinct, -1)):
        target[t[good], v[good]] = np.asarray(rows.column(name).combine_chunks().fill_null(unknown))[good]
    names = rows.column("unseen").combine_chunks()
    for i in np.flatnonzero(good & (np.diff(np.asarray(names.offsets)) > 0)):
        unseen[int(t[i]), int(v[i])] = tuple((u["level"], u["rows"]) for u in names[int(i)].as_py())
    return cube


def _codes(column: pa.ChunkedArray, names: list[str]) -> NDArray[np.int64]:
    """The place of each value in ``names``; -1 where it has none."""
    found = pc.index_in(column, value_set=pa.array(names, pa.string())).combine_chunks()
    return np.asarray(found.fill_null(-1)).astype(np.int64)


_TRUE: Final = "1"


def _cohorts(warehouse: Warehouse, model: ModelEntry, *, as_of: date) -> dict[str, tuple[Cohort, ...]]:
    rows = warehouse.query(
        "cohort_truth",
        model_id=model.model_id,
        task=model.task,
        cohort=model.cohort,
        until=as_of,
        known_before=_end_of(as_of),
    )
    found: dict[str, list[Cohort]] = {}
    if rows.num_rows == 0:
        return {}
    for a, b in pairwise(_runs(rows, "model_version", "first_day", "batch_id")):
        version, first_day, batch_id = (rows.column(c)[a].as_py() for c in ("model_version", "first_day", "batch_id"))
        part = rows.slice(a, b - a)
        n = _array(part, "n", np.int64)
        found.setdefault(version, []).append(
            Cohort(
                cohort_id=cohort_id(model.cohort, first_day, batch_id),
                first_day=first_day,
                last_day=_last_day(model.cohort, first_day),
                predicted=int(n.sum()),
                known=int(n[np.asarray(part.column("outcome").combine_chunks().is_valid())].sum()),
                data=_data(model.task, part),
            )
        )
    return {version: tuple(cohorts) for version, cohorts in found.items()}


def cohort_id(cohort: str, first_day: date, batch_id: str) -> str:
    """The identifier of a cohort: the batch's own, or ``month:2026-10``, or ``week:2026-W41`` (ISO week)."""
    if cohort == "month":
        return f"month:{first_day:%Y-%m}"
    if cohort == "week":
        return f"week:{first_day:%G-W%V}"
    return batch_id


def _last_day(cohort: str, first_day: date) -> date:
    """The last calendar day of a cohort: a month that is not over is not complete."""
    if cohort == "month":
        return (first_day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first_day + timedelta(days=6) if cohort == "week" else first_day


def _array(rows: pa.Table, name: str, dtype: Any) -> NDArray[Any]:
    return np.asarray(rows.column(name).combine_chunks().fill_null(0)).astype(dtype)


def _data(task: str, rows: pa.Table) -> ScoreCounts | Residuals | ClassCounts:
    """The truth of one cohort; the rows come in one order, so that sums of floats are the same on every run."""
    outcome = rows.column("outcome").combine_chunks()
    guess = rows.column("prediction" if task == "multiclass" else "score").combine_chunks()
    met = np.asarray(pc.and_(outcome.is_valid(), guess.is_valid()))
    n = _array(rows, "n", np.int64)[met]
    if task == "multiclass":
        right = np.asarray(pc.equal(guess, outcome).fill_null(False))[met]
        return ClassCounts(n=int(n.sum()), correct=int(n[right].sum()))
    score = _array(rows, "score", np.float64)[met]
    if task == "regression":
        error = score - np.asarray(outcome.filter(pa.array(met)).cast(pa.float64()))
        return Residuals(
            n=int(n.sum()),
            sum=float((n * error).sum()),
            sum_abs=float((n * np.abs(error)).sum()),
            sum_sq=float((n * error**2).sum()),
            sum_4th=float((n * error**4).sum()),
        )
    true = np.asarray(pc.equal(outcome, _TRUE).fill_null(False))[met]
    scores, place = np.unique(score, return_inverse=True)
    return ScoreCounts(
        scores=scores,
        positives=np.bincount(place[true], n[true], len(scores)).astype(np.int64),
        negatives=np.bincount(place[~true], n[~true], len(scores)).astype(np.int64),
    )
