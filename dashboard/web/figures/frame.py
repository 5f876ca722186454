"""What every figure shares: a transparent ground, fixed margins and height, axes that nobody drags by accident."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.format import NARROW, WIDE, decimal
from dashboard.metric import Unit
from dashboard.text import Language

FONT_SIZE: Final = 12
CHARACTER_WIDTH: Final = 6.6
"""Pixels of an average character at FONT_SIZE: for margins that fit their labels."""


def layout(
    *, height: int, left: int, language: Language, right: int = 14, top: int = 26, bottom: int = 40, **more: Any
) -> dict[str, Any]:
    """The layout of a figure ``height`` pixels tall; ``more`` is added to it."""
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": FONT_SIZE, "color": "#75808c"},
        "separators": ", " if language == "fr" else ".,",
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": "#8a949e", "activecolor": "#4a7fb5"},
        "hoverlabel": {
            "bgcolor": "#1b2430",
            "bordercolor": "#1b2430",
            "font": {"color": "#ffffff", "size": 12},
            "align": "left",
            "namelength": 0,
        },
        **more,
    }


def y_axis(**more: Any) -> dict[str, Any]:
    """A value axis: faint grid, no zoom (time is what one zooms)."""
    return {
        "fixedrange": True,
        "zeroline": False,
        "showgrid": True,
        "gridwidth": 1,
        "gridcolor": "rgba(138,148,158,0.22)",
        "automargin": False,
        "nticks": 5,
        **more,
    }


def row_axis(labels: Sequence[str], **more: Any) -> dict[str, Any]:
    """An axis of named rows, the first at the top: row i stands at y = i."""
    return {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "automargin": False,
        "ticks": "",
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "range": [len(labels) - 0.5, -0.5],
        **more,
    }


def level_line(value: float, colour: str, *, dash: str, width: float = 1) -> dict[str, Any]:
    """A line across a panel at ``value``, behind what was measured: a threshold, or what training was."""
    return {
        "type": "line",
        "xref": "x domain",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": {"color": colour, "width": width, "dash": dash},
        "layer": "below",
    }


def value_ticks(low: float, high: float, language: Language, *, unit: Unit, most: int = 6) -> dict[str, Any]:
    """Ticks of an axis of a metric's ``unit``, all with as many decimals as the finest of them needs."""
    if unit == "share":
        ticks = percent_ticks(100 * low, 100 * high, language, most=most)
        return {**ticks, "tickvals": [value / 100 for value in ticks["tickvals"]]}
    values = round_values(low, high, most=most)
    words = [decimal(value, language, digits=_digits(values)) for value in values]
    if unit == "index" and language == "en":
        words = [
            word.replace("0.", ".", 1) if abs(value) < 1 else word for value, word in zip(values, words, strict=True)
        ]
    return {"tickmode": "array", "tickvals": values, "ticktext": words}


def percent_ticks(low: float, high: float, language: Language, *, most: int = 6) -> dict[str, Any]:
    """Ticks of an axis in per cent, all with as many decimals as the finest of them needs."""
    values = round_values(low, high, most=most)
    space = NARROW if language == "fr" else WIDE
    words = [f"{decimal(value, language, digits=_digits(values))}{space}%" for value in values]
    return {"tickmode": "array", "tickvals": values, "ticktext": words}


def _digits(values: Sequence[float]) -> int:
    return max((len(f"{value:.8f}".rstrip("0").partition(".")[2]) for value in values), default=0)


def round_values(low: float, high: float, *, most: int) -> list[float]:
    """Round numbers from ``low`` to ``high``, equally far from each other, about ``most`` of them."""
    rough = (high - low) / max(1, most - 1)
    if not rough > 0:
        return [low]
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next((factor * unit for factor in (1, 2, 2.5, 5, 10) if factor * unit >= rough * 0.999), 10 * unit)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{place * step:.10g}") for place in range(first, last + 1)]


def margin_for(labels: Sequence[str]) -> int:
    """Pixels to the left of an axis whose tick labels are ``labels``."""
    return 14 + round(CHARACTER_WIDTH * max((len(label) for label in labels), default=0))


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a figure over the shared x axis: traces, their y axis and what is drawn over them.

    Traces, shapes and annotations name no axis: ``stack`` gives each panel its own.
    """

    title: str
    height: int
    axis: Mapping[str, Any]
    traces: Sequence[Mapping[str, Any]]
    shapes: Sequence[Mapping[str, Any]] = ()
    annotations: Sequence[Mapping[str, Any]] = ()


GAP: Final = 44
"""Pixels between two panels: the lower one's title stands there."""


def stack(
    panels: Sequence[Panel],
    *,
    x: Mapping[str, Any],
    left: int,
    language: Language,
    right: int,
    shapes: Sequence[Mapping[str, Any]] = (),
    annotations: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """One figure of panels above each other over one x axis.

    ``shapes`` that span the figure's height (yref "paper") are drawn in each panel, so that they cross no title;
    ``annotations`` stand where they say.
    """
    top, bottom = 44, 40
    inner = sum(panel.height for panel in panels) + GAP * (len(panels) - 1)
    data: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    over: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = [dict(annotation) for annotation in annotations]
    ceiling = inner
    for number, panel in enumerate(panels, start=1):
        key = "" if number == 1 else str(number)
        floor = ceiling - panel.height
        axes[f"yaxis{key}"] = {**panel.axis, "domain": [floor / inner, ceiling / inner], "anchor": "x"}
        data += [{**trace, "xaxis": "x", "yaxis": f"y{key}"} for trace in panel.traces]
        over += [{**shape, "yref": f"y{key} domain"} for shape in shapes]
        over += [{**shape, "yref": f"y{key}"} for shape in panel.shapes]
        words += [{**word, "yref": f"y{key}"} for word in panel.annotations]
        words.append(
            {
                "text": f"<b>{panel.title}</b>",
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "xshift": -left,
                "y": ceiling / inner,
                "yshift": 20 if number == 1 else 4,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "name": "panel-title",
            }
        )
        ceiling = floor - GAP
    last = "y" if len(panels) == 1 else f"y{len(panels)}"
    return {
        "data": data,
        "layout": layout(
            height=inner + top + bottom,
            left=left,
            right=right,
            top=top,
            bottom=bottom,
            language=language,
            xaxis={**x, "anchor": last},
            shapes=over,
            annotations=words,
            **axes,
        ),
    }
