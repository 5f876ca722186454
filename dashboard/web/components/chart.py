"""The one way to draw a figure: its picture, its message in words, and its data as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dash import dcc

from dashboard.format import SHORT_MONTHS
from dashboard.text import Language
from dashboard.web import html
from dashboard.web.components.folded_data import folded_data
from dashboard.web.data import Data
from dashboard.web.page import Request

_FRENCH: Final = {
    "dictionary": {
        "Reset axes": "Toute la période",
        "Zoom": "Agrandir une période",
    },
    "format": {
        "days": ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
        "shortDays": ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
        "months": [
            "janvier", "février", "mars", "avril", "mai", "juin",
            "juillet", "août", "septembre", "octobre", "novembre", "décembre",
        ],
        "shortMonths": list(SHORT_MONTHS["fr"]),
        "date": "%d/%m/%Y",
        "decimal": ",",
        "thousands": "\u202f",
        "grouping": [3],
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Targets:
    """Where a click on the figure leads: the address of its row, with ``keys`` set to the values of its column.

    ``rows`` has one address a row of a heat map, or one for the whole figure; ``columns`` one list of values (or None:
    no such batch) a place on the x axis. The same addresses are in a table beside the figure, for the keyboard.
    """

    rows: Sequence[str]
    keys: Sequence[str]
    columns: Sequence[Sequence[str] | None]


def graph(
    request: Request,
    figure: Mapping[str, Any],
    *,
    key: str,
    alt: str,
    data: Data,
    targets: Targets | None = None,
) -> html.Node:
    """The figure with ``alt``, the sentence that says what it shows, ``data`` folded away beneath, and files of both.

    ``key`` tells the figures of a page apart. Its height is the figure's, so that nothing moves when it is drawn; it
    draws in the browser alone, sends nothing anywhere and asks nobody for a map, a font or a locale.
    """
    height = figure["layout"]["height"]
    return html.figure(
        html.figcaption(alt, class_="unseen"),
        html.div(
            dcc.Graph(
                id=f"chart-{key}",
                figure=dict(figure),
                config=config(request.language),  # type: ignore[arg-type]
                responsive=True,
                style={"height": f"{height}px"},
            ),
            class_="chart-plot",
            style={"height": f"{height}px"},
            data_targets=_targets(targets) if targets else None,
        ),
        folded_data(request, data, key=key, caption=alt, plotted=True),
        class_=f"chart chart-{key.split('-')[0]}",
        aria_label=alt,
    )


def config(language: Language) -> dict[str, Any]:
    """How plotly behaves: nothing is uploaded, no logo, the reader's language, two buttons.

    Pictures are saved by buttons beneath the figure: plotly's own would have no ground, and no words about it.
    """
    return {
        "showSendToCloud": False,
        "plotlyServerURL": "",
        "displaylogo": False,
        "displayModeBar": "hover",
        "modeBarButtons": [["zoom2d", "resetScale2d"]],
        "showTips": False,
        "scrollZoom": False,
        "doubleClick": "reset",
        "locale": language,
        **({"locales": {"fr": _FRENCH}} if language == "fr" else {}),
    }


def _targets(targets: Targets) -> str:
    return json.dumps(
        {"rows": list(targets.rows), "keys": list(targets.keys), "columns": list(targets.columns)},
        ensure_ascii=False,
        separators=(",", ":"),
    )
