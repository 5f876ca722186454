"""States of several things by day, one row each, over one axis: what was wrong with which of them when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.text import Language
from dashboard.web.figures.frame import layout, margin_for, row_axis
from dashboard.web.figures.label import distinct, plain, shorten
from dashboard.web.figures.palette import shades, stepped
from dashboard.web.figures.state_runs import state_runs
from dashboard.web.figures.time_axis import Mark, TimeAxis, mark_lines, x_axis

_SHADES: Final = {"grey": "rgba(138,148,158,0.35)", **{colour: shades(colour, 3)[1] for colour in ("green", "amber")},
                  "red": shades("red", 3)[2]}  # fmt: skip
_ROW_PIXELS: Final = 22
_LABEL_CHARACTERS: Final = 20
_TOP, _BOTTOM = 26, 40


@dataclass(frozen=True, slots=True)
class States:
    """One row: what it is called, and its colour in each of n columns; None where there is none."""

    name: str
    colours: Sequence[str | None]


def states_over_time(
    rows: Sequence[States],
    *,
    axis: TimeAxis,
    words: Mapping[str, str],
    marks: Sequence[Mark] = (),
    language: Language,
) -> dict[str, Any]:
    """The figure, rows from the top; ``words`` say each colour under the pointer. A row without any colour is a gap."""
    names = distinct([row.name for row in rows])
    short = [shorten(row.name, _LABEL_CHARACTERS) if row.name else "" for row in rows]
    lines, labels = mark_lines(axis, marks, language=language)
    steps = list(_SHADES)
    heat = {
        "type": "heatmap",
        "x": axis.heat_x(),
        "y": names,
        "z": [axis.spread([steps.index(c) if c in _SHADES else None for c in row.colours]) for row in rows],
        "text": [axis.spread([words.get(colour or "") for colour in row.colours]) for row in rows],
        "zmin": -0.5,
        "zmax": len(steps) - 0.5,
        "colorscale": stepped(list(_SHADES.values())),
        "showscale": False,
        "zsmooth": False,
        "xgap": 1 if len(axis.columns) <= 40 else 0,
        "ygap": 2,
        "hoverongaps": False,
        "hovertemplate": "%{y}<br>%{x}<br>%{text}<extra></extra>",
    }
    return {
        "data": [heat, *state_runs(names, [row.colours for row in rows], axis)],
        "layout": layout(
            height=max(1, len(rows)) * _ROW_PIXELS + _TOP + _BOTTOM,
            left=margin_for(short),
            top=_TOP,
            bottom=_BOTTOM,
            language=language,
            xaxis=x_axis(axis),
            yaxis=row_axis([plain(label) if label else "" for label in short], type="category", tickvals=names),
            shapes=lines,
            annotations=labels,
        ),
    }
