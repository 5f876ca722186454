"""A cohort by segment: where the model is weakest, and what the change since then is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard import metrics
from dashboard.performance import weakest
from dashboard.performance.segment_report import SegmentReport
from dashboard.performance.segments import Segment
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.measure_words import INTERVAL, interval, written
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.data import Data
from dashboard.web.page import Request

MOST: Final = 40
"""Segments that are shown; the file has them all."""

_CAPTION: Final = Text("Segments, the weakest first", "Segments, les plus faibles d\u2019abord")
_SEGMENT, _PREDICTED = Text("Segment", "Segment"), Text("Predictions", "Prédictions")
_KNOWN: Final = Text("Outcomes known", "Résultats connus")
_AGAINST: Final = Text("Against the rest", "Face au reste")
_LOW, _HIGH, _CHANCE = Text("Low", "Bas"), Text("High", "Haut"), Text("p, corrected", "p corrigé")
_WEAKER: Final = Text("weaker (p = {p})", "plus faible (p = {p})")
_ALIKE: Final = Text("no difference shown (p = {p})", "sans écart établi (p = {p})")
_UNTRIED: Final = Text("too few rows", "trop peu de lignes")
_NO_SEGMENT: Final = Text(
    "No prediction of this cohort has a segment: deliver its batches with the column that names it (--segment).",
    "Aucune prédiction de cette cohorte n\u2019a de segment\u00a0: livrez ses lots avec la colonne qui le nomme "
    "(--segment).",
)
_MORE: Final = Text("{n} more segments are in the file.", "{n} autres segments sont dans le fichier.")


def segment_card(request: Request, report: SegmentReport, task: str, metric: str) -> html.Node:
    """The sentence on the weakest segment, and the table of all, the weakest first."""
    t, language = request.t, request.language
    if not report.named:
        return html.p(t(_NO_SEGMENT), class_="calm")
    ordered = weakest_first(report)
    tried = {one.segment: one for one in report.weakest.tried}
    columns = [
        Column(t(_SEGMENT)),
        Column(t(_PREDICTED), "number"),
        Column(term(request, t(_KNOWN), "completeness"), "number"),
        Column(term(request, metrics.load()[metric].name[language], metric), "number"),
        Column(t(INTERVAL), "number"),
        Column(t(_AGAINST)),
    ]

    def cells(one: Segment) -> list[html.Node]:
        value = one.measures.get(metric)
        return [
            html.span(form.name(one.name, longest=40), title=one.name),
            form.count(one.predicted, language),
            form.share(one.completeness, language),
            written(metric, value.value if value else None, language),
            interval(request, metric, value),
            _compared(request, tried.get(one.name)),
        ]

    hidden = len(ordered) - MOST
    return [
        html.p(t(weakest.sentence(report.weakest, task)), class_="reading"),
        table(
            columns,
            [cells(one) for one in ordered[:MOST]],
            caption=t(_CAPTION),
            row_heading=0,
            row_classes=[
                "weak" if (one.name in tried and tried[one.name].significant) else "" for one in ordered[:MOST]
            ],
            class_="segments",
        ),
        html.p(t(_MORE).format(n=form.count(hidden, language)), class_="reading") if hidden > 0 else None,
    ]


def weakest_first(report: SegmentReport) -> list[Segment]:
    """The segments that were tried, the weakest first; then those with too few rows, and the rows of no segment."""
    place = {one.segment: at for at, one in enumerate(report.weakest.tried)}
    return sorted(report.segments, key=lambda one: place.get(one.name, len(place)))


def segment_data(request: Request, report: SegmentReport, metric: str) -> Data:
    """Every segment, as plain values."""
    tried = {one.segment: one for one in report.weakest.tried}
    name = metrics.load()[metric].name[request.language]
    heads = (_SEGMENT, _PREDICTED, _KNOWN, None, _LOW, _HIGH, _CHANCE)
    rows: list[Sequence[str | float | int | None]] = []
    for one in weakest_first(report):
        value, found = one.measures.get(metric), tried.get(one.name)
        rows.append(
            [
                one.name,
                one.predicted,
                one.known,
                *((value.value, value.low, value.high) if value else (None, None, None)),
                found.p_adjusted if found else None,
            ]
        )
    return Data([name if head is None else request.t(head) for head in heads], rows)


def _compared(request: Request, found: weakest.Tried | None) -> html.Node:
    if found is None:
        return html.span(request.t(_UNTRIED), class_="quiet")
    words = request.t(_WEAKER if found.significant else _ALIKE)
    text = words.format(p=form.chance(found.p_adjusted, request.language))
    return html.strong(text) if found.significant else html.span(text, class_="quiet")
