"""L-infinity: the largest change of any one bin's share."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.metric import Metric
from dashboard.text import Text

Counts = npt.NDArray[np.integer[Any]]
Numbers = npt.NDArray[np.float64]

METRIC: Final = Metric(
    key="l_infinity",
    name=Text("L-infinity", "L-infini"),
    meaning=Text(
        "The largest change of any one bin's or level's share of the rows, whichever it is: .05 says that no bin "
        "gained or lost more than 5 points. It takes no account of chance.",
        "Le plus grand changement de la part d'une seule classe ou modalité, quelle qu'elle soit : 0,05 signifie "
        "qu'aucune classe n'a gagné ni perdu plus de 5 points. Elle ne tient pas compte du hasard.",
    ),
    formula=Text(
        "max over bins of |p - q|; p, q: shares of training and batch",
        "max sur les classes de |p - q| ; p, q : parts de l'apprentissage et du lot",
    ),
    source="Breck et al., MLSys 2019",
    example=Text(
        "Training 60, 30, 10; batch 20, 40, 40: the shares change by .40, .10 and .30: .40.",
        "Apprentissage 60, 30, 10 ; lot 20, 40, 40 : les parts changent de 0,40, 0,10 et 0,30 : 0,40.",
    ),
    unit="index",
    better="low",
    subjects=("variable",),
)


def l_infinity(reference: Counts, batch: Counts) -> Numbers:
    """The largest absolute difference of shares, 0..1.

    Both are counts of shape (..., bins) that broadcast against each other; the result loses the last axis. NaN where
    either side has no rows. Source: Breck et al. 2019.
    """
    return largest_difference(shares(reference), shares(batch))


def shares(counts: Counts) -> Numbers:
    """``counts`` (..., bins) over their sum; NaN where there are no rows."""
    rows = counts.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rows > 0, counts / rows, np.nan)


def largest_difference(left: Numbers, right: Numbers) -> Numbers:
    """The largest |left - right| over the last axis; NaN where either is, and where there is no bin at all."""
    gap = np.abs(left - right)
    return gap.max(axis=-1) if gap.shape[-1] else np.full(gap.shape[:-1], np.nan)
