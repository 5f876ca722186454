"""How many of the positives of a cohort stand among its highest scores, and how many times more than at random."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from dashboard import format as form
from dashboard.performance.curves import GainCurve, gain_curve
from dashboard.performance.truth_counts import ScoreCounts
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.chart import graph
from dashboard.web.data import Data
from dashboard.web.figures.curve import curve_figure, line, points, straight
from dashboard.web.figures.frame import value_ticks
from dashboard.web.figures.label import short_rows
from dashboard.web.figures.palette import QUIET, SERIES
from dashboard.web.page import Request

_NO_POSITIVE: Final = Text(
    "No positive outcome of this cohort is known: there is nothing to find.",
    "Aucun résultat positif connu dans cette cohorte\u00a0: il n\u2019y a rien à trouver.",
)
_ROWS: Final = Text("Rows, highest scores first", "Lignes, scores décroissants")
_FOUND, _LIFT = Text("Positives found", "Positifs trouvés"), Text("Lift", "Lift")
_HOVER: Final = Text(
    "the {rows} with the highest scores hold {found} of the positives: {lift} times as many as at random",
    "les {rows} aux plus hauts scores contiennent {found} des positifs\u00a0: {lift} fois plus qu\u2019au hasard",
)
_SAID: Final = Text(
    "The {rows} of rows with the highest scores hold {found} of the positives, {lift} times as many as at random; half "
    "of the positives are among the first {half}.",
    "Les {rows} de lignes aux plus hauts scores contiennent {found} des positifs, {lift} fois plus qu\u2019au "
    "hasard\u202f; la moitié des positifs sont parmi les premiers {half}.",
)
_KEY: Final = (
    ("bar-line", Text("this cohort", "cette cohorte")),
    ("dashed-ink", Text("rows drawn at random", "lignes tirées au hasard")),
)
_TENTH: Final = 0.1


def gain_card(request: Request, counts: ScoreCounts) -> html.Node:
    """The gain curve with the line of chance, and beside it the lift; for binary models."""
    curve = gain_curve(counts)
    t, language = request.t, request.language
    if curve is None:
        return html.p(t(_NO_POSITIVE), class_="calm")
    words = [_filled(request, _HOVER, curve, place) for place in range(len(curve.rows))]
    shares = {**value_ticks(0, 1, language, unit="share"), "range": [0, 1.0]}
    gain = curve_figure(
        [straight((0.0, 1.0)), points(curve.rows.tolist(), curve.found.tolist(), words, colour=SERIES, mode="lines")],
        x=shares,
        y={**shares, "range": [0, 1.04]},
        titles=(t(_ROWS), t(_FOUND)),
        language=language,
    )
    most = float(np.nanmax(curve.lift)) * 1.06
    lift = curve_figure(
        [
            line((0.0, 1.0), (1.0, 1.0), colour=QUIET, dash="dash", width=1.4),
            points(curve.rows[1:].tolist(), curve.lift[1:].tolist(), words[1:], colour=SERIES, mode="lines"),
        ],
        x=shares,
        y={**value_ticks(0, most, language, unit="quantity"), "range": [0, most]},
        titles=(t(_ROWS), t(_LIFT)),
        language=language,
    )
    sentence = _sentence(request, curve)
    data = gain_data(request, curve)
    return [
        html.p(sentence, class_="reading"),
        html.p([html.span(html.span(class_=f"sign {sign}"), t(word)) for sign, word in _KEY], class_="key"),
        html.div(
            graph(request, gain, key="gain", alt=sentence, data=data),
            graph(request, lift, key="lift", alt=sentence, data=data),
            class_="two-figures",
        ),
    ]


def gain_data(request: Request, curve: GainCurve) -> Data:
    """The points of the curve; where no rows are looked at, there is no lift."""
    rows = zip(curve.rows.tolist(), curve.found.tolist(), curve.lift.tolist(), strict=True)
    return Data(
        [request.t(head) for head in (_ROWS, _FOUND, _LIFT)],
        short_rows([at, found, None if math.isnan(lift) else lift] for at, found, lift in rows),
    )


def _filled(request: Request, text: Text, curve: GainCurve, place: int) -> str:
    language = request.language
    return request.t(text).format(
        rows=form.share(float(curve.rows[place]), language),
        found=form.share(float(curve.found[place]), language),
        lift=form.decimal(float(curve.lift[place]), language, digits=1),
        half=form.share(float(np.interp(0.5, curve.found, curve.rows)), language),
    )


def _sentence(request: Request, curve: GainCurve) -> str:
    return _filled(request, _SAID, curve, int(np.searchsorted(curve.rows, _TENTH - 1e-9)))
