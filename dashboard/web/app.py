"""The application: one layout, one callback that turns an address into a page, and a few plain routes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import flask
from dash import ClientsideFunction, Dash, Input, Output, callback_context, dcc
from dash.html import Div
from werkzeug.wrappers import Response

import pages
from dashboard.address import read_query
from dashboard.settings import Settings
from dashboard.tables import tables_of
from dashboard.text import Language
from dashboard.web import document, html, language, shell
from dashboard.web.act import add_act
from dashboard.web.answer import answer
from dashboard.web.cache import AnswerCache
from dashboard.web.components.actions import ROUTE as ACT
from dashboard.web.components.download import ROUTE
from dashboard.web.compression import compress
from dashboard.web.export import table_csv
from dashboard.web.gate import Gate
from dashboard.web.identity import Identity
from dashboard.web.page import Site
from dashboard.web.param import LANGUAGE_KEY
from dashboard.web.reader import Reader, Tables
from dashboard.web.router import Route, Router
from dashboard.web.security import protect
from qod.errors import VigieError, WarehouseError
from qod.warehouse.purpose import purpose

ASSETS = Path(__file__).resolve().parents[2] / "assets"


class Application(Dash):
    """Dash with a document of our own: right language and theme from the first byte, 404 where there is no page."""

    router: Router
    reader: Reader
    base: str
    default_language: Language

    def index(self, *args: Any, **kwargs: Any) -> flask.Response:
        """The HTML document of any address; 503 while there is nothing at all that its page could show."""
        found = self.router.find(_raw_path(flask.request))
        status = 404 if not found else 503 if self.reader.lost else 200
        response = flask.make_response(super().index(*args, **kwargs), status)
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
    base: str | None = None,
    gate: Gate | None = None,
    identity: Identity | None = None,
) -> Application:
    """The application, wired and ready to serve; it opens the warehouse only when the first page asks for it.

    ``open_tables``, ``routes``, ``gate`` and ``identity`` take the place of the settings' warehouse, of the pages
    folder, of the gate with its usual limits and of the proxy with its published keys, for tests.
    ``base`` is the path it is mounted at, the settings' unless given; it begins and ends with a slash.
    """
    base = settings.base_path if base is None else base
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

    site = Site(
        {key: route.page for key, route in routes.items()},
        base=base,
        environment=settings.environment,
        writing=settings.writing,
    )
    reader = app.reader = Reader(
        open_tables or (lambda: tables_of(settings)),
        AnswerCache(entries=settings.cache_entries),
        refresh_seconds=settings.freshness_seconds,
        gate=gate,
    )
    _add_routes(server, site, reader, settings.language)
    _add_table(app, site, reader)
    add_act(
        server,
        base + ACT,
        reader,
        identity or Identity(settings),
        lambda stated: reader_language(stated, settings.language),
    )
    app.layout = Div(
        [
            dcc.Location(id="url", refresh=False),
            dcc.Store(id="document"),
            dcc.Store(id="arrived"),
            dcc.Store(id="again"),
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
        speech = reader_language(flask.request.args.get(LANGUAGE_KEY), default_language)
        with purpose("page", "search"):
            try:
                response = flask.jsonify(shell.search_entries(reader.begin(), site, speech))
            except VigieError:
                return flask.make_response(flask.jsonify(error="The tables do not answer."), 503)
        response.add_etag()
        return response.make_conditional(flask.request)

    def hope() -> flask.Response:
        with purpose("page", "retry"):
            return flask.jsonify(hope=reader.hopeful)

    server.add_url_rule(f"{base}health", "health", health)
    if base != "/":
        server.add_url_rule("/health", "health_root", health)
    server.add_url_rule(f"{base}_models.json", "models", names)
    server.add_url_rule(f"{base}_hope.json", "hope", hope)


def _add_table(app: Application, site: Site, reader: Reader) -> None:
    def table() -> Response:
        asked = flask.request.args
        path, _, search = asked.get("at", "").partition("?")
        speech = reader_language(asked.get(LANGUAGE_KEY), app.default_language)
        with purpose("page", "table"):
            try:
                found, key = app.router.find(path, search), asked.get("table", "")
                text = table_csv(found, key, site=site, reading=reader.begin(), language=speech)
            except WarehouseError:
                return flask.make_response("The tables do not answer; try again later.", 503)
        if text is None:
            return flask.make_response("There is no such table.", 404)
        return flask.Response(text, mimetype="text/csv")

    app.server.add_url_rule(f"{site.base}{ROUTE}", "table", table)


def _add_callbacks(app: Application, site: Site, reader: Reader) -> None:
    @app.callback(
        Output("app", "children"),
        Output("document", "data"),
        Input("url", "pathname"),
        Input("url", "search"),
        Input("again", "data"),
    )
    def show(pathname: str | None, search: str | None, again: object) -> tuple[html.Node, dict[str, str]]:
        query = read_query(search)
        speech = reader_language(query.get(LANGUAGE_KEY), app.default_language)
        remember_language(callback_context.response.set_cookie, query.get(LANGUAGE_KEY))
        found = app.router.find(pathname, search)
        children, title = answer(
            found, site=site, reading=reader.begin(within_seconds=since_written(again)), language=speech
        )
        return children, {"title": title, "language": speech, "path": pathname or "/"}

    app.clientside_callback(
        ClientsideFunction("vigie", "arrived"), Output("arrived", "data"), Input("document", "data")
    )


def since_written(again: object) -> float | None:
    """Seconds since the reader's browser last wrote something (assets/act.js): pages must be no older than that."""
    wrote = again.get("wrote") if isinstance(again, dict) else None
    if not isinstance(wrote, int | float) or not 0 < wrote < 1e11:
        return None
    return max(0.0, time.time() - wrote)


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
