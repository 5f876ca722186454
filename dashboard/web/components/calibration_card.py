"""How true the scores of a cohort were: of those that it gave a chance of 20 %, did 20 % come?"""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard import format as form
from dashboard.history import Training
from dashboard.performance.curves import CalibrationCurve, calibration_curve
from dashboard.performance.expected import POSITIVE
from dashboard.performance.truth_counts import ScoreCounts
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.chart import graph
from dashboard.web.data import Data
from dashboard.web.figures.curve import curve_figure, line, points, straight
from dashboard.web.figures.frame import value_ticks
from dashboard.web.figures.label import short_rows
from dashboard.web.figures.palette import SECOND, SERIES
from dashboard.web.page import Request
from qod.calibration import calibrate

NO_TRUTH: Final = Text("No outcome of this cohort is known yet.", "Aucun résultat de cette cohorte n\u2019est connu.")
_SCORE, _SHARE = Text("Mean score", "Score moyen"), Text("Positives that came", "Positifs constatés")
_LOW, _HIGH, _ROWS = Text("Low", "Bas"), Text("High", "Haut"), Text("Rows", "Lignes")
_HOVER: Final = Text(
    "said {score}, came {share} ({low} to {high}), of {n} rows",
    "annoncé {score}, constaté {share} (de {low} à {high}), sur {n} lignes",
)
_COHORT: Final = Text("this cohort, with what chance leaves open", "cette cohorte, avec ce que le hasard laisse ouvert")
_DIAGONAL, _TRAINED = (
    Text("what is said comes", "ce qui est annoncé vient"),
    Text("at training", "à l\u2019apprentissage"),
)
_SAID: Final = Text(
    "The scores say {said} on average, {came} came: {word}. In {off} of {bins} groups of rows with near scores the "
    "score lies outside what chance leaves open.",
    "Les scores annoncent {said} en moyenne, {came} sont venus\u00a0: {word}. Dans {off} groupes sur {bins} de lignes "
    "aux scores voisins, le score sort de ce que le hasard laisse ouvert.",
)
_RANKS: Final = Text(
    "These scores are no probabilities: they only rank, so that there is no diagonal to hold them to.",
    "Ces scores ne sont pas des probabilités\u00a0: ils ne font que classer, il n\u2019y a pas de diagonale.",
)
_HIGHER, _LOWER, _TRUE = (
    Text("too low", "trop bas"),
    Text("too high", "trop haut"),
    Text("no difference beyond chance", "pas d\u2019écart au-delà du hasard"),
)


def calibration_card(request: Request, counts: ScoreCounts, training: Training) -> html.Node:
    """The curve with its intervals, the diagonal, and training's where the version kept it."""
    t, language = request.t, request.language
    curve = calibration_curve(counts)
    if not len(curve.n):
        return html.p(t(NO_TRUTH), class_="calm")
    knots = training.calibration.get(POSITIVE)
    lowest, highest = float(curve.scores.min()), float(curve.scores.max())
    traces = []
    if counts.are_chances:
        ends = (0.0, max(float(curve.high.max()), highest))
        traces.append(straight(ends))
        x_range = y_range = (0.0, ends[1] * 1.04)
        x_axis = value_ticks(0.0, ends[1], language, unit="share")
    else:
        x_range, y_range = padded(lowest, highest), (0.0, float(curve.high.max()) * 1.04)
        x_axis = value_ticks(*x_range, language, unit="quantity")
    if knots:
        at = np.linspace(*x_range, 60)
        traces.append(line(at.tolist(), calibrate(knots, at).tolist(), colour=SECOND))
    traces.append(_drawn(request, curve, chances=counts.are_chances))
    sentence = _sentence(request, curve) if counts.are_chances else t(_RANKS)
    figure = curve_figure(
        traces,
        x={**x_axis, "range": list(x_range)},
        y={**value_ticks(0.0, y_range[1], language, unit="share"), "range": list(y_range)},
        titles=(t(_SCORE), t(_SHARE)),
        language=language,
    )
    signs = [
        ("whisker unjudged", _COHORT),
        *([("dashed-ink", _DIAGONAL)] if counts.are_chances else []),
        *([("estimate", _TRAINED)] if knots else []),
    ]
    return [
        html.p(sentence, class_="reading"),
        html.p([html.span(html.span(class_=f"sign {sign}"), t(words)) for sign, words in signs], class_="key"),
        graph(request, figure, key="calibration", alt=sentence, data=calibration_data(request, curve)),
    ]


def calibration_data(request: Request, curve: CalibrationCurve) -> Data:
    """The points of the curve."""
    columns = (curve.scores, curve.shares, curve.low, curve.high, curve.n)
    return Data(
        [request.t(head) for head in (_SCORE, _SHARE, _LOW, _HIGH, _ROWS)],
        short_rows(zip(*(column.tolist() for column in columns), strict=True)),
    )


def padded(low: float, high: float) -> tuple[float, float]:
    """A range with some room at both ends."""
    pad = 0.05 * (high - low) or max(abs(high), 1.0) * 0.05
    return low - pad, high + pad


def _drawn(request: Request, curve: CalibrationCurve, *, chances: bool) -> dict[str, object]:
    language = request.language
    write = form.share if chances else form.quantity
    words = [
        request.t(_HOVER).format(
            score=write(score, language),
            share=form.share(share, language),
            low=form.share(low, language),
            high=form.share(high, language),
            n=form.count(n, language),
        )
        for score, share, low, high, n in zip(curve.scores, curve.shares, curve.low, curve.high, curve.n, strict=True)
    ]
    drawn = points(curve.scores.tolist(), curve.shares.tolist(), words, colour=SERIES)
    bars = {
        "type": "data",
        "symmetric": False,
        "array": np.round(curve.high - curve.shares, 4).tolist(),
        "arrayminus": np.round(curve.shares - curve.low, 4).tolist(),
        "color": SERIES,
        "thickness": 1.4,
        "width": 4,
    }
    return {**drawn, "error_y": bars}


def _sentence(request: Request, curve: CalibrationCurve) -> str:
    said, came = (float(np.average(values, weights=curve.n)) for values in (curve.scores, curve.shares))
    error = float(np.sqrt(max(came * (1 - came), 1e-12) / curve.n.sum()))
    word = _TRUE if abs(said - came) <= 1.96 * error else _HIGHER if said < came else _LOWER
    off = int(((curve.scores < curve.low) | (curve.scores > curve.high)).sum())
    return request.t(_SAID).format(
        said=form.share(said, request.language),
        came=form.share(came, request.language),
        word=request.t(word),
        off=off,
        bins=len(curve.n),
    )
