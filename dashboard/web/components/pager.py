"""The pager: which rows of a long table are on screen, and links to the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import Request

_SHOWN: Final = Text("{first} to {last} of {total}", "{first} à {last} sur {total}")
_PREVIOUS: Final = Text("Previous", "Précédent")
_NEXT: Final = Text("Next", "Suivant")
_LABEL: Final = Text("Pages of the table", "Pages du tableau")


def page_of(page: int, total: int, size: int) -> int:
    """``page`` (from 1) within what there is: the last page for a number beyond it."""
    return max(1, min(page, -(-total // size)))


def pager(request: Request, *, page: int, total: int, size: int, link: Callable[[int], str]) -> html.Node:
    """Nothing when one page holds all rows."""
    if total <= size:
        return None
    first, last = (page - 1) * size + 1, min(page * size, total)
    words = request.t(_SHOWN).format(
        first=form.count(first, request.language),
        last=form.count(last, request.language),
        total=form.count(total, request.language),
    )
    return html.nav(
        html.a(request.t(_PREVIOUS), href=link(page - 1), rel="prev") if page > 1 else None,
        html.span(words),
        html.a(request.t(_NEXT), href=link(page + 1), rel="next") if last < total else None,
        class_="pager",
        aria_label=request.t(_LABEL),
    )
