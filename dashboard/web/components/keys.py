"""The dialog that lists the keys of every page, and the switch that turns them off."""

from __future__ import annotations

from typing import Final

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import Request

GO: Final = {"fleet": "f", "timeline": "t", "incidents": "i", "compare": "c", "glossary": "g"}
"""The letter that, after a g, leads to a page; assets/keys.js follows the link that carries it as data-go."""

_TITLE: Final = Text("Keys", "Touches")
_INTRODUCTION: Final = Text(
    "They work wherever you are not typing.", "Elles agissent partout où vous n\u2019êtes pas en train d\u2019écrire."
)
_SEARCH: Final = Text("Find a model", "Chercher un modèle")
_KEYS: Final = Text("Show these keys, or close them", "Montrer ces touches, ou les fermer")
_GO_TO: Final = Text("Go to: {page}", "Aller à : {page}")
_STEP: Final = Text(
    "Previous and next batch, or page of a table", "Lot précédent et suivant, ou page d\u2019un tableau"
)
_COPY: Final = Text("Copy the link to this view", "Copier le lien de cette vue")
_ESCAPE: Final = Text("Close what is open", "Fermer ce qui est ouvert")
_ESC: Final = Text("Esc", "Échap")
_THEN: Final = Text("then", "puis")
_SWITCH: Final = Text("Keys of one letter or sign", "Touches d\u2019une lettre ou d\u2019un signe")
_ON, _OFF = Text("on", "activées"), Text("off", "désactivées")
_CLOSE: Final = Text("Close", "Fermer")

OPEN: Final = Text("Keys", "Touches")
"""The name of the button that opens the dialog."""


def keys_button(request: Request) -> html.Node:
    """The button of the header that opens the dialog."""
    words = request.t(OPEN)
    return html.button(
        html.span("?", aria_hidden="true"),
        type="button",
        class_="tool keys-open",
        data_keys_open="true",
        title=words,
        aria_label=words,
        aria_haspopup="dialog",
    )


def keys_dialog(request: Request) -> html.Node:
    """The dialog, closed; assets/keys.js opens it."""
    t = request.t
    return html.dialog(
        html.div(
            html.h2(t(_TITLE), id="keys-title"),
            html.button(
                html.span("\u00d7", aria_hidden="true"), type="button", data_keys_close="true", aria_label=t(_CLOSE)
            ),
            class_="keys-head",
        ),
        html.p(t(_INTRODUCTION), class_="calm"),
        html.dl(
            _row(t(_SEARCH), "/"),
            [_row(t(_GO_TO).format(page=t(nav)), "g", letter, then=t(_THEN)) for letter, nav in _pages(request)],
            _row(t(_STEP), "[", "]"),
            _row(t(_COPY), "c"),
            _row(t(_KEYS), "?"),
            _row(t(_ESCAPE), t(_ESC)),
        ),
        html.button(
            html.span(t(_SWITCH)),
            html.span(t(_ON), class_="keys-on", aria_hidden="true"),
            html.span(t(_OFF), class_="keys-off", aria_hidden="true"),
            type="button",
            class_="keys-switch",
            data_keys_switch="true",
            role="switch",
            aria_checked="true",
        ),
        id="keys-dialog",
        class_="keys",
        aria_labelledby="keys-title",
    )


def _pages(request: Request) -> list[tuple[str, Text]]:
    """The pages of the navigation that have a letter: it, and what they are called there."""
    known = ((letter, request.site.pages.get(key)) for key, letter in GO.items())
    return [(letter, page.nav) for letter, page in known if page is not None and page.nav is not None]


def _row(words: str, *keys: str, then: str | None = None) -> html.Node:
    named: list[html.Node] = []
    for key in keys:
        named += [f" {then} " if then else " ", html.kbd(key)] if named else [html.kbd(key)]
    return html.div(html.dt(named), html.dd(words))
