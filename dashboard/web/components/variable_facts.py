"""The facts of a variable in a batch beside those of training: rows, guard rows, moments and quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.table import Column, table
from dashboard.web.components.term import term
from dashboard.web.data import Data, Value
from dashboard.web.page import Request
from dashboard.web.views.training_quantiles import About, training_quantiles
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
_QUANTILE: Final = Text("{percent} % lie below", "{percent}\u202f% sont en dessous de")
_FROM_BINS: Final = Text(
    "Estimated from the bins of training", "Estimé d\u2019après les classes de l\u2019apprentissage"
)
_SIGNS: Final = {"about": "\u2248", "below": "<", "above": ">"}
_WHAT: Final = Text("Measure", "Mesure")

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
    trained = training_quantiles(history.reference, QUANTILES)
    for place, quantile in enumerate(QUANTILES):
        if quantile in (0.05, 0.25, 0.5, 0.75, 0.95):
            label = _MEDIAN if quantile == 0.5 else _QUANTILE.format(percent=f"{100 * quantile:g}")
            values = [_quantiles(summary)[place] for summary in summaries]
            at_training = html.span(_about(trained[place], language), title=_FROM_BINS[language])
            rows.append((label[language], at_training, *(form.quantity(value, language) for value in values)))
    rows.append(row(_HIGH, "high", form.quantity))
    return rows


def _about(found: About | None, language: Language) -> str:
    if found is None:
        return "\u2013"
    side, value = found
    return f"{_SIGNS[side]}\u00a0{form.quantity(value, language)}"


def _quantiles(summary: Any) -> Sequence[float | None]:
    return (summary or {}).get("quantiles") or [None] * len(QUANTILES)


def facts_data(request: Request, history: VariableHistory, places: Sequence[int], headings: Sequence[str]) -> Data:
    """The same for a file: every measure and summary there is, unrounded."""
    reference, measures = history.reference, history.measures
    summaries = [history.summaries[place] for place in places]
    missing = float(shares(history.training)[-1])
    rows: list[list[Value]] = [
        ["rows", int(history.training.sum()), *(history.batches[place].rows for place in places)],
        *([key, None, *(measures[key][place] for place in places)] for key in ("psi", "chance", "psi_low", "psi_high")),
        ["missing_share", missing, *(measures["missing_share"][place] for place in places)],
    ]
    guard = "out_of_range_share" if reference["kind"] == "numeric" else "unseen_share"
    rows.append([guard, 0.0, *(measures[guard][place] for place in places)])
    kept = ("distinct_values", "mean", "sd", "low", "high")
    rows += [[key, reference[key], *(_value(summary, key) for summary in summaries)] for key in kept]
    trained = training_quantiles(reference, QUANTILES)
    for place, quantile in enumerate(QUANTILES):
        found = trained[place]
        at_training = found[1] if found is not None and found[0] == "about" else None
        rows.append([f"q{100 * quantile:g}", at_training, *(_quantiles(summary)[place] for summary in summaries)])
    return Data([request.t(_WHAT), request.t(_TRAINING), *headings], rows)


def _value(summary: Any, key: str) -> float | None:
    return None if summary is None else summary[key]
