"""The legend of a heat map of states: each state's glyph and word beside its shades, from small to large."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.stoplight import stoplight
from dashboard.web.figures.inputs_heatmap import GREY, SHADED
from dashboard.web.figures.palette import shades
from dashboard.web.page import Request

_UNJUDGED: Final = Text("Could not be judged", "N\u2019a pu être jugé")
_GAP: Final = Text("No batch", "Pas de lot")
_LABEL: Final = Text("Legend", "Légende")


def heat_legend(request: Request, *, steps: Sequence[float], edges: Sequence[str], unit: str) -> html.Node:
    """``edges`` are the words for the ``steps`` worth naming ('' for the others), ``unit`` what they count."""
    rows = [
        html.div(
            html.span(stoplight(colour, request.language), class_="legend-word"),
            html.span(
                [html.span(style={"background": shade}, class_="swatch") for shade in shades(colour, len(steps) + 1)],
                class_="swatches",
                aria_hidden="true",
            ),
            class_="legend-row",
        )
        for colour in SHADED
    ]
    scale = html.div(
        html.span(unit, class_="legend-word"),
        html.span([html.span(words) for words in edges], class_="edges"),
        class_="legend-row legend-scale",
    )
    others = html.div(
        html.span(html.span(style={"background": GREY}, class_="swatch"), " ", request.t(_UNJUDGED)),
        html.span(html.span(class_="swatch bare"), " ", request.t(_GAP)),
        class_="legend-others",
    )
    return html.div(html.div(rows, scale, class_="legend-scales"), others, class_="heat-legend", role="group",
                    aria_label=request.t(_LABEL))  # fmt: skip
