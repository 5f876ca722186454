"""One batch's distribution against training: bars for the batch, a line for training, a frame for a second batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dashboard.text import Language
from dashboard.web.figures.bins_by_batch import LABEL_CHARACTERS, ROW_PIXELS
from dashboard.web.figures.frame import layout, margin_for, percent_ticks, row_axis
from dashboard.web.figures.label import plain, shorten
from dashboard.web.figures.palette import SECOND, SERIES


def batch_against_training(
    labels: Sequence[str],
    training: Sequence[float],
    batch: Sequence[float],
    *,
    second: Sequence[float] | None = None,
    joined: int,
    names: tuple[str, str, str],
    language: Language,
) -> dict[str, Any]:
    """The figure: one row a bin (top first), shares 0..1 drawn in per cent.

    The training line joins the first ``joined`` rows (numeric bins follow each other; levels do not).
    ``names`` are the words for training, the batch and the second batch under the pointer.
    """
    short = [shorten(label, LABEL_CHARACTERS) for label in labels]
    places = list(range(len(labels)))
    bars = [
        _bars(places, labels, batch, names[1], {"color": SERIES, "opacity": 0.75}, width=0.78),
    ]
    if second is not None:
        frame = {"color": "rgba(0,0,0,0)", "line": {"color": SECOND, "width": 2}}
        bars.append(_bars(places, labels, second, names[2], frame, width=0.78))
    x: list[float | None] = []
    y: list[float | None] = []
    for place, part in enumerate(training):
        if place >= joined and x:
            x.append(None)
            y.append(None)
        x += [round(100 * part, 2)] * 2
        y += [place - 0.5, place + 0.5]
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": "#5b6875", "width": 2},
        "connectgaps": False,
        "hoverinfo": "skip",
    }
    most = max([0.01, *training, *batch, *(second or ())]) * 100
    return {
        "data": [*bars, line],
        "layout": layout(
            height=ROW_PIXELS * max(1, len(labels)) + 12 + 36,
            left=margin_for(short),
            top=12,
            bottom=36,
            language=language,
            barmode="overlay",
            xaxis={
                "fixedrange": True,
                "range": [0, 1.04 * most],
                **percent_ticks(0, most, language, most=5),
                "showgrid": True,
                "gridcolor": "rgba(138,148,158,0.22)",
                "zeroline": False,
            },
            yaxis=row_axis([plain(label) for label in short]),
        ),
    }


_HOVER: Final = "%{text}<br>%{customdata} %{x:.1f}\u202f%<extra></extra>"


def _bars(
    places: Sequence[int],
    labels: Sequence[str],
    shares: Sequence[float],
    name: str,
    marker: dict[str, Any],
    *,
    width: float,
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(places),
        "x": [round(100 * part, 2) for part in shares],
        "text": [plain(label) for label in labels],
        "textposition": "none",
        "customdata": [plain(name)] * len(places),
        "marker": marker,
        "width": width,
        "hovertemplate": _HOVER,
    }
