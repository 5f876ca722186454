"""Small histories written by hand: variables, batches as lists of counts, and what `assess` makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from dashboard.history import (
    VALUE_TYPES,
    Baseline,
    BatchEntry,
    Cohort,
    ModelEntry,
    ModelHistory,
    ReferenceVariable,
    VersionHistory,
)
from dashboard.performance.truth_counts import ClassCounts
from dashboard.policy import Policy
from dashboard.tally import Tally, tally

START = date(2026, 11, 1)

Batch = Mapping[str, Sequence[int]]


def classes(n: int, right: int) -> ClassCounts:
    """``n`` rows of two classes, ``right`` of them predicted as they came."""
    rows = np.array([right, n - right], np.int64)
    return ClassCounts(("a", "b"), np.array([0, 0]), np.array([0, 1]), rows)


def numeric(name: str = "x", counts: Sequence[int] = (*[1000] * 10, 0), importance: float | None = None) -> Any:
    """A numeric variable with edges at 1, 2, 3, ...; the last of ``counts`` is the missing bin."""
    edges = tuple(float(edge) for edge in range(1, len(counts) - 1))
    return ReferenceVariable(name, "numeric", importance, edges, (), np.array(counts, np.int64))


def categorical(
    name: str = "c", counts: Sequence[int] = (6000, 4000, 0, 0, 0), importance: float | None = None
) -> ReferenceVariable:
    """A categorical variable with levels a, b, ...; the last of ``counts`` are other, unseen and missing."""
    levels = tuple("abcdefghij"[: len(counts) - 3])
    return ReferenceVariable(name, "categorical", importance, (), levels, np.array(counts, np.int64))


def version(
    variables: Sequence[ReferenceVariable],
    batches: Sequence[Batch],
    *,
    name: str = "v1",
    start: date = START,
    every: int = 1,
    rows: Sequence[int] | None = None,
    duplicate_ids: Sequence[int | None] | None = None,
    unseen: Mapping[tuple[int, str], Sequence[tuple[str, int]]] | None = None,
    distinct: Mapping[str, Sequence[int]] | None = None,
    baselines: Mapping[str, Baseline] | None = None,
    cohorts: Sequence[Cohort] = (),
    stale: Sequence[bool] | None = None,
    order: int = 0,
    below: Mapping[str, Sequence[int]] | None = None,
    above: Mapping[str, Sequence[int]] | None = None,
    types: Mapping[str, Sequence[str | None]] | None = None,
) -> VersionHistory:
    """A version whose batch t holds the counts ``batches[t]`` by variable; a variable it does not name is absent."""
    shape = (len(batches), len(variables))
    counts = np.zeros((*shape, max((len(v.counts) for v in variables), default=0)), np.int64)
    present = np.zeros(shape, bool)
    place = {variable.name: v for v, variable in enumerate(variables)}
    for t, batch in enumerate(batches):
        for variable, given in batch.items():
            counts[t, place[variable], : len(given)] = given
            present[t, place[variable]] = True
    size = counts.sum(axis=-1).max(axis=-1, initial=0) if rows is None else np.array(rows)
    days = [start + timedelta(days=every * t) for t in range(len(batches))]
    known = np.full(shape, -1, np.int64)
    for variable, values in (distinct or {}).items():
        known[:, place[variable]] = values
    outside = {"below": np.zeros(shape, np.int64), "above": np.zeros(shape, np.int64)}
    for side, given in (("below", below), ("above", above)):
        for variable, rows_outside in (given or {}).items():
            outside[side][:, place[variable]] = rows_outside
    kinds = np.zeros(shape, np.int8)
    for variable, names in (types or {}).items():
        kinds[:, place[variable]] = [VALUE_TYPES.index(kind) for kind in names]
    return VersionHistory(
        model_version=name,
        deployed_on=None,
        baselines=dict(baselines or {}),
        variables=tuple(variables),
        batches=tuple(
            BatchEntry(day.isoformat(), day, int(size[t]), duplicate_ids[t] if duplicate_ids else None)
            for t, day in enumerate(days)
        ),
        counts=counts,
        present=present,
        below=outside["below"],
        above=outside["above"],
        unseen={(t, place[variable]): tuple(levels) for (t, variable), levels in (unseen or {}).items()},
        cohorts=tuple(cohorts),
        distinct=known if distinct else None,
        stale=None if stale is None else np.array(stale, bool),
        types=kinds if types else None,
        order=order,
    )


def counted(variables: Sequence[ReferenceVariable], batches: Sequence[Batch], **more: Any) -> Tally:
    """The arrays that rules judge, of such a version."""
    return tally(version(variables, batches, **more))


def model(**changes: Any) -> ModelEntry:
    """A daily binary model with monthly cohorts and a window of 30 days, or with ``changes``."""
    given: dict[str, Any] = {
        "model_id": "churn",
        "name": "Churn",
        "task": "binary",
        "cadence": "P1D",
        "cohort": "month",
        "outcome_window_days": 30,
        "policy": Policy(),
    }
    return ModelEntry(**{**given, **changes})


def history(*versions: VersionHistory, as_of: date | None = None, **changes: Any) -> ModelHistory:
    """The history of ``versions``, seen on ``as_of`` (the day of the newest batch)."""
    newest = max((batch.batch_date for one in versions for batch in one.batches), default=START)
    return ModelHistory(model(**changes), as_of or newest, tuple(versions))
