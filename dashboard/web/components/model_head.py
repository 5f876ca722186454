"""The head of every page about a model: breadcrumbs, name, state, and the way to its other pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.breadcrumbs import breadcrumbs
from dashboard.web.components.stoplight import stoplight
from dashboard.web.page import NotFoundError, Request
from dashboard.web.views.fleet import fleet_rows

MODEL: Final = Text("model", "modèle")
_FLEET: Final = Text("Fleet", "Flotte")
_PAGES: Final = Text("Pages of this model", "Pages de ce modèle")
TABS: Final = (
    ("model", Text("Overview", "Vue d\u2019ensemble")),
    ("inputs", Text("Inputs", "Variables")),
    ("predictions", Text("Predictions", "Prédictions")),
    ("performance", Text("Performance", "Performance")),
    ("versions", Text("Versions", "Versions")),
    ("simulator", Text("Policy", "Politique")),
)
"""Pages of a model by key, in the order of their tabs."""


def model_entry(request: Request) -> dict[str, Any]:
    """The row of query ``fleet`` about the model that the address names; NotFoundError when there is none."""
    model_id = request.args["model_id"]
    rows = fleet_rows(request.reading)
    for row in rows:
        if row["model_id"] == model_id:
            return row
    raise NotFoundError(MODEL, model_id, tuple(row["model_id"] for row in rows))


def model_head(
    request: Request,
    entry: dict[str, Any],
    *,
    title: str | None = None,
    colour: str | None = None,
    trail: Sequence[tuple[str, str | None]] = (),
    lead: html.Node = None,
    tab: str | None = None,
) -> list[html.Node]:
    """Breadcrumbs, the heading with its stoplight, ``lead`` (a sentence), and the tabs.

    The heading is the model's name unless ``title`` is given (a variable's page); ``colour`` is the model's unless
    given; ``trail`` are the breadcrumbs after the model's own, the last without an address; ``tab`` is the key of the
    tab that is marked where it is not the page's own.
    """
    model_id, name = entry["model_id"], entry["name"]
    own = None if not trail else request.to("model", model_id=model_id)
    steps = [(request.t(_FLEET), request.href("/")), (name, own), *trail]
    words = title if title is not None else name
    return [
        breadcrumbs(request, steps),
        html.div(
            html.h1(form.name(words, longest=90), title=words),
            stoplight(colour if title is not None else entry["colour"], request.language),
            class_="title",
        ),
        html.p(lead, class_="lead") if lead else None,
        tabs(request, model_id, here=tab),
    ]


def tabs(request: Request, model_id: str, *, here: str | None = None) -> html.Node:
    """Links to the pages of a model; the one of the key ``here`` is marked, else that of the present page."""
    here = here or request.page.key
    return html.nav(
        [
            html.a(
                request.t(words),
                href=request.to(key, model_id=model_id),
                aria_current="page" if key == here else None,
            )
            for key, words in TABS
            if key in request.site.pages
        ],
        class_="tabs",
        aria_label=request.t(_PAGES),
    )
