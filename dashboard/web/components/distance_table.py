"""The table of distances: the batch on screen and the one beside it, against training and against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dashboard import format as form
from dashboard import metrics
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.distances import Distance

TRAINING: Final = Text("training", "apprentissage")
_CAPTION: Final = Text("How far apart they are", "Distances entre eux")
_MEASURE: Final = Text("Measure", "Mesure")
_CHANCE: Final = Text("chance {value}", "hasard {value}")
_CHANCE_OF: Final = Text("{pair}, chance alone", "{pair}, hasard seul")


def distance_table(
    request: Request, found: Mapping[str, Sequence[Distance]], pairs: Sequence[tuple[str, str]]
) -> html.Node:
    """One row a measure, one column for each of ``pairs``: the words for a batch and for what it is held against."""
    columns = [
        Column(request.t(_MEASURE)),
        *(Column([batch, html.small(f"\u2194\u00a0{base}")], "number") for batch, base in pairs),
    ]
    rows = [
        [
            term(request, metrics.load()[metric].name[request.language], metric),
            *(_cell(request, distance) for distance in told),
        ]
        for metric, told in found.items()
    ]
    return table(columns, rows, caption=request.t(_CAPTION), row_heading=0, class_="distances")


def distance_data(request: Request, found: Mapping[str, Sequence[Distance]], pairs: Sequence[tuple[str, str]]) -> Data:
    """The same for a file: one row a measure, of each pair the value and what chance alone gives."""
    columns = [request.t(_MEASURE)]
    for batch, base in pairs:
        pair = f"{batch} / {base}"
        columns += [pair, request.t(_CHANCE_OF).format(pair=pair)]
    return Data(
        columns,
        [
            [metric, *(number for distance in told for number in (distance.value, distance.chance))]
            for metric, told in found.items()
        ],
    )


def _cell(request: Request, distance: Distance) -> html.Node:
    language = request.language
    if distance.value is None:
        return html.span("\u2013", title=request.t(distance.why) if distance.why else None)
    chance = distance.chance
    return [
        form.index(distance.value, language, digits=2 if distance.value >= 0.1 else 3),
        html.small(request.t(_CHANCE).format(value=form.index(chance, language))) if chance is not None else None,
    ]
