"""Macro F1 of a multiclass model before the truth is known, from what the calibration expects of each class."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard.metric import Estimate, Metric
from dashboard.performance.expected_classes import ExpectedClasses
from dashboard.performance.interval import around, nothing
from dashboard.text import Text

METRIC: Final = Metric(
    key="estimated_macro_f1",
    name=Text("Macro F1, estimated", "F1 macro, estimé"),
    meaning=Text(
        "The mean over classes of the F1 that is to be expected, rare classes as weighty as frequent ones. It "
        "holds while a score means what it meant at training; if that changes, only the truth will show it.",
        "La moyenne sur les classes du F1 attendu, les classes rares pesant autant que les fréquentes. "
        "L'estimation vaut tant qu'un score signifie ce qu'il signifiait à l'apprentissage ; si cela change, "
        "seule la vérité le montrera.",
    ),
    formula=Text(
        "mean over the classes predicted or expected of 2 TP / (2 TP + FP + FN), sums of chances; 95 % range: value "
        "-/+ 1.96 standard errors by the delta method, the rows independent",
        "moyenne, sur les classes prédites ou attendues, de 2 VP / (2 VP + FP + FN), sommes de chances ; plage à "
        "95 % : valeur -/+ 1,96 erreur type par la méthode delta, lignes indépendantes",
    ),
    source=Text(
        "confidence-based performance estimation (CBPE), NannyML documentation",
        "estimation de performance par la confiance (CBPE), documentation de NannyML",
    ),
    example=Text(
        "Probabilities of a, b and c are calibrated to .7, .2, .1 in 50 rows and to .1, .1, .8 in 50 others, the "
        "likeliest predicted: F1 70/90 of a, 0 of b, 80/95 of c, 54 %.",
        "Les probabilités de a, b et c sont calibrées à 0,7, 0,2, 0,1 sur 50 lignes et à 0,1, 0,1, 0,8 sur 50 "
        "autres, la plus probable étant prédite : F1 70/90 pour a, 0 pour b, 80/95 pour c, 54 %.",
    ),
    unit="share",
    better="high",
    subjects=("model",),
)


def estimated_macro_f1(expected: ExpectedClasses) -> Estimate:
    """The macro F1 to come of the rows with a prediction; without a value below 10 of them."""
    known = expected.known
    n = int(known.sum())
    if not n:
        return nothing(n)
    named = expected.named[known]
    either = named.sum(axis=0) + expected.chances[known].sum(axis=0)
    right = (named * expected.chances[known]).sum(axis=0)
    held = either > 0
    of_class = np.divide(2 * right, either, out=np.zeros(len(either)), where=held)
    weights = np.zeros(expected.chances.shape)
    np.divide(2 * expected.named - of_class, either * held.sum(), out=weights, where=held & known[:, None])
    return around(float(of_class[held].mean()), expected.spread(weights), n=n, lowest=0.0, highest=1.0)
