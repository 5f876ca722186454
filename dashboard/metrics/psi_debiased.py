"""PSI with its noise taken off: the size of the change, and its interval."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.metric import Metric
from dashboard.text import Text

Numbers = npt.NDArray[np.float64]

METRIC: Final = Metric(
    key="psi_debiased",
    name=Text("PSI, de-biased", "PSI débiaisé"),
    meaning=Text(
        "The size of the change with the noise taken off: 0 when the PSI is no larger than chance makes it. "
        "Colours compare this with the thresholds.",
        "La taille du changement, bruit déduit : 0 quand le PSI ne dépasse pas ce que donne le hasard. "
        "C'est lui que les couleurs comparent aux seuils.",
    ),
    formula=Text(
        "D = max(0, PSI - c (B - 1)); 90 % interval c (l -/+ 1.645 sqrt(2 (B - 1) + 4 l)), l = D / c, not below 0",
        "D = max(0, PSI - c (B - 1)) ; intervalle à 90 % c (l -/+ 1,645 sqrt(2 (B - 1) + 4 l)), l = D / c, pas sous 0",
    ),
    source=Text(
        "mean and variance of the non-central chi-square law; Yurdakul & Naranjo 2020",
        "moyenne et variance de la loi du khi-deux non centrée ; Yurdakul & Naranjo 2020",
    ),
    example=Text(
        "PSI .17 with noise .01 is a change of .16.",
        "Un PSI de 0,17 avec un bruit de 0,01 est un changement de 0,16.",
    ),
    unit="index",
    better="low",
    subjects=("variable",),
)

NORMAL_90: Final = 1.645
"""The normal quantile of a two-sided 90 % interval."""


def psi_debiased(psi: Numbers, noise: Numbers) -> Numbers:
    """D = max(0, PSI - noise), of any shape; NaN where either is NaN."""
    return np.maximum(psi - noise, 0.0)


def size_interval(size: Numbers, scale: Numbers, bins: npt.NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """The 90 % interval (low, high) of the size of the change D; ``scale`` is c, ``bins`` B, all of one shape.

    The noise's law around a true change l = D / c is non-central chi-square, whose variance is 2 (B - 1) + 4 l.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = size / scale
        half = NORMAL_90 * np.sqrt(2.0 * (bins - 1) + 4.0 * centre)
        return np.maximum(scale * (centre - half), 0.0), scale * (centre + half)
