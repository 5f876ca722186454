"""Precision at the model's threshold."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import nothing, share_of_rows
from dashboard.performance.truth_counts import Confusion
from dashboard.text import Text

METRIC: Final = Metric(
    key="precision",
    name=Text("Precision", "Précision"),
    meaning=Text(
        "The share of rows predicted positive, at the threshold that training delivered with the version, that are "
        "positive. No value without a threshold, below 10 positives or negatives, or when fewer than 10 rows are "
        "predicted positive.",
        "La part des lignes prédites positives, au seuil livré par l'apprentissage avec la version, qui le sont. Vide "
        "sans seuil, sous 10 positifs ou négatifs, ou quand moins de 10 lignes sont prédites positives.",
    ),
    formula=Text(
        "TP / (TP + FP), rows with score >= threshold predicted positive; 95 % interval of Wilson",
        "VP / (VP + FP), lignes de score >= seuil prédites positives ; intervalle à 95 % de Wilson",
    ),
    source="Wilson, JASA 22:209, 1927",
    example=Text(
        "Of 500 rows predicted positive 480 are: 96 %, interval 94 % to 97 %.",
        "Sur 500 lignes prédites positives, 480 le sont : 96 %, intervalle de 94 % à 97 %.",
    ),
    unit="share",
    better="high",
    subjects=("model",),
)


def precision(counts: Confusion) -> Estimate:
    """The precision of a cohort; without a value below 10 rows of a class, or 10 predicted positive."""
    predicted = counts.tp + counts.fp
    return share_of_rows(counts.tp, predicted) if counts.enough else nothing(predicted)
