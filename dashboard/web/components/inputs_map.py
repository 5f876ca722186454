"""The map of a model's inputs: variables by batches, with its legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.chart import Targets, graph
from dashboard.web.components.heat_legend import heat_legend
from dashboard.web.components.inputs_shown import SHOWN
from dashboard.web.components.mark_list import mark_list, marks_told
from dashboard.web.data import Data
from dashboard.web.figures.inputs_heatmap import Cells, inputs_heatmap
from dashboard.web.figures.time_axis import time_axis
from dashboard.web.page import Request
from dashboard.web.views.timeline import Batch, Timeline, cadence_days

TABLE_BATCHES: Final = 90
"""Batches in the table beneath the figure: many more weigh more than the figure, and nobody reads them there."""

_ALT: Final = Text(
    "{shown}: {n} variables by {batches} batches, from {first} to {last}. {sentence}",
    "{shown}\u00a0: {n} variables sur {batches} lots, du {first} au {last}. {sentence}",
)
_LATELY: Final = Text(
    "The table above holds the newest {n} batches; the CSV of this card holds all.",
    "Le tableau ci-dessus contient les {n} derniers lots\u202f; le CSV de cette carte les contient tous.",
)
_BATCH, _VERSION = Text("Batch", "Lot"), Text("Version", "Version")


def inputs_map(
    request: Request,
    entry: Mapping[str, Any],
    known: Timeline,
    batches: Sequence[Batch],
    cells: Cells,
    *,
    sentence: str,
) -> html.Node:
    """The figure with one row for each variable of ``cells``, from the top; ``sentence`` is what it comes to."""
    language, show = request.language, request.params["show"]
    shown = SHOWN[show]
    days = [batch.day for batch in batches]
    axis = time_axis(days, cadence_days=cadence_days(entry["cadence"], days))
    figure = inputs_heatmap(
        cells, axis=axis, steps=shown.steps, value=shown.hover, marks=known.marks, language=language
    )
    alt = request.t(_ALT).format(
        shown=request.t(shown.name),
        n=form.count(len(cells.variables), language),
        batches=form.count(len(days), language),
        first=form.day(days[0], language),
        last=form.day(days[-1], language),
        sentence=sentence,
    ) + marks_told(request, known.marks, axis)
    targets = Targets(
        rows=[request.to("variable", model_id=entry["model_id"], variable=name) for name in cells.variables],
        keys=("batch", "version"),
        columns=[None if column is None else [batches[column].batch_id, batches[column].model_version]
                 for column in axis.columns],
    )  # fmt: skip
    edges = [shown.write(step, language) if place % 2 else "" for place, step in enumerate(shown.steps)]
    lately = slice(-TABLE_BATCHES, None)
    data = map_data(request, batches[lately], replace(cells, values=cells.values[:, lately]))
    return [
        graph(request, figure, key=f"inputs-{show}", alt=alt, data=data, targets=targets),
        mark_list(request, entry["model_id"], known.marks, axis),
        html.p(request.t(_LATELY).format(n=form.count(TABLE_BATCHES, language)), class_="reading")
        if len(batches) > TABLE_BATCHES
        else None,
        heat_legend(request, steps=shown.steps, edges=edges, unit=request.t(shown.unit)),
    ]


def map_data(request: Request, batches: Sequence[Batch], cells: Cells) -> Data:
    """One row a batch, one column a variable, to four decimals."""
    values = cells.values.round(4).T.astype(object)
    values[values != values] = None
    return Data(
        columns=[request.t(_BATCH), request.t(_VERSION), *cells.variables],
        rows=[
            [batch.batch_id, batch.model_version, *numbers]
            for batch, numbers in zip(batches, values.tolist(), strict=True)
        ],
    )
