"""Which variables moved when: variables by batches, each cell its colour's shade by how far the variable has moved."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from dashboard.text import Language
from dashboard.web.figures.frame import layout, margin_for, row_axis
from dashboard.web.figures.label import distinct, plain, shorten
from dashboard.web.figures.palette import GLYPH, shades, stepped
from dashboard.web.figures.time_axis import Mark, TimeAxis, mark_lines, x_axis

PSI_STEPS: Final = (0.02, 0.05, 0.10, 0.15, 0.25, 0.50, 1.0)
"""Where the shade changes, for PSI: 8 shades a colour."""
SHARE_STEPS: Final = (0.001, 0.005, 0.01, 0.02, 0.05, 0.20, 0.50)
"""Where the shade changes, for shares of rows."""

SHADED: Final = ("green", "amber", "red")
GREY: Final = "rgba(138,148,158,0.35)"

_ROW_PIXELS: Final = 22
_LABEL_CHARACTERS: Final = 20
_LEAST_SHARE: Final = 0.011
"""The share of the axis that a glyph is wide, on a screen of usual width; on a phone the style sheet hides them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One variable: its colour and its size (PSI, or a share) in each of n batches; None where there is none."""

    variable: str
    colours: Sequence[str | None]
    values: Sequence[float | None]


def inputs_heatmap(
    rows: Sequence[Row],
    *,
    axis: TimeAxis,
    steps: Sequence[float],
    value: str,
    marks: Sequence[Mark] = (),
    language: Language,
) -> dict[str, Any]:
    """The figure: the colour is the state, its shade the size, and a glyph stands where trouble begins.

    ``value`` is how the size, which comes rounded, reads under the pointer (plotly calls it %{customdata}). Cell (i, j)
    is the variable ``rows[i]`` in the batch ``axis.columns[j]``; a missing batch leaves the ground bare.
    """
    names = distinct([row.variable for row in rows])
    short = [plain(shorten(row.variable, _LABEL_CHARACTERS)) for row in rows]
    lines, labels = mark_lines(axis, marks, language=language)
    colours = [GREY] + [shade for colour in SHADED for shade in shades(colour, len(steps) + 1)]
    heat = {
        "type": "heatmap",
        "x": axis.heat_x(),
        "y": names,
        "z": [axis.spread(_cells(row, steps)) for row in rows],
        "customdata": [axis.spread([v if v is None or v < 1 else round(v, 1) for v in row.values]) for row in rows],
        "zmin": -0.5,
        "zmax": len(colours) - 0.5,
        "colorscale": stepped(colours),
        "showscale": False,
        "zsmooth": False,
        "xgap": 1 if len(axis.columns) <= 40 else 0,
        "ygap": 2,
        "hoverongaps": False,
        "hovertemplate": f"%{{y}}<br>%{{x}}<br>{value}<extra></extra>",
    }
    y = row_axis(short, type="category", tickvals=names)
    return {
        "data": [heat, *_beginnings(rows, names, axis)],
        "layout": layout(
            height=max(1, len(rows)) * _ROW_PIXELS + 26 + 40,
            left=margin_for([shorten(row.variable, _LABEL_CHARACTERS) for row in rows]),
            language=language,
            xaxis=x_axis(axis),
            yaxis=y,
            shapes=lines,
            annotations=labels,
        ),
    }


def _cells(row: Row, steps: Sequence[float]) -> list[int | None]:
    """The colour scale's step of each cell: 0 grey, then the shades of green, of amber and of red."""
    base = {colour: 1 + place * (len(steps) + 1) for place, colour in enumerate(SHADED)}
    cells: list[int | None] = []
    for colour, value in zip(row.colours, row.values, strict=True):
        if colour is None:
            cells.append(None)
        elif colour not in base:
            cells.append(0)
        else:
            cells.append(base[colour] + (0 if value is None else bisect_right(steps, value)))
    return cells


def _beginnings(rows: Sequence[Row], names: Sequence[str], axis: TimeAxis) -> list[dict[str, Any]]:
    """A glyph in the first cell of each run of amber or red, so that no reader depends on colour alone.

    A run too short to hold its glyph goes without: it would cover its neighbours.
    """
    where: dict[str, tuple[list[str], list[str]]] = {"amber": ([], []), "red": ([], [])}
    centres = [axis.x[i] for i, column in enumerate(axis.columns) if column is not None]
    least = _LEAST_SHARE * len(axis.columns)
    for name, row in zip(names, rows, strict=True):
        batch = 0
        for colour, run in groupby(row.colours):
            length = len(list(run))
            if colour in where and length >= least:
                where[colour][0].append(centres[batch + int(least / 2)])
                where[colour][1].append(name)
            batch += length
    return [
        {
            "type": "scatter",
            "mode": "text",
            "x": x,
            "y": y,
            "text": [GLYPH[colour]] * len(x),
            "textfont": {"size": 10, "color": "#ffffff" if colour == "red" else "#1b2430"},
            "hoverinfo": "skip",
        }
        for colour, (x, y) in where.items()
        if x
    ]
