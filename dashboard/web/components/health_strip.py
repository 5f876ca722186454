"""The strip of a model's newest batches, each a way to the page as of that batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.web import html
from dashboard.web.components.stoplight import WORDS, known
from dashboard.web.components.strip import strip
from dashboard.web.page import Request

_BAR_PIXELS: Final = 18
"""The widest that a batch may be drawn."""


def health_strip(
    request: Request, health: Sequence[Mapping[str, Any]], chosen: Mapping[str, Any], *, places: int
) -> html.Node:
    """The newest ``places`` of ``health`` (newest first), the ``chosen`` one marked.

    The links are for a pointer: they are narrow, and there are many; for the keyboard the table of batches has the
    same ones, so these are left out of its way.
    """
    shown = list(reversed(health[:places]))
    near = shown[-1]["batch_date"]
    return html.div(
        html.div(
            strip([row["colour"] for row in shown], request.language, places=len(shown)),
            html.div([_link(request, row, row is health[0], row is chosen) for row in shown], class_="strip-links"),
            class_="strip-bars",
        ),
        html.div(
            html.span(form.short_day(shown[0]["batch_date"], request.language, near=near)),
            html.span(form.short_day(near, request.language, near=request.today)),
            class_="strip-days",
        ),
        class_="strip-frame",
        style={"maxWidth": f"{max(len(shown) * _BAR_PIXELS, 160)}px"},
    )


def _link(request: Request, row: Mapping[str, Any], newest: bool, here: bool) -> html.Node:
    day = form.short_day(row["batch_date"], request.language, near=request.today)
    state = WORDS[known(row["colour"])][request.language].lower()
    return html.a(
        href=request.link(batch=None, version=None)
        if newest
        else request.link(batch=row["batch_id"], version=row["model_version"]),
        title=f"{day}, {state}",
        class_="here" if here else None,
        tabindex="-1",
        aria_hidden="true",
        data_stay="true",
    )
