"""Precision before the truth is known, from the positives that the calibration expects."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.expected import Expected
from dashboard.performance.interval import around, nothing
from dashboard.text import Text

METRIC: Final = Metric(
    key="estimated_precision",
    name=Text("Precision, estimated", "Précision, estimée"),
    meaning=Text(
        "The share of the rows predicted positive that should turn out positive. It holds while a score means "
        "what it meant at training; if that changes, only the truth will show it.",
        "La part des lignes prédites positives qui devraient s'avérer positives. L'estimation vaut tant qu'un "
        "score signifie ce qu'il signifiait à l'apprentissage ; si cela change, seule la vérité le montrera.",
    ),
    formula=Text(
        "TP / (TP + FP), TP = sum of the chances of the rows predicted positive; 95 % range: value -/+ 1.96 standard "
        "errors, the outcomes independent",
        "VP / (VP + FP), VP = somme des chances des lignes prédites positives ; plage à 95 % : valeur -/+ 1,96 erreur "
        "type, résultats indépendants",
    ),
    source=Text(
        "confidence-based performance estimation (CBPE), NannyML documentation",
        "estimation de performance par la confiance (CBPE), documentation de NannyML",
    ),
    example=Text(
        "50 rows each at scores .2 and .8, where .1 and .7 are positive, predicted positive from .5: 35 of 50, 70 %.",
        "50 lignes à chacun des scores 0,2 et 0,8, où 0,1 et 0,7 sont positives, prédites positives dès 0,5 : 35 "
        "sur 50, 70 %.",
    ),
    unit="share",
    better="high",
    subjects=("model",),
)


def estimated_precision(expected: Expected) -> Estimate:
    """The precision to come; without a value where no row is predicted positive, or nobody said from which score."""
    predicted = float(expected.rows[expected.predicted].sum())
    if predicted <= 0:
        return nothing(expected.n)
    value = float(expected.positives[expected.predicted].sum()) / predicted
    return around(value, expected.spread(expected.predicted / predicted), n=expected.n, lowest=0.0, highest=1.0)
