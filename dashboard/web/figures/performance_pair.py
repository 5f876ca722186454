"""One measure of two sides by cohort: values with intervals, and what each was at training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.metric import Unit
from dashboard.text import Language
from dashboard.web.figures.frame import layout, value_ticks, y_axis
from dashboard.web.figures.label import plain
from dashboard.web.figures.palette import SECOND, SERIES
from dashboard.web.figures.time_axis import Mark, TimeAxis, mark_lines, x_axis

HEIGHT: Final = 300
_LOOKS: Final = (
    {"color": SERIES, "symbol": "circle", "hollow": "circle-open", "dash": "solid"},
    {"color": SECOND, "symbol": "diamond", "hollow": "diamond-open", "dash": "dash"},
)
"""Sides differ by the shape of their points and the dashes of their lines, not by colour alone."""


@dataclass(frozen=True, slots=True)
class PairPoint:
    """One cohort of one side (0 or 1) at its ``place`` on the axis; a provisional one is hollow and joins no line."""

    side: int
    place: int
    value: float
    low: float | None
    high: float | None
    final: bool
    words: str


def performance_pair(
    points: Sequence[PairPoint],
    *,
    axis: TimeAxis,
    baselines: tuple[float | None, float | None],
    unit: Unit,
    marks: Sequence[Mark] = (),
    language: Language,
) -> dict[str, Any]:
    """The figure; ``baselines`` are the two sides' values at training, drawn from a side's first cohort to its last.

    The axis holds every final value and the baselines, and as much of the provisional ones as leaves those readable.
    """
    low, high = _range(points, [level for level in baselines if level is not None])
    lines, labels = mark_lines(axis, marks, language=language, snap=False)
    traces: list[dict[str, Any]] = []
    for side, look in enumerate(_LOOKS):
        own = [point for point in points if point.side == side]
        level = baselines[side]
        if level is not None and own:
            ends = [axis.starts[min(point.place for point in own)], axis.ends[max(point.place for point in own)]]
            line = {"color": look["color"], "width": 1.4, "dash": "dot"}
            traces.append(
                {"type": "scatter", "mode": "lines", "x": ends, "y": [_four(level)] * 2, "line": line,
                 "opacity": 0.8, "hoverinfo": "skip"}
            )  # fmt: skip
        for final in (False, True):
            drawn = [point for point in own if point.final == final]
            if drawn:
                traces.append(_trace(drawn, axis, look, final=final, within=(low, high)))
    return {
        "data": traces,
        "layout": layout(
            height=HEIGHT,
            left=56,
            language=language,
            xaxis={**x_axis(axis), "ticklabelmode": "period"},
            yaxis=y_axis(range=[low, high], **value_ticks(low, high, language, unit=unit)),
            shapes=lines,
            annotations=labels,
        ),
    }


def _trace(
    points: Sequence[PairPoint], axis: TimeAxis, look: dict[str, str], *, final: bool, within: tuple[float, float]
) -> dict[str, Any]:
    """The points of one side; one beyond the axis stands at its edge: the words under the pointer tell its value."""
    low, high = within
    return {
        "type": "scatter",
        "mode": "lines+markers" if final else "markers",
        "x": [axis.at(point.place) for point in points],
        "y": [_four(min(max(point.value, low), high)) for point in points],
        "text": [plain(point.words) for point in points],
        "line": {"color": look["color"], "width": 1.2, "dash": look["dash"]},
        "marker": {"size": 8, "color": look["color"], "symbol": look["symbol" if final else "hollow"]},
        "opacity": 1 if final else 0.6,
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [_gap(point.high, point.value) for point in points],
            "arrayminus": [_gap(point.value, point.low) for point in points],
            "color": look["color"],
            "thickness": 1.2 if final else 0.8,
            "width": 3,
        },
        "hovertemplate": "%{text}<extra></extra>",
    }


def _range(points: Sequence[PairPoint], baselines: Sequence[float]) -> tuple[float, float]:
    core = [point.value for point in points if point.final] + list(baselines) or [point.value for point in points]
    if not core:
        return 0.0, 1.0
    loose = [number for point in points if point.final for number in (point.low, point.high) if number is not None]
    low, high = min(core), max(core)
    reach = max(high - low, 0.04 * max(abs(high), 1e-9))
    floor, ceiling = max(min([low, *loose]), low - reach), min(max([high, *loose]), high + reach)
    early = [number for point in points if not point.final for number in (point.value, point.low, point.high)]
    known, room = [number for number in early if number is not None], ceiling - floor
    floor, ceiling = max(min([floor, *known]), floor - room / 2), min(max([ceiling, *known]), ceiling + room / 2)
    pad = 0.06 * (ceiling - floor)
    return floor - pad, ceiling + pad


def _gap(upper: float | None, lower: float | None) -> float | None:
    return None if upper is None or lower is None else _four(max(0.0, upper - lower))


def _four(value: float) -> float:
    """Four significant digits: what a pixel can show."""
    return float(f"{value:.4g}")
