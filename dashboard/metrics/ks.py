"""KS on bins: the largest gap between two cumulative distributions."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.metric import Metric
from dashboard.metrics.l_infinity import largest_difference, shares
from dashboard.text import Text

Counts = npt.NDArray[np.integer[Any]]
Numbers = npt.NDArray[np.float64]

METRIC: Final = Metric(
    key="ks",
    name=Text("KS on bins", "KS sur classes"),
    meaning=Text(
        "The largest gap between the share of rows up to a value in the batch and in training, looked for at the edges "
        "of the bins: never more than the Kolmogorov-Smirnov distance of the rows themselves. For numeric variables; "
        "rows without a value take no part.",
        "Le plus grand écart entre la part des lignes jusqu'à une valeur dans le lot et dans l'apprentissage, cherché "
        "aux bornes des classes : jamais plus que la distance de Kolmogorov-Smirnov des lignes elles-mêmes. Pour les "
        "variables numériques ; les lignes sans valeur ne comptent pas.",
    ),
    formula=Text(
        "max over edges of |P - Q|; P, Q: cumulative shares of training and batch, of the rows with a value",
        "max sur les bornes de |P - Q| ; P, Q : parts cumulées de l'apprentissage et du lot, des lignes avec une "
        "valeur",
    ),
    source="Massey, JASA 46:68, 1951",
    example=Text(
        "Training 60, 30, 10; batch 20, 40, 40: cumulative .60 .90 1 and .20 .60 1: .40.",
        "Apprentissage 60, 30, 10 ; lot 20, 40, 40 : cumulées 0,60 0,90 1 et 0,20 0,60 1 : 0,40.",
    ),
    unit="index",
    better="low",
    subjects=("variable",),
)


def ks(reference: Counts, batch: Counts) -> Numbers:
    """The largest absolute difference of cumulative shares, 0..1.

    Both are counts of shape (..., bins) that broadcast against each other, the bins in the order of their values and
    without the missing one (or with 0 in it); the result loses the last axis. NaN where either side has no rows. A
    lower bound of the exact distance of the rows. Source: Massey 1951.
    """
    return largest_difference(shares(reference).cumsum(axis=-1), shares(batch).cumsum(axis=-1))
