"""AUC before the truth is known, from the positives that the calibration expects at each score."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard.metric import MINIMUM_ROWS, Estimate, Metric
from dashboard.performance.expected import Expected
from dashboard.performance.interval import between_0_and_1, nothing
from dashboard.text import Text

METRIC: Final = Metric(
    key="estimated_auc",
    name=Text("AUC, estimated", "AUC, estimée"),
    meaning=Text(
        "What the AUC should be once the truth is known, from how often each score was right at training. It "
        "holds while a score means what it meant at training; if that changes, only the truth will show it.",
        "Ce que l'AUC devrait être une fois la vérité connue, d'après la fréquence à laquelle chaque score avait "
        "raison à l'apprentissage. L'estimation vaut tant qu'un score signifie ce qu'il signifiait à "
        "l'apprentissage ; si cela change, seule la vérité le montrera.",
    ),
    formula=Text(
        "AUC of the expected counts: rows x chance positives, rows x (1 - chance) negatives at each score; 95 % range "
        "of the AUC to come, on the logit scale, by the delta method over independent outcomes",
        "AUC des effectifs attendus : lignes x chance positifs, lignes x (1 - chance) négatifs à chaque score ; plage "
        "à 95 % de l'AUC à venir, sur l'échelle logit, par la méthode delta sur des résultats indépendants",
    ),
    source=Text(
        "confidence-based performance estimation (CBPE), NannyML documentation",
        "estimation de performance par la confiance (CBPE), documentation de NannyML",
    ),
    example=Text(
        "50 rows each at scores .2 and .8, where .1 and .7 are positive, predicted positive from .5: the AUC "
        "should be .81.",
        "50 lignes à chacun des scores 0,2 et 0,8, où 0,1 et 0,7 sont positives, prédites positives dès 0,5 : "
        "l'AUC devrait être de 0,81.",
    ),
    unit="index",
    better="high",
    subjects=("model",),
)


def estimated_auc(expected: Expected) -> Estimate:
    """The AUC to come; without a value below 10 expected positives or 10 expected negatives."""
    of_positives, of_negatives = expected.positives, expected.negatives
    positives, negatives = float(of_positives.sum()), float(of_negatives.sum())
    if min(positives, negatives) < MINIMUM_ROWS:
        return nothing(expected.n)
    # For each score: the share of negatives it beats, and the share of positives that beat it (ties one half).
    beaten = (np.cumsum(of_negatives) - of_negatives / 2) / negatives
    beating = (positives - np.cumsum(of_positives) + of_positives / 2) / positives
    value = float((of_positives * beaten).sum() / positives)
    se = expected.spread((beaten - value) / positives - (beating - value) / negatives)
    return between_0_and_1(value, se, n=expected.n)
