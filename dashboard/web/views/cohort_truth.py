"""The truth of one cohort, row by row counted: it reads predictions and outcomes, so ask only where it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pyarrow as pa

from dashboard.history import Training
from dashboard.performance.cohort_views import CohortView
from dashboard.performance.segment_report import SegmentReport, segment_report
from dashboard.performance.truth import pairs_of_values, truth_of
from dashboard.performance.truth_counts import Floats, Truth, Whole
from dashboard.performance.truth_question import truth_question, undated_question
from dashboard.told import training_of
from dashboard.web.page import Request
from dashboard.web.views.judged_cohorts import Cohorts
from dashboard.web.views.performance import CohortRow

T = TypeVar("T")


def training_of_version(request: Request, model_id: str, version: str) -> Training:
    """What training left of a version beside its bins."""
    rows = request.rows("evaluated_versions", models=[model_id])
    return next((training_of(row) for row in rows if row["model_version"] == version), Training())


def known_truth(request: Request, cohorts: Cohorts, view: CohortView) -> Truth:
    """What is known of the cohort, as its task counts it."""
    return _kept(
        request, ("truth",), cohorts, view, lambda: truth_of(_rows(request, cohorts, view), cohorts.model.task)[2]
    )


def known_values(request: Request, cohorts: Cohorts, view: CohortView) -> tuple[Floats, Floats, Whole]:
    """Predicted and true values of a regression's cohort, and the rows with each pair."""
    return _kept(request, ("values",), cohorts, view, lambda: pairs_of_values(_rows(request, cohorts, view)))


def segments_report(
    request: Request, cohorts: Cohorts, row: CohortRow, since: CohortRow | None
) -> tuple[SegmentReport, bool]:
    """The cohort by segment, its change split since another or else since training; whether training told them."""
    view = row.view

    def compute() -> tuple[SegmentReport, bool]:
        task, rows = cohorts.model.task, _rows(request, cohorts, view)
        training = training_of_version(request, cohorts.model.model_id, view.model_version)
        before = None if since is None else _rows(request, cohorts, since.view)
        report = segment_report(rows, task, training, before=before, since_training=since is None)
        return report, bool(training.segments)

    compared = () if since is None else (since.view.model_version, since.view.cohort_id)
    return _kept(request, ("segments", *compared), cohorts, view, compute)


def earlier(cohorts: Cohorts, row: CohortRow) -> list[CohortRow]:
    """The cohorts with a truth before this one, the newest first; of each period the one of its version, if any."""
    found: dict[str, CohortRow] = {}
    for one in cohorts.rows:
        own = one.model_version == row.model_version
        if one.view.known and one.first_day < row.first_day and (own or one.cohort_id not in found):
            found[one.cohort_id] = one
    return list(found.values())[::-1]


def against(request: Request, cohorts: Cohorts, row: CohortRow) -> CohortRow | None:
    """The earlier cohort that the address compares with; None for training."""
    wanted = request.params["against"]
    return next((one for one in earlier(cohorts, row) if one.cohort_id == wanted), None)


def _kept(request: Request, what: tuple[str, ...], cohorts: Cohorts, view: CohortView, compute: Callable[[], T]) -> T:
    key = ("cohort", what, cohorts.model.model_id, view.model_version, view.cohort_id)
    return request.reading.keep(key, compute)


def _rows(request: Request, cohorts: Cohorts, view: CohortView) -> pa.Table:
    """The rows of query ``segment_truth`` about a cohort."""
    model_id, today = cohorts.model.model_id, cohorts.today
    undated = any(row["met"] for row in request.rows("undated_truth", **undated_question(view, model_id, today)))
    return request.read("segment_truth", **truth_question(view, model_id, today, undated=undated))
