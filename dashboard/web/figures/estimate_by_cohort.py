"""What was estimated of each cohort before its truth, and how far such estimates were off: a line in a band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from dashboard.web.figures.label import four_digits
from dashboard.web.figures.palette import SECOND, SECOND_BAND
from dashboard.web.figures.time_axis import TimeAxis

DIAMOND: Final = 8


@dataclass(frozen=True, slots=True)
class EstimatePoint:
    """An estimate with the root mean square error of past ones, ``off``: None while they are not tested.

    A ``pending`` one is of a cohort whose truth is not complete. ``words`` are the lines under the pointer.
    """

    version: str
    value: float
    off: float | None
    pending: bool
    words: str


def estimate_traces(points: Sequence[EstimatePoint | None], axis: TimeAxis) -> list[dict[str, Any]]:
    """The band, the line, one stroke for each version, and a diamond where the truth is still to come."""
    if not any(points):
        return []
    return [*_bands(points, axis), _line(points, axis), *_diamonds(points, axis)]


def bounds(points: Sequence[EstimatePoint | None]) -> list[float]:
    """The ends of the bands, for the range of the axis."""
    return [
        end for point in points if point for end in (point.value - (point.off or 0), point.value + (point.off or 0))
    ]


def _bands(points: Sequence[EstimatePoint | None], axis: TimeAxis) -> list[dict[str, Any]]:
    """One outline for each stretch of cohorts of one version, as steps as wide as they last."""
    x: list[str | None] = []
    y: list[float | None] = []

    def stretch(place: int) -> str | None:
        point = points[place]
        return None if point is None or point.off is None else point.version

    for version, places in groupby(range(len(points)), key=stretch):
        held = [(place, point) for place in places if (point := points[place]) is not None]
        if version is None or not held:
            continue
        edges = [(axis.starts[place], axis.ends[place], point.value, point.off or 0.0) for place, point in held]
        for start, end, value, off in edges:
            x += [start, end]
            y += [four_digits(value + off)] * 2
        for start, end, value, off in reversed(edges):
            x += [end, start]
            y += [four_digits(value - off)] * 2
        x.append(None)
        y.append(None)
    if not x:
        return []
    shape = {"type": "scatter", "mode": "lines", "fill": "toself", "fillcolor": SECOND_BAND, "hoverinfo": "skip"}
    return [{**shape, "x": x[:-1], "y": y[:-1], "line": {"width": 0}}]


def _line(points: Sequence[EstimatePoint | None], axis: TimeAxis) -> dict[str, Any]:
    x: list[str | None] = []
    y: list[float | None] = []
    before: str | None = None
    for place, point in enumerate(points):
        if point is None or (before is not None and point.version != before):
            x.append(None)
            y.append(None)
        if point is not None:
            x.append(axis.at(place))
            y.append(four_digits(point.value))
        before = point.version if point is not None else None
    line = {"color": SECOND, "width": 1.4}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "connectgaps": False, "hoverinfo": "skip"}


def _diamonds(points: Sequence[EstimatePoint | None], axis: TimeAxis) -> list[dict[str, Any]]:
    drawn = [point if point is not None and point.pending else None for point in points]
    if not any(drawn):
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "estimate",
            "x": [axis.at(place) for place in range(len(points))],
            "y": [None if point is None else four_digits(point.value) for point in drawn],
            "text": ["" if point is None else point.words for point in drawn],
            "marker": {"size": DIAMOND, "color": SECOND, "symbol": "diamond"},
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]
