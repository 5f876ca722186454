"""The Brier score before the truth is known, from the positives that the calibration expects."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.expected import Expected
from dashboard.performance.interval import around, nothing
from dashboard.text import Text

METRIC: Final = Metric(
    key="estimated_brier",
    name=Text("Brier score, estimated", "Score de Brier, estimé"),
    meaning=Text(
        "What the mean squared distance of score and outcome should be. It holds while a score means what it "
        "meant at training; if that changes, only the truth will show it.",
        "Ce que le carré moyen de l'écart entre score et résultat devrait être. L'estimation vaut tant qu'un "
        "score signifie ce qu'il signifiait à l'apprentissage ; si cela change, seule la vérité le montrera.",
    ),
    formula=Text(
        "mean of chance (1 - score)^2 + (1 - chance) score^2; 95 % range: value -/+ 1.96 standard errors, the "
        "outcomes independent",
        "moyenne de chance (1 - score)^2 + (1 - chance) score^2 ; plage à 95 % : valeur -/+ 1,96 erreur type, "
        "résultats indépendants",
    ),
    source=Text(
        "confidence-based performance estimation (CBPE), NannyML documentation",
        "estimation de performance par la confiance (CBPE), documentation de NannyML",
    ),
    example=Text(
        "50 rows each at scores .2 and .8, where .1 and .7 are positive, predicted positive from .5: .10 at the "
        "first score and .22 at the second, .16.",
        "50 lignes à chacun des scores 0,2 et 0,8, où 0,1 et 0,7 sont positives, prédites positives dès 0,5 : "
        "0,10 au premier score et 0,22 au second, 0,16.",
    ),
    unit="index",
    better="low",
    subjects=("model",),
)


def estimated_brier(expected: Expected) -> Estimate:
    """The Brier score to come; without a value where a score is no probability."""
    scores = expected.scores
    if not expected.n or scores[0] < 0 or scores[-1] > 1:
        return nothing(expected.n)
    loss = expected.positives @ (1 - scores) ** 2 + expected.negatives @ scores**2
    return around(
        float(loss) / expected.n, expected.spread((1 - 2 * scores) / expected.n), n=expected.n, lowest=0.0, highest=1.0
    )
