"""The table of a cohort's measures: each with what chance leaves open, and what it was at training."""

from __future__ import annotations

from typing import Final

from dashboard import format as form
from dashboard import metrics
from dashboard.metric import Unit
from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.page import Request
from dashboard.web.views.performance import CohortRow, Measured

_CAPTION: Final = Text("Measures of one cohort", "Mesures d\u2019une cohorte")
_MEASURE, _VALUE = Text("Measure", "Mesure"), Text("Value", "Valeur")
_INTERVAL: Final = Text("95 % interval", "Intervalle à 95 %")
_BASELINE: Final = Text("At training", "À l\u2019apprentissage")
_BETWEEN: Final = Text("{low} to {high}", "{low} à {high}")
_BY_CHANCE: Final = Text("up to {high} by chance", "jusqu\u2019à {high} par hasard")


def measure_table(request: Request, row: CohortRow) -> html.Node:
    """One line a measure that has a value."""
    t = request.t
    columns = [Column(t(_MEASURE)), *(Column(t(name), "number") for name in (_VALUE, _INTERVAL, _BASELINE))]
    cells = [_cells(request, key, measured) for key, measured in row.measures.items()]
    return table(columns, cells, caption=t(_CAPTION), row_heading=0, class_="measures")


def _cells(request: Request, key: str, measured: Measured) -> list[html.Node]:
    language, metric, level = request.language, metrics.load()[key], measured.baseline
    low, high, margin = (
        _written(measured.low, metric.unit, language),
        _written(measured.high, metric.unit, language),
        "",
    )
    template = _BETWEEN if measured.low is not None else _BY_CHANCE if measured.high is not None else None
    if level is not None and level.se:
        margin = f"\u00a0\u00b1\u00a0{_written(1.96 * level.se, metric.unit, language)}"
    return [
        term(request, metric.name[language], key),
        _written(measured.value, metric.unit, language),
        "\u2013" if template is None else request.t(template).format(low=low, high=high),
        "\u2013" if level is None else f"{_written(level.value, metric.unit, language)}{margin}",
    ]


def _written(value: float | None, unit: Unit, language: Language) -> str:
    if unit == "index":
        return form.index(value, language, digits=3)
    return (form.share if unit == "share" else form.quantity)(value, language)
