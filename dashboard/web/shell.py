"""What surrounds every page: the header with navigation, search, age of the data, link, keys, language and theme."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from dashboard.text import LANGUAGES, Language, Text
from dashboard.web import html
from dashboard.web.amounts import moment
from dashboard.web.components.copy_link import copy_link
from dashboard.web.components.keys import GO, keys_button, keys_dialog
from dashboard.web.components.stoplight import GLYPHS, WORDS, known
from dashboard.web.page import Request, Site
from dashboard.web.param import LANGUAGE_KEY
from dashboard.web.reader import Reading
from dashboard.web.trouble import error_of
from dashboard.web.views.fleet import fleet_rows
from qod.errors import WarehouseError

_SKIP = Text("Skip to the content", "Aller au contenu")
_SEARCH = Text("Find a model", "Chercher un modèle")
_NOTHING = Text("No model of this name", "Aucun modèle de ce nom")
_MAIN = Text("Main", "Principale")
_EVALUATED = Text("Evaluated {when}", "Évalué le {when}")
_NEVER = Text("Not evaluated yet", "Pas encore évalué")
_UNKNOWN = Text("The tables do not answer", "Les tables ne répondent pas")
_PLATFORM = Text(
    "Platform: what pages cost, how fresh the tables are", "Plateforme : coût des pages, fraîcheur des tables"
)
_LANGUAGE = Text("Language", "Langue")
_NAMES: Final[dict[Language, str]] = {"en": "English", "fr": "Français"}
_THEMES: Final = (
    ("auto", "\u25d0", Text("Theme: as the system", "Thème : celui du système")),
    ("light", "\u2600\ufe0e", Text("Theme: light", "Thème : clair")),
    ("dark", "\u263e", Text("Theme: dark", "Thème : sombre")),
)


def header(request: Request, evaluated_at: datetime | None, *, dated: bool = True) -> list[html.Node]:
    """The skip link, the header, and the dialog of keys that it opens.

    ``evaluated_at`` is the age of the data below; not ``dated``: it is not known.
    """
    return [
        html.a(request.t(_SKIP), href="#main", class_="skip"),
        html.header(
            html.a("Vigie", href=request.href("/"), class_="mark"),
            html.span(request.site.environment, class_=f"environment {request.site.environment}"),
            _navigation(request),
            html.div(
                class_="search",
                role="search",
                data_search=request.site.base + "_models.json",
                data_label=request.t(_SEARCH),
                data_nothing=request.t(_NOTHING),
                data_silent=request.t(_UNKNOWN),
                data_language=request.language if request.keeps_language else None,
            ),
            html.span(_age(request, evaluated_at, dated), class_="age"),
            html.span(
                copy_link(request),
                keys_button(request),
                _languages(request),
                _theme(request),
                class_="tools",
            ),
            class_="top",
        ),
        keys_dialog(request),
    ]


def footer(request: Request) -> list[html.Node]:
    """Quiet links, for whoever runs Vigie."""
    page = request.site.pages.get("platform")
    if page is None:
        return []
    here = "page" if request.page.key == page.key else None
    return [html.footer(html.a(request.t(_PLATFORM), href=request.href(page.write({})), aria_current=here))]


def search_entries(reading: Reading, site: Site, language: Language) -> list[dict[str, Any]]:
    """What the search box looks through: name, identifier, team, state and address of every model.

    Where the warehouse does not answer, those of the newest version that is kept; WarehouseError when there is none.
    """
    for attempt in reading.attempts():
        with suppress(WarehouseError):
            return [_entry(row, site, language) for row in fleet_rows(attempt)]
    raise error_of(reading.trouble or "other")


def _entry(row: Mapping[str, Any], site: Site, language: Language) -> dict[str, Any]:
    return {
        "id": row["model_id"],
        "name": row["name"],
        "team": row["team"] or "",
        "colour": known(row["colour"]),
        "glyph": GLYPHS[known(row["colour"])],
        "word": WORDS[known(row["colour"])][language],
        "href": site.base.rstrip("/") + site.path_for("model", model_id=row["model_id"]),
    }


def _navigation(request: Request) -> html.Node:
    links = [
        html.a(
            request.t(page.nav),
            href=request.href(page.write({})),
            aria_current="page" if page.key == request.page.key else None,
            data_go=GO.get(page.key),
        )
        for page in sorted(request.site.pages.values(), key=lambda page: page.nav_place)
        if page.nav is not None
    ]
    return html.nav(links, aria_label=request.t(_MAIN))


def _age(request: Request, when: datetime | None, dated: bool) -> html.Node:
    if not dated:
        return request.t(_UNKNOWN)
    if when is None:
        return request.t(_NEVER)
    words = request.t(_EVALUATED).format(when=moment(when, request.language, near=datetime.now(UTC)))
    return html.time(words, datetime=when.isoformat(timespec="seconds"), title=f"{when:%Y-%m-%d %H:%M} UTC")


def _languages(request: Request) -> html.Node:
    links = [
        html.a(
            language.upper(),
            href=_in_language(request, language),
            lang=language,
            hrefLang=language,
            title=_NAMES[language],
            data_stay="true",
            aria_current="true" if language == request.language else None,
        )
        for language in LANGUAGES
    ]
    return html.nav(links, class_="languages", aria_label=request.t(_LANGUAGE))


def _in_language(request: Request, language: Language) -> str:
    address = request.link().partition("?")
    kept = [pair for pair in address[2].split("&") if pair and not pair.startswith(f"{LANGUAGE_KEY}=")]
    return f"{address[0]}?{'&'.join([*kept, f'{LANGUAGE_KEY}={language}'])}"


def _theme(request: Request) -> html.Node:
    faces = [
        html.span(
            html.span(glyph, aria_hidden="true"),
            html.span(request.t(words), class_="unseen"),
            class_=f"face face-{theme}",
        )
        for theme, glyph, words in _THEMES
    ]
    return html.button(faces, type="button", class_="tool theme", data_theme_switch="true")
