"""Recall at the model's threshold."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import nothing, share_of_rows
from dashboard.performance.truth_counts import Confusion
from dashboard.text import Text

METRIC: Final = Metric(
    key="recall",
    name=Text("Recall", "Rappel"),
    meaning=Text(
        "The share of positives that the model predicts positive at its threshold: those it does not miss. Also "
        "called sensitivity. No value without a threshold, or below 10 positives or negatives.",
        "La part des positifs que le modèle prédit positifs à son seuil : ceux qu'il ne manque pas. Aussi appelé "
        "sensibilité. Vide sans seuil, ou sous 10 positifs ou négatifs.",
    ),
    formula=Text(
        "TP / (TP + FN), rows with score >= threshold predicted positive; 95 % interval of Wilson",
        "VP / (VP + FN), lignes de score >= seuil prédites positives ; intervalle à 95 % de Wilson",
    ),
    source="Wilson, JASA 22:209, 1927",
    example=Text(
        "Of 600 churners 480 were predicted: 80 %, interval 77 % to 83 %.",
        "Sur 600 résiliations, 480 étaient prédites : 80 %, intervalle de 77 % à 83 %.",
    ),
    unit="share",
    better="high",
    subjects=("model",),
)


def recall(counts: Confusion) -> Estimate:
    """The recall of a cohort; without a value below 10 positives or 10 negatives."""
    positives = counts.tp + counts.fn
    return share_of_rows(counts.tp, positives) if counts.enough else nothing(positives)
