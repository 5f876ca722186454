"""The models that need attention, for paper: as many as one sheet has room for, the rest as a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.fleet_filters import stated
from dashboard.web.components.fleet_table import in_order, why
from dashboard.web.components.stoplight import known, stoplight
from dashboard.web.components.table import Column, table
from dashboard.web.page import Request

MOST: Final = 25
"""Models on the sheet."""

_CAPTION: Final = Text("Models that are not green", "Modèles qui ne sont pas verts")
_HEADS: Final = (
    (Text("State", "État"), "c-state"),
    (Text("Model", "Modèle"), "c-name"),
    (Text("Team", "Équipe"), "c-team"),
    (Text("Why", "Pourquoi"), "c-reason"),
    (Text("For", "Depuis"), "number"),
)
_MORE: Final = Text("And {n} more.", "Et {n} de plus.")
_GREEN: Final = Text("{n} green models are not listed.", "{n} modèles verts ne sont pas listés.")
_ONE_GREEN: Final = Text("One green model is not listed.", "Un modèle vert n\u2019est pas listé.")
_PRINTED: Final = Text("State of {day}", "État du {day}")


def attention_list(request: Request, rows: Sequence[dict[str, Any]], today: date | None) -> html.Node:
    """The rows (query ``fleet``, filtered) that are not green, worst first. On screen it is not shown."""
    language = request.language
    wanting = [row for row in in_order(rows) if known(row["colour"]) != "green"]
    green = len(rows) - len(wanting)
    words = []
    if len(wanting) > MOST:
        words.append(request.t(_MORE).format(n=form.count(len(wanting) - MOST, language)))
    if green:
        words.append(request.t(_ONE_GREEN if green == 1 else _GREEN).format(n=form.count(green, language)))
    columns = [Column(request.t(text), kind) for text, kind in _HEADS]
    asked = stated(request)
    return html.div(
        html.p(asked, class_="asked") if asked else None,
        table(
            columns,
            [_cells(request, row, today) for row in wanting[:MOST]],
            caption=request.t(_CAPTION),
            class_="attention",
            row_heading=1,
        )
        if wanting
        else None,
        html.p(" ".join(words)) if words else None,
        html.p(
            html.span(request.t(_PRINTED).format(day=form.day(today, language))) if today else None,
            html.span(data_printed_from="true"),
            class_="imprint",
        ),
        class_="paper",
    )


def _cells(request: Request, row: dict[str, Any], today: date | None) -> list[html.Node]:
    language = request.language
    return [
        stoplight(row["colour"], language),
        form.name(row["name"], longest=44),
        form.name(row["team"], longest=20) if row["team"] else "\u2013",
        html.div(why(request, row), class_="clamped"),
        form.lasting(row["since"], today, language) if today and row["since"] else "\u2013",
    ]
