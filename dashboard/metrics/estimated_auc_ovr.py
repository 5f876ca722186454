"""One-vs-rest AUC of a multiclass model before the truth is known, from what the calibration expects of each row."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard.metric import MINIMUM_ROWS, Estimate, Metric
from dashboard.performance.expected_classes import ExpectedClasses
from dashboard.performance.interval import around, nothing
from dashboard.performance.truth_counts import Floats
from dashboard.text import Text

METRIC: Final = Metric(
    key="estimated_auc_ovr",
    name=Text("AUC, one against the rest, estimated", "AUC, un contre tous, estimée"),
    meaning=Text(
        "The mean over classes of the AUC that each class's probability should reach against all other classes. "
        "It holds while a score means what it meant at training; if that changes, only the truth will show it.",
        "La moyenne sur les classes de l'AUC que la probabilité de chaque classe devrait atteindre contre toutes "
        "les autres. L'estimation vaut tant qu'un score signifie ce qu'il signifiait à l'apprentissage ; si cela "
        "change, seule la vérité le montrera.",
    ),
    formula=Text(
        "mean over classes of the AUC of expected counts, see AUC, estimated; 95 % range: value -/+ 1.96 standard "
        "errors by the delta method, the rows independent",
        "moyenne sur les classes de l'AUC des effectifs attendus, voir AUC, estimée ; plage à 95 % : valeur -/+ 1,96 "
        "erreur type par la méthode delta, lignes indépendantes",
    ),
    source=Text(
        "confidence-based performance estimation (CBPE), NannyML documentation",
        "estimation de performance par la confiance (CBPE), documentation de NannyML",
    ),
    example=Text(
        "Probabilities of a, b and c are calibrated to .7, .2, .1 in 50 rows and to .1, .1, .8 in 50 others, the "
        "likeliest predicted: AUC .81 of a, .60 of b, .85 of c, mean .75.",
        "Les probabilités de a, b et c sont calibrées à 0,7, 0,2, 0,1 sur 50 lignes et à 0,1, 0,1, 0,8 sur 50 "
        "autres, la plus probable étant prédite : AUC 0,81 pour a, 0,60 pour b, 0,85 pour c, moyenne 0,75.",
    ),
    unit="index",
    better="high",
    subjects=("model",),
)


def estimated_auc_ovr(expected: ExpectedClasses) -> Estimate:
    """The one-vs-rest AUC to come; without a value below 10 expected rows of a class, or 10 of the others."""
    of_class = expected.chances.sum(axis=0)
    if not expected.n or min(of_class.min(), (expected.n - of_class).min()) < MINIMUM_ROWS:
        return nothing(expected.n)
    found = [_one_class(*columns) for columns in zip(expected.probabilities.T, expected.chances.T, strict=True)]
    weights = np.stack([of_rows for _, of_rows in found], axis=1) / len(found)
    return around(
        float(np.mean([area for area, _ in found])), expected.spread(weights), n=expected.n, lowest=0.0, highest=1.0
    )


def _one_class(scores: Floats, chances: Floats) -> tuple[float, Floats]:
    """The expected AUC of one class, and how much each row (R,) turns it when it is of the class."""
    distinct, place = np.unique(scores, return_inverse=True)
    of_positives = np.bincount(place, chances, len(distinct))
    of_negatives = np.bincount(place, 1 - chances, len(distinct))
    positives, negatives = of_positives.sum(), of_negatives.sum()
    beaten = (np.cumsum(of_negatives) - of_negatives / 2) / negatives
    beating = (positives - np.cumsum(of_positives) + of_positives / 2) / positives
    area = float((of_positives * beaten).sum() / positives)
    return area, ((beaten - area) / positives - (beating - area) / negatives)[place]
