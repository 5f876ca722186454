"""A version's counts in canonical order: the arrays that rules judge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from math import isfinite

import numpy as np
import numpy.typing as npt

from dashboard.history import BatchEntry, ReferenceVariable, VersionHistory

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Tally:
    """Counts of T batches, V variables and B bins; batches by (date, id), variables by name.

    ``reference`` (V, B) and ``counts`` (T, V, B) are zero padded; ``rows`` (T,) are the batches' own row counts.
    ``types`` (T, V) are what the values were, see dashboard.history.VALUE_TYPES. ``stale`` (T,) are batches counted in
    other bins than these: their counts are 0, only their rows remain.
    Batches from ``first`` on are judged, those before it are only looked back at.
    """

    variables: tuple[ReferenceVariable, ...]
    batches: tuple[BatchEntry, ...]
    reference: Whole
    counts: Whole
    present: Flags
    below: Whole
    above: Whole
    distinct: Whole
    rows: Whole
    unseen_levels: dict[tuple[int, int], tuple[tuple[str, int], ...]]
    stale: Flags
    types: npt.NDArray[np.int8]
    first: int = 0

    def judged(self) -> Tally:
        """The batches that are judged, without those before."""
        first = self.first
        return replace(
            self,
            batches=self.batches[first:],
            counts=self.counts[first:],
            present=self.present[first:],
            below=self.below[first:],
            above=self.above[first:],
            distinct=self.distinct[first:],
            rows=self.rows[first:],
            unseen_levels={(t - first, v): levels for (t, v), levels in self.unseen_levels.items() if t >= first},
            stale=self.stale[first:],
            types=self.types[first:],
            first=0,
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The variables' names."""
        return tuple(variable.name for variable in self.variables)

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The batches' dates."""
        return tuple(batch.batch_date for batch in self.batches)

    @cached_property
    def weights(self) -> tuple[float | None, ...]:
        """The variables' importance; None where it is not known."""
        given = (variable.importance for variable in self.variables)
        return tuple(weight if weight is not None and isfinite(weight) else None for weight in given)

    @cached_property
    def derived(self) -> Flags:
        """(V,): the variable is computed from others; only its drift is judged."""
        return np.array([variable.derived for variable in self.variables], bool)

    @cached_property
    def categorical(self) -> Flags:
        """(V,): the variable is categorical."""
        return np.array([variable.kind == "categorical" for variable in self.variables], bool)

    @cached_property
    def last(self) -> Whole:
        """(V,): the place of the missing bin, the last of the variable's own."""
        return np.array([len(variable.counts) - 1 for variable in self.variables], np.int64)

    @cached_property
    def n(self) -> Whole:
        """(T, V): the rows behind each variable of each batch."""
        return np.asarray(self.counts.sum(axis=-1))

    @cached_property
    def missing(self) -> Whole:
        """(T, V): rows without a value."""
        return np.take_along_axis(self.counts, self.last[None, :, None], axis=-1)[..., 0]

    @cached_property
    def unseen(self) -> Whole:
        """(T, V): rows of levels that training did not have; 0 for numeric variables."""
        place = np.where(self.categorical, self.last - 1, 0)
        rows = np.take_along_axis(self.counts, place[None, :, None], axis=-1)[..., 0]
        return np.where(self.categorical, rows, 0)

    @cached_property
    def training_n(self) -> Whole:
        """(V,): training rows."""
        return np.asarray(self.reference.sum(axis=-1))

    @cached_property
    def training_missing(self) -> Whole:
        """(V,): training rows without a value."""
        return np.take_along_axis(self.reference, self.last[:, None], axis=-1)[..., 0]

    @cached_property
    def valued(self) -> Flags:
        """(V, B): bins that hold a value, that is all but the missing bin and the padding."""
        return np.arange(self.reference.shape[1])[None, :] < self.last[:, None]

    @cached_property
    def training_values(self) -> Whole:
        """(V,): bins in which training rows with a value fell; 1 is a constant, 0 a variable without any value."""
        return np.asarray(((self.reference > 0) & self.valued).sum(axis=-1))


def tally(version: VersionHistory) -> Tally:
    """The counts of ``version`` in canonical order, whatever order they came in."""
    by_date = sorted(range(len(version.batches)), key=lambda t: _when(version.batches[t]))
    by_name = sorted(range(len(version.variables)), key=lambda v: version.variables[v].name)
    variables = tuple(version.variables[v] for v in by_name)
    batches = tuple(version.batches[t] for t in by_date)
    bins = max(version.counts.shape[2], 1)
    reference = np.zeros((len(variables), bins), np.int64)
    for v, variable in enumerate(variables):
        reference[v, : len(variable.counts)] = variable.counts
    rows, columns = np.array(by_date, np.intp), np.array(by_name, np.intp)
    at = {t: place for place, t in enumerate(by_date)}
    of = {v: place for place, v in enumerate(by_name)}
    shape = (len(batches), len(variables))
    counts = version.counts[rows[:, None], columns[None, :]] if version.counts.size else np.zeros((*shape, bins), int)
    distinct = np.full(shape, -1, np.int64) if version.distinct is None else version.distinct
    pick = np.ix_(rows, columns)
    stale = np.zeros(len(batches), bool) if version.stale is None else version.stale[rows]
    usable = ~stale[:, None]
    return Tally(
        variables=variables,
        batches=batches,
        reference=reference,
        counts=np.where(usable[..., None], np.asarray(counts, np.int64), 0),
        present=version.present[pick],
        below=np.where(usable, version.below[pick], 0),
        above=np.where(usable, version.above[pick], 0),
        distinct=np.where(usable, distinct if version.distinct is None else distinct[pick], -1),
        rows=np.array([batch.rows for batch in batches], np.int64),
        unseen_levels={
            (at[t], of[v]): tuple(sorted(levels, key=lambda level: (-level[1], level[0])))
            for (t, v), levels in version.unseen.items()
            if levels and not stale[at[t]]
        },
        stale=stale,
        types=np.zeros(shape, np.int8) if version.types is None else np.where(usable, version.types[pick], np.int8(0)),
        first=0 if version.since is None else sum(batch.batch_date < version.since for batch in batches),
    )


def _when(batch: BatchEntry) -> tuple[date, str]:
    return batch.batch_date, batch.batch_id
