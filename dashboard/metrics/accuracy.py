"""Accuracy, the share of right predictions, with Wilson's interval."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import nothing, share_of_rows
from dashboard.performance.truth_counts import ClassCounts, Confusion
from dashboard.text import Text

METRIC: Final = Metric(
    key="accuracy",
    name=Text("Accuracy", "Exactitude"),
    meaning=Text(
        "The share of predictions that name the right class; of a binary model, those at its threshold. No value "
        "below 10 rows, or 10 positives or negatives of a binary model.",
        "La part des prédictions qui donnent la bonne classe ; pour un modèle binaire, à son seuil. Vide sous 10 "
        "lignes, ou sous 10 positifs ou négatifs d'un modèle binaire.",
    ),
    formula=Text(
        "right / n; standard error sqrt(a (1 - a) / n); 95 % interval of Wilson",
        "bonnes / n ; erreur type sqrt(a (1 - a) / n) ; intervalle à 95 % de Wilson",
    ),
    source="Wilson, JASA 22:209, 1927",
    example=Text(
        "81 right of 100: 81 %, interval 72 % to 87 %.", "81 bonnes sur 100 : 81 %, intervalle de 72 % à 87 %."
    ),
    unit="share",
    better="high",
    subjects=("model",),
)


def accuracy(counts: ClassCounts | Confusion) -> Estimate:
    """The accuracy of a cohort; without a value below 10 rows, or 10 of either class of a binary model."""
    if isinstance(counts, Confusion):
        return share_of_rows(counts.tp + counts.tn, counts.n) if counts.enough else nothing(counts.n)
    return share_of_rows(counts.correct, counts.n)
