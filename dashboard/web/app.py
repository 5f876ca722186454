"""The application: one layout, one callback that turns an address into a page, and a few plain routes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import flask
from dash import ClientsideFunction, Dash, Input, Output, callback_context, dcc
from dash.html import Div
from werkzeug.wrappers import Response

import pages
from dashboard.settings import Settings
from dashboard.text import Language, Text
from dashboard.web import document, html, language, missing, shell
from dashboard.web.address import read_query
from dashboard.web.cache import AnswerCache
from dashboard.web.compression import compress
from dashboard.web.failure import notice, report
from dashboard.web.page import NotFoundError, Request, Site
from dashboard.web.param import LANGUAGE_KEY
from dashboard.web.reader import Reader, Reading, Tables
from dashboard.web.router import Found, Route, Router
from dashboard.web.security import protect
from dashboard.web.static import fold
from qod.errors import VigieError
from qod.warehouse import open_warehouse

ASSETS = Path(__file__).resolve().parents[2] / "assets"


class Application(Dash):
    """Dash with a document of our own: right language and theme from the first byte, 404 where there is no page."""

    router: Router
    base: str
    default_language: Language

    def index(self, *args: Any, **kwargs: Any) -> flask.Response:
        """The HTML document of any address."""
        found = self.router.find(_raw_path(flask.request))
        response = flask.make_response(super().index(*args, **kwargs), 200 if found else 404)
        remember_language(response.set_cookie, flask.request.args.get(LANGUAGE_KEY))
        return response

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """The document with Dash's tags in their places."""
        asked = flask.request
        return document.document(
            language=reader_language(asked.args.get(LANGUAGE_KEY), self.default_language),
            theme=asked.cookies.get(document.THEME_COOKIE, "auto"),
            base=self.base,
            icon=self.get_asset_url("favicon.svg"),
            parts=parts,
        )


def create_app(
    settings: Settings,
    *,
    open_tables: Callable[[], Tables] | None = None,
    routes: dict[str, Route] | None = None,
    base: str = "/",
) -> Application:
    """The application, wired and ready to serve; it opens the warehouse only when the first page asks for it.

    ``open_tables`` and ``routes`` take the place of the settings' warehouse and of the pages folder, for tests.
    ``base`` is the path it is mounted at; it begins and ends with a slash.
    """
    routes = pages.load() if routes is None else routes
    app = Application(
        "dashboard.web",
        assets_folder=str(ASSETS),
        use_pages=False,
        pages_folder="",
        url_base_pathname=base,
        suppress_callback_exceptions=True,
        update_title=None,  # type: ignore[arg-type]
        enable_mcp=False,
        add_log_handler=False,
        title="Vigie",
    )
    app.router, app.base, app.default_language = Router(routes, base), base, settings.language
    server = app.server
    server.config["SEND_FILE_MAX_AGE_DEFAULT"] = None
    # Registered first, run last: compression sees the finished response.
    compress(server)
    protect(server, app.csp_hashes)

    site = Site({key: route.page for key, route in routes.items()}, base=base, environment=settings.environment)
    cache = AnswerCache(server, entries=settings.cache_entries)
    reader = Reader(open_tables or (lambda: open_warehouse(settings.warehouse)), cache)
    _add_routes(server, site, reader, settings.language)
    app.layout = Div(
        [
            dcc.Location(id="url", refresh=False),
            dcc.Store(id="document"),
            dcc.Store(id="arrived"),
            Div(document.waiting(), id="app"),
        ]
    )
    _add_callbacks(app, site, reader)
    # Dash sets itself up during its first request; doing it here means no two readers can do it at once.
    server.test_client().get(f"{base}health")
    return app


def _add_routes(server: flask.Flask, site: Site, reader: Reader, default_language: Language) -> None:
    base = site.base

    def health() -> flask.Response:
        return flask.jsonify(status="ok")

    def names() -> Response:
        reading = reader.begin()
        speech = reader_language(flask.request.args.get(LANGUAGE_KEY), default_language)
        response = flask.jsonify(shell.search_entries(reading, site, speech))
        response.add_etag()
        return response.make_conditional(flask.request)

    server.add_url_rule(f"{base}health", "health", health)
    if base != "/":
        server.add_url_rule("/health", "health_root", health)
    server.add_url_rule(f"{base}_models.json", "models", names)


def _add_callbacks(app: Application, site: Site, reader: Reader) -> None:
    @app.callback(
        Output("app", "children"), Output("document", "data"), Input("url", "pathname"), Input("url", "search")
    )
    def show(pathname: str | None, search: str | None) -> tuple[html.Node, dict[str, str]]:
        query = read_query(search)
        speech = reader_language(query.get(LANGUAGE_KEY), app.default_language)
        remember_language(callback_context.response.set_cookie, query.get(LANGUAGE_KEY))
        found = app.router.find(pathname, search)
        children, title = answer(found, site=site, reading=reader.begin(), language=speech)
        return children, {"title": title, "language": speech, "path": pathname or "/"}

    app.clientside_callback(
        ClientsideFunction("vigie", "arrived"), Output("arrived", "data"), Input("document", "data")
    )


def answer(found: Found | None, *, site: Site, reading: Reading, language: Language) -> tuple[html.Node, str]:
    """The header and the page for an address, and the document's title. Never raises: a failure is a page too."""
    request = found.request(site, reading, language) if found else Request(missing.PAGE, site, reading, language)

    def draw() -> tuple[html.Node, str]:
        try:
            layout = found.route.layout if found else missing.layout
            return fold(html.flat(layout(request))), _title(request)
        except NotFoundError as error:
            request.failures.append("not found")  # such an answer is not kept: there is no end of wrong names
            return fold(missing.unknown(request, error)), f"{request.t(missing.TITLE)} · Vigie"
        except Exception as error:
            report(error, f"page {request.page.key}")
            request.failures.append("page")
            return fold([notice(request, error)]), "Vigie"

    if found is None:
        body, title = draw()
    else:
        key = ("page", language, *found.key)
        try:
            body, title = reading.keep(key, draw, when=lambda _: not request.failures)
        except VigieError as error:  # the stamp itself cannot be read
            body, title = fold([notice(request, error)]), "Vigie"
    main = html.main(body, id="main", class_=f"page page-{request.page.key}", tabindex="-1")
    return [*fold(shell.header(request)), main], title


def _title(request: Request) -> str:
    title = request.page.title
    words = request.t(title) if isinstance(title, Text) else title(request)
    return f"{words} · Vigie"


def reader_language(stated: str | None, default: Language) -> Language:
    """The language of the reader whose HTTP request is being answered."""
    asked = flask.request
    return language.choose(stated, asked.cookies.get(language.COOKIE), asked.accept_languages, default)


def remember_language(set_cookie: Callable[..., Any], stated: str | None) -> None:
    """Keep the language that an address states, for the next visit."""
    if language.known(stated):
        set_cookie(language.COOKIE, stated, max_age=language.COOKIE_SECONDS, samesite="Lax", httponly=True)


def _raw_path(asked: flask.Request) -> str:
    """The path as it was sent, still percent-encoded; WSGI's own path is decoded, and a %2F in it is lost."""
    raw = asked.environ.get("RAW_URI") or asked.environ.get("REQUEST_URI") or ""
    raw = urlsplit(raw).path if raw.startswith(("http://", "https://")) else raw.partition("?")[0]
    return raw or quote(asked.path)
