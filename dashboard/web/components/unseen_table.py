"""Levels that training did not have: their names, rows, and the batch that first had them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.table import Column, table
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.unseen import UnseenLevel

_CAPTION: Final = Text("Levels that training did not have", "Modalités absentes de l\u2019apprentissage")
_LEVEL, _ROWS = Text("Unseen level", "Modalité inconnue"), Text("Rows", "Lignes")
_SHARE, _FIRST = Text("Share", "Part"), Text("First seen", "Vue d\u2019abord")
_EMPTY: Final = Text("(empty text)", "(texte vide)")
_OTHERS: Final = Text("(more levels, not named)", "(autres modalités, sans nom)")
_EARLIER: Final = Text("{day} or before", "{day} ou avant")


def unseen_table(request: Request, levels: Sequence[UnseenLevel], *, rows: int, others: int = 0) -> html.Node:
    """The levels, most frequent first; ``rows`` are those of the batch. The first day links to its batch.

    ``others`` are the rows of levels that are not named, for there were too many.
    """
    language = request.language
    columns = [
        Column(request.t(_LEVEL)),
        Column(request.t(_ROWS), "number"),
        Column(request.t(_SHARE), "number"),
        Column(request.t(_FIRST), "number nowrap"),
    ]
    cells = [
        [
            html.span(form.name(level.level) if level.level.strip() else request.t(_EMPTY), title=level.level),
            form.count(level.rows, language),
            form.share(level.rows / rows if rows else None, language),
            html.a(_first(request, level), href=request.link(batch=level.first.batch_id), data_stay="true"),
        ]
        for level in levels
    ]
    if others:
        share = form.share(others / rows if rows else None, language)
        cells.append([html.span(request.t(_OTHERS), class_="calm"), form.count(others, language), share, "\u2013"])
    return table(columns, cells, caption=request.t(_CAPTION), row_heading=0, class_="unseen-levels")


def unseen_data(request: Request, levels: Sequence[UnseenLevel], *, rows: int, others: int = 0) -> Data:
    """The same for a file; the first batch by its identifier."""
    named = [(level.level, level.rows, level.first.batch_id) for level in levels]
    rest = [(request.t(_OTHERS), others, None)] if others else []
    return Data(
        [request.t(words) for words in (_LEVEL, _ROWS, _SHARE, _FIRST)],
        [[name, count, count / rows if rows else None, first] for name, count, first in [*named, *rest]],
    )


def _first(request: Request, level: UnseenLevel) -> str:
    day = form.short_day(level.first.day, request.language, near=request.today)
    return request.t(_EARLIER).format(day=day) if level.earlier else day
