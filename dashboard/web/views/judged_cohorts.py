"""The cohorts of one model with the tests of their estimates, from the tables: what `vigie performance` says too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.history import ModelEntry
from dashboard.performance.backtest import BackTest
from dashboard.performance.cohort_views import back_tests, cohort_views
from dashboard.told import baselines_of
from dashboard.web.page import Request
from dashboard.web.views.performance import CohortRow, cohort_rows
from dashboard.web.views.policy import policy_of
from dashboard.web.views.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Cohorts:
    """All cohorts of a model, oldest first, and by version and measure the test of its estimates.

    ``today`` is the day of the model's last evaluation.
    """

    model: ModelEntry
    today: date
    rows: tuple[CohortRow, ...]
    tests: Mapping[str, Mapping[str, BackTest]]


def cohorts_of(
    request: Request, entry: Mapping[str, Any], versions: Iterable[Mapping[str, Any]], known: Timeline
) -> Cohorts:
    """The cohorts of the model of a row of query ``fleet``; ``versions`` are those of ``versions_of``."""

    def compute() -> Cohorts:
        model, today = judged_model(request, entry)
        span = {"since": date.min, "until": date.max}
        cohorts = request.read("evaluated_cohorts", models=[model.model_id], **span).to_pylist()
        batches: list[dict[str, Any]] = []
        days = sorted({batch.day for batch in known.batches})
        if model.task == "regression" and cohorts and days:
            batches = request.read("performance_measures", model_id=model.model_id, days=days).to_pylist()
        views = cohort_views(cohorts, model, today=today, batches=batches)
        baselines = {row["model_version"]: baselines_of(row["held_to"]) for row in versions}
        rows = cohort_rows(views, baselines, task=model.task, policy=model.policy, today=today)
        return Cohorts(model, today, tuple(rows), back_tests(views, model))

    return request.reading.keep(("cohorts", entry["model_id"]), compute)


def judged_model(request: Request, entry: Mapping[str, Any]) -> tuple[ModelEntry, date]:
    """The model of a row of query ``fleet`` as its cohorts are judged, and the day of its last evaluation."""
    said = {name: entry[name] for name in ("model_id", "name", "task", "cadence", "cohort", "outcome_window_days")}
    return ModelEntry(**said, policy=policy_of(request, entry)), entry["as_of"] or request.today or date.max
