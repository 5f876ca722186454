"""The measures that an assessment gives: of every batch, and of every cohort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from dashboard.cohorts import completeness, matures_on
from dashboard.colour import GREEN, NOTE
from dashboard.history import Cohort, CohortRow, Judged, ModelEntry
from dashboard.measure_rows import Measures
from dashboard.metric import Estimate
from dashboard.metrics.drift import colour_values
from dashboard.metrics.missing_share import share_of
from dashboard.metrics.psi import bins_in_use, psi, sampling
from dashboard.metrics.psi_debiased import psi_debiased, size_interval
from dashboard.metrics.psi_noise import ALPHA, critical, noise
from dashboard.rule import Verdicts
from dashboard.rules.drift import Drift
from dashboard.tally import Tally


@dataclass(frozen=True, slots=True)
class _Adder:
    rows: Measures
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


def add_batch_measures(rows: Measures, *, version: str, tally: Tally, moved: Drift, sizes: Verdicts) -> None:
    """Add the measures of every batch that is judged: of each variable by its own rows, and of the batch itself."""
    counted, first = tally.judged(), tally.first
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
    shown, soft = colour_values(moved.shown[first:]), colour_values(moved.soft[first:])
    add(counted.names, "drift", shown, low=soft, n=moved.rows[first:])
    add(counted.names, "missing_share", share_of(counted.missing, n), n=n)
    for kind, metric, part in (
        (counted.categorical, "unseen_share", counted.unseen),
        (~counted.categorical, "out_of_range_share", outside),
    ):
        of_kind = np.flatnonzero(kind)
        names = [counted.names[v] for v in of_kind]
        add(names, metric, share_of(part[:, of_kind], n[:, of_kind]), n=n[:, of_kind])
    count, usual = counted.rows[:, None], sizes.numbers
    add(("batch",), "rows", count, low=usual["usual_low"][first:], high=usual["usual_high"][first:], n=count)
    repeated = [[np.nan if batch.duplicate_ids is None else batch.duplicate_ids] for batch in counted.batches]
    add(("batch",), "duplicate_ids", repeated, n=count)


def shown_colour(cohort: Cohort, judged: Judged, model: ModelEntry, today: date) -> float | None:
    """The colour of a cohort as a measure, see dashboard.metrics.performance; None until it counts on ``today``."""
    share = completeness(cohort)
    if share is None or share < model.policy.completeness or matures_on(cohort, model) > today:
        return None
    code = np.array(GREEN if judged.code == NOTE else judged.code, np.int8)
    colour = float(colour_values(code))
    return colour if np.isfinite(colour) else None


def add_cohort_measures(rows: Measures, version: str, cohorts: Sequence[CohortRow]) -> None:
    """Add the measures of every cohort of a version, provisional or not."""
    found: dict[str, list[tuple[Cohort, Estimate]]] = {}
    for row in cohorts:
        cohort = row.cohort
        given = {
            **row.judged.estimates,
            "completeness": Estimate(completeness(cohort), None, None, None, cohort.predicted),
            "performance": Estimate(row.shown, None, None, None, cohort.known),
        }
        for metric, estimate in given.items():
            found.setdefault(metric, []).append((cohort, estimate))
    for metric, of_metric in found.items():
        add = _Adder(rows, version, [(cohort.cohort_id, cohort.first_day) for cohort, _ in of_metric])
        value, low, high = (
            [[_or_nan(getattr(estimate, name))] for _, estimate in of_metric] for name in ("value", "low", "high")
        )
        add(("model",), metric, value, low=low, high=high, n=[[estimate.n] for _, estimate in of_metric])


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value
