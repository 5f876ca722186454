"""Which batch a page looks at, and which one it is compared with: links to neighbours, menus, any day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.field import day_field
from dashboard.web.page import Request
from dashboard.web.views.timeline import Batch

MOST: Final = 60
"""Batches in a menu."""

_BATCH: Final = Text("Batch", "Lot")
_AGAINST: Final = Text("And beside it", "Et à côté")
_NONE: Final = Text("training only", "l\u2019apprentissage seul")
_OLDER: Final = Text("Older batch: {batch}", "Lot précédent : {batch}")
_NEWER: Final = Text("Newer batch: {batch}", "Lot suivant : {batch}")
_NEWEST: Final = Text("newest", "le dernier")
_ANY: Final = Text("Any day", "Un autre jour")


def batch_words(request: Request, batch: Batch) -> str:
    """The batch for a reader: its day, and its identifier where that says more."""
    day = form.short_day(batch.day, request.language, near=request.today)
    return day if batch.batch_id == batch.day.isoformat() else f"{day} \u00b7 {form.name(batch.batch_id, longest=24)}"


def batch_choice(request: Request, batches: Sequence[Batch], chosen: int, against: int | None) -> html.Node:
    """The chooser; parameters ``batch`` and ``against`` hold identifiers."""
    last = len(batches) - 1
    return html.div(
        html.span(
            _step(request, batches, chosen - 1, "\u2039", _OLDER, rel="prev"),
            _step(request, batches, chosen + 1, "\u203a", _NEWER, rel="next"),
            class_="steps",
        ),
        chips.menu(
            request.t(_BATCH),
            [
                chips.Choice(
                    _named(request, batches[place], newest=place == last),
                    request.link(batch=None if place == last else batches[place].batch_id),
                    place == chosen,
                )
                for place in _offered(len(batches), chosen)
            ],
            head=_any_day(request, "batch", batches, chosen),
        ),
        chips.menu(
            request.t(_AGAINST),
            [chips.Choice(request.t(_NONE), request.link(against=None), against is None)]
            + [
                chips.Choice(
                    batch_words(request, batches[place]),
                    request.link(against=batches[place].batch_id),
                    place == against,
                )
                for place in _offered(len(batches), against)
                if place != chosen
            ],
            head=_any_day(request, "against", batches, against),
        ),
        class_="batch-choice",
    )


def _any_day(request: Request, key: str, batches: Sequence[Batch], place: int | None) -> html.Node:
    """A date box: of more batches than a menu holds."""
    words = request.t(_ANY)
    value = None if place is None else batches[place].day
    field = day_field(request, key, words, value=value, first=batches[0].day, last=batches[-1].day)
    return html.span(html.span(words, aria_hidden="true"), field, class_="labelled")


def _named(request: Request, batch: Batch, *, newest: bool) -> str:
    words = batch_words(request, batch)
    return f"{words} ({request.t(_NEWEST)})" if newest else words


def _step(request: Request, batches: Sequence[Batch], place: int, sign: str, label: Text, *, rel: str) -> html.Node:
    if not 0 <= place < len(batches):
        return html.span(sign, class_="step", aria_hidden="true")
    newest = place == len(batches) - 1
    words = request.t(label).format(batch=batch_words(request, batches[place]))
    return html.a(
        sign,
        href=request.link(batch=None if newest else batches[place].batch_id),
        class_="step",
        rel=rel,
        title=words,
        aria_label=words,
        data_stay="true",
    )


def _offered(total: int, chosen: int | None) -> list[int]:
    """The newest MOST places, newest first, and the chosen one where it is older."""
    places = list(range(total - 1, max(-1, total - 1 - MOST), -1))
    return places if chosen is None or chosen in places else [*places, chosen]
