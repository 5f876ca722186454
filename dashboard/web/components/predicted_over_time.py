"""The card of what a model said over time: numbers of each batch beside training, and how many rows it scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.batch_targets import batch_targets
from dashboard.web.components.chart import graph
from dashboard.web.components.mark_list import marks_told
from dashboard.web.data import Data
from dashboard.web.figures.level_over_time import level_over_time
from dashboard.web.figures.time_axis import time_axis
from dashboard.web.figures.variable_history import variable_history
from dashboard.web.page import Request
from dashboard.web.views.timeline import cadence_days
from dashboard.web.views.variable_on_screen import OnScreen

_ROWS: Final = Text("Rows of each batch", "Lignes de chaque lot")
_DOTTED: Final = Text("Dotted: at training.", "En pointillé : à l\u2019apprentissage.")
_CLICK: Final = Text("Click a batch to look at it.", "Cliquer un lot pour le regarder.")
_ALT: Final = Text(
    "{name} over {n} batches, from {first} to {last}. {sentence}",
    "{name} sur {n} lots, du {first} au {last} : {sentence}",
)
_BATCH: Final = Text("Batch", "Lot")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to draw: a number of each of the T batches, and what it was at training."""

    title: str
    values: Sequence[float | None]
    training: float | None
    unit: Literal["share", "quantity"]


def predicted_over_time(request: Request, on: OnScreen, lines: Sequence[Line], *, sentence: str) -> html.Node:
    """The figure (the ``lines`` above each other, then the rows of the batches) and how to read it.

    ``sentence`` is its message.
    """
    language, begin = request.language, on.begin
    batches = on.history.batches[begin:]
    days = [batch.day for batch in batches]
    axis = time_axis(days, cadence_days=cadence_days(on.entry["cadence"], days))
    rows = [batch.rows for batch in batches]
    drawn = [(line.title, line.values[begin:]) for line in lines] + [(request.t(_ROWS), rows)]
    panels = [
        level_over_time(
            line.values[begin:], training=line.training, axis=axis, unit=line.unit, title=line.title, language=language
        )
        for line in lines
    ]
    panels.append(
        level_over_time(rows, training=None, axis=axis, unit="count", title=request.t(_ROWS), language=language)
    )
    figure = variable_history(
        panels,
        axis=axis,
        chosen=on.place - begin if on.place is not None else None,
        against=on.against - begin if on.against is not None else None,
        marks=on.known.marks,
        language=language,
    )
    data = Data(
        [request.t(_BATCH), *(title for title, _ in drawn)],
        [[batch.batch_id, *(values[place] for _, values in drawn)] for place, batch in enumerate(batches)],
    )
    alt = request.t(_ALT).format(
        name=form.name(on.variable),
        n=form.count(len(batches), language),
        first=form.day(days[0], language),
        last=form.day(days[-1], language),
        sentence=sentence,
    ) + marks_told(request, on.known.marks, axis)
    targets = batch_targets(request, batches, axis)
    dotted = request.t(_DOTTED) if lines else None
    return [
        graph(request, figure, key="said", alt=alt, data=data, targets=targets),
        html.p([dotted, " ", html.span(request.t(_CLICK), class_="on-screen")], class_="reading"),
    ]
