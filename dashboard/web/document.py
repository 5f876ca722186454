"""The HTML document around the application: language, theme and a first header that stands before any script runs."""

from __future__ import annotations

from html import escape
from typing import Final

from dashboard.text import Language, Text
from dashboard.web import html

THEME_COOKIE: Final = "vigie_theme"
THEMES: Final = ("auto", "light", "dark")

_NEEDS_SCRIPTS = Text(
    "Vigie needs JavaScript; nothing is loaded from any other site.",
    "Vigie a besoin de JavaScript ; rien n\u2019est chargé d\u2019un autre site.",
)
_LOADING = Text("Loading\u2026", "Chargement\u2026")


def document(*, language: Language, theme: str, base: str, icon: str, parts: dict[str, str]) -> str:
    """The page's HTML. ``parts`` are the tags that Dash made: metas, css, config, scripts, renderer."""
    shade = theme if theme in THEMES else "auto"
    return f"""<!DOCTYPE html>
<html lang="{language}" data-theme="{shade}" data-base="{escape(base)}">
<head>
{parts["metas"]}
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Vigie</title>
<link rel="icon" href="{escape(icon)}" type="image/svg+xml">
{parts["css"]}
</head>
<body>
<div id="react-entry-point"><div><header class="top"><span class="mark">Vigie</span></header>
<main class="page waiting"><p>{_LOADING[language]}</p></main></div></div>
<noscript><p class="notice">{_NEEDS_SCRIPTS[language]}</p></noscript>
{parts["config"]}
{parts["scripts"]}
{parts["renderer"]}
</body>
</html>"""


def waiting() -> html.Node:
    """What stands on the page until the first answer: the same as the document's own first header."""
    return [
        html.header(html.span("Vigie", class_="mark"), class_="top"),
        html.main(class_="page waiting"),
    ]
