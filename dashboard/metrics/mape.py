"""MAPE, the mean absolute error in proportion to the true value."""

from __future__ import annotations

import math
from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import around
from dashboard.performance.truth_counts import Residuals
from dashboard.text import Text

METRIC: Final = Metric(
    key="mape",
    name=Text("MAPE", "MAPE"),
    meaning=Text(
        "The mean error in proportion to the true value, regardless of its sign. It weighs errors on small values "
        "most. No value below 10 rows, or when an outcome is 0: no error is in proportion to nothing.",
        "L'erreur moyenne rapportée à la valeur vraie, sans son signe. Les erreurs sur les petites valeurs y pèsent "
        "le plus. Vide sous 10 lignes, ou quand un résultat vaut 0 : rien n'est proportionnel à rien.",
    ),
    formula=Text(
        "mean of |predicted - true| / |true|; standard error sd / sqrt(n), 95 % interval value -/+ 1.96 standard "
        "errors, not below 0; none when |true| < 2.2e-16",
        "moyenne de |prédit - vrai| / |vrai| ; erreur type sd / sqrt(n), intervalle à 95 % : valeur -/+ 1,96 erreur "
        "type, pas sous 0 ; vide quand |vrai| < 2,2e-16",
    ),
    source=Text(
        "scikit-learn, mean_absolute_percentage_error, where it is finite",
        "scikit-learn, mean_absolute_percentage_error, là où elle est finie",
    ),
    example=Text(
        "Predicted 90, 55 and 30 where 100, 50 and 30 came: 10 %, 10 % and 0 %, on average 6.7 %.",
        "Prédit 90, 55 et 30 là où sont venus 100, 50 et 30 : 10 %, 10 % et 0 %, en moyenne 6,7 %.",
    ),
    unit="share",
    better="low",
    subjects=("model",),
)


def mape(residuals: Residuals) -> Estimate:
    """The MAPE of a cohort; without a value below 10 rows, or when a true value is 0."""
    n = residuals.n
    if n < 2:
        return around(math.nan, math.nan, n=n)
    value = residuals.sum_relative / n
    variance = max(residuals.sum_relative_sq / n - value * value, 0.0) * n / (n - 1)
    return around(value, math.sqrt(variance / n), n=n, lowest=0.0)
