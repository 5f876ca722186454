"""The p-value of the chi-square test of homogeneity."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from dashboard.metric import Metric
from dashboard.text import Text

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.integer[Any]]

METRIC: Final = Metric(
    key="chi_square_p_value",
    name=Text("Chi-square, p-value", "Khi-deux, valeur p"),
    meaning=Text(
        "How often chance alone gives a chi-square as large as this one when nothing has moved. A small p-value says "
        "that there is a change, not that it is large. Rough where a bin expects fewer than five rows.",
        "La fréquence à laquelle le seul hasard donne un khi-deux aussi grand quand rien n'a bougé. Une petite valeur "
        "p dit qu'il y a un changement, non qu'il est grand. Approximative là où une classe attend moins de cinq "
        "lignes.",
    ),
    formula=Text("P(chi-square (B - 1) >= statistic)", "P(khi-deux (B - 1) >= statistique)"),
    source="Pearson, Biometrika 8:250, 1911; Fisher, J. R. Stat. Soc. 85:87, 1922",
    example=Text(
        "Training 60, 30, 10; batch 10, 20, 20: 27.4 with 2 degrees of freedom, p = .0000011.",
        "Apprentissage 60, 30, 10 ; lot 10, 20, 20 : 27,4 à 2 degrés de liberté, p = 0,0000011.",
    ),
    unit="index",
    better=None,
    subjects=("variable",),
)


def chi_square_tail(statistic: Numbers, bins: Whole) -> Numbers:
    """P(chi-square with ``bins`` - 1 degrees of freedom >= ``statistic``), of their broadcast shape.

    NaN where the statistic is NaN, or where ``bins`` < 2. Below 1e-308 it is 0.
    """
    with np.errstate(invalid="ignore"):
        tail: Numbers = chdtrc(np.where(bins > 1, bins - 1.0, np.nan), statistic)
    return tail
