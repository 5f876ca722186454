"""The fleet in time: every model by days in its colours, under the counts of each day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import fleet_days, html
from dashboard.web.components import fleet_filters, fleet_sort, span_tools
from dashboard.web.components.day_rows import SORTS, day_rows
from dashboard.web.components.download import download
from dashboard.web.components.empty import empty
from dashboard.web.components.fleet_table import in_order
from dashboard.web.components.fleet_tiles import colour_words
from dashboard.web.components.folded_data import folded_data
from dashboard.web.components.pager import page_of, pager
from dashboard.web.components.table import sorting
from dashboard.web.components.trend import counts_data, described
from dashboard.web.data import Data
from dashboard.web.failure import guarded
from dashboard.web.fleet_days import COLOURS, NOT_YET, Codes, DayCounts
from dashboard.web.page import Page, Request
from dashboard.web.param import choice, day, whole
from dashboard.web.views.fleet import fleet_rows
from dashboard.web.views.fleet_timeline import Span, fleet_batches, span
from dashboard.web.words import number

SIZE: Final = 500
"""Models on one page: the whole of most fleets."""

PAGE: Final = Page(
    "timeline",
    "/timeline",
    Text("Timeline", "Chronologie"),
    params=(
        day(span_tools.FROM),
        day(span_tools.TO),
        *fleet_filters.PARAMS,
        choice("sort", sorting(SORTS)),
        whole("page", default=1, least=1),
    ),
    nav=Text("Timeline", "Chronologie"),
    nav_place=1,
)

_HEAD: Final = Text("{many} of {total} in amber or red on {day}", "{many} sur {total} en orange ou en rouge le {day}")
_BEFORE: Final = Text(", {before} on {then}", ", {before} le {then}")
_HOW: Final = Text(
    "One line a model, one place a day. Drag over the days to look closer; a click on a line opens its model.",
    "Une ligne par modèle, une place par jour. Glisser sur les jours pour les voir de près ; un clic sur une ligne "
    "ouvre son modèle.",
)
_NOTHING: Final = Text("No day to show yet.", "Pas encore de jour à montrer.")
_NOTHING_MEANING: Final = Text(
    "A model has a colour from its first evaluated batch on. Once there is one, every day stands here.",
    "Un modèle a une couleur dès son premier lot évalué. Ensuite, chaque jour a sa place ici.",
)
_ORDERS: Final = {
    "": fleet_sort.WORST,
    "name": fleet_sort.BY_NAME,
    "-changed": fleet_sort.LONGEST,
    "changed": fleet_sort.NEWEST,
}
_DAY, _ID, _NAME, _COLOUR = (
    Text("day", "jour"),
    Text("model_id", "model_id"),
    Text("model", "modèle"),
    Text("colour", "couleur"),
)


def layout(request: Request) -> list[html.Node]:
    """The sentence, the choice of days, the filters, and the days."""
    rows, today = fleet_rows(request.reading), request.today
    batches = fleet_batches(request, today) if today else None
    if today is None or batches is None or batches.first is None:
        return [
            html.h1(request.t(PAGE.nav or _NOTHING)),
            empty(request, _NOTHING, _NOTHING_MEANING, command="vigie evaluate"),
        ]
    shown = span(
        request.params[span_tools.FROM], request.params[span_tools.TO], oldest=min(batches.first, today), newest=today
    )
    chosen = _in_order(fleet_filters.matching(request, rows), request.params["sort"])
    codes = batches.by_day([row["model_id"] for row in chosen], shown.first, shown.last)
    counts = fleet_days.day_counts(codes, shown.first)
    return [
        html.h1(_headline(request, counts, len(chosen)) if chosen else request.t(PAGE.nav or _NOTHING)),
        html.p(request.t(_HOW), class_="lead"),
        colour_words(request),
        span_tools.span_tools(request, shown),
        fleet_filters.filters(
            request,
            rows,
            fleet_sort.fleet_sort(request, _ORDERS),
            download(request, "models", lambda: _data(request, chosen, codes, shown)) if chosen else None,
        ),
        guarded(request, "days", lambda: _days(request, chosen, codes, counts, today))
        if chosen
        else fleet_filters.no_match(request),
    ]


def _headline(request: Request, counts: DayCounts, total: int) -> str:
    language, days, trouble = request.language, counts.days, counts.trouble()
    many, of = number(trouble[-1], language), number(total, language)
    if language == "fr":
        many += " modèles" if trouble[-1] > 1 else " modèle"
    else:
        of += " models" if total > 1 else " model"
    words = request.t(_HEAD).format(many=many, total=of, day=form.day(days[-1], language))
    if len(days) > 1:
        then = form.day(days[0], language, near=days[-1])
        words += request.t(_BEFORE).format(before=number(trouble[0], language), then=then)
    return f"{form.capital(words)}."


def _days(
    request: Request, chosen: Sequence[dict[str, Any]], codes: Codes, counts: DayCounts, today: date
) -> html.Node:
    page = page_of(request.params["page"], len(chosen), SIZE)
    part = slice((page - 1) * SIZE, page * SIZE)
    return [
        day_rows(request, chosen[part], codes[part], counts, today),
        pager(request, page=page, total=len(chosen), size=SIZE, link=lambda number: request.link(page=number)),
        folded_data(
            request,
            counts_data(counts, request.language),
            key="days",
            caption=described(counts, request.language),
        ),
    ]


def _in_order(rows: Sequence[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    """By state, by name, or by what changed last, first."""
    back = "-" if sort.startswith("-") else ""
    key = {"": "", "state": "state", "name": "model", "changed": "since"}[sort.removeprefix("-")]
    return in_order(rows, f"{back}{key}")


def _data(request: Request, chosen: Sequence[dict[str, Any]], codes: Codes, shown: Span) -> Data:
    """One row a model and day from the model's first batch on."""
    days = [one.isoformat() for one in fleet_days.day_counts(codes, shown.first).days]
    return Data(
        [request.t(text) for text in (_ID, _NAME, _DAY, _COLOUR)],
        [
            [row["model_id"], row["name"], day, COLOURS[code]]
            for row, own in zip(chosen, codes.tolist(), strict=True)
            for day, code in zip(days, own, strict=True)
            if code != NOT_YET
        ],
    )
