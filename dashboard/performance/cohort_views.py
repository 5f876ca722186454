"""The cohorts of a model as a reader sees them: what came, what was estimated, and whether to believe that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from dashboard import metrics
from dashboard.colour import GREEN, NAMES, NOTE
from dashboard.history import Cohort, ModelEntry
from dashboard.metric import Estimate
from dashboard.metrics.estimated_mae import pooled_mae
from dashboard.metrics.estimated_rmse import pooled_rmse
from dashboard.performance.backtest import BackTest, Foretold, back_test
from dashboard.performance.cohort_verdicts import RULES, parse_judged
from dashboard.performance.cohorts import complete, completeness, matures_on
from dashboard.performance.estimates import ESTIMATED

POOLED: Final = {"estimated_rmse": pooled_rmse, "estimated_mae": pooled_mae}
"""The estimates that are of batches, and how those of a cohort's batches become its own."""


@dataclass(frozen=True, slots=True)
class CohortView:
    """One cohort of one version.

    ``completeness`` is a share, None without predictions. ``final_on`` is the first day on which its truth should be
    complete; ``mature`` says that it has come and enough is known, else ``colour`` is None. ``realised`` and
    ``estimated`` are both by the key of the measure realised.
    """

    model_version: str
    cohort_id: str
    first_day: date
    last_day: date
    predicted: int
    known: int
    completeness: float | None
    final_on: date
    mature: bool
    colour: str | None
    realised: Mapping[str, Estimate]
    estimated: Mapping[str, Estimate]


def main_measure(model: ModelEntry) -> str:
    """The key of the measure that colours the model's cohorts."""
    return RULES[model.task].key


def cohort_views(
    cohorts: Iterable[Mapping[str, Any]],
    model: ModelEntry,
    *,
    today: date,
    batches: Iterable[Mapping[str, Any]] = (),
) -> list[CohortView]:
    """The cohorts, oldest first in each version, from rows of ``evaluated_cohorts``.

    ``batches`` are rows of ``performance_measures`` of the days of these cohorts: a regression is estimated by batch,
    and a cohort has an estimate where each of its batches has one.
    """
    by_batch = [row for row in batches if row["metric"] in POOLED]
    found = []
    for row in cohorts:
        judged = parse_judged(row["verdict"])
        estimated = {
            key.removeprefix(ESTIMATED): estimate
            for key, estimate in judged.estimates.items()
            if key.startswith(ESTIMATED)
        }
        realised = {key: estimate for key, estimate in judged.estimates.items() if not key.startswith(ESTIMATED)}
        span = row["batch_id"], row["batch_date"], row["last_day"]
        cohort = Cohort(*span, row["predicted"], row["known"], judged=judged)
        mature = complete(cohort, model) and matures_on(cohort, model) <= today
        found.append(
            CohortView(
                model_version=row["model_version"],
                cohort_id=cohort.cohort_id,
                first_day=cohort.first_day,
                last_day=cohort.last_day,
                predicted=cohort.predicted,
                known=cohort.known,
                completeness=completeness(cohort),
                final_on=matures_on(cohort, model),
                mature=mature,
                colour=NAMES[GREEN if judged.code == NOTE else judged.code] if mature else None,
                realised=realised,
                estimated={**estimated, **_of_batches(by_batch, row["model_version"], cohort)},
            )
        )
    return sorted(found, key=lambda view: (view.model_version, view.first_day, view.last_day, view.cohort_id))


def _of_batches(batches: Sequence[Mapping[str, Any]], version: str, cohort: Cohort) -> dict[str, Estimate]:
    """The estimates of a cohort whose batches have them, from those of its batches."""
    of_cohort = [
        row
        for row in batches
        if row["model_version"] == version
        and cohort.first_day <= row["batch_date"] <= cohort.last_day
        and (not cohort.cohort_id.startswith("batch:") or cohort.cohort_id == f"batch:{row['batch_id']}")
    ]
    found = {}
    for metric, pooled in POOLED.items():
        held = [(row["value"], row["n"]) for row in of_cohort if row["metric"] == metric and row["n"]]
        if held and all(value is not None for value, _ in held):
            rows = np.array([n for _, n in held], np.int64)
            value = pooled(np.array([value for value, _ in held], np.float64), rows)
            found[metric.removeprefix(ESTIMATED)] = Estimate(value, None, None, None, int(rows.sum()))
    return found


def newest_known(views: Iterable[CohortView]) -> CohortView | None:
    """The newest cohort that is final; where none is, that whose truth is measured, or there; None without truth."""
    return max(
        (view for view in views if view.known),
        key=lambda view: (
            view.mature,
            any(estimate.se is not None for estimate in view.realised.values()),
            *(view.first_day, view.last_day, view.model_version, view.cohort_id),
        ),
        default=None,
    )


def back_tests(views: Iterable[CohortView], model: ModelEntry) -> dict[str, dict[str, BackTest]]:
    """By version and key of the measure: the test of its estimates; none of a measure that was never estimated."""
    by_version: dict[str, list[CohortView]] = {}
    for view in views:
        by_version.setdefault(view.model_version, []).append(view)
    main = main_measure(model)
    found: dict[str, dict[str, BackTest]] = {}
    for version, of_version in by_version.items():
        keys = sorted({key for view in of_version for key in view.estimated}, key=lambda key: (key != main, key))
        mature = [view for view in of_version if view.mature]
        found[version] = {
            key: back_test(
                metrics.load()[key],
                [
                    Foretold(view.cohort_id, view.first_day, view.estimated[key], view.realised[key])
                    for view in mature
                    if key in view.estimated and key in view.realised
                ],
            )
            for key in keys
        }
    return found
