"""Specificity at the model's threshold."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import nothing, share_of_rows
from dashboard.performance.truth_counts import Confusion
from dashboard.text import Text

METRIC: Final = Metric(
    key="specificity",
    name=Text("Specificity", "Spécificité"),
    meaning=Text(
        "The share of negatives that the model predicts negative at its threshold: those it leaves in peace. No value "
        "without a threshold, or below 10 positives or negatives.",
        "La part des négatifs que le modèle prédit négatifs à son seuil : ceux qu'il laisse en paix. Vide sans seuil, "
        "ou sous 10 positifs ou négatifs.",
    ),
    formula=Text(
        "TN / (TN + FP), rows with score < threshold predicted negative; 95 % interval of Wilson",
        "VN / (VN + FP), lignes de score < seuil prédites négatives ; intervalle à 95 % de Wilson",
    ),
    source="Wilson, JASA 22:209, 1927",
    example=Text(
        "Of 4,400 customers who stayed 4,380 were predicted to: 99.5 %, interval 99.3 % to 99.7 %.",
        "Sur 4 400 clients restés, 4 380 étaient prédits ainsi : 99,5 %, intervalle de 99,3 % à 99,7 %.",
    ),
    unit="share",
    better="high",
    subjects=("model",),
)


def specificity(counts: Confusion) -> Estimate:
    """The specificity of a cohort; without a value below 10 positives or 10 negatives."""
    negatives = counts.tn + counts.fp
    return share_of_rows(counts.tn, negatives) if counts.enough else nothing(negatives)
