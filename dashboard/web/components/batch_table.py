"""The last batches of a model: when, how many rows, which colour and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import families
from dashboard.web.components.outside_link import is_web
from dashboard.web.components.pager import page_of, pager
from dashboard.web.components.stoplight import stoplight
from dashboard.web.components.table import Column, table
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.health import HealthHistory

SIZE: Final = 15
"""Batches on one page."""

_CAPTION: Final = Text("Batches, newest first", "Lots, les plus récents d\u2019abord")
_DAY, _BATCH, _VERSION = Text("Day", "Jour"), Text("Batch", "Lot"), Text("Version", "Version")
_STATE, _WHY, _ROWS = Text("State", "État"), Text("Why", "Pourquoi"), Text("Rows", "Lignes")
_JOB: Final = Text("job", "tâche")


def batch_table(
    request: Request, history: HealthHistory, *, chosen: Mapping[str, Any], today: date | None
) -> html.Node:
    """A page of the history; the day of each batch leads to the page as of that batch."""
    health = history.rows
    page = page_of(request.params["page"], history.total, SIZE)
    shown = health[(page - 1) * SIZE : page * SIZE]
    named, several = history.named, history.versions > 1
    columns = [
        Column(request.t(_DAY), "c-day nowrap"),
        *([Column(request.t(_BATCH), "c-batch")] if named else []),
        *([Column(request.t(_VERSION), "c-version")] if several else []),
        Column(request.t(_STATE), "c-state"),
        Column(families.heading(request.language), "c-families"),
        Column(request.t(_ROWS), "c-rows number"),
        Column(request.t(_WHY), "c-why"),
    ]
    cells = [_cells(request, row, named=named, several=several, latest=row is health[0], today=today) for row in shown]
    return [
        table(
            columns,
            cells,
            caption=request.t(_CAPTION),
            row_classes=["chosen" if row is chosen and row is not health[0] else "" for row in shown],
            row_heading=0,
            class_="batches",
        ),
        pager(request, page=page, total=history.total, size=SIZE, link=lambda number: request.link(page=number)),
    ]


def batch_data(history: HealthHistory) -> Data:
    """The rows of ``history`` as a table: each batch with its colours, since when, and why in both languages."""
    columns = ("batch_date", "batch_id", "model_version", "colour", *families.FAMILIES, "since", "rows")
    rows = [
        tuple(
            value.isoformat() if isinstance(value, date) else value
            for value in (row[column] for column in (*columns, "headline_en", "headline_fr"))
        )
        for row in history.rows
    ]
    return Data((*columns, "headline_en", "headline_fr"), rows)


def _cells(
    request: Request, row: Mapping[str, Any], *, named: bool, several: bool, latest: bool, today: date | None
) -> list[html.Node]:
    language = request.language
    href = request.link(batch=None if latest else row["batch_id"], version=None if latest else row["model_version"])
    job = html.a(request.t(_JOB), href=row["run_url"], rel="noopener noreferrer", target="_blank")
    return [
        html.a(form.short_day(row["batch_date"], language, near=today), href=href),
        *([html.span(form.name(row["batch_id"], longest=24), title=row["batch_id"])] if named else []),
        *([html.span(form.name(row["model_version"], longest=16), title=row["model_version"])] if several else []),
        stoplight(row["colour"], language),
        families.glyphs(row, language),
        form.count(row["rows"], language),
        html.span(
            row[f"headline_{language}"],
            [" ", job] if is_web(row["run_url"]) else None,
            class_="calm" if row["colour"] in ("green", "grey") else None,
        ),
    ]
