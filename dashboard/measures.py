"""The rows that an assessment adds to the contract's table measures, gathered column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.cohort_verdicts import CohortVerdict
from dashboard.cohorts import completeness, matures_on
from dashboard.colour import GREEN, NOTE
from dashboard.history import ModelEntry, ScoreCounts
from dashboard.metrics.drift import colour_values
from dashboard.metrics.missing_share import share_of
from dashboard.metrics.psi import bins_in_use, psi, sampling
from dashboard.metrics.psi_debiased import psi_debiased, size_interval
from dashboard.metrics.psi_noise import ALPHA, critical, noise
from dashboard.policy import Policy
from dashboard.rules.drift import Drift
from dashboard.rules.row_count import usual
from dashboard.tally import Tally

COLUMNS: Final = (
    "model_id", "model_version", "batch_id", "batch_date", "subject", "metric", "value", "low", "high", "n",
)  # fmt: skip


class MeasureRows:
    """Collects measures of one model as plain columns; NaN and infinities become None."""

    def __init__(self, model_id: str) -> None:
        self._model_id = model_id
        self.columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}

    def add(
        self,
        metric: str,
        *,
        version: str,
        batches: Sequence[tuple[str, date]],
        subjects: Sequence[str],
        value: npt.ArrayLike,
        low: npt.ArrayLike | None = None,
        high: npt.ArrayLike | None = None,
        n: npt.ArrayLike | None = None,
    ) -> None:
        """Add ``metric`` of every batch (T) and subject (S); the numbers broadcast to (T, S)."""
        shape = (len(batches), len(subjects))
        size = shape[0] * shape[1]
        columns = self.columns
        columns["model_id"] += [self._model_id] * size
        columns["model_version"] += [version] * size
        columns["batch_id"] += [batch for batch, _ in batches for _ in subjects]
        columns["batch_date"] += [day for _, day in batches for _ in subjects]
        columns["subject"] += list(subjects) * shape[0]
        columns["metric"] += [metric] * size
        for name, numbers in (("value", value), ("low", low), ("high", high)):
            columns[name] += _floats(numbers, shape)
        columns["n"] += [None] * size if n is None else np.broadcast_to(np.asarray(n), shape).ravel().tolist()


def _floats(numbers: npt.ArrayLike | None, shape: tuple[int, int]) -> list[float | None]:
    if numbers is None:
        return [None] * (shape[0] * shape[1])
    values = np.broadcast_to(np.asarray(numbers, np.float64), shape).ravel()
    known = np.isfinite(values)
    plain: list[float | None] = [*values.tolist()]
    if not known.all():
        for place in np.flatnonzero(~known).tolist():
            plain[place] = None
    return plain


@dataclass(frozen=True, slots=True)
class _Adder:
    rows: MeasureRows
    version: str
    batches: Sequence[tuple[str, date]]

    def __call__(
        self,
        subjects: Sequence[str],
        metric: str,
        value: npt.ArrayLike,
        *,
        low: npt.ArrayLike | None = None,
        high: npt.ArrayLike | None = None,
        n: npt.ArrayLike | None = None,
    ) -> None:
        self.rows.add(
            metric, version=self.version, batches=self.batches, subjects=subjects, value=value, low=low, high=high, n=n
        )


def add_batch_measures(rows: MeasureRows, *, version: str, counted: Tally, moved: Drift, policy: Policy) -> None:
    """Add the measures of every batch: of each variable by its own rows, and of the batch itself."""
    batches = [(batch.batch_id, batch.batch_date) for batch in counted.batches]
    value = psi(counted.reference, counted.counts)
    scale, bins = sampling(counted.reference, counted.counts), bins_in_use(counted.reference, counted.counts)
    chance = noise(scale, bins)
    size = psi_debiased(value, chance)
    low, high = size_interval(size, scale, bins)
    n = counted.n
    outside = counted.below + counted.above
    add = _Adder(rows, version, batches)
    add(counted.names, "psi", value, n=n)
    add(counted.names, "psi_noise", chance, high=critical(scale, bins, ALPHA), n=n)
    add(counted.names, "psi_debiased", size, low=low, high=high, n=n)
    add(counted.names, "drift", colour_values(moved.shown), low=colour_values(moved.soft), n=moved.rows)
    add(counted.names, "missing_share", share_of(counted.missing, n), n=n)
    for kind, metric, part in (
        (counted.categorical, "unseen_share", counted.unseen),
        (~counted.categorical, "out_of_range_share", outside),
    ):
        of_kind = np.flatnonzero(kind)
        names = [counted.names[v] for v in of_kind]
        add(names, metric, share_of(part[:, of_kind], n[:, of_kind]), n=n[:, of_kind])
    usual_low, _, usual_high = usual(counted.rows, window=policy.row_count_batches).T
    count = counted.rows[:, None]
    add(("batch",), "rows", count, low=usual_low[:, None], high=usual_high[:, None], n=count)
    repeated = [[np.nan if batch.duplicate_ids is None else batch.duplicate_ids] for batch in counted.batches]
    add(("batch",), "duplicate_ids", repeated, n=count)


def add_cohort_measures(
    rows: MeasureRows, *, version: str, cohorts: Sequence[CohortVerdict], model: ModelEntry, today: date
) -> None:
    """Add the measures of every cohort, provisional or not; its colour only once it counts on ``today``."""
    for found in cohorts:
        cohort = found.cohort
        add = _Adder(rows, version, [(cohort.cohort_id, cohort.first_day)])
        for metric, estimate in found.estimates.items():
            add(_MODEL, metric, _or_nan(estimate.value), low=_or_nan(estimate.low), high=_or_nan(estimate.high),
                n=estimate.n)  # fmt: skip
        if isinstance(cohort.data, ScoreCounts):
            add(_MODEL, "positives", float(cohort.data.positives.sum()), n=cohort.known)
        share = completeness(cohort)
        add(_MODEL, "completeness", _or_nan(share), n=cohort.predicted)
        counts = share is not None and share >= model.policy.completeness and matures_on(cohort, model) <= today
        code = np.array([[found.verdict.code]], np.int8)
        colour = colour_values(np.where(code == NOTE, np.int8(GREEN), code))
        add(_MODEL, "performance", colour if counts else np.nan, n=cohort.known)


_MODEL: Final = ("model",)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value
