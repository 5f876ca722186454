"""F1 at the model's threshold."""

from __future__ import annotations

import math
from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import between_0_and_1, nothing
from dashboard.performance.truth_counts import Confusion
from dashboard.text import Text

METRIC: Final = Metric(
    key="f1",
    name=Text("F1", "F1"),
    meaning=Text(
        "The harmonic mean of precision and recall at the model's threshold: high only when both are. True negatives "
        "do not count in it, so that it moves with the share of positives. No value without a threshold, or below 10 "
        "positives or negatives.",
        "La moyenne harmonique de la précision et du rappel au seuil du modèle : élevée seulement quand les deux le "
        "sont. Les vrais négatifs n'y comptent pas, si bien qu'elle bouge avec la part des positifs. Vide sans seuil, "
        "ou sous 10 positifs ou négatifs.",
    ),
    formula=Text(
        "2 TP / (2 TP + FP + FN); standard error by the delta method on the multinomial counts, sqrt(4 TP (1 - F1)^2 "
        "+ (FP + FN) F1^2) / (2 TP + FP + FN); 95 % interval on the logit scale; none at 0 and 1",
        "2 VP / (2 VP + FP + FN) ; erreur type par la méthode delta sur les comptes multinomiaux, sqrt(4 VP (1 - "
        "F1)^2 + (FP + FN) F1^2) / (2 VP + FP + FN) ; intervalle à 95 % sur l'échelle logit ; vide à 0 et à 1",
    ),
    source="Takahashi et al., Appl. Intell. 52:4961, 2022",
    example=Text(
        "480 found, 20 false alarms, 120 missed: 960 / 1,100 = .87.",
        "480 trouvés, 20 fausses alertes, 120 manqués : 960 / 1 100 = 0,87.",
    ),
    unit="share",
    better="high",
    subjects=("model",),
)


def f1(counts: Confusion) -> Estimate:
    """The F1 of a cohort; without a value below 10 positives or 10 negatives."""
    if not counts.enough:
        return nothing(counts.n)
    wrong = counts.fp + counts.fn
    twice = 2 * counts.tp + wrong
    value = 2 * counts.tp / twice
    se = math.sqrt(4 * counts.tp * (1 - value) ** 2 + wrong * value**2) / twice
    return between_0_and_1(value, se, n=counts.n)
