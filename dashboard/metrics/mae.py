"""MAE, the mean absolute error of a regression."""

from __future__ import annotations

import math
from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import around
from dashboard.performance.truth_counts import Residuals
from dashboard.text import Text

METRIC: Final = Metric(
    key="mae",
    name=Text("MAE", "MAE"),
    meaning=Text(
        "The mean error of the predicted value regardless of its sign, in the outcome's own unit.",
        "L'erreur moyenne de la valeur prédite, sans son signe, dans l'unité du résultat.",
    ),
    formula=Text(
        "mean of |e|, e = predicted - true; standard error sd(|e|) / sqrt(n), 95 % interval value -/+ 1.96 standard "
        "errors, not below 0",
        "moyenne de |e|, e = prédit - vrai ; erreur type sd(|e|) / sqrt(n), intervalle à 95 % : valeur -/+ 1,96 erreur "
        "type, pas sous 0",
    ),
    source=Text("the mean's standard error", "l'erreur type de la moyenne"),
    example=Text("Errors -.5, .5, 0 and 1: MAE .5.", "Erreurs -0,5, 0,5, 0 et 1 : MAE 0,5."),
    unit="quantity",
    better="low",
    subjects=("model",),
)


def mae_with_se(residuals: Residuals) -> tuple[float, float]:
    """MAE and its standard error; NaN for both without rows, and for the second with one."""
    n = residuals.n
    if n < 1:
        return math.nan, math.nan
    value = residuals.sum_abs / n
    if n < 2:
        return value, math.nan
    variance = max(residuals.sum_sq / n - value * value, 0.0) * n / (n - 1)
    return value, math.sqrt(variance / n)


def mae(residuals: Residuals) -> Estimate:
    """The MAE of a cohort; without a value below 10 rows, or when a sum is not finite."""
    return around(*mae_with_se(residuals), n=residuals.n, lowest=0.0)
