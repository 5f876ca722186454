"""The fleet: which models need me, why, since when; worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import fleet_days, html
from dashboard.web.components import chips, fleet_table, shared_callout
from dashboard.web.components.empty import empty
from dashboard.web.components.families import FAMILIES
from dashboard.web.components.stoplight import GLYPHS, WORDS, WORST_FIRST, known
from dashboard.web.components.table import sorting
from dashboard.web.components.tile import tile
from dashboard.web.components.trend import trend
from dashboard.web.failure import guarded
from dashboard.web.page import Page, Request
from dashboard.web.param import choice, whole, words
from dashboard.web.views.fleet import fleet_rows
from dashboard.web.words import number

PAGE: Final = Page(
    "fleet",
    "/",
    Text("Fleet", "Flotte"),
    params=(
        choice("colour", WORST_FIRST),
        words("team"),
        words("owner"),
        choice("task", ("binary", "multiclass", "regression")),
        choice("sort", sorting(fleet_table.SORTS)),
        whole("page", default=1, least=1),
    ),
    nav=Text("Fleet", "Flotte"),
)

DAYS: Final = 90
"""Days of the trend; the strips of daily models are long enough for it."""

_TASKS: Final = {
    "binary": Text("binary", "binaire"),
    "multiclass": Text("multiclass", "multiclasse"),
    "regression": Text("regression", "régression"),
}
_ALL: Final = Text("all", "tous")
_NO_MODEL: Final = Text("No model yet.", "Pas encore de modèle.")
_NO_MODEL_MEANING: Final = Text(
    "A model appears here once it is registered. One small file says who owns it, what it predicts and how often; "
    "then its training rows, its batches and, later, the truth can be delivered.",
    "Un modèle apparaît ici une fois enregistré. Un petit fichier dit qui en répond, ce qu\u2019il prédit et à quel "
    "rythme ; puis viennent ses données d\u2019apprentissage, ses lots et, plus tard, la vérité.",
)
_NO_MATCH: Final = Text("No model matches these filters.", "Aucun modèle ne correspond à ces filtres.")
_CLEAR: Final = Text("Show all models", "Montrer tous les modèles")
_STATE_OF: Final = Text("State of {day}.", "État du {day}.")
_TREND: Final = Text("Models in amber and red, last {n} days", "Modèles orange et rouges, {n} derniers jours")
_SINCE_YESTERDAY: Final = Text("{change} since the day before", "{change} depuis la veille")
_FILTERS: Final = Text("Filters", "Filtres")


def layout(request: Request) -> list[html.Node]:
    """Sentence, tiles and trend, shared causes, filters, table."""
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
    by_model = request.reading.keep(("histories",), lambda: fleet_days.histories(request.read("fleet")))
    today = request.today
    chosen = [row for row in rows if _matches(row, request.params)]
    return [
        html.h1(_headline(request, rows, by_model, today)),
        html.p(request.t(_STATE_OF).format(day=form.day(today, request.language)), class_="lead") if today else None,
        html.div(
            _tiles(request, rows, by_model, today),
            guarded(request, "trend", lambda: _trend(request, rows, by_model, today)),
            class_="overview",
        ),
        guarded(request, "shared causes", lambda: shared_callout.callout(request, rows)),
        _filters(request, rows),
        fleet_table.fleet_table(request, chosen, by_model, today)
        if chosen
        else html.div(
            html.p(request.t(_NO_MATCH), class_="empty-title"),
            html.p(html.a(request.t(_CLEAR), href=request.href("/"))),
            class_="empty",
        ),
    ]


def _matches(row: Mapping[str, Any], params: Mapping[str, Any]) -> bool:
    return (
        (not params["colour"] or known(row["colour"]) == params["colour"])
        and (not params["team"] or row["team"] == params["team"])
        and (not params["owner"] or row["owner_email"] == params["owner"])
        and (not params["task"] or row["task"] == params["task"])
    )


def _headline(request: Request, rows: list[dict[str, Any]], by_model: fleet_days.Histories, today: date | None) -> str:
    """How many models need attention, and how many of them are new since the day before."""
    language, total = request.language, len(rows)
    counts = Counter(known(row["colour"]) for row in rows)
    troubled = counts["red"] + counts["amber"]
    fresh = fleet_days.fresh_trouble(rows, by_model, today - timedelta(days=1)) if today else 0
    if language == "fr":
        return _headline_fr(troubled, fresh, counts["grey"], total)
    of_total = f"{number(total, language)} model{'s' if total > 1 else ''}"
    if not troubled:
        words = f"None of {of_total} needs attention" if total > 1 else "The one model needs no attention"
        if counts["grey"]:
            words += f"; {number(counts['grey'], language)} {'has' if counts['grey'] == 1 else 'have'} no data to judge"
        return words + "."
    words = form.capital(f"{number(troubled, language)} of {of_total} {'needs' if troubled == 1 else 'need'} attention")
    if fresh:
        which = (
            "since yesterday"
            if fresh == troubled == 1
            else (
                "all of them since yesterday"
                if fresh == troubled
                else f"{number(fresh, language)} of them since yesterday"
            )
        )
        words += f", {which}"
    return words + "."


def _headline_fr(troubled: int, fresh: int, grey: int, total: int) -> str:
    models = f"{number(total, 'fr')}\u00a0modèle{'s' if total > 1 else ''}"
    if not troubled:
        words = f"Aucun des {models} ne demande d\u2019attention" if total > 1 else "Le seul modèle ne demande rien"
        if grey:
            words += f"\u202f; {number(grey, 'fr')} {'est' if grey == 1 else 'sont'} sans données pour en juger"
        return words + "."
    words = form.capital(f"{number(troubled, 'fr')} modèle{'s' if troubled > 1 else ''} sur {number(total, 'fr')}")
    words += f" demande{'nt' if troubled > 1 else ''} attention"
    if fresh:
        which = (
            "depuis hier"
            if fresh == troubled == 1
            else ("tous depuis hier" if fresh == troubled else f"dont {number(fresh, 'fr')} depuis hier")
        )
        words += f", {which}"
    return words + "."


def _tiles(
    request: Request, rows: list[dict[str, Any]], by_model: fleet_days.Histories, today: date | None
) -> html.Node:
    language = request.language
    now = Counter(known(row["colour"]) for row in rows)
    models = [row["model_id"] for row in rows]
    before = fleet_days.counts_on(models, by_model, today - timedelta(days=1)) if today else now
    made = []
    for colour in ("red", "amber", "green", "grey"):
        change = now[colour] - before[colour]
        signed = "\u00b10" if not change else f"{'+' if change > 0 else chr(0x2212)}{abs(change)}"
        selected = request.params["colour"] == colour
        made.append(
            tile(
                form.count(now[colour], language),
                WORDS[colour][language],
                colour=colour,
                change=signed,
                change_label=request.t(_SINCE_YESTERDAY).format(change=signed),
                href=request.link(colour=None if selected else colour, page=None),
                selected=selected,
            )
        )
    return html.div(made, class_="tiles")


def _trend(
    request: Request, rows: list[dict[str, Any]], by_model: fleet_days.Histories, today: date | None
) -> html.Node:
    if today is None:
        return None
    days, amber, red = fleet_days.trend_counts([row["model_id"] for row in rows], by_model, today, DAYS)
    return html.figure(
        html.figcaption(request.t(_TREND).format(n=DAYS)),
        trend(days, amber, red, request.language),
        class_="trend-card",
    )


def _filters(request: Request, rows: list[dict[str, Any]]) -> html.Node:
    language = request.language
    colours = {colour: f"{GLYPHS[colour]} {WORDS[colour][language]}" for colour in WORST_FIRST}
    tasks = {key: text[language] for key, text in _TASKS.items()}
    menus = [
        _menu(request, "colour", Text("Colour", "Couleur"), [known(row["colour"]) for row in rows], colours),
        _menu(request, "team", Text("Team", "Équipe"), [row["team"] for row in rows]),
        _menu(request, "owner", Text("Owner", "Responsable"), [row["owner_email"] for row in rows]),
        _menu(request, "task", Text("Task", "Tâche"), [row["task"] for row in rows], tasks),
    ]
    legend = " · ".join(f"{name[language][0]}\u00a0{name[language].lower()}" for name in FAMILIES.values())
    return html.div(
        menus, html.span(legend, class_="legend"), class_="filters", role="group", aria_label=request.t(_FILTERS)
    )


def _menu(
    request: Request, key: str, label: Text, values: list[str | None], names: Mapping[str, str] | None = None
) -> html.Node:
    language = request.language
    counts = Counter(value for value in values if value)
    order = [value for value in names if counts[value]] if names else sorted(counts, key=str.casefold)
    chosen = request.params[key]
    if chosen and chosen not in order:
        order.append(chosen)
    options = [chips.Choice(request.t(_ALL), request.link(**{key: None, "page": None}), not chosen)]
    options += [
        chips.Choice(
            names[value] if names else form.name(value),
            request.link(**{key: value, "page": None}),
            value == chosen,
            form.count(counts[value], language),
        )
        for value in order
    ]
    return chips.menu(request.t(label), options)
