"""F1 before the truth is known, from the positives that the calibration expects."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.expected import Expected
from dashboard.performance.interval import around, nothing
from dashboard.text import Text

METRIC: Final = Metric(
    key="estimated_f1",
    name=Text("F1, estimated", "F1, estimé"),
    meaning=Text(
        "The harmonic mean of the precision and the recall that are to be expected. It holds while a score means "
        "what it meant at training; if that changes, only the truth will show it.",
        "La moyenne harmonique de la précision et du rappel attendus. L'estimation vaut tant qu'un score signifie"
        " ce qu'il signifiait à l'apprentissage ; si cela change, seule la vérité le montrera.",
    ),
    formula=Text(
        "2 TP / (2 TP + FP + FN), sums of chances; 95 % range: value -/+ 1.96 standard errors by the delta method, the "
        "outcomes independent",
        "2 VP / (2 VP + FP + FN), sommes de chances ; plage à 95 % : valeur -/+ 1,96 erreur type par la méthode delta, "
        "résultats indépendants",
    ),
    source=Text(
        "confidence-based performance estimation (CBPE), NannyML documentation",
        "estimation de performance par la confiance (CBPE), documentation de NannyML",
    ),
    example=Text(
        "50 rows each at scores .2 and .8, where .1 and .7 are positive, predicted positive from .5: 70 / (70 + "
        "15 + 5), 78 %.",
        "50 lignes à chacun des scores 0,2 et 0,8, où 0,1 et 0,7 sont positives, prédites positives dès 0,5 : 70 "
        "/ (70 + 15 + 5), 78 %.",
    ),
    unit="share",
    better="high",
    subjects=("model",),
)


def estimated_f1(expected: Expected) -> Estimate:
    """The F1 to come; without a value where nothing is predicted or expected positive, or nobody said from where."""
    either = float(expected.rows[expected.predicted].sum() + expected.positives.sum())
    if expected.threshold is None or either <= 0:
        return nothing(expected.n)
    value = 2 * float(expected.positives[expected.predicted].sum()) / either
    return around(
        value, expected.spread((2 * expected.predicted - value) / either), n=expected.n, lowest=0.0, highest=1.0
    )
