"""The platform: how fresh each table is, and what each page and each evaluation has cost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.amounts import dollars, lapse, moment, seconds, size
from dashboard.web.components.card import card
from dashboard.web.components.empty import empty
from dashboard.web.components.outside_link import outside_link
from dashboard.web.components.table import Column, table
from dashboard.web.page import Page, Request
from dashboard.web.visits import VISITS
from qod.warehouse.ledger import LEDGER

PAGE: Final = Page("platform", "/platform", Text("Platform", "Plateforme"), live=True)

USD_PER_TIB: Final = 6.25
"""BigQuery's on-demand list price of a TiB billed, in the US multi-region; the first TiB of a month is free.

Source: https://cloud.google.com/bigquery/pricing, "On-demand compute pricing", 2025.
"""
SOURCE: Final = "https://cloud.google.com/bigquery/pricing"
_TIB: Final = 2**40

_TITLE: Final = Text("How fresh the tables are, and what pages cost", "Fraîcheur des tables et coût des pages")
_LEAD: Final = Text(
    "Prices are approximate: {price} per TiB billed, BigQuery's on-demand list price in the US, the free first TiB of "
    "a month not counted. A folder costs nothing to ask; what a bucket's requests cost is not counted.",
    "Les prix sont approximatifs : {price} par Tio facturé, le tarif à la demande de BigQuery aux États-Unis, sans "
    "compter le premier Tio gratuit du mois. Interroger un dossier ne coûte rien ; le coût des requêtes à un bucket "
    "n'est pas compté.",
)
_PRICES: Final = Text("BigQuery's prices", "Tarifs de BigQuery")
_TABLES: Final = Text("Tables", "Tables")
_TABLES_CAPTION: Final = Text("Tables and their newest deliveries", "Tables et leurs dernières livraisons")
_TABLE, _ROWS, _SIZE = Text("Table", "Table"), Text("Rows", "Lignes"), Text("Size", "Taille")
_NEWEST, _AGE = Text("Newest delivery", "Dernière livraison"), Text("Age", "Âge")
_NOTHING: Final = Text("empty", "vide")

_PAGES: Final = Text("Pages since {when}", "Pages depuis le {when}")
_PAGES_NOTE: Final = Text(
    "Of this server process alone; a page from its cache asks the warehouse nothing.",
    "De ce seul processus du serveur ; une page tirée de son cache ne demande rien à l'entrepôt.",
)
_PAGES_CAPTION: Final = Text("What each page has asked the warehouse", "Ce que chaque page a demandé à l'entrepôt")
_PAGE, _VIEWS, _QUESTIONS = Text("Page", "Page"), Text("Views", "Vues"), Text("Questions", "Questions")
_READ, _BILLED, _TIME = Text("Read", "Lu"), Text("Billed", "Facturé"), Text("Time", "Temps")
_FREE: Final = Text("From its cache", "De son cache")
_FREE_TITLE: Final = Text(
    "Share of questions that BigQuery answered from its own cache, free of charge",
    "Part des questions auxquelles BigQuery a répondu de son propre cache, gratuitement",
)
_PER_THOUSAND: Final = Text("Per 1,000 views", "Pour 1\u202f000 vues")
_SEARCH: Final = Text("the names for the search box", "les noms du champ de recherche")
_START: Final = Text("whether there are models, as the server starts", "s'il y a des modèles, au démarrage du serveur")
_RETRY: Final = Text("whether the warehouse answers again", "si l'entrepôt répond de nouveau")

_RUNS: Final = Text("Evaluations", "Évaluations")
_RUNS_NOTE: Final = Text("The newest {n} cost {price} in all.", "Les {n} dernières ont coûté {price} en tout.")
_RUNS_CAPTION: Final = Text("Complete runs of evaluation, newest first", "Évaluations complètes, dernières d'abord")
_ENDED, _TODAY = Text("Ended", "Fin"), Text("As of", "Au")
_MODELS, _BATCHES, _PRICE = Text("Models", "Modèles"), Text("Batches", "Lots"), Text("Price", "Prix")
_MODELS_TITLE: Final = Text("Models evaluated, of those looked at", "Modèles évalués, sur ceux examinés")
_NO_RUN: Final = Text("No complete evaluation yet.", "Pas encore d'évaluation complète.")
_NO_RUN_MEANING: Final = Text(
    "A run stands here once it has looked at every model and written something.",
    "Une évaluation figure ici quand elle a examiné tous les modèles et écrit quelque chose.",
)


def layout(request: Request) -> list[html.Node]:
    """Tables, pages, evaluations."""
    t, price = request.t, dollars(USD_PER_TIB, request.language)
    since = VISITS.since or datetime.now(UTC)
    return [
        html.h1(t(_TITLE)),
        html.p(t(_LEAD).format(price=price), " ", outside_link(t(_PRICES), SOURCE), class_="lead"),
        card(request, t(_TABLES), lambda: _tables(request), id="tables"),
        card(
            request,
            t(_PAGES).format(when=moment(since, request.language)),
            lambda: _pages(request),
            note=t(_PAGES_NOTE),
            id="pages",
        ),
        card(request, t(_RUNS), lambda: _runs(request), id="runs"),
    ]


def _tables(request: Request) -> html.Node:
    language, now = request.language, datetime.now(UTC)
    columns = (
        Column(request.t(_TABLE), "nowrap"),
        Column(request.t(_AGE), "number"),
        Column(request.t(_ROWS), "number"),
        Column(request.t(_SIZE), "number"),
        Column(request.t(_NEWEST), "number"),
    )
    rows = [
        [
            html.code(state.name),
            lapse((now - state.delivered_at).total_seconds(), language) if state.delivered_at else "\u2013",
            form.count(state.rows, language),
            size(state.bytes, language),
            moment(state.delivered_at, language, near=request.today)
            if state.delivered_at
            else html.span(request.t(_NOTHING), class_="calm"),
        ]
        for state in request.reading.states()
    ]
    return table(columns, rows, caption=request.t(_TABLES_CAPTION), row_heading=0)


def _pages(request: Request) -> html.Node:
    language = request.language
    columns = (
        Column(request.t(_PAGE), "nowrap"),
        Column(request.t(_VIEWS), "number"),
        Column(request.t(_QUESTIONS), "number"),
        Column(request.t(_FREE), "number", title=request.t(_FREE_TITLE)),
        Column(request.t(_READ), "number"),
        Column(request.t(_BILLED), "number"),
        Column(request.t(_TIME), "number"),
        Column(request.t(_PER_THOUSAND), "number"),
    )
    entries = [entry for entry in LEDGER.entries() if entry.kind == "page"]
    asked, free = Counter(e.name for e in entries), Counter(e.name for e in entries if e.cached)
    totals = {total.name: total for total in LEDGER.totals() if total.kind == "page"}
    known = {page.key: page.path for page in request.site.pages.values()}
    known |= {"start": request.t(_START), "search": request.t(_SEARCH), "retry": request.t(_RETRY)}
    rows = []
    for key, what in known.items():
        views, total = VISITS.of(key), totals.get(key)
        if not views and total is None:
            continue
        billed = total.bytes_billed if total else 0
        rows.append(
            [
                [html.code(key), html.small(what)],
                form.count(views, language),
                form.count(total.questions if total else 0, language),
                form.share(free[key] / asked[key], language) if asked[key] else "\u2013",
                size(total.bytes_processed if total else 0, language),
                size(billed, language),
                seconds(total.seconds if total else 0, language),
                dollars(_price(billed) / views * 1000, language) if views else "\u2013",
            ]
        )
    return table(columns, rows, caption=request.t(_PAGES_CAPTION), row_heading=0)


def _runs(request: Request) -> html.Node:
    language, found = request.language, request.rows("runs")
    if not found:
        return empty(request, _NO_RUN, _NO_RUN_MEANING, command="vigie evaluate")
    columns = (
        Column(request.t(_ENDED), "nowrap"),
        Column(request.t(_TODAY), "number"),
        Column(request.t(_MODELS), "number", title=request.t(_MODELS_TITLE)),
        Column(request.t(_BATCHES), "number"),
        Column(request.t(_TIME), "number"),
        Column(request.t(_READ), "number"),
        Column(request.t(_BILLED), "number"),
        Column(request.t(_PRICE), "number"),
    )
    price = dollars(sum(_price(run["bytes_billed"] or 0) for run in found), language)
    return [
        html.p(request.t(_RUNS_NOTE).format(n=form.count(len(found), language), price=price), class_="calm"),
        table(columns, [_run(request, run) for run in found], caption=request.t(_RUNS_CAPTION), row_heading=0),
    ]


def _run(request: Request, run: dict[str, Any]) -> list[html.Node]:
    language, billed = request.language, run["bytes_billed"]
    return [
        moment(run["finished_at"], language, near=request.today),
        form.short_day(run["as_of"], language, near=request.today),
        f"{form.count(run['evaluated'], language)}\u00a0/\u00a0{form.count(run['models'], language)}",
        form.count(run["batches"], language),
        seconds((run["finished_at"] - run["started_at"]).total_seconds(), language),
        size(run["bytes_processed"], language),
        size(billed, language),
        dollars(_price(billed), language) if billed is not None else "\u2013",
    ]


def _price(billed: int) -> float:
    """US dollars of so many bytes billed."""
    return billed / _TIB * USD_PER_TIB
