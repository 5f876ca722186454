"""The truth of one cohort by segment: how much of it is known, and how good the model was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.history import Training
from dashboard.metric import Estimate
from dashboard.performance.by_task import performance
from dashboard.performance.truth import truth_of
from dashboard.performance.truth_counts import Truth
from qod.segments import NONE, OTHER

MOST: Final = 200
"""Segments that are kept with their names; the rows of all others are one, as those without a segment are."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the predictions of a cohort: its rows, those with a truth, and the measures of these by metric key."""

    name: str
    predicted: int
    known: int
    truth: Truth
    measures: Mapping[str, Estimate]

    @property
    def completeness(self) -> float:
        """The share of its predictions whose outcome is known."""
        return self.known / self.predicted


def segment_names(*cohorts: pa.Table) -> tuple[str, ...]:
    """The names of the segments of some cohorts, rows of ``segment_truth``: the largest first, at most 200 of them."""
    held: dict[str, int] = {}
    for rows in cohorts:
        counted = rows.select(["segment", "n"]).group_by("segment").aggregate([("n", "sum")]).to_pydict()
        for name, n in zip(counted["segment"], counted["n_sum"], strict=True):
            if name:
                held[name] = held.get(name, 0) + n
    return tuple(sorted(held, key=lambda name: (-held[name], name))[:MOST])


def segments_of(rows: pa.Table, task: str, names: Sequence[str], training: Training) -> tuple[Segment, ...]:
    """The segments with ``names`` that the cohort has, in that order; then ``(other)`` and ``(none)`` where it has any.

    ``rows`` are those of ``segment_truth``. A segment without a name is none.
    """
    place = _place(rows.column("segment"), names)
    found = []
    for at, name in enumerate((*names, OTHER, NONE)):
        of_segment = rows.filter(pa.array(place == at))
        if of_segment.num_rows == 0:
            continue
        predicted, known, truth = truth_of(of_segment, task)
        found.append(Segment(name, predicted, known, truth, performance(truth, training)))
    return tuple(found)


def _place(column: pa.ChunkedArray, names: Sequence[str]) -> npt.NDArray[np.int64]:
    """(rows,): the place of each row's segment in ``names``; then that of others, then that of none."""
    place = pc.index_in(column, value_set=pa.array(names, pa.string())).fill_null(len(names)).to_numpy()
    nameless = pc.equal(column.fill_null(""), "").to_numpy()
    return np.where(nameless, len(names) + 1, place)
