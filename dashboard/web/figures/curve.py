"""Figures of one number against another: curves over an axis of shares or values, with what they are held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.text import Language
from dashboard.web.figures.frame import layout, margin_for
from dashboard.web.figures.label import four_digits, plain

HEIGHT = 360
INK = "#5b6875"


def curve_figure(
    traces: Sequence[Mapping[str, Any]],
    *,
    x: Mapping[str, Any],
    y: Mapping[str, Any],
    titles: tuple[str, str],
    language: Language,
    height: int = HEIGHT,
) -> dict[str, Any]:
    """The figure of ``traces``; ``titles`` say what the axes ``x`` and ``y`` measure, the second above the plot."""
    return {
        "data": list(traces),
        "layout": layout(
            height=height,
            left=margin_for([str(label) for label in y.get("ticktext", ())]),
            right=28,
            top=30,
            bottom=52,
            language=language,
            xaxis={
                "fixedrange": True,
                "zeroline": False,
                "ticks": "outside",
                "ticklen": 5,
                "gridcolor": "rgba(138,148,158,0.22)",
                "title": {"text": plain(titles[0]), "standoff": 8, "font": {"size": 12}},
                **x,
            },
            yaxis={"fixedrange": True, "zeroline": False, "gridcolor": "rgba(138,148,158,0.22)", **y},
            annotations=[
                {
                    "text": f"<b>{plain(titles[1])}</b>",
                    "xref": "paper",
                    "yref": "paper",
                    "x": 0,
                    "y": 1,
                    "xshift": -margin_for([str(label) for label in y.get("ticktext", ())]),
                    "yshift": 8,
                    "xanchor": "left",
                    "yanchor": "bottom",
                    "showarrow": False,
                    "name": "panel-title",
                }
            ],
        ),
    }


def straight(ends: tuple[float, float], *, dash: str = "dash") -> dict[str, Any]:
    """The diagonal between two values of both axes: what is said is what comes."""
    return line(ends, ends, colour=INK, dash=dash, width=1.4)


def line(
    x: Sequence[float], y: Sequence[float], *, colour: str, dash: str = "solid", width: float = 1.8
) -> dict[str, Any]:
    """A stroke that says nothing under the pointer."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [four_digits(value) for value in x],
        "y": [four_digits(value) for value in y],
        "line": {"color": colour, "width": width, "dash": dash},
        "hoverinfo": "skip",
    }


def points(
    x: Sequence[float], y: Sequence[float], words: Sequence[str], *, colour: str, mode: str = "lines+markers"
) -> dict[str, Any]:
    """A curve whose points have ``words`` under the pointer."""
    return {
        "type": "scatter",
        "mode": mode,
        "x": [four_digits(value) for value in x],
        "y": [four_digits(value) for value in y],
        "text": list(words),
        "line": {"color": colour, "width": 1.8},
        "marker": {"size": 7, "color": colour},
        "cliponaxis": False,
        "hovertemplate": "%{text}<extra></extra>",
    }
