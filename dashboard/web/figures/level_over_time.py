"""One number of each batch over time, as a line, with what it was at training as a dotted level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from dashboard.text import Language
from dashboard.web.figures.frame import Panel, level_line, value_ticks, y_axis
from dashboard.web.figures.palette import SERIES
from dashboard.web.figures.time_axis import TimeAxis

HEIGHT: Final = 110

_HOVER: Final = {"share": "%{y:.1~%}", "quantity": "%{y:.4~g}", "count": "%{y:,}"}
_DIGITS: Final = {"share": 5, "quantity": 6, "count": 0}


def level_over_time(
    values: Sequence[float | None],
    *,
    training: float | None,
    axis: TimeAxis,
    unit: Literal["share", "quantity", "count"],
    title: str,
    language: Language,
) -> Panel:
    """The panel over n batches; counts stand on zero, the others are drawn around where they lie."""
    known = [value for value in (*values, training) if value is not None]
    low, high = (min(known, default=0.0), max(known, default=1.0))
    if unit == "count":
        low = 0.0
    room = 0.12 * ((high - low) or abs(high) or 1.0)
    floor = low - room if unit == "quantity" or low - room > 0 else -0.04 * (high - low or 1.0)
    line: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(axis.x),
        "y": axis.spread([None if value is None else round(value, _DIGITS[unit]) for value in values]),
        "line": {"color": SERIES, "width": 1.6},
        "marker": {"size": 4 if len(values) <= 120 else 3, "color": SERIES},
        "connectgaps": False,
        "cliponaxis": False,
        "hovertemplate": f"%{{x}}<br>{_HOVER[unit]}<extra></extra>",
    }
    ticks = value_ticks(max(low, 0.0) if unit != "quantity" else low, high, language, unit=unit, most=4)
    return Panel(
        title=title,
        height=HEIGHT,
        axis=y_axis(range=[floor, high + room], **ticks),
        traces=[line],
        shapes=[level_line(training, SERIES, dash="dot")] if training is not None else [],
    )
