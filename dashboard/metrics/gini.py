"""Gini, the AUC on a scale where guessing is 0."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="gini",
    name=Text("Gini", "Gini"),
    meaning=Text(
        "The AUC on a scale where guessing is 0 and perfect ranking 1: how much better than chance the model ranks. "
        "Credit scoring also calls it Somers' D. No value below 10 positives or negatives.",
        "L'AUC sur une échelle où le hasard vaut 0 et le classement parfait 1 : de combien le modèle classe mieux que "
        "le hasard. En score de crédit, aussi appelé D de Somers. Vide sous 10 positifs ou négatifs.",
    ),
    formula=Text(
        "2 AUC - 1; standard error and 95 % interval are those of the AUC, on the same scale",
        "2 AUC - 1 ; erreur type et intervalle à 95 % sont ceux de l'AUC, sur la même échelle",
    ),
    source="Somers, Am. Sociol. Rev. 27:799, 1962; DeLong et al., Biometrics 44:837, 1988",
    example=Text(
        "AUC .75, interval .71 to .79: Gini .50, interval .42 to .58.",
        "AUC 0,75, intervalle de 0,71 à 0,79 : Gini 0,50, intervalle de 0,42 à 0,58.",
    ),
    unit="index",
    better="high",
    subjects=("model",),
)


def gini(area: Estimate) -> Estimate:
    """The Gini of a cohort from its AUC; without a value where that has none."""
    value, low, high = (None if number is None else 2 * number - 1 for number in (area.value, area.low, area.high))
    return Estimate(value, None if area.se is None else 2 * area.se, low, high, area.n)
