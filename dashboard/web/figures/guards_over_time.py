"""Rows that no bin of training can hold, over time: missing, and unseen levels or values outside the range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.text import Language
from dashboard.web.figures.frame import Panel, level_line, percent_ticks, y_axis
from dashboard.web.figures.label import plain
from dashboard.web.figures.palette import SECOND, SERIES
from dashboard.web.figures.time_axis import TimeAxis

HEIGHT: Final = 96
_LEAST_PERCENT: Final = 2.0
"""The axis never ends below this, so that a few rows do not look like a break."""

_DRAWN: Final = ((SERIES, "solid"), (SECOND, "dash"))


@dataclass(frozen=True, slots=True)
class Guard:
    """One kind of such rows: its name, its share 0..1 in each of n batches, and at training where there is one."""

    name: str
    shares: Sequence[float | None]
    training: float | None = None


def guards_over_time(guards: Sequence[Guard], *, axis: TimeAxis, training: str, language: Language) -> Panel:
    """The panel: at most two lines in per cent; ``training`` is the word for the dotted levels of the training rows."""
    most = max([_LEAST_PERCENT, *(100 * part for guard in guards for part in (*guard.shares, guard.training) if part)])
    keys = []
    traces: list[dict[str, Any]] = []
    levels: list[dict[str, Any]] = []
    for guard, (colour, dash) in zip(guards, _DRAWN, strict=False):
        keys.append(f'<span style="color:{colour}">{"━━" if dash == "solid" else "╍╍"}</span> {plain(guard.name)}')
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": list(axis.x),
                "y": axis.spread([None if part is None else round(100 * part, 2) for part in guard.shares]),
                "line": {"color": colour, "width": 1.6, "dash": dash},
                "marker": {"size": 3, "color": colour},
                "connectgaps": False,
                "cliponaxis": False,
                "hovertemplate": "%{x}<br>%{y:.2~f}\u202f%<extra></extra>",
            }
        )
        if guard.training:
            levels.append(level_line(round(100 * guard.training, 3), colour, dash="dot"))
    if levels:
        keys.append(f"┈┈ {plain(training)}")
    return Panel(
        title="&nbsp;&nbsp;&nbsp;".join(keys),
        height=HEIGHT,
        axis=y_axis(
            range=[-0.03 * most, 1.12 * most],
            **percent_ticks(0, most, language, most=3),
        ),
        traces=traces,
        shapes=levels,
    )
