"""The table of the fleet: one row a model, why it has its colour, and its last batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import families
from dashboard.web.components.pager import page_of, pager
from dashboard.web.components.stoplight import WORST_FIRST, known, stoplight
from dashboard.web.components.strip import PLACES, strip
from dashboard.web.components.table import Column, table
from dashboard.web.data import Data, Value
from dashboard.web.fleet_days import Histories, History
from dashboard.web.page import Request

SORTS: Final = ("state", "model", "since", "batch")
SIZE: Final = 100
"""Rows on one page."""

_CAPTION: Final = Text("Models, worst first unless sorted otherwise", "Modèles, les pires d\u2019abord sauf autre tri")
_NOT_YET: Final = Text(
    "Not evaluated yet: it has no batch, or no reference to hold one against.",
    "Pas encore évalué : il n\u2019a pas de lot, ou pas de référence à laquelle le comparer.",
)
_STATE, _MODEL, _WHY = Text("State", "État"), Text("Model", "Modèle"), Text("Why", "Pourquoi")
_FOR, _FOR_TITLE = (
    Text("For", "Depuis"),
    Text("How long it has had this state", "Depuis combien de temps il est dans cet état"),
)
_LAST, _STRIP = Text("Last batch", "Dernier lot"), Text("Last {n} batches", "{n} derniers lots")


def fleet_table(request: Request, rows: Sequence[dict[str, Any]], by_model: Histories, today: date | None) -> html.Node:
    """The rows (query ``fleet``, filtered) in the order asked for, and the pager beneath them."""
    language, sort = request.language, request.params["sort"]
    ordered = in_order(rows, sort)
    page = page_of(request.params["page"], len(ordered), SIZE)
    shown = ordered[(page - 1) * SIZE : page * SIZE]
    columns = (
        Column(request.t(_STATE), "c-state", sort="state"),
        Column(request.t(_MODEL), "c-model", sort="model"),
        Column(request.t(_WHY), "c-why"),
        Column(request.t(_FOR), "c-for number", sort="since", title=request.t(_FOR_TITLE)),
        Column(families.heading(language), "c-families"),
        Column(request.t(_STRIP).format(n=PLACES), "c-strip"),
        Column(request.t(_LAST), "c-last number", sort="batch", descending=True),
    )
    return [
        table(
            columns,
            [_cells(request, row, by_model.of(row["model_id"]), today) for row in shown],
            caption=request.t(_CAPTION),
            sorted_by=sort,
            link=lambda value: request.link(sort=value, page=None),
            class_="fleet",
            row_heading=1,
        ),
        pager(request, page=page, total=len(ordered), size=SIZE, link=lambda number: request.link(page=number)),
    ]


def in_order(rows: Sequence[dict[str, Any]], sort: str = "") -> list[dict[str, Any]]:
    """By the sort asked for; ties, and no sort at all: worst first, then newest trouble, then by name."""
    urgency = {colour: place for place, colour in enumerate(WORST_FIRST)}
    never = date.min.toordinal()

    def since(row: dict[str, Any]) -> int:
        return (row["since"] or date.min).toordinal()

    keys = {
        "state": lambda row: urgency[known(row["colour"])],
        "model": lambda row: row["name"].casefold(),
        "since": lambda row: -since(row),
        "batch": lambda row: (row["batch_date"] or date.min).toordinal(),
    }
    ordered = sorted(
        rows, key=lambda row: (urgency[known(row["colour"])], -max(since(row), never), row["name"].casefold())
    )
    if sort:
        ordered.sort(key=keys[sort.removeprefix("-")], reverse=sort.startswith("-"))
    return ordered


def why(request: Request, row: Mapping[str, Any]) -> str:
    """Why a model has its colour: one sentence."""
    return row[f"headline_{request.language}"] or request.t(_NOT_YET)


def fleet_data(request: Request, rows: Sequence[Mapping[str, Any]]) -> Data:
    """The rows as a table for a file: every column of the page as it is kept."""
    columns = (
        *("model_id", "name", "team", "owner_email", "task", "cadence", "colour", *families.FAMILIES),
        *("since", "model_version", "batch_id", "batch_date"),
    )
    return Data(
        (*columns, "why"), [[*(_plain(column, row[column]) for column in columns), why(request, row)] for row in rows]
    )


def _plain(column: str, value: Any) -> Value:
    """The value as it is kept; a colour that no evaluation has given yet is grey, as everywhere."""
    if column in ("colour", *families.FAMILIES):
        return known(value)
    return value.isoformat() if isinstance(value, date) else value


def _cells(request: Request, row: dict[str, Any], history: History, today: date | None) -> list[html.Node]:
    language = request.language
    name = form.name(row["name"], longest=44)
    second = form.name(row["model_id"], longest=32)
    if row["team"]:
        second += f" · {form.name(row['team'], longest=24)}"
    colour = known(row["colour"])
    said = why(request, row)
    calm = html.span(said, class_="calm") if colour in ("green", "grey") else said
    for_days = form.lasting(row["since"], today, language) if today and row["since"] else "\u2013"
    last = form.short_day(row["batch_date"], language, near=today) if row["batch_date"] else "\u2013"
    return [
        stoplight(colour, language),
        [
            html.a(name, href=request.to("model", model_id=row["model_id"]), title=_full(row["name"], name)),
            html.small(second, title=_full(row["model_id"], form.name(row["model_id"], longest=32))),
        ],
        calm,
        for_days,
        families.glyphs(row, language),
        strip(history.colours(), language),
        last,
    ]


def _full(whole: str, shown: str) -> str | None:
    return whole if whole != shown else None
