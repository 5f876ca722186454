"""The table of a cohort's measures: each with what chance leaves open, as at training, and as estimated before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dashboard import metrics
from dashboard.performance.backtest import USABLE, BackTest
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.cohort_table import ESTIMATED
from dashboard.web.components.measure_words import AT_TRAINING, INTERVAL, NONE, at_training, interval, written
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.performance import CohortRow

_CAPTION: Final = Text("Measures of one cohort", "Mesures d\u2019une cohorte")
_MEASURE, _VALUE = Text("Measure", "Mesure"), Text("Value", "Valeur")
_TESTED: Final = Text("The estimate is", "L\u2019estimation est")
_TOO_FEW: Final = Text(
    "Too few outcomes are known for any measure.", "Trop peu de résultats sont connus pour une mesure."
)
_LOW, _HIGH = Text("Low", "Bas"), Text("High", "Haut")


def measure_table(request: Request, row: CohortRow, keys: Sequence[str], tests: Mapping[str, BackTest]) -> html.Node:
    """One line for each of ``keys``; ``tests`` are those of the estimates of its version, by key."""
    t, language = request.t, request.language
    if not keys:
        return html.p(t(_TOO_FEW), class_="calm")
    estimated = any(row.estimated(key) for key in keys)
    columns = [
        Column(t(_MEASURE)),
        *(Column(t(name), "number") for name in (_VALUE, INTERVAL, AT_TRAINING)),
        *([Column(t(ESTIMATED), "number"), Column(t(_TESTED))] if estimated else []),
    ]

    def cells(key: str) -> list[html.Node]:
        value, said, test = row.realised(key), row.estimated(key), tests.get(key)
        return [
            term(request, metrics.load()[key].name[language], key),
            written(key, value.value if value else None, language),
            interval(request, key, value),
            at_training(key, row.baselines.get(key), language),
            *([written(key, said.value, language) if said else NONE] if estimated else []),
            *([t(USABLE[test.verdict]) if said and test else ""] if estimated else []),
        ]

    return table(columns, [cells(key) for key in keys], caption=t(_CAPTION), row_heading=0, class_="measures")


def measure_data(request: Request, row: CohortRow, keys: Sequence[str]) -> Data:
    """The same as plain values, unrounded."""
    t = request.t
    return Data(
        [t(head) for head in (_MEASURE, _VALUE, _LOW, _HIGH, AT_TRAINING, ESTIMATED)],
        [
            [
                key,
                *((value.value, value.low, value.high) if (value := row.realised(key)) else (None, None, None)),
                level.value if (level := row.baselines.get(key)) else None,
                said.value if (said := row.estimated(key)) else None,
            ]
            for key in keys
        ],
    )
