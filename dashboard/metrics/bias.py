"""Bias, the mean error of a regression with its sign."""

from __future__ import annotations

import math
from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import around
from dashboard.performance.truth_counts import Residuals
from dashboard.text import Text

METRIC: Final = Metric(
    key="bias",
    name=Text("Bias", "Biais"),
    meaning=Text(
        "The mean error with its sign, in the outcome's own unit: above 0 the model predicts too much, below 0 too "
        "little. No value below 10 rows, or when errors are so large that their squares are no numbers.",
        "L'erreur moyenne avec son signe, dans l'unité du résultat : au-dessus de 0 le modèle prédit trop, en dessous "
        "trop peu. Vide sous 10 lignes, ou quand les erreurs sont si grandes que leurs carrés ne sont plus des "
        "nombres.",
    ),
    formula=Text(
        "mean of e, e = predicted - true; standard error sd(e) / sqrt(n), 95 % interval value -/+ 1.96 standard errors",
        "moyenne de e, e = prédit - vrai ; erreur type sd(e) / sqrt(n), intervalle à 95 % : valeur -/+ 1,96 erreur "
        "type",
    ),
    source=Text(
        "the mean's standard error",
        "l'erreur type de la moyenne",
    ),
    example=Text(
        "Errors -.5, .5, 0 and 1: bias .25.",
        "Erreurs -0,5, 0,5, 0 et 1 : biais 0,25.",
    ),
    unit="quantity",
    better=None,
    subjects=("model",),
)


def bias(residuals: Residuals) -> Estimate:
    """The bias of a cohort; without a value below 10 rows, or when a sum is not finite."""
    n = residuals.n
    if n < 2:
        return around(math.nan, math.nan, n=n)
    value = residuals.sum / n
    variance = max(residuals.sum_sq / n - value * value, 0.0) * n / (n - 1)
    return around(value, math.sqrt(variance / n), n=n)
