"""The fleet: which models need me, why, since when; worst first."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import fleet_days, html
from dashboard.web.components import (
    fleet_filters,
    fleet_headline,
    fleet_sort,
    fleet_table,
    fleet_tiles,
    shared_callout,
)
from dashboard.web.components.attention_list import attention_list
from dashboard.web.components.download import download
from dashboard.web.components.empty import empty
from dashboard.web.components.families import FAMILIES
from dashboard.web.components.table import sorting
from dashboard.web.components.team_chips import team_chips
from dashboard.web.components.term import term
from dashboard.web.components.trend import counts_data, trend
from dashboard.web.failure import guarded
from dashboard.web.page import Page, Request
from dashboard.web.param import choice, whole
from dashboard.web.views.fleet import fleet_counts, fleet_histories, fleet_rows

PAGE: Final = Page(
    "fleet",
    "/",
    Text("Fleet", "Flotte"),
    params=(
        *fleet_filters.PARAMS,
        choice("sort", sorting(fleet_table.SORTS)),
        whole("page", default=1, least=1),
    ),
    nav=Text("Fleet", "Flotte"),
)

_NO_MODEL: Final = Text("No model yet.", "Pas encore de modèle.")
_NO_MODEL_MEANING: Final = Text(
    "A model appears here once it is registered. One small file says who owns it, what it predicts and how often; "
    "then its training rows, its batches and, later, the truth can be delivered.",
    "Un modèle apparaît ici une fois enregistré. Un petit fichier dit qui en répond, ce qu\u2019il prédit et à quel "
    "rythme ; puis viennent ses données d\u2019apprentissage, ses lots et, plus tard, la vérité.",
)
_ORDERS: Final = {
    "": fleet_sort.WORST,
    "model": fleet_sort.BY_NAME,
    "-since": fleet_sort.LONGEST,
    "since": fleet_sort.NEWEST,
    "batch": fleet_sort.OLDEST_BATCH,
}
_STATE_OF: Final = Text("State of {day}.", "État du {day}.")
_TREND: Final = Text("Models by colour, last {n} days", "Modèles par couleur, {n} derniers jours")
_TREND_OF: Final = Text("Models by colour, since {day}", "Modèles par couleur, depuis le {day}")
_EXPLORE: Final = Text("Every model by day", "Chaque modèle par jour")
_WORDS: Final = Text("What the words mean", "Le sens des mots")


def layout(request: Request) -> list[html.Node]:
    """Sentences, tiles and trend, shared causes, teams, filters, table; and what stands on paper alone."""
    rows = fleet_rows(request.reading)
    if not rows:
        return [
            html.h1(request.t(PAGE.nav or _NO_MODEL)),
            empty(
                request,
                _NO_MODEL,
                _NO_MODEL_MEANING,
                command="vigie register MODEL.toml\n# or look around first:\nvigie demo",
            ),
        ]
    by_model = fleet_histories(request.reading)
    today = request.today
    chosen = fleet_filters.matching(request, rows)
    return [
        html.h1(fleet_headline.headline(request.language, rows, by_model, today)),
        guarded(request, "trend in words", lambda: _lead(request, rows, by_model, today)) if today else None,
        html.div(
            html.div(fleet_tiles.fleet_tiles(request, rows, by_model, today), fleet_tiles.colour_words(request)),
            guarded(request, "trend", lambda: _trend(request, today)) if today else None,
            class_="overview",
        ),
        guarded(request, "shared causes", lambda: shared_callout.callout(request, rows)),
        guarded(request, "teams", lambda: team_chips(request, rows, today)),
        fleet_filters.filters(request, rows, fleet_sort.fleet_sort(request, _ORDERS), _legend(request, chosen)),
        [
            fleet_table.fleet_table(request, chosen, by_model, today),
            attention_list(request, chosen, today),
        ]
        if chosen
        else fleet_filters.no_match(request),
    ]


def _lead(request: Request, rows: list[dict[str, Any]], by_model: fleet_days.Histories, today: date) -> html.Node:
    return html.p(
        html.strong(fleet_headline.direction(request, rows, by_model, fleet_counts(request.reading, today))),
        " ",
        fleet_headline.longest_red(request, rows, today),
        " ",
        html.span(request.t(_STATE_OF).format(day=form.day(today, request.language)), class_="calm"),
        class_="lead",
    )


def _trend(request: Request, today: date) -> html.Node:
    counts, language = fleet_counts(request.reading, today), request.language
    days = counts.days
    whole_span = len(days) == fleet_days.DAYS
    words = request.t(_TREND if whole_span else _TREND_OF)
    return html.figure(
        html.figcaption(
            html.span(words.format(n=len(days), day=form.day(days[0], language, near=today))),
            html.a(request.t(_EXPLORE), href=request.to("timeline")) if "timeline" in request.site.pages else None,
            download(request, "days", lambda: counts_data(counts, language)),
        ),
        trend(counts, language),
        class_="trend-card",
    )


def _legend(request: Request, chosen: list[dict[str, Any]]) -> html.Node:
    """What the letters of the table mean, and the table as a file."""
    letters: list[html.Node] = []
    for key, name in FAMILIES.items():
        words = f"{request.t(name)[0]}\u00a0{request.t(name).lower()}"
        letters += [" \u00b7 "] * bool(letters) + [term(request, words, f"family-{key}")]
    ordered = fleet_table.in_order(chosen, request.params["sort"])
    return html.div(
        html.span(letters, class_="legend-letters"),
        term(request, request.t(_WORDS), "states"),
        download(request, "models", lambda: fleet_table.fleet_data(request, ordered)),
        class_="legend",
    )
