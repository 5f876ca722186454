"""RMSE, the root mean squared error of a regression."""

from __future__ import annotations

import math
from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import around
from dashboard.performance.truth_counts import Residuals
from dashboard.text import Text

METRIC: Final = Metric(
    key="rmse",
    name=Text("RMSE", "RMSE"),
    meaning=Text(
        "The typical error of the predicted value, in the outcome's own unit; large errors weigh more.",
        "L'erreur typique de la valeur prédite, dans l'unité du résultat ; les grandes erreurs pèsent davantage.",
    ),
    formula=Text(
        "sqrt(mean of e^2), e = predicted - true; standard error sd(e^2) / (2 RMSE sqrt(n)) by the delta method, "
        "95 % interval value -/+ 1.96 standard errors, not below 0",
        "sqrt(moyenne de e^2), e = prédit - vrai ; erreur type sd(e^2) / (2 RMSE sqrt(n)) par la méthode delta, "
        "intervalle à 95 % : valeur -/+ 1,96 erreur type, pas sous 0",
    ),
    source=Text(
        "delta method, e.g. van der Vaart, Asymptotic Statistics, 1998, ch. 3",
        "méthode delta, p. ex. van der Vaart, Asymptotic Statistics, 1998, ch. 3",
    ),
    example=Text(
        "Errors -.5, .5, 0 and 1: the mean square is .375, RMSE .612.",
        "Erreurs -0,5, 0,5, 0 et 1 : le carré moyen vaut 0,375, la RMSE 0,612.",
    ),
    unit="quantity",
    better="low",
    subjects=("model",),
)


def rmse_with_se(residuals: Residuals) -> tuple[float, float]:
    """RMSE and its standard error; NaN for both without rows, and for the second with one."""
    n = residuals.n
    if n < 1:
        return math.nan, math.nan
    square = residuals.sum_sq / n
    value = math.sqrt(square)
    if n < 2:
        return value, math.nan
    variance = max(residuals.sum_4th / n - square * square, 0.0) * n / (n - 1)
    return value, math.sqrt(variance / n) / (2 * value) if value > 0 else 0.0


def rmse(residuals: Residuals) -> Estimate:
    """The RMSE of a cohort; without a value below 10 rows, or when a sum is not finite."""
    return around(*rmse_with_se(residuals), n=residuals.n, lowest=0.0)
