"""What moved: the bins of a batch against training, each with its part of the PSI as a number and as a bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.table import Column, table
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.variable import Moved

MOST: Final = 8

_BIN: Final = Text("Bin", "Classe")
_TRAINING: Final = Text("Training", "Apprentissage")
_PART: Final = Text("of PSI", "du PSI")
_ALL: Final = Text("All {n} bins", "Les {n} classes")
_BY_CHANGE: Final = Text("Bins by their part of the PSI", "Classes selon leur part du PSI")
_DEFINED: Final = Text("Bins as training defined them", "Classes dans l\u2019ordre de l\u2019apprentissage")


def moved_table(
    request: Request, rows: Sequence[Moved], names: Sequence[str], *, batch: str, second: str | None
) -> html.Node:
    """The rows as the parameter ``order`` asks, those beyond the first MOST behind a fold.

    ``rows`` stand by their part; ``names`` are those of all bins, ``batch`` and ``second`` days.
    """
    rows = _ordered(request, rows)
    shown = _table(request, rows[:MOST], names, batch=batch, second=second)
    if len(rows) <= MOST:
        return shown
    words = request.t(_ALL).format(n=form.count(len(rows), request.language))
    return [
        shown,
        html.details(html.summary(words), _table(request, rows, names, batch=batch, second=second), class_="more"),
    ]


def moved_data(
    request: Request, rows: Sequence[Moved], names: Sequence[str], *, batch: str, second: str | None
) -> Data:
    """The same rows for a file, shares and parts as they are."""
    columns = [request.t(_BIN), request.t(_TRAINING), *([second] if second is not None else []), batch, "PSI"]
    return Data(
        columns,
        [
            [names[row.place], row.training, *([row.second] if second is not None else []), row.share, row.part]
            for row in _ordered(request, rows)
        ],
    )


def _ordered(request: Request, rows: Sequence[Moved]) -> list[Moved]:
    return sorted(rows, key=lambda row: row.place) if request.params["order"] == "defined" else list(rows)


def _table(
    request: Request, rows: Sequence[Moved], names: Sequence[str], *, batch: str, second: str | None
) -> html.Node:
    language, defined = request.language, request.params["order"] == "defined"
    columns = [
        Column(request.t(_BIN), sort="defined"),
        Column(request.t(_TRAINING), "number"),
        *([Column(second, "number")] if second is not None else []),
        Column(batch, "number"),
        Column(request.t(_PART), "number c-part", sort="change", descending=True),
    ]
    most = max((row.part for row in rows), default=0.0)
    cells = [
        [
            html.span(form.name(names[row.place], longest=32), title=names[row.place]),
            form.share(row.training, language),
            *([form.share(row.second, language)] if second is not None else []),
            [html.span(_arrow(row), class_="arrow", aria_hidden="true"), form.share(row.share, language)],
            [form.index(row.part, language, digits=3), _bar(row.part / most if most > 0 else 0.0)],
        ]
        for row in rows
    ]
    return table(
        columns,
        cells,
        caption=request.t(_DEFINED if defined else _BY_CHANGE),
        sorted_by="defined" if defined else "-change",
        link=lambda value: request.link(order="defined" if value.endswith("defined") else _by_change(request)),
        row_heading=0,
        class_="moved",
    )


def _by_change(request: Request) -> str | None:
    """The order that has the table by change and leaves the figures as they are."""
    return "change" if request.params["order"] == "change" else None


def _bar(part: float) -> html.Node:
    """How long the part is beside the largest one."""
    return html.span(html.span(style={"width": f"{100 * part:.0f}%"}), class_="part", aria_hidden="true")


def _arrow(row: Moved) -> str:
    """Up or down where the share has visibly changed."""
    if abs(row.share - row.training) < 0.0005:
        return ""
    return "\u25b4 " if row.share > row.training else "\u25be "
