"""The p-value of a PSI: how often chance alone gives as much."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.metric import Metric
from dashboard.metrics.chi_square_p_value import chi_square_tail
from dashboard.text import Text

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.integer[Any]]

METRIC: Final = Metric(
    key="psi_p_value",
    name=Text("PSI, p-value", "PSI, valeur p"),
    meaning=Text(
        "How often chance alone gives a PSI as large as this one when nothing has moved, at these numbers of rows and "
        "bins. A small p-value says that there is a change, not that it is large. Rough below about 100 rows.",
        "La fréquence à laquelle le seul hasard donne un PSI aussi grand quand rien n'a bougé, avec ces nombres de "
        "lignes et de classes. Une petite valeur p dit qu'il y a un changement, non qu'il est grand. Approximative "
        "sous une centaine de lignes.",
    ),
    formula=Text("P(chi-square (B - 1) >= PSI / c), c = 1/n + 1/m", "P(khi-deux (B - 1) >= PSI / c), c = 1/n + 1/m"),
    source="Yurdakul & Naranjo, J. Risk Model Validation 14(4), 2020",
    example=Text(
        "PSI .018, 10 bins, 1,000 rows against 50,000 in training: c = .00102, PSI / c = 17.6, p = .039.",
        "PSI 0,018, 10 classes, 1 000 lignes contre 50 000 à l'apprentissage : c = 0,00102, PSI / c = 17,6, p = 0,039.",
    ),
    unit="index",
    better=None,
    subjects=("variable",),
)


def psi_p_value(psi: Numbers, scale: Numbers, bins: Whole) -> Numbers:
    """P(chi-square (B - 1) >= PSI / c), of any shape; ``scale`` is c = 1/n + 1/m and ``bins`` is B.

    NaN where the PSI is. Source: Yurdakul & Naranjo 2020.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return chi_square_tail(psi / scale, bins)
