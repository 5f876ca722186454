"""Jensen-Shannon distance, base 2: how far a batch's distribution is from another, between 0 and 1."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import xlog1py

from dashboard.metric import Metric
from dashboard.metrics.l_infinity import shares
from dashboard.text import Text

Counts = npt.NDArray[np.integer[Any]]
Numbers = npt.NDArray[np.float64]

METRIC: Final = Metric(
    key="js_distance",
    name=Text("Jensen-Shannon distance, base 2", "Distance de Jensen-Shannon, base 2"),
    meaning=Text(
        "How far the batch's distribution of this variable is from the training's, on a scale that ends: 0 is the "
        "same, 1 nothing in common. It is the square root of the Jensen-Shannon divergence with logarithms to base 2; "
        "other tools leave out the root, or take natural logarithms. It takes no account of chance.",
        "Distance entre la distribution de la variable dans le lot et celle de l'apprentissage, sur une échelle "
        "bornée : 0, la même ; 1, rien en commun. C'est la racine carrée de la divergence de Jensen-Shannon en "
        "logarithmes de base 2 ; d'autres outils omettent la racine ou prennent le logarithme naturel. Elle ne tient "
        "pas compte du hasard.",
    ),
    formula=Text(
        "sqrt(sum over bins of (p log2(p / a) + q log2(q / a)) / 2), a = (p + q) / 2; p, q: shares of training and "
        "batch",
        "sqrt(somme sur les classes de (p log2(p / a) + q log2(q / a)) / 2), a = (p + q) / 2 ; p, q : parts de "
        "l'apprentissage et du lot",
    ),
    source="Lin, IEEE Trans. Inf. Theory 37:145, 1991; Endres & Schindelin, IEEE Trans. Inf. Theory 49:1858, 2003",
    example=Text(
        "Training 60, 30, 10; batch 20, 40, 40: divergence .150, distance .388.",
        "Apprentissage 60, 30, 10 ; lot 20, 40, 40 : divergence 0,150, distance 0,388.",
    ),
    unit="index",
    better="low",
    subjects=("variable",),
)


def js_distance(reference: Counts, batch: Counts) -> Numbers:
    """The Jensen-Shannon distance (base 2, 0..1) between two sides.

    Both are counts of shape (..., bins) that broadcast against each other; the result loses the last axis. Bins empty
    on both sides take no part. NaN where either side has no rows. Source: Lin 1991; Endres & Schindelin 2003.
    """
    p, q = shares(reference), shares(batch)
    middle = (p + q) / 2
    # With p = a (1 - d) and q = a (1 + d) a bin gives a ((1 - d) ln(1 - d) + (1 + d) ln(1 + d)). Written with log1p it
    # keeps its digits where the sides are nearly equal; the plain form does not, and the root makes 1e-8 of that.
    with np.errstate(divide="ignore", invalid="ignore"):
        d = np.where(middle > 0, (q - p) / (p + q), 0.0)
    terms = xlog1py(1.0 - d, -d) + xlog1py(1.0 + d, d)
    divergence = (middle * terms).sum(axis=-1) / (2.0 * np.log(2.0))
    known = (reference.sum(axis=-1) > 0) & (batch.sum(axis=-1) > 0)
    return np.where(known, np.sqrt(np.clip(divergence, 0.0, 1.0)), np.nan)
