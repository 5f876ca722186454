"""Where a click on a figure over time leads: to the same page, of the batch at that place."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.web.components.chart import Targets
from dashboard.web.figures.time_axis import TimeAxis
from dashboard.web.page import Request
from dashboard.web.views.timeline import Batch


def batch_targets(request: Request, batches: Sequence[Batch], axis: TimeAxis) -> Targets:
    """The targets of a figure whose ``axis`` is made of the days of ``batches``."""
    return Targets(
        rows=[request.link(batch=None)],
        keys=("batch",),
        columns=[None if column is None else [batches[column].batch_id] for column in axis.columns],
    )
