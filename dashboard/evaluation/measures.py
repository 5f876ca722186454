"""The measures that an assessment gives: of every batch, and of every cohort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from dashboard.colour import GREEN, NOTE
from dashboard.evaluation.measure_rows import Measures
from dashboard.history import Cohort, CohortRow, Judged, ModelEntry
from dashboard.judging.soft_colour import compare
from dashboard.metric import Estimate
from dashboard.metrics.drift import colour_values
from dashboard.metrics.missing_share import share_of
from dashboard.performance.cohorts import completeness, matures_on
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
        where: npt.NDArray[np.bool_] | bool = True,
    ) -> None:
        of = {"version": self.version, "batches": self.batches, "subjects": subjects}
        self.rows.add(metric, **of, value=value, low=low, high=high, n=n, where=where)  # type: ignore[arg-type]


def add_batch_measures(rows: Measures, *, version: str, tally: Tally, moved: Drift, sizes: Verdicts) -> None:
    """Add the measures of every batch that is judged: of each variable by its own rows, and of the batch itself.

    Of a variable, PSI stands in every batch, with what chance gives; the rest only where it says something. What
    follows from that is made by dashboard.all_measures.
    """
    counted, first = tally.judged(), tally.first
    batches = [(batch.batch_id, batch.batch_date) for batch in counted.batches]
    alone = compare(counted.reference, counted.counts) if moved.alone is None else moved.alone
    value, chance, critical = (array[-len(batches) :] for array in (alone.psi, alone.noise, alone.critical))
    n = counted.n
    outside = counted.below + counted.above
    add = _Adder(rows, version, batches)
    add(counted.names, "psi", value, low=chance, high=critical, n=n)
    shown, soft, judged = moved.shown[first:], moved.soft[first:], moved.rows[first:]
    calm = (shown == GREEN) & (soft == GREEN) & (judged == n)
    add(counted.names, "drift", colour_values(shown), low=colour_values(soft), n=judged, where=~calm)
    for metric, part in (
        ("missing_share", counted.missing),
        ("unseen_share", counted.unseen),
        ("out_of_range_share", np.where(counted.categorical, 0, outside)),
    ):
        add(counted.names, metric, share_of(part, n), n=n, where=part > 0)
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
