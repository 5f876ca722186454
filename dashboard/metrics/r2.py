"""R2, the share of the outcome's variance that the model explains."""

from __future__ import annotations

import math
from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import around
from dashboard.performance.truth_counts import Residuals
from dashboard.text import Text

METRIC: Final = Metric(
    key="r2",
    name=Text("R²", "R²"),
    meaning=Text(
        "The share of the outcome's variance that the predictions explain: 1 is perfect, 0 as good as always "
        "predicting the cohort's mean, below 0 worse. No value below 10 rows, or when the outcome does not vary.",
        "La part de la variance du résultat que les prédictions expliquent : 1 est parfait, 0 vaut la moyenne de la "
        "cohorte prédite partout, en dessous c'est pire. Vide sous 10 lignes, ou quand le résultat ne varie pas.",
    ),
    formula=Text(
        "1 - r, r = sum of e^2 / sum of d^2, e = predicted - true, d = true - mean of true; standard error sqrt(sum "
        "of (e^2 - r d^2)^2) / sum of d^2 by the delta method, 95 % interval value -/+ 1.96 standard errors, not "
        "above 1",
        "1 - r, r = somme des e^2 / somme des d^2, e = prédit - vrai, d = vrai - moyenne du vrai ; erreur type "
        "sqrt(somme des (e^2 - r d^2)^2) / somme des d^2 par la méthode delta, intervalle à 95 % : valeur -/+ 1,96 "
        "erreur type, pas au-dessus de 1",
    ),
    source=Text(
        "scikit-learn, r2_score; delta method, e.g. van der Vaart, Asymptotic Statistics, 1998, ch. 3",
        "scikit-learn, r2_score ; méthode delta, p. ex. van der Vaart, Asymptotic Statistics, 1998, ch. 3",
    ),
    example=Text(
        "Predicted 2.5, 0, 2 and 8 where 3, -.5, 2 and 7 came: squared errors sum to 1.5, squared distances from the "
        "mean to 29.2: R² .949.",
        "Prédit 2,5, 0, 2 et 8 là où sont venus 3, -0,5, 2 et 7 : la somme des carrés des erreurs vaut 1,5, celle des "
        "écarts à la moyenne 29,2 : R² 0,949.",
    ),
    unit="index",
    better="high",
    subjects=("model",),
)


def r2(residuals: Residuals) -> Estimate:
    """The R2 of a cohort; without a value below 10 rows, for an outcome that does not vary, or sums not finite."""
    total = residuals.sum_true_sq
    if not 0 < total < math.inf:
        return around(math.nan, math.nan, n=residuals.n)
    ratio = residuals.sum_sq / total
    squares = residuals.sum_4th - 2 * ratio * residuals.sum_both_sq + ratio * ratio * residuals.sum_true_4th
    se = math.sqrt(max(squares, 0.0)) / total
    return around(1 - ratio, se, n=residuals.n, highest=1.0)
