"""The noise of a PSI: what chance alone gives at these row counts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

from dashboard.metric import Metric
from dashboard.text import Text

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.integer[Any]]

METRIC: Final = Metric(
    key="psi_noise",
    name=Text("PSI, noise", "PSI, bruit"),
    meaning=Text(
        "The PSI that chance alone gives when nothing has moved, at these numbers of rows and bins. Its upper bound is "
        "what chance exceeds once in 200 batches: below it, a PSI says nothing.",
        "Le PSI que donne le seul hasard quand rien n'a bougé, avec ces nombres de lignes et de classes. Sa borne "
        "haute est ce que le hasard dépasse une fois sur 200 lots : en dessous, un PSI ne dit rien.",
    ),
    formula=Text(
        "mean c (B - 1), upper bound K(0.005) = c chi2_isf(0.005, B - 1), with c = 1/n + 1/m",
        "moyenne c (B - 1), borne haute K(0,005) = c chi2_isf(0,005, B - 1), avec c = 1/n + 1/m",
    ),
    source=Text(
        "Yurdakul & Naranjo, J. Risk Model Validation 14(4), 2020: without drift PSI / c follows chi-square (B - 1)",
        "Yurdakul & Naranjo, J. Risk Model Validation 14(4), 2020 : sans dérive, PSI / c suit un khi-deux (B - 1)",
    ),
    example=Text(
        "10 bins, 200 rows against 50,000 in training: c = .00502, noise .045, upper bound .118: "
        "a PSI of .10 means nothing here.",
        "10 classes, 200 lignes contre 50 000 à l'apprentissage : c = 0,00502, bruit 0,045, borne haute 0,118 : "
        "un PSI de 0,10 ne signifie rien ici.",
    ),
    unit="index",
    better=None,
    subjects=("variable",),
)

ALPHA: Final = 0.005
"""The chance of a PSI above its noise's upper bound without drift."""

ALPHA_AT_ONCE: Final = 1e-6
"""The chance that colours red at once, without waiting for a second batch."""


def noise(scale: Numbers, bins: Whole) -> Numbers:
    """The mean PSI without drift, c (B - 1), of any shape; NaN where fewer than two bins are in use."""
    with np.errstate(invalid="ignore"):
        return np.where((bins > 1) & np.isfinite(scale), scale * (bins - 1), np.nan)


def critical(scale: Numbers, bins: Whole, alpha: float) -> Numbers:
    """K(alpha): what the PSI exceeds with probability ``alpha`` without drift; NaN where it has no law.

    ``scale`` is c = 1/n + 1/m and ``bins`` is B, of any shape. Source: Yurdakul & Naranjo 2020.
    """
    table = _chi_square_table(int(bins.max(initial=1)), alpha)
    with np.errstate(invalid="ignore"):
        return np.where((bins > 1) & np.isfinite(scale), scale * table[np.maximum(bins, 1)], np.nan)


@lru_cache(maxsize=64)
def _chi_square_table(most: int, alpha: float) -> Numbers:
    # By number of bins, from 0: the quantile has B - 1 degrees of freedom.
    table = np.full(most + 1, np.nan)
    table[2:] = chdtri(np.arange(1, most), alpha)
    table.setflags(write=False)
    return table
