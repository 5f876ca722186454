"""PSI over time: points coloured and shaped as their state, thresholds on the axis, and what chance alone gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dashboard.format import index
from dashboard.text import Language
from dashboard.web.figures.frame import Panel, level_line, y_axis
from dashboard.web.figures.palette import GLYPH, NOISE, SERIES, STATE, SYMBOL
from dashboard.web.figures.time_axis import TimeAxis

HEIGHT: Final = 150
_REDS: Final = 4
"""The axis ends at this many red thresholds: an enormous PSI stands at the top edge and does not flatten the rest."""


def psi_over_time(
    psi: Sequence[float | None],
    *,
    chance: Sequence[float | None],
    colours: Sequence[str | None],
    words: Sequence[str],
    amber: float,
    red: float,
    axis: TimeAxis,
    title: str,
    language: Language,
) -> Panel:
    """The panel over n batches: ``chance`` is the PSI that no drift exceeds but once in 200 at these row counts.

    ``words`` say each point's state under the pointer.
    """
    known = [value for value in psi if value is not None]
    most = max([*known, *(value for value in chance if value is not None), red], default=red)
    ceiling = min(most, _REDS * red)
    shown = [None if value is None else min(value, ceiling) for value in psi]
    states = [colour or "grey" for colour in colours]
    ticks = [0.0, amber, red, *([ceiling] if ceiling > 1.6 * red else [])]
    return Panel(
        title=title,
        height=HEIGHT,
        axis=y_axis(
            range=[-0.02 * ceiling, 1.06 * ceiling],
            tickmode="array",
            tickvals=ticks,
            ticktext=[
                "0",
                f"{GLYPH['amber']} {index(amber, language)}",
                f"{GLYPH['red']} {index(red, language)}",
                *([f"≥ {index(ceiling, language)}" if most > ceiling else index(ceiling, language)] * (len(ticks) - 3)),
            ],
            showgrid=False,
        ),
        traces=[
            _band(chance, axis=axis, ceiling=ceiling),
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": list(axis.x),
                "y": axis.spread([None if value is None else round(value, 4) for value in shown]),
                "customdata": axis.spread([None if value is None else round(value, 3) for value in psi]),
                "text": axis.spread(list(words)),
                "line": {"color": SERIES, "width": 1},
                "marker": {
                    "size": 7 if len(psi) <= 120 else 5,
                    "color": axis.fill([STATE[state] for state in states], STATE["grey"]),
                    "symbol": axis.fill([SYMBOL[state] for state in states], "circle"),
                    "line": {"width": 0},
                },
                "connectgaps": False,
                "cliponaxis": False,
                "hovertemplate": "%{x}<br>PSI %{customdata:.2f}<br>%{text}<extra></extra>",
            },
        ],
        shapes=[
            level_line(value, STATE[state], dash="dash", width=1.2) for value, state in ((amber, "amber"), (red, "red"))
        ],
    )


def _band(chance: Sequence[float | None], *, axis: TimeAxis, ceiling: float) -> dict[str, Any]:
    """A step as wide as each batch's column, from 0 to what chance gives."""
    x: list[str | None] = []
    y: list[float | None] = []
    for column in axis.columns:
        value = None if column is None else chance[column]
        if column is None or value is None:
            x.append(None)
            y.append(None)
        else:
            x += [axis.starts[column], axis.ends[column]]
            y += [round(min(value, ceiling), 4)] * 2
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "tozeroy",
        "fillcolor": NOISE,
        "line": {"width": 0, "color": NOISE},
        "connectgaps": False,
        "hoverinfo": "skip",
    }
