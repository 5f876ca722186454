"""The table of cohorts: what was measured and estimated, how much of the truth is known, and when it will be final."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from dashboard import format as form
from dashboard import metrics
from dashboard.performance.backtest import USABLE
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.cohort_words import cohort_name, state, state_words
from dashboard.web.components.measure_words import AT_TRAINING, INTERVAL, NONE, at_training, interval, written
from dashboard.web.components.pager import page_of, pager
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.judged_cohorts import Cohorts
from dashboard.web.views.performance import BESIDE, CohortRow

SIZE: Final = 60
"""Rows on one page."""

_CAPTION: Final = Text("Cohorts, newest first", "Cohortes, les plus récentes d\u2019abord")
_COHORT, _STATE, _VERSION = Text("Cohort", "Cohorte"), Text("State", "État"), Text("Version", "Version")
ESTIMATED: Final = Text("Estimated before", "Estimée avant")
_PREDICTED, _KNOWN = Text("Predictions", "Prédictions"), Text("Outcomes known", "Résultats connus")
_FINAL: Final = Text("Final on", "Définitive le")
_TO_COME: Final = Text("in {duration}", "dans {duration}")
_LATE: Final = Text("{duration} late", "{duration} de retard")
_LOW, _HIGH = Text("Low", "Bas"), Text("High", "Haut")


def cohort_table(
    request: Request, cohorts: Cohorts, rows: Sequence[CohortRow], metric: str, chosen: CohortRow | None
) -> html.Node:
    """The rows in the order given, with the measure ``metric``; each names its cohort as a link that opens it.

    Of many rows one page, that of the address or the one which holds the ``chosen`` cohort.
    """
    t, task = request.t, cohorts.model.task
    total, place = len(rows), rows.index(chosen) if chosen in rows else 0
    page = page_of(request.params["page"] or place // SIZE + 1, total, SIZE)
    rows = rows[(page - 1) * SIZE : page * SIZE]
    beside = BESIDE.get(task) if BESIDE.get(task) != metric else None
    several = len({row.model_version for row in rows}) > 1
    estimated = any(row.estimated(metric) for row in rows)
    columns = [
        Column(t(_COHORT), "nowrap"),
        *([Column(t(_VERSION))] if several else []),
        Column(t(_STATE)),
        Column(_term(request, metric), "number"),
        Column(t(INTERVAL), "number"),
        Column(t(AT_TRAINING), "number"),
        *([Column(_estimate_term(request, metric), "number")] if estimated else []),
        *([Column(_term(request, beside), "number")] if beside else []),
        Column(t(_PREDICTED), "number"),
        Column(term(request, t(_KNOWN), "completeness"), "number"),
        Column(t(_FINAL), "number nowrap"),
    ]

    def cells(row: CohortRow) -> list[html.Node]:
        view, language, value = row.view, request.language, row.realised(metric)
        return [
            html.a(cohort_name(request, row), href=address(request, row)),
            *([html.span(form.name(view.model_version, longest=16), title=view.model_version)] if several else []),
            state(request, row),
            written(metric, value.value if value else None, language, digits=2),
            interval(request, metric, value, digits=2),
            at_training(metric, row.baselines.get(metric), language, digits=2),
            *([_estimate(request, cohorts, row, metric)] if estimated else []),
            *([_beside(request, row, beside)] if beside else []),
            form.count(view.predicted, language),
            [form.share(view.completeness, language), html.small(form.count(view.known, language))],
            _final(request, row, cohorts.today),
        ]

    return [
        table(
            columns,
            [cells(row) for row in rows],
            caption=t(_CAPTION),
            row_heading=0,
            row_classes=[
                " ".join((*(() if row.mature else ("provisional",)), *(("chosen",) if row is chosen else ())))
                for row in rows
            ],
            class_="cohorts",
        ),
        pager(
            request,
            page=page,
            total=total,
            size=SIZE,
            link=lambda number: request.link(page=number, fragment="table"),
        ),
    ]


def address(request: Request, row: CohortRow) -> str:
    """Where a cohort is looked into: this page, at its card."""
    values = {**request.args, **request.params, "cohort": row.cohort_id, "of": row.model_version, "page": None}
    return request.to(request.page.key, fragment="cohort", **values)


def cohort_data(request: Request, rows: Sequence[CohortRow], metric: str) -> Data:
    """The same as plain values, unrounded."""
    t = request.t
    name = metrics.load()[metric].name[request.language]
    heads = (_COHORT, _VERSION, _STATE, None, _LOW, _HIGH, AT_TRAINING, ESTIMATED, _PREDICTED, _KNOWN, _FINAL)
    return Data(
        [name if head is None else t(head) for head in heads],
        [
            [
                row.cohort_id,
                row.model_version,
                state_words(request, row),
                *((value.value, value.low, value.high) if (value := row.realised(metric)) else (None, None, None)),
                level.value if (level := row.baselines.get(metric)) else None,
                said.value if (said := row.estimated(metric)) else None,
                row.view.predicted,
                row.view.known,
                row.view.final_on.isoformat(),
            ]
            for row in rows
        ],
    )


def _term(request: Request, metric: str) -> html.Node:
    return term(request, metrics.load()[metric].name[request.language], metric)


def _estimate_term(request: Request, metric: str) -> html.Node:
    key = f"estimated_{metric}"
    return term(request, request.t(ESTIMATED), key) if key in metrics.load() else request.t(ESTIMATED)


def _estimate(request: Request, cohorts: Cohorts, row: CohortRow, metric: str) -> html.Node:
    """The estimate; where its test failed, that instead."""
    test, said = cohorts.tests.get(row.model_version, {}).get(metric), row.estimated(metric)
    if test is not None and test.verdict == "failed":
        return html.span(request.t(USABLE["failed"]), class_="quiet")
    return written(metric, said.value, request.language, digits=2) if said else NONE


def _beside(request: Request, row: CohortRow, metric: str) -> str:
    value = row.realised(metric)
    return written(metric, value.value if value else None, request.language)


def _final(request: Request, row: CohortRow, today: date) -> list[html.Node]:
    day = form.short_day(row.view.final_on, request.language, near=request.today)
    if row.mature:
        return [day]
    days = abs((row.view.final_on - today).days)
    words = request.t(_LATE if row.overdue else _TO_COME).format(duration=form.duration(days, request.language))
    return [day, html.small(words)]
