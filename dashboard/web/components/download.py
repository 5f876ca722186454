"""The link that saves a whole table as a file: every row that the page's address asks for, not only those on screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dashboard.address import write_query
from dashboard.file_name import file_name
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.data import Data
from dashboard.web.page import Request

ROUTE: Final = "_table.csv"

_CSV: Final = Text("CSV", "CSV")
_SAVE: Final = Text("Save the table as a CSV file", "Enregistrer le tableau en fichier CSV")


def download(request: Request, key: str, data: Callable[[], Data]) -> html.Node:
    """The link; ``data`` is asked for when it is followed. ``key`` tells the tables of a page apart."""
    request.exports[key] = data
    return html.a(
        request.t(_CSV),
        href=request.site.base + ROUTE + write_query({"table": key, "at": request.link(), "lang": request.language}),
        download=f"{file_name(*request.args.values(), request.page.key, key)}.csv",
        class_="download",
        title=request.t(_SAVE),
        aria_label=request.t(_SAVE),
    )
