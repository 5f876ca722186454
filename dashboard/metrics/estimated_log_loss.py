"""Log loss before the truth is known, from what the calibration expects of each row."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard.metric import Estimate, Metric
from dashboard.performance.expected import Expected
from dashboard.performance.expected_classes import ExpectedClasses
from dashboard.performance.interval import around, nothing
from dashboard.text import Text
from qod.scored import CLIP

METRIC: Final = Metric(
    key="estimated_log_loss",
    name=Text("Log loss, estimated", "Perte logarithmique, estimée"),
    meaning=Text(
        "What the mean log loss of the scores should be. It holds while a score means what it meant at training; "
        "if that changes, only the truth will show it.",
        "Ce que la perte logarithmique moyenne des scores devrait être. L'estimation vaut tant qu'un score "
        "signifie ce qu'il signifiait à l'apprentissage ; si cela change, seule la vérité le montrera.",
    ),
    formula=Text(
        "mean of -chance ln(score) - (1 - chance) ln(1 - score), scores clipped at 1e-15; 95 % range: value -/+ 1.96 "
        "standard errors, the outcomes independent",
        "moyenne de -chance ln(score) - (1 - chance) ln(1 - score), scores bornés à 1e-15 ; plage à 95 % : valeur -/+ "
        "1,96 erreur type, résultats indépendants",
    ),
    source=Text(
        "confidence-based performance estimation (CBPE), NannyML documentation",
        "estimation de performance par la confiance (CBPE), documentation de NannyML",
    ),
    example=Text(
        "50 rows each at scores .2 and .8, where .1 and .7 are positive, predicted positive from .5: .36 at the "
        "first score and .64 at the second, .50.",
        "50 lignes à chacun des scores 0,2 et 0,8, où 0,1 et 0,7 sont positives, prédites positives dès 0,5 : "
        "0,36 au premier score et 0,64 au second, 0,50.",
    ),
    unit="index",
    better="low",
    subjects=("model",),
)


def estimated_log_loss(expected: Expected) -> Estimate:
    """The log loss to come; without a value where a score is no probability."""
    scores = expected.scores
    if not expected.n or scores[0] < 0 or scores[-1] > 1:
        return nothing(expected.n)
    clipped = np.clip(scores, CLIP, 1 - CLIP)
    if_positive, if_negative = -np.log(clipped), -np.log(1 - clipped)
    value = float(expected.positives @ if_positive + expected.negatives @ if_negative) / expected.n
    return around(value, expected.spread((if_positive - if_negative) / expected.n), n=expected.n, lowest=0.0)


def estimated_class_log_loss(expected: ExpectedClasses) -> Estimate:
    """The log loss to come of a multiclass model; without a value below 10 rows."""
    if not expected.n:
        return nothing(expected.n)
    losses = -np.log(np.clip(expected.probabilities, CLIP, 1.0))
    value = float((expected.chances * losses).sum()) / expected.n
    return around(value, expected.spread(losses / expected.n), n=expected.n, lowest=0.0)
