"""The counts of a version, from rows of the tables to arrays by batch, variable and bin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dashboard.evaluation.memory import Memory
from dashboard.history import VALUE_TYPES, BatchEntry, Cohort, ReferenceVariable, VersionHistory
from dashboard.told import baselines_of, derived_of, noise_of, training_of
from qod.frozen import bins_digest

Scope = tuple[str, str]
"""(model_id, model_version)."""


def by_version(rows: pa.Table) -> dict[Scope, pa.Table]:
    """The rows of each version of each model; they come ordered by both."""
    if rows.num_rows == 0:
        return {}
    models, versions = rows.column("model_id"), rows.column("model_version")
    return {
        (models[a].as_py(), versions[a].as_py()): rows.slice(a, b - a)
        for a, b in pairwise(runs_of(rows, "model_id", "model_version"))
    }


def runs_of(rows: pa.Table, *columns: str) -> list[int]:
    """Where the values of the columns change, from row 0 to the number of rows; the rows come ordered by them."""
    changes = np.zeros(rows.num_rows, bool)
    changes[0] = True
    for name in columns:
        codes = np.asarray(rows.column(name).combine_chunks().dictionary_encode().indices)
        changes[1:] |= codes[1:] != codes[:-1]
    return [*np.flatnonzero(changes).tolist(), rows.num_rows]


def _weekdays(counts: Sequence[int] | None, bins: int) -> NDArray[np.int64] | None:
    return np.asarray(counts, np.int64).reshape(7, bins) if counts is not None and len(counts) == 7 * bins else None


def reference_variable(row: Mapping[str, Any], *, type: str | None = None, derived: bool = False) -> ReferenceVariable:
    """A variable of the training set, from a row of ``variables`` or ``evaluated_references``."""
    return ReferenceVariable(
        name=row["variable"],
        kind=row["kind"],
        importance=row["importance"],
        edges=tuple(row["edges"]),
        levels=tuple(row["levels"]),
        counts=np.asarray(row["counts"], np.int64),
        noise=noise_of(row["noise"]),
        weekdays=_weekdays(row["weekdays"], len(row["counts"])),
        type=type,
        derived=derived,
    )


def version_history(
    row: Mapping[str, Any],
    *,
    reference: pa.Table | None = None,
    batches: pa.Table | None = None,
    counts: pa.Table | None = None,
    cohorts: Sequence[Cohort] = (),
    order: int = 0,
    since: date | None = None,
    before: Memory | None = None,
) -> VersionHistory:
    """A version from its row of ``evaluated_versions`` and its rows of the other tables, oldest batch first."""
    frozen = reference.to_pylist() if reference is not None else []
    derived = derived_of(row["derived"])
    variables = tuple(reference_variable(row, type=row["type"], derived=row["variable"] in derived) for row in frozen)
    entries = tuple(
        BatchEntry(b["batch_id"], b["batch_date"], b["rows"], b["duplicate_ids"])
        for b in (batches.to_pylist() if batches is not None else ())
    )
    cube = _cube(counts, entries, variables)
    deployed = row["deployed_at"]
    return VersionHistory(
        model_version=row["model_version"],
        deployed_on=deployed.date() if deployed is not None else None,
        baselines=baselines_of(row["baselines"], row["baselines_of"]),
        variables=variables,
        batches=entries,
        counts=cube["counts"],
        present=cube["present"],
        below=cube["below"],
        above=cube["above"],
        unseen=cube["unseen"],
        distinct=cube["distinct"],
        cohorts=tuple(cohorts),
        stale=_stale(frozen, batches),
        types=cube["types"],
        training=training_of(row),
        order=order,
        since=since,
        before=before,
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
    types = np.zeros(shape, np.int8)
    cube = {
        "counts": counts,
        "present": present,
        "below": below,
        "above": above,
        "unseen": unseen,
        "distinct": distinct,
        "types": types,
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
    types[t[good], v[good]] = _codes(rows.column("type"), list(_TYPES))[good] + 1
    names = rows.column("unseen").combine_chunks()
    for i in np.flatnonzero(good & (np.diff(np.asarray(names.offsets)) > 0)):
        unseen[int(t[i]), int(v[i])] = tuple((u["level"], u["rows"]) for u in names[int(i)].as_py())
    return cube


_TYPES: Final = tuple(name for name in VALUE_TYPES if name is not None)


def _codes(column: pa.ChunkedArray, names: list[str]) -> NDArray[np.int64]:
    """The place of each value in ``names``; -1 where it has none."""
    found = pc.index_in(column, value_set=pa.array(names, pa.string())).combine_chunks()
    return np.asarray(found.fill_null(-1)).astype(np.int64)
