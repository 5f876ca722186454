"""Which variables moved when: variables by batches, each cell its colour's shade by how far the variable has moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.text import Language
from dashboard.web.figures.frame import layout, margin_for, row_axis
from dashboard.web.figures.label import distinct, plain, shorten
from dashboard.web.figures.palette import shades, stepped
from dashboard.web.figures.state_runs import state_runs
from dashboard.web.figures.time_axis import Mark, TimeAxis, mark_lines, x_axis

STATES: Final = (None, "grey", "green", "amber", "red")
"""The states of a cell by their code: None where there is no batch."""
PSI_STEPS: Final = (0.02, 0.05, 0.10, 0.15, 0.25, 0.50, 1.0)
"""Where the shade changes, for PSI: 8 shades a colour."""
SHARE_STEPS: Final = (0.001, 0.005, 0.01, 0.02, 0.05, 0.20, 0.50)
"""Where the shade changes, for shares of rows."""

SHADED: Final = ("green", "amber", "red")
GREY: Final = "rgba(138,148,158,0.35)"

_ROW_PIXELS: Final = 22
_LABEL_CHARACTERS: Final = 20


@dataclass(frozen=True, slots=True)
class Cells:
    """The variables in T batches: ``states`` (V, T) are codes of ``STATES``, ``values`` (V, T) sizes, NaN for none."""

    variables: Sequence[str]
    states: npt.NDArray[np.int8]
    values: npt.NDArray[np.float64]


def inputs_heatmap(
    cells: Cells,
    *,
    axis: TimeAxis,
    steps: Sequence[float],
    value: str,
    marks: Sequence[Mark] = (),
    language: Language,
) -> dict[str, Any]:
    """The figure: the colour is the state, its shade the size, and a glyph stands where trouble begins.

    ``value`` is how the size reads under the pointer (plotly calls it %{customdata}); it is rounded to what can be
    told apart there. Row i is the variable i, column j the batch ``axis.columns[j]``; a missing batch leaves the ground
    bare.
    """
    names = distinct(cells.variables)
    short = [shorten(variable, _LABEL_CHARACTERS) for variable in cells.variables]
    columns = np.array([-1 if column is None else column for column in axis.columns], np.intp)
    lines, labels = mark_lines(axis, marks, language=language)
    colours = [GREY] + [shade for colour in SHADED for shade in shades(colour, len(steps) + 1)]
    heat = {
        "type": "heatmap",
        "x": axis.heat_x(),
        "y": names,
        "z": _spread(_shades(cells, steps), columns),
        "customdata": _spread(_sizes(cells), columns),
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
    y = row_axis(list(map(plain, short)), type="category", tickvals=names)
    return {
        "data": [heat, *state_runs(names, np.array(STATES, object)[cells.states].tolist(), axis)],
        "layout": layout(
            height=max(1, len(names)) * _ROW_PIXELS + 26 + 40,
            left=margin_for(short),
            language=language,
            xaxis=x_axis(axis),
            yaxis=y,
            shapes=lines,
            annotations=labels,
        ),
    }


def _shades(cells: Cells, steps: Sequence[float]) -> npt.NDArray[np.object_]:
    """The colour scale's step of each cell: 0 grey, then the shades of green, amber and red; None without a batch."""
    shade = np.searchsorted(steps, np.nan_to_num(cells.values), side="right")
    place = np.array([SHADED.index(state) if state in SHADED else 0 for state in STATES])[cells.states]
    made = (1 + place * (len(steps) + 1) + shade).astype(object)
    made[cells.states == STATES.index("grey")] = 0
    made[cells.states == STATES.index(None)] = None
    return made


def _sizes(cells: Cells) -> npt.NDArray[np.object_]:
    values = cells.values
    made = np.where(values >= 1, values.round(1), np.where(values >= 0.1, values.round(2), values.round(3)))
    told = made.astype(object)
    told[np.isnan(values)] = None
    return told


def _spread(made: npt.NDArray[np.object_], columns: npt.NDArray[np.intp]) -> list[list[Any]]:
    """One value a column of the axis, None in the gaps."""
    wide = made[:, columns]
    wide[:, columns < 0] = None
    spread: list[list[Any]] = wide.tolist()
    return spread
