"""What query ``segment_truth`` is asked about a cohort: the days to look into, and what was known when."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard.performance.cohort_views import CohortView
from dashboard.performance.truth import end_of


def undated_question(view: CohortView, model_id: str, today: date) -> dict[str, Any]:
    """The parameters of query ``undated_truth``: whether a truth without a day could be about the cohort."""
    return {"models": [model_id], "since": view.first_day, "until": min(view.last_day, today)}


def truth_question(view: CohortView, model_id: str, today: date, *, undated: bool) -> dict[str, Any]:
    """The parameters of query ``segment_truth`` for the truth of the cohort that is known on ``today``.

    Where ``undated`` truth met its predictions, all earlier ones are looked at: it is about the first of an id.
    """
    first, last = view.first_day, min(view.last_day, today)
    return {
        "model_id": model_id,
        "model_version": view.model_version,
        "batch_id": view.cohort_id.removeprefix("batch:") if view.cohort_id.startswith("batch:") else "",
        "since": first,
        "until": last,
        "scored_since": date.min if undated else first,
        "known_before": end_of(today),
    }
