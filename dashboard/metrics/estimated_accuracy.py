"""Accuracy before the truth is known, from what the calibration expects of each row."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard.metric import Estimate, Metric
from dashboard.performance.expected import Expected
from dashboard.performance.expected_classes import ExpectedClasses
from dashboard.performance.interval import around, nothing
from dashboard.text import Text

METRIC: Final = Metric(
    key="estimated_accuracy",
    name=Text("Accuracy, estimated", "Exactitude, estimée"),
    meaning=Text(
        "The share of predictions that should turn out right. It holds while a score means what it meant at "
        "training; if that changes, only the truth will show it.",
        "La part des prédictions qui devraient s'avérer bonnes. L'estimation vaut tant qu'un score signifie ce "
        "qu'il signifiait à l'apprentissage ; si cela change, seule la vérité le montrera.",
    ),
    formula=Text(
        "mean of the chance of the predicted class; 95 % range: value -/+ 1.96 standard errors, the outcomes "
        "independent",
        "moyenne de la chance de la classe prédite ; plage à 95 % : valeur -/+ 1,96 erreur type, résultats "
        "indépendants",
    ),
    source=Text(
        "confidence-based performance estimation (CBPE), NannyML documentation",
        "estimation de performance par la confiance (CBPE), documentation de NannyML",
    ),
    example=Text(
        "50 rows each at scores .2 and .8, where .1 and .7 are positive, predicted positive from .5: 80 of 100, 80 %.",
        "50 lignes à chacun des scores 0,2 et 0,8, où 0,1 et 0,7 sont positives, prédites positives dès 0,5 : 80 "
        "sur 100, 80 %.",
    ),
    unit="share",
    better="high",
    subjects=("model",),
)


def estimated_accuracy(expected: Expected) -> Estimate:
    """The accuracy to come; without a value where nobody said from which score a row is predicted positive."""
    if expected.threshold is None or not expected.n:
        return nothing(expected.n)
    right = expected.positives[expected.predicted].sum() + expected.negatives[~expected.predicted].sum()
    signs = np.where(expected.predicted, 1.0, -1.0)
    return around(float(right) / expected.n, expected.spread(signs / expected.n), n=expected.n, lowest=0.0, highest=1.0)


def estimated_class_accuracy(expected: ExpectedClasses) -> Estimate:
    """The accuracy to come of a multiclass model, of the rows with a prediction; without a value below 10 of them."""
    n = int(expected.known.sum())
    if not n:
        return nothing(n)
    right = (expected.chances * expected.named).sum()
    return around(float(right) / n, expected.spread(expected.named / n), n=n, lowest=0.0, highest=1.0)
