"""One variable of one version: its bins, the rows of every batch in them, and what moved in the batch on screen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dashboard.judging.pooling import pool
from dashboard.metrics.psi import bins_in_use, contributions, sampling
from dashboard.metrics.psi_debiased import psi_debiased, size_interval
from dashboard.policy import Policy
from dashboard.web.views.timeline import Batch

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

COLOURS: Final = {0.0: "green", 1.0: "amber", 2.0: "red"}
STORED: Final = ("psi", "noise", "chance", "drift", "missing_share", "unseen_share", "out_of_range_share")
MEASURES: Final = (*STORED, "psi_low", "psi_high")


@dataclass(frozen=True, slots=True)
class VariableHistory:
    """A variable over T batches of a version, in B own bins.

    The batches before ``begin`` were not read: of them only their days are known, the rest is as if nothing had come.
    ``counts`` (T, B) are zero where the batch did not deliver the variable; ``summaries`` are then None. ``measures``
    holds T numbers a measure, None where there is none; ``evaluated`` says which batches an evaluation has seen.
    """

    reference: Mapping[str, Any]
    batches: tuple[Batch, ...]
    counts: Whole
    summaries: tuple[Mapping[str, Any] | None, ...]
    measures: Mapping[str, tuple[float | None, ...]]
    evaluated: tuple[bool, ...]
    begin: int = 0

    @property
    def training(self) -> Whole:
        """(B,): the training rows by bin."""
        return np.asarray(self.reference["counts"], np.int64)

    @property
    def colours(self) -> list[str | None]:
        """The shown colour of drift in each batch; grey where it could not be judged, None before an evaluation."""
        return [
            None if not seen else COLOURS.get(code, "grey") if code is not None else "grey"
            for code, seen in zip(self.measures["drift"], self.evaluated, strict=True)
        ]

    def place(self, batch_id: str) -> int | None:
        """Where the batch stands, from 0; None when there is no such batch."""
        return next((t for t, batch in enumerate(self.batches) if batch.batch_id == batch_id), None)

    def place_of(self, asked: str) -> int | None:
        """The batch of this identifier; where ``asked`` is a day, 2026-11-19, that day's or the one nearest to it."""
        found = self.place(asked)
        try:
            day = date.fromisoformat(asked) if len(asked) == 10 else None
        except ValueError:
            day = None
        if found is not None or day is None or not self.batches:
            return found
        return min(range(len(self.batches)), key=lambda t: (abs((self.batches[t].day - day).days), -t))

    def judged(self, place: int, policy: Policy) -> tuple[Whole, int]:
        """The rows (B,) that the batch's PSI rests on, and how many batches they come from.

        Those of the policy's window of days; without one, small batches are pooled.
        """
        begin = together_from(self.batches, place, policy)
        if policy.drift_window_days:
            return self.counts[begin : place + 1].sum(axis=0), place + 1 - begin
        pooled, taken = pool(
            self.counts[begin : place + 1, None, :], enough=policy.drift_rows, most=policy.pool_batches
        )
        return pooled[-1, 0], int(taken[-1, 0])


def together_from(batches: Sequence[Batch], place: int, policy: Policy) -> int:
    """The first of the batches that may be judged together with the one at ``place``."""
    if not policy.drift_window_days or not batches:
        return max(0, place + 1 - policy.pool_batches)
    since = batches[place].day - timedelta(days=policy.drift_window_days)
    return bisect_right(batches, since, hi=place, key=lambda batch: batch.day)


def variable_history(
    reference: Mapping[str, Any], batches: Sequence[Batch], counted: pa.Table, measures: pa.Table, *, begin: int = 0
) -> VariableHistory:
    """From a row of ``variables`` and the answers of ``variable_counts`` and ``variable_measures``.

    These begin with the batch at the place ``begin``.
    """
    place = {batch.batch_id: t for t, batch in enumerate(batches)}
    bins = len(reference["counts"])
    counts = np.zeros((len(batches), bins), np.int64)
    summaries: list[Mapping[str, Any] | None] = [None] * len(batches)
    for row in counted.to_pylist():
        t = place.get(row["batch_id"])
        if t is not None and len(row["counts"]) == bins:
            counts[t], summaries[t] = row["counts"], row
    values: dict[str, list[float | None]] = {measure: [None] * len(batches) for measure in STORED}
    evaluated = [False] * len(batches)
    for row in measures.to_pylist():
        t = place.get(row["batch_id"])
        if t is not None:
            evaluated[t] = True
            for measure in STORED:
                values[measure][t] = row[measure]
    values["psi_low"], values["psi_high"] = _interval(reference, counts, values["psi"], values["noise"])
    return VariableHistory(
        reference=reference,
        batches=tuple(batches),
        counts=counts,
        summaries=tuple(summaries),
        measures={measure: tuple(numbers) for measure, numbers in values.items()},
        evaluated=tuple(evaluated),
        begin=begin,
    )


def _interval(
    reference: Mapping[str, Any], counts: Whole, psi: Sequence[float | None], noise: Sequence[float | None]
) -> tuple[list[float | None], ...]:
    """Where the change of each batch (T) lies, noise taken off; None where there is no PSI."""
    training = np.asarray(reference["counts"], np.int64)
    size = psi_debiased(np.array(psi, np.float64), np.array(noise, np.float64))
    bounds = size_interval(size, sampling(training, counts), bins_in_use(training, counts))
    return tuple([number if isfinite(number) else None for number in bound.tolist()] for bound in bounds)


def without_rows(reference: Mapping[str, Any], batches: Sequence[Batch] = ()) -> VariableHistory:
    """The history of a variable before any of the ``batches`` was read."""
    size = len(batches)
    counts = np.zeros((size, len(reference["counts"])), np.int64)
    nothing = dict.fromkeys(MEASURES, (None,) * size)
    return VariableHistory(reference, tuple(batches), counts, (None,) * size, nothing, (False,) * size, begin=size)


@dataclass(frozen=True, slots=True)
class Moved:
    """One bin of a batch against training: shares 0..1, and the part of the PSI that it gives."""

    place: int
    training: float
    share: float
    second: float | None
    part: float


def moved(training: Whole, batch: Whole, second: Whole | None = None) -> list[Moved]:
    """The bins in use (on either side), those that give most of the PSI first.

    ``second`` is another batch to show beside it. Nothing where a side has no rows.
    """
    if not training.sum() or not batch.sum():
        return []
    parts = contributions(training, batch)
    before, now = shares(training), shares(batch)
    other = shares(second) if second is not None else None
    found = [
        Moved(b, float(before[b]), float(now[b]), None if other is None else float(other[b]), float(parts[b]))
        for b in range(len(training))
        if training[b] or batch[b] or (second is not None and second[b])
    ]
    return sorted(found, key=lambda row: (-row.part, row.place))


def shares(counts: Whole) -> Numbers:
    """The counts (..., B) as shares of their sum; zeros where there are none."""
    total = counts.sum(axis=-1, keepdims=True)
    return np.divide(counts, total, out=np.zeros(counts.shape), where=total > 0)


@dataclass(frozen=True, slots=True)
class BinRow:
    """One row of the figures: the bins it stands for (several: levels folded together)."""

    bins: tuple[int, ...]


def bin_rows(kind: str, training: Whole, counts: Whole, *, most: int, change: Numbers | None = None) -> list[BinRow]:
    """The rows of the figures from the top: ranges from high to low, or levels in the order of training.

    Guard bins stand last; ``other`` and ``unseen`` only where they ever hold a row. With more than ``most`` levels,
    those that weigh least, at training and in the batches, are folded into one row. With ``change`` (B,), how much
    each bin has changed, those that changed most stand first, whatever they are, and those that changed least fold.
    """
    bins = len(training)
    if kind == "numeric":
        first, guards = list(range(bins - 2, -1, -1)), [bins - 1]
    else:
        first = list(range(bins - 3))
        guards = [*(b for b in (bins - 3, bins - 2) if training[b] or counts[:, b].any()), bins - 1]
    folded: list[int] = []
    if kind != "numeric" and len(first) > most:
        weight = np.maximum(shares(training), shares(counts).max(axis=0, initial=0.0)) if change is None else change
        kept = set(sorted(first, key=lambda b: (-weight[b], b))[: most - 1])
        folded = [b for b in first if b not in kept]
        first = [b for b in first if b in kept]
    if change is not None:
        moved_first = sorted([*first, *guards], key=lambda b: -change[b])
        return [*(BinRow((b,)) for b in moved_first), *([BinRow(tuple(folded))] if folded else [])]
    return [
        *(BinRow((b,)) for b in first),
        *([BinRow(tuple(folded))] if folded else []),
        *(BinRow((b,)) for b in guards),
    ]


def folded_counts(counts: Whole, rows: Sequence[BinRow]) -> Whole:
    """Counts (..., B) as the rows of the figures (..., R)."""
    return np.stack([counts[..., list(row.bins)].sum(axis=-1) for row in rows], axis=-1)
