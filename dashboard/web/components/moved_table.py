"""What moved: the bins of a batch against training, those that give most of the PSI first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.page import Request
from dashboard.web.views.variable import Moved

MOST: Final = 8

_MOVED: Final = Text("What moved", "Ce qui a bougé")
_TRAINING: Final = Text("Training", "Apprentissage")
_PART: Final = Text("of PSI", "du PSI")
_ALL: Final = Text("All {n} bins", "Les {n} classes")
_CAPTION: Final = Text("Bins by their part of the PSI", "Classes selon leur part du PSI")


def moved_table(
    request: Request, rows: Sequence[Moved], names: Sequence[str], *, batch: str, second: str | None
) -> html.Node:
    """The first MOST rows, the others behind a fold; ``names`` are those of all bins, ``batch`` and ``second`` days."""
    shown = _table(request, rows[:MOST], names, batch=batch, second=second)
    if len(rows) <= MOST:
        return shown
    words = request.t(_ALL).format(n=form.count(len(rows), request.language))
    return [
        shown,
        html.details(html.summary(words), _table(request, rows, names, batch=batch, second=second), class_="more"),
    ]


def _table(
    request: Request, rows: Sequence[Moved], names: Sequence[str], *, batch: str, second: str | None
) -> html.Node:
    language = request.language
    columns = [
        Column(request.t(_MOVED)),
        Column(request.t(_TRAINING), "number"),
        *([Column(second, "number")] if second is not None else []),
        Column(batch, "number"),
        Column(term(request, request.t(_PART), "psi"), "number"),
    ]
    cells = [
        [
            html.span(form.name(names[row.place], longest=32), title=names[row.place]),
            form.share(row.training, language),
            *([form.share(row.second, language)] if second is not None else []),
            [html.span(_arrow(row), class_="arrow", aria_hidden="true"), form.share(row.share, language)],
            form.index(row.part, language, digits=3),
        ]
        for row in rows
    ]
    return table(columns, cells, caption=request.t(_CAPTION), row_heading=0, class_="moved")


def _arrow(row: Moved) -> str:
    """Up or down where the share has visibly changed."""
    if abs(row.share - row.training) < 0.0005:
        return ""
    return "\u25b4 " if row.share > row.training else "\u25be "
