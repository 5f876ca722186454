"""Predicted values of a regression against the true ones, and how its errors are spread."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard import format as form
from dashboard.performance.curves import ErrorBins, ValueCurve, error_bins, value_curve
from dashboard.performance.truth_counts import Floats, Whole
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.calibration_card import NO_TRUTH, padded
from dashboard.web.components.chart import graph
from dashboard.web.data import Data
from dashboard.web.figures.curve import curve_figure, line, points, straight
from dashboard.web.figures.frame import value_ticks
from dashboard.web.figures.label import short_rows
from dashboard.web.figures.palette import QUIET, SERIES
from dashboard.web.page import Request

_PREDICTED, _TRUE = Text("Predicted, mean", "Prédit, moyenne"), Text("True, mean", "Vrai, moyenne")
_ROWS, _ERROR = Text("Rows", "Lignes"), Text("Error (predicted \u2212 true)", "Erreur (prédit \u2212 vrai)")
_FROM, _TO = Text("From", "De"), Text("To", "À")
_HOVER: Final = Text("predicted {said}, true {came}, of {n} rows", "prédit {said}, vrai {came}, sur {n} lignes")
_BIN: Final = Text("{share} of rows: error from {low} to {high}", "{share} des lignes\u00a0: erreur de {low} à {high}")
_KEY: Final = (
    (
        "bar-line",
        Text("this cohort, in ten groups of near predictions", "cette cohorte, en dix groupes de prédictions voisines"),
    ),
    ("dashed-ink", Text("what is predicted comes", "ce qui est prédit vient")),
)
_VALUES: Final = Text(
    "Predictions are {said} on average, the truth {came}. Where the lowest were predicted, {low} was said and "
    "{low_true} came; where the highest were, {high} and {high_true}.",
    "Les prédictions sont de {said} en moyenne, la vérité de {came}. Là où les plus basses étaient prédites, {low} "
    "était annoncé et {low_true} est venu\u202f; là où les plus hautes l\u2019étaient, {high} et {high_true}.",
)
_ERRORS: Final = Text(
    "Half of the errors are smaller than {half}; {above} of predictions are too high.",
    "La moitié des erreurs sont inférieures à {half}\u202f; {above} des prédictions sont trop hautes.",
)


def value_card(request: Request, predicted: Floats, true: Floats, rows: Whole) -> html.Node:
    """Both figures, from pairs of a predicted and a true value (P,) of which there are ``rows`` each."""
    curve, errors = value_curve(predicted, true, rows), error_bins(predicted, true, rows)
    if errors is None or not len(curve.n):
        return html.p(request.t(NO_TRUTH), class_="calm")
    values, spread = _of_values(request, curve), _of_errors(request, predicted - true, rows)
    key = html.p([html.span(html.span(class_=f"sign {sign}"), request.t(words)) for sign, words in _KEY], class_="key")
    return [
        html.p(values, class_="reading"),
        html.p(spread, class_="reading"),
        key,
        html.div(
            graph(request, _value_figure(request, curve), key="values", alt=values, data=value_data(request, curve)),
            graph(request, _error_figure(request, errors), key="errors", alt=spread, data=_error_data(request, errors)),
            class_="two-figures",
        ),
    ]


def value_data(request: Request, curve: ValueCurve) -> Data:
    """The points of predicted against true."""
    columns = zip(curve.predicted.tolist(), curve.true.tolist(), curve.n.tolist(), strict=True)
    return Data([request.t(head) for head in (_PREDICTED, _TRUE, _ROWS)], short_rows(columns))


def _value_figure(request: Request, curve: ValueCurve) -> dict[str, object]:
    language = request.language
    both = np.concatenate([curve.predicted, curve.true])
    low, high = padded(float(both.min()), float(both.max()))
    axis = {**value_ticks(low, high, language, unit="quantity"), "range": [low, high]}
    words = [
        request.t(_HOVER).format(
            said=form.quantity(said, language), came=form.quantity(came, language), n=form.count(n, language)
        )
        for said, came, n in zip(curve.predicted, curve.true, curve.n, strict=True)
    ]
    drawn = points(curve.predicted.tolist(), curve.true.tolist(), words, colour=SERIES)
    titles = (request.t(_PREDICTED), request.t(_TRUE))
    return curve_figure([straight((low, high)), drawn], x=axis, y=axis, titles=titles, language=language)


def _error_figure(request: Request, errors: ErrorBins) -> dict[str, object]:
    language = request.language
    shares = errors.n / max(1, int(errors.n.sum()) + errors.below + errors.above)
    low, high, most = float(errors.edges[0]), float(errors.edges[-1]), float(shares.max()) * 1.06
    bars = {
        "type": "bar",
        "x": [float(f"{x:.4g}") for x in (errors.edges[:-1] + errors.edges[1:]) / 2],
        "y": np.round(shares, 5).tolist(),
        "width": float(f"{0.94 * (errors.edges[1] - errors.edges[0]):.4g}"),
        "text": [
            request.t(_BIN).format(
                share=form.share(share, language),
                low=form.quantity(start, language),
                high=form.quantity(end, language),
            )
            for share, start, end in zip(shares, errors.edges[:-1], errors.edges[1:], strict=True)
        ],
        "textposition": "none",
        "marker": {"color": SERIES, "opacity": 0.8},
        "hovertemplate": "%{text}<extra></extra>",
    }
    return curve_figure(
        [bars, line((0.0, 0.0), (0.0, most), colour=QUIET, dash="dash", width=1.4)],
        x={**value_ticks(low, high, language, unit="quantity"), "range": [low, high]},
        y={**value_ticks(0, most, language, unit="share"), "range": [0, most]},
        titles=(request.t(_ERROR), request.t(_ROWS)),
        language=language,
    )


def _error_data(request: Request, errors: ErrorBins) -> Data:
    inner = zip(errors.edges[:-1].tolist(), errors.edges[1:].tolist(), errors.n.tolist(), strict=True)
    below, above = (None, float(errors.edges[0]), errors.below), (float(errors.edges[-1]), None, errors.above)
    return Data([request.t(head) for head in (_FROM, _TO, _ROWS)], short_rows([below, *inner, above]))


def _of_values(request: Request, curve: ValueCurve) -> str:
    said, came = (float(np.average(values, weights=curve.n)) for values in (curve.predicted, curve.true))
    numbers = {
        "said": said,
        "came": came,
        "low": curve.predicted[0],
        "low_true": curve.true[0],
        "high": curve.predicted[-1],
        "high_true": curve.true[-1],
    }
    words = {name: form.quantity(float(value), request.language) for name, value in numbers.items()}
    return request.t(_VALUES).format(**words)


def _of_errors(request: Request, errors: Floats, rows: Whole) -> str:
    order = np.argsort(np.abs(errors), kind="stable")
    half = int(np.searchsorted(np.cumsum(rows[order]), rows.sum() / 2))
    return request.t(_ERRORS).format(
        half=form.quantity(float(np.abs(errors[order][half])), request.language),
        above=form.share(float(rows[errors > 0].sum() / rows.sum()), request.language),
    )
