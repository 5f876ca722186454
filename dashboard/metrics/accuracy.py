"""Accuracy, the share of right predictions, with Wilson's interval."""

from __future__ import annotations

import math
from typing import Final

from dashboard.history import ClassCounts
from dashboard.metric import MINIMUM_ROWS, Estimate, Metric
from dashboard.metrics.auc import NORMAL_95
from dashboard.text import Text

METRIC: Final = Metric(
    key="accuracy",
    name=Text("Accuracy", "Exactitude"),
    meaning=Text(
        "The share of predictions that name the right class.",
        "La part des prédictions qui donnent la bonne classe.",
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


def wilson_interval(hits: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % interval of the share ``hits`` / ``n``; NaN for both when ``n`` is 0."""
    if n <= 0:
        return math.nan, math.nan
    z2 = NORMAL_95**2
    share = hits / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = NORMAL_95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def accuracy(counts: ClassCounts) -> Estimate:
    """The accuracy of a cohort; without a value below 10 rows."""
    if counts.n < MINIMUM_ROWS:
        return Estimate(None, None, None, None, counts.n)
    value = counts.correct / counts.n
    low, high = wilson_interval(counts.correct, counts.n)
    return Estimate(value, math.sqrt(value * (1 - value) / counts.n), low, high, counts.n)
