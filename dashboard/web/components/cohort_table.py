"""The table of cohorts: what was measured, how much of the truth is known, and when the rest should be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from dashboard import format as form
from dashboard import metrics
from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.stoplight import stoplight
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.page import Request
from dashboard.web.views.performance import BESIDE, MAIN, CohortRow

_CAPTION: Final = Text("Cohorts, newest first", "Cohortes, les plus récentes d\u2019abord")
_COHORT, _STATE, _VERSION = Text("Cohort", "Cohorte"), Text("State", "État"), Text("Version", "Version")
_INTERVAL: Final = Text("95 % interval", "Intervalle à 95 %")
_BASELINE: Final = Text("At training", "À l\u2019apprentissage")
_PREDICTED, _KNOWN = Text("Predictions", "Prédictions"), Text("Outcomes known", "Résultats connus")
_FINAL: Final = Text("Final on", "Définitif le")
_PROVISIONAL: Final = Text("Provisional", "Provisoire")
_OVERDUE: Final = Text("Truth overdue", "Vérité en retard")
_BETWEEN: Final = Text("{low} to {high}", "{low} à {high}")


def writer(task: str) -> Callable[[float | None, Language], str]:
    """How the main measure of ``task`` is written."""
    metric = metrics.load()[MAIN.get(task, "auc")]
    return {"quantity": form.quantity, "share": form.share}.get(metric.unit, form.index)


def cohort_table(request: Request, rows: Sequence[CohortRow], *, task: str) -> html.Node:
    """The rows in the order given."""
    t, language = request.t, request.language
    main = metrics.load()[MAIN.get(task, "auc")]
    beside = [metrics.load()[key] for key in BESIDE.get(task, ())]
    several = len({row.model_version for row in rows}) > 1
    columns = [
        Column(t(_COHORT), "nowrap"),
        *([Column(t(_VERSION))] if several else []),
        Column(t(_STATE)),
        Column(term(request, main.name[language], main.key), "number"),
        Column(t(_INTERVAL), "number"),
        Column(t(_BASELINE), "number"),
        *(Column(term(request, metric.name[language], metric.key), "number") for metric in beside),
        Column(t(_PREDICTED), "number"),
        Column(term(request, t(_KNOWN), "completeness"), "number"),
        Column(t(_FINAL), "number nowrap"),
    ]
    cells = [_cells(request, row, task=task, several=several) for row in rows]
    return table(
        columns,
        cells,
        caption=t(_CAPTION),
        row_heading=0,
        row_classes=["" if row.mature else "provisional" for row in rows],
        class_="cohorts",
    )


def cohort_name(request: Request, row: CohortRow) -> str:
    """``October 2026``, ``Week 41 of 2026``, or the day of a batch."""
    if row.first_day == row.last_day:
        return form.short_day(row.first_day, request.language)
    return form.capital(form.period(row.cohort_id, row.first_day, request.language).removeprefix("la "))


def state(request: Request, row: CohortRow) -> html.Node:
    """Its stoplight once it counts; before that a badge of its own, without colour."""
    if row.mature:
        return stoplight(row.colour, request.language)
    return html.span(state_words(request, row), class_="light provisional")


def state_words(request: Request, row: CohortRow) -> str:
    """What keeps a cohort from counting."""
    return request.t(_OVERDUE if row.overdue else _PROVISIONAL)


def _cells(request: Request, row: CohortRow, *, task: str, several: bool) -> list[html.Node]:
    language = request.language
    write = writer(task)
    interval = request.t(_BETWEEN).format(low=write(row.low, language), high=write(row.high, language))
    level = row.baseline
    margin = f"\u00a0\u00b1\u00a0{write(1.96 * level.se, language)}" if level is not None and level.se else ""
    units = {key: metrics.load()[key].unit for key in row.beside}
    return [
        cohort_name(request, row),
        *([html.span(form.name(row.model_version, longest=16), title=row.model_version)] if several else []),
        state(request, row),
        write(row.value, language),
        interval if row.low is not None else "\u2013",
        f"{write(level.value, language)}{margin}" if level is not None else "\u2013",
        *(
            (form.count if units[key] == "count" else form.quantity)(value, language)
            for key, value in row.beside.items()
        ),
        form.count(row.predicted, language),
        [form.share(row.completeness, language), html.small(form.count(row.known, language))],
        form.short_day(row.final_on, language, near=request.today),
    ]
