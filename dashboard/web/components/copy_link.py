"""The button that copies the address of what is on screen."""

from __future__ import annotations

from typing import Final

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import Request

_COPY: Final = Text("Copy link", "Copier le lien")
_COPIED: Final = Text("Link copied", "Lien copié")
_BY_HAND: Final = Text("Copy this address: {address}", "Adresse à copier : {address}")


def copy_link(request: Request) -> html.Node:
    """The button; assets/copy.js copies the address, and says so.

    It is that of the page with what is chosen on it, and without what the page did not understand; where there is no
    page, the browser's own.
    """
    words = request.t(_COPY)
    return html.button(
        type="button",
        class_="tool copy-link",
        title=words,
        aria_label=words,
        data_copy=request.link() if request.page.key in request.site.pages else "",
        data_copied=request.t(_COPIED),
        data_by_hand=request.t(_BY_HAND),
    )
