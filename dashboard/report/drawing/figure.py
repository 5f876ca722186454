"""A figure as static SVG: axes, traces, shapes and words, in the colours of the light theme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from dashboard.report.drawing.axis import Axis, axes_of
from dashboard.report.drawing.bars import Piles, bar
from dashboard.report.drawing.frame import frame, grid
from dashboard.report.drawing.heat import heatmap
from dashboard.report.drawing.ink import escaped, number
from dashboard.report.drawing.known import check_layout, check_trace
from dashboard.report.drawing.lines import Point, scatter
from dashboard.report.drawing.over import remarks, shapes
from dashboard.text import Language

WIDTH: Final = 960
"""Pixels of a figure; a page scales it to its own width."""

_ORDER: Final = {"heatmap": 0, "bar": 1, "scatter": 2}


def svg(figure: Mapping[str, Any], *, alt: str, key: str, language: Language, width: int = WIDTH) -> str:
    """The figure as one SVG element with ``alt`` as its name; ``key`` makes the names inside it the document's own.

    UnknownNameError where the figure says something that is not drawn here: it is never drawn without it.
    """
    layout, data = figure["layout"], figure["data"]
    check_layout(layout)
    for trace in data:
        check_trace(trace)
    height = layout["height"]
    axes = axes_of(layout, data, width=width, height=height)
    parts = [grid(axes), shapes(layout, axes, width=width, height=height, below=True)]
    parts += _traces(layout, data, axes, key)
    parts += [
        frame(axes, language),
        shapes(layout, axes, width=width, height=height, below=False),
        remarks(layout, axes, width=width, height=height),
    ]
    return (
        f'<svg viewBox="0 0 {number(width)} {number(height)}" role="img" aria-label="{escaped(alt)}" '
        f'font-size="12">{"".join(parts)}</svg>'
    )


def _traces(layout: Mapping[str, Any], data: Any, axes: Mapping[str, Axis], key: str) -> list[str]:
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number_, trace in enumerate(data):
        if trace.get("type") == "bar":
            places[_axes_of(trace)].append(number_)
    piles, before, drawn = Piles(), defaultdict[tuple[str, str], list[Point]](list), list[str]()
    ordered = sorted(enumerate(data), key=lambda entry: (_ORDER[entry[1].get("type", "scatter")], entry[0]))
    for number_, trace in ordered:
        pair = _axes_of(trace)
        x, y = axes[pair[0]], axes[pair[1]]
        kind = trace.get("type", "scatter")
        if kind == "heatmap":
            made = heatmap(trace, x, y)
        elif kind == "bar":
            turn = (places[pair].index(number_), len(places[pair]))
            mode, gap = layout.get("barmode", "group"), float(layout.get("bargap", 0.2))
            made = bar(trace, x, y, mode=mode, turn=turn, piles=piles, gap=gap, key=f"{key}-h{number_}")
        else:
            made, before[pair] = scatter(trace, x, y, below=before[pair])
        drawn.append(made if trace.get("cliponaxis") is False else _clipped(made, x, y))
    return drawn


def _axes_of(trace: Mapping[str, Any]) -> tuple[str, str]:
    return str(trace.get("xaxis", "x")), str(trace.get("yaxis", "y"))


def _clipped(made: str, x: Axis, y: Axis) -> str:
    """What lies within the axes: an SVG within the SVG shows nothing beyond its bounds, and needs no name."""
    if not made:
        return ""
    left, top = min(x.start, x.end), min(y.start, y.end)
    box = " ".join(number(value) for value in (left, top, abs(x.end - x.start), abs(y.end - y.start)))
    across, up, wide, tall = box.split()
    return f'<svg x="{across}" y="{up}" width="{wide}" height="{tall}" viewBox="{box}">{made}</svg>'
