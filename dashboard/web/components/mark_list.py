"""What the marks of a time figure stand for: the day, what happened, who or which, and where to read more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.download import download
from dashboard.web.data import Data
from dashboard.web.figures.time_axis import GLYPHS, KINDS, WORDS, Kind, Mark, TimeAxis, mark_words, shown_marks
from dashboard.web.page import Request

_LIST: Final = Text("What the marks in the figure stand for", "Ce que signifient les repères de la figure")
_MARKS: Final = Text("Marks: {kinds}", "Repères\u00a0: {kinds}")
_ONE: Final[dict[Kind, Text]] = {
    "deployment": Text("one deployment", "une mise en service"),
    "retraining": Text("one retraining asked", "un réentraînement demandé"),
    "note": Text("one note", "une note"),
}
_MANY: Final[dict[Kind, Text]] = {
    "deployment": Text("{n} deployments", "{n} mises en service"),
    "retraining": Text("{n} retrainings asked", "{n} réentraînements demandés"),
    "note": Text("{n} notes", "{n} notes"),
}
_BY: Final = Text("by {name}", "par {name}")
_SAYS: Final = Text(": ", "\u00a0: ")
_DAY, _WHAT, _WHO = Text("Day", "Jour"), Text("What", "Quoi"), Text("Version or author", "Version ou auteur")
_WORDS: Final = Text("Words", "Texte")
_FEW: Final = 4
"""So many marks are listed at once; more are folded away."""
_LONGEST: Final = 240


def mark_list(
    request: Request,
    model_id: str,
    marks: Sequence[Mark],
    axis: TimeAxis,
    *,
    snap: bool = True,
    key: str = "marks",
    side: str = "",
) -> html.Node:
    """The marks that a figure over ``axis`` shows, newest first; None when it shows none.

    ``snap`` as in ``mark_lines``; ``key`` tells several lists of a page apart, ``side`` is the letter that precedes its
    summary. A deployment leads to the model's versions, a note has its text.
    """
    shown = shown_marks(axis, marks, snap=snap)[::-1]
    if not shown:
        return None
    items = html.ul([_item(request, model_id, mark) for mark in shown], class_="marks", aria_label=request.t(_LIST))
    few = len(shown) <= _FEW
    return html.details(
        html.summary(html.b(side, " ") if side else None, _summary(request, shown)),
        html.div(items, download(request, key, lambda: _data(request, shown))),
        class_="mark-list",
        open=True if few else None,
    )


def marks_told(request: Request, marks: Sequence[Mark], axis: TimeAxis, *, snap: bool = True) -> str:
    """The marks as a sentence for a figure's text alternative, beginning with a space; '' when it shows none."""
    shown = shown_marks(axis, marks, snap=snap)
    if not shown:
        return ""
    words = [mark_words(mark, request.language) for mark in shown[-_FEW:]]
    return " " + (f"{_summary(request, shown)}." if len(shown) > _FEW else f"{'; '.join(words)}.")


def _summary(request: Request, shown: Sequence[Mark]) -> str:
    counts = {kind: sum(mark.kind == kind for mark in shown) for kind in KINDS}
    parts = [
        request.t(_ONE[kind] if number == 1 else _MANY[kind]).format(n=form.count(number, request.language))
        for kind, number in counts.items()
        if number
    ]
    return request.t(_MARKS).format(kinds=", ".join(parts))


def _item(request: Request, model_id: str, mark: Mark) -> html.Node:
    what = request.t(WORDS[mark.kind]).format(name=form.name(mark.name, longest=40))
    words: html.Node = what
    if mark.kind == "deployment" and "versions" in request.site.pages:
        words = html.a(what, href=request.to("versions", model_id=model_id, left=mark.name))
    elif mark.kind != "deployment" and mark.name:
        words = f"{what} {request.t(_BY).format(name=form.name(mark.name))}"
    return html.li(
        html.time(form.short_day(mark.day, request.language, near=request.today), datetime=mark.day.isoformat()),
        html.span(GLYPHS[mark.kind], class_=f"mark-sign {mark.kind}", aria_hidden="true"),
        html.span(
            words, [_SAYS[request.language], html.em(form.name(mark.text, longest=_LONGEST))] if mark.text else None
        ),
    )


def _data(request: Request, shown: Sequence[Mark]) -> Data:
    columns = [request.t(words) for words in (_DAY, _WHAT, _WHO, _WORDS)]
    return Data(
        columns,
        [
            [mark.day.isoformat(), request.t(WORDS[mark.kind]).format(name=mark.name), mark.name, mark.text]
            for mark in shown
        ],
    )
