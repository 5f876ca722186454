"""Recall before the truth is known, from the positives that the calibration expects."""

from __future__ import annotations

from typing import Final

from dashboard.metric import MINIMUM_ROWS, Estimate, Metric
from dashboard.performance.expected import Expected
from dashboard.performance.interval import around, nothing
from dashboard.text import Text

METRIC: Final = Metric(
    key="estimated_recall",
    name=Text("Recall, estimated", "Rappel, estimé"),
    meaning=Text(
        "The share of the rows that should turn out positive and are predicted so. It holds while a score means "
        "what it meant at training; if that changes, only the truth will show it.",
        "La part des lignes qui devraient s'avérer positives et sont prédites telles. L'estimation vaut tant "
        "qu'un score signifie ce qu'il signifiait à l'apprentissage ; si cela change, seule la vérité le "
        "montrera.",
    ),
    formula=Text(
        "TP / (TP + FN), sums of chances over the rows predicted positive and negative; 95 % range: value -/+ 1.96 "
        "standard errors by the delta method, the outcomes independent",
        "VP / (VP + FN), sommes des chances des lignes prédites positives et négatives ; plage à 95 % : valeur -/+ "
        "1,96 erreur type par la méthode delta, résultats indépendants",
    ),
    source=Text(
        "confidence-based performance estimation (CBPE), NannyML documentation",
        "estimation de performance par la confiance (CBPE), documentation de NannyML",
    ),
    example=Text(
        "50 rows each at scores .2 and .8, where .1 and .7 are positive, predicted positive from .5: 35 of 40, 88 %.",
        "50 lignes à chacun des scores 0,2 et 0,8, où 0,1 et 0,7 sont positives, prédites positives dès 0,5 : 35 "
        "sur 40, 88 %.",
    ),
    unit="share",
    better="high",
    subjects=("model",),
)


def estimated_recall(expected: Expected) -> Estimate:
    """The recall to come; without a value below 10 expected positives, or where nobody said what is predicted."""
    positives = float(expected.positives.sum())
    if expected.threshold is None or positives < MINIMUM_ROWS:
        return nothing(expected.n)
    value = float(expected.positives[expected.predicted].sum()) / positives
    return around(
        value, expected.spread((expected.predicted - value) / positives), n=expected.n, lowest=0.0, highest=1.0
    )
