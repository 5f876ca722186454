"""The facts of a variable in a batch beside those of training: rows, guard rows, moments and quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.page import Request
from dashboard.web.views.variable import VariableHistory, shares
from qod.contract import QUANTILES

_CAPTION: Final = Text("The variable in numbers", "La variable en chiffres")
_TRAINING: Final = Text("Training", "Apprentissage")
_ROWS: Final = Text("Rows", "Lignes")
_PSI, _SIZE = Text("PSI", "PSI"), Text("Change, noise taken off", "Changement, bruit déduit")
_CHANCE: Final = Text("chance alone: {value}", "hasard seul\u00a0: {value}")
_BETWEEN: Final = Text("{low} to {high}", "{low} à {high}")
_MISSING: Final = Text("Missing", "Manquants")
_OUTSIDE: Final = Text("Outside training range", "Hors de la plage d\u2019apprentissage")
_OUTSIDE_ROWS: Final = Text("{below} below, {above} above", "{below} en dessous, {above} au-dessus")
_UNSEEN: Final = Text("Unseen levels", "Modalités inconnues")
_DISTINCT: Final = Text("Distinct values", "Valeurs distinctes")
_MEAN, _SD = Text("Mean", "Moyenne"), Text("Standard deviation", "Écart type")
_LOW, _HIGH = Text("Lowest", "Minimum"), Text("Highest", "Maximum")
_MEDIAN: Final = Text("Median", "Médiane")
_QUANTILE: Final = Text("{percent} % lie below", "{percent} % sont en dessous de")

Cells = tuple[html.Node, ...]


def variable_facts(
    request: Request, history: VariableHistory, places: Sequence[int], headings: Sequence[str]
) -> html.Node:
    """One column for training, then one for each of ``places`` (one or two batches), headed by their days."""
    t, language = request.t, request.language
    columns = [Column(""), Column(t(_TRAINING), "number"), *(Column(heading, "number") for heading in headings)]
    rows = [*_drift(request, history, places), *_guards(request, history, places), *_numbers(history, places, language)]
    return table(columns, [list(row) for row in rows], caption=t(_CAPTION), row_heading=0, class_="variable-facts")


def _drift(request: Request, history: VariableHistory, places: Sequence[int]) -> list[Cells]:
    language, measures = request.language, history.measures

    def psi(place: int) -> html.Node:
        value, chance = measures["psi"][place], measures["chance"][place]
        if value is None:
            return "\u2013"
        return [
            form.index(value, language),
            html.small(request.t(_CHANCE).format(value=form.index(chance, language))) if chance is not None else None,
        ]

    def size(place: int) -> str:
        low, high = measures["psi_low"][place], measures["psi_high"][place]
        if low is None or high is None:
            return "\u2013"
        return request.t(_BETWEEN).format(low=form.index(low, language), high=form.index(high, language))

    return [
        (request.t(_ROWS), form.count(int(history.training.sum()), language),
         *(form.count(history.batches[place].rows, language) for place in places)),
        (term(request, request.t(_PSI), "psi"), "", *(psi(place) for place in places)),
        (term(request, request.t(_SIZE), "psi_debiased"), "", *(size(place) for place in places)),
    ]  # fmt: skip


def _guards(request: Request, history: VariableHistory, places: Sequence[int]) -> list[Cells]:
    language = request.language
    training, batch = shares(history.training), shares(history.counts)
    numeric = history.reference["kind"] == "numeric"

    def outside(place: int) -> html.Node:
        summary, rows = history.summaries[place], int(history.counts[place].sum())
        if summary is None or not rows:
            return "\u2013"
        below, above = summary["below"] or 0, summary["above"] or 0
        words = request.t(_OUTSIDE_ROWS).format(below=form.count(below, language), above=form.count(above, language))
        return [form.share((below + above) / rows, language), html.small(words) if below or above else None]

    def guard(bin_from_end: int) -> list[str]:
        return [
            form.share(float(batch[place, bin_from_end]) if history.counts[place].sum() else None, language)
            for place in places
        ]

    rows: list[Cells] = [
        (term(request, request.t(_MISSING), "missing_share"), form.share(float(training[-1]), language), *guard(-1))
    ]
    if numeric:
        name = term(request, request.t(_OUTSIDE), "out_of_range_share")
        rows.append((name, form.share(0.0, language), *(outside(place) for place in places)))
    else:
        name = term(request, request.t(_UNSEEN), "unseen_share")
        rows.append((name, form.share(0.0, language), *guard(-2)))
    return rows


def _numbers(history: VariableHistory, places: Sequence[int], language: Language) -> list[Cells]:
    summaries = [history.summaries[place] for place in places]

    def row(label: Text, key: str, write: Callable[[float | None, Language], str]) -> Cells:
        return (
            label[language],
            write(history.reference[key], language),
            *(write(_value(summary, key), language) for summary in summaries),
        )

    rows = [row(_DISTINCT, "distinct_values", form.count)]
    if history.reference["kind"] != "numeric":
        return rows
    rows += [row(label, key, form.quantity) for label, key in ((_MEAN, "mean"), (_SD, "sd"), (_LOW, "low"))]
    for place, quantile in enumerate(QUANTILES):
        if quantile in (0.05, 0.25, 0.5, 0.75, 0.95):
            label = _MEDIAN if quantile == 0.5 else _QUANTILE.format(percent=f"{100 * quantile:g}")
            values = [((summary or {}).get("quantiles") or [None] * len(QUANTILES))[place] for summary in summaries]
            rows.append((label[language], "", *(form.quantity(value, language) for value in values)))
    rows.append(row(_HIGH, "high", form.quantity))
    return rows


def _value(summary: Any, key: str) -> float | None:
    return None if summary is None else summary[key]
