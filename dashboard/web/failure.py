"""What a reader sees when something could not be drawn: a sentence and a retry; the traceback stays in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.outage import AGAIN, retrying
from dashboard.web.page import NotFoundError, Request
from dashboard.web.trouble import WORDS, kind_of
from qod.errors import VigieError, WarehouseError

LOG: Final = logging.getLogger("vigie.web")

_OTHER = Text(
    "This part could not be drawn; the reason is in the server\u2019s log.",
    "Cette partie n\u2019a pas pu être affichée ; la raison est dans le journal du serveur.",
)
_RETRY = Text("Try again", "Réessayer")


def guarded(request: Request, name: str, draw: Callable[[], html.Node]) -> html.Node:
    """What ``draw`` makes; when it fails, a notice in its place, so that the rest of the page lives.

    ``name`` stands in the log. NotFoundError goes on: it is an answer about the whole page.
    """
    try:
        return draw()
    except NotFoundError:
        raise
    except Exception as error:
        if not request.reading.pinned:  # what is not kept of an earlier version is no news
            report(error, f"{name} of page {request.page.key}")
        request.failures.append(name)
        return notice(request, error)


def report(error: Exception, what: str) -> None:
    """Log that ``what`` could not be drawn: a sentence for what Vigie foresees, the traceback for anything else."""
    LOG.error("%s could not be drawn: %s", what, error, exc_info=not isinstance(error, VigieError))


def notice(request: Request, error: Exception) -> html.Node:
    """A sentence about ``error`` that shows nothing internal, and a link that asks again.

    Where the warehouse failed, the page asks again by itself too.
    """
    t = request.t
    said, again = t(_OTHER), dict[str, str]()
    if isinstance(error, WarehouseError):
        said, again = f"{t(WORDS[kind_of(error)])} {t(AGAIN)}", retrying(request)
    return html.div(
        html.p(said),
        html.p(html.a(t(_RETRY), href=request.link(), data_reload="true")),
        class_="notice failure",
        role="alert",
        **again,
    )
