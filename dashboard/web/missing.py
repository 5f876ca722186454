"""The page that stands where there is none: it says what was asked for, what comes near it, and where to go on."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import NotFoundError, Page, Request

TITLE: Final = Text("Not found", "Introuvable")
PAGE: Final = Page("missing", "/", TITLE)

_NO_PAGE = Text("There is no page at this address.", "Il n\u2019y a pas de page à cette adresse.")
_PERHAPS = Text(
    "The link may be old, or a part of it was lost on the way.",
    "Le lien est peut-être ancien, ou il en manque un morceau.",
)
_NOBODY = Text("There is no {kind} called {name}.", "Il n\u2019existe pas de {kind} du nom de {name}.")
_NEAR = Text("Names like it: {names}.", "Des noms proches : {names}.")
_FLEET = Text("Go to the fleet", "Aller à la flotte")


def layout(request: Request) -> list[html.Node]:
    """The answer to an address that no page has."""
    return [html.h1(request.t(_NO_PAGE)), html.p(request.t(_PERHAPS), class_="lead"), _way_on(request)]


def unknown(request: Request, error: NotFoundError) -> list[html.Node]:
    """The answer to the address of a model or variable that does not exist."""
    words = Text(
        _NOBODY.en.format(kind=error.kind.en, name=form.quoted(error.name, "en")),
        _NOBODY.fr.format(kind=error.kind.fr, name=form.quoted(error.name, "fr")),
    )
    body: list[html.Node] = [html.h1(request.t(words)), html.p(request.t(_PERHAPS), class_="lead")]
    near = get_close_matches(error.name[:200], error.known, n=5, cutoff=0.5)
    if near:
        names = ", ".join(form.quoted(name, request.language) for name in near)
        body.append(html.p(request.t(_NEAR.format(names=names))))
    return [*body, _way_on(request)]


def _way_on(request: Request) -> html.Node:
    path = request.path_for("fleet") if "fleet" in request.site.pages else "/"
    return html.p(html.a(request.t(_FLEET), href=request.href(path), class_="button"))
