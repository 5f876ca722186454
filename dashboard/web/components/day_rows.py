"""The models of the fleet by days: one strip each, one beneath the other, and the counts of each day above them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.span_tools import span_link
from dashboard.web.components.stoplight import WORDS, WORST_FIRST, stoplight
from dashboard.web.components.strip import day_strips
from dashboard.web.components.table import Column, table
from dashboard.web.components.trend import described, trend
from dashboard.web.fleet_days import Codes, DayCounts
from dashboard.web.page import Request

SORTS: Final = ("state", "name", "changed")

_CAPTION: Final = Text(
    "Models by day, from {first} to {last}; worst first unless sorted otherwise",
    "Modèles par jour, du {first} au {last} ; les pires d\u2019abord sauf autre tri",
)
_MODEL, _STATE, _FOR = Text("Model", "Modèle"), Text("State now", "État actuel"), Text("For", "Depuis")
_FOR_TITLE: Final = Text("How long it has had this state", "Depuis combien de temps il est dans cet état")
_DAYS: Final = Text("{first} to {last}", "{first} au {last}")
_CURSOR: Final = Text(
    "Days: arrows go from day to day, with Shift they select, Enter shows the selection",
    "Jours : les flèches vont d\u2019un jour à l\u2019autre, avec Maj elles sélectionnent, Entrée montre la sélection",
)


def day_rows(
    request: Request, rows: Sequence[dict[str, Any]], codes: Codes, counts: DayCounts, today: date
) -> html.Node:
    """``rows`` (query ``fleet``) with their ``codes`` (models, days) under the trend of ``counts``, on one axis."""
    language, days = request.language, counts.days
    first, last = (form.day(day, language, near=today) for day in (days[0], days[-1]))
    columns = (
        Column(request.t(_MODEL), "c-name", sort="name"),
        Column(request.t(_STATE), "c-state", sort="state"),
        Column(request.t(_DAYS).format(first=first, last=last), "c-days"),
        Column(request.t(_FOR), "c-for number", sort="changed", title=request.t(_FOR_TITLE)),
    )
    strips = day_strips(codes, language)
    words = [WORDS[colour][language].lower() for colour in WORST_FIRST]
    return html.div(
        html.div(
            trend(counts, language),
            html.div(
                class_="day-cursor",
                role="slider",
                tabindex="0",
                aria_label=request.t(_CURSOR),
                aria_valuemin="0",
                aria_valuemax=str(len(days) - 1),
                aria_valuenow=str(len(days) - 1),
                aria_valuetext=described(counts, language),
            ),
            html.p(class_="readout", aria_hidden="true"),
            class_="day-trend",
        ),
        table(
            columns,
            [_cells(request, row, drawn, today) for row, drawn in zip(rows, strips, strict=True)],
            caption=request.t(_CAPTION).format(first=first, last=last),
            sorted_by=request.params["sort"],
            link=lambda value: request.link(sort=value),
            class_="by-day",
            row_heading=0,
        ),
        class_="brushed",
        data_brush=span_link(request, None),
        data_first=days[0].isoformat(),
        data_days=str(len(days)),
        data_words=json.dumps(words, ensure_ascii=False),
        data_counts=json.dumps([counts.of(colour) for colour in WORST_FIRST], separators=(",", ":")),
    )


def _cells(request: Request, row: dict[str, Any], drawn: html.Node, today: date) -> list[html.Node]:
    name = form.name(row["name"], longest=40)
    lasting = form.lasting(row["since"], today, request.language) if row["since"] else "\u2013"
    return [
        html.a(
            name,
            href=request.to("model", model_id=row["model_id"]),
            title=row["name"] if row["name"] != name else None,
        ),
        stoplight(row["colour"], request.language),
        drawn,
        lasting,
    ]
