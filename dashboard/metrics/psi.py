"""PSI, the population stability index: how far a batch's distribution is from the training's."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.metric import Metric
from dashboard.text import Text

Counts = npt.NDArray[np.integer[Any]]
Numbers = npt.NDArray[np.float64]

METRIC: Final = Metric(
    key="psi",
    name=Text("PSI", "PSI"),
    meaning=Text(
        "How far the batch's distribution of this variable is from the training's: 0 is the same, .10 a visible "
        "move (a shift of the mean by a third of a standard deviation), .25 a large one (by half).",
        "Distance entre la distribution de la variable dans le lot et celle de l'apprentissage : 0, la même ; 0,10, "
        "un déplacement visible (un tiers d'écart type) ; 0,25, un grand déplacement (un demi-écart type).",
    ),
    formula=Text(
        "sum over bins of (q - p) ln(q / p); p, q: shares of training and batch after adding 0.5 to each of the B bins "
        "that are non-empty on either side, both renormalised",
        "somme sur les classes de (q - p) ln(q / p) ; p, q : parts de l'apprentissage et du lot après ajout de 0,5 à "
        "chacune des B classes non vides d'un côté ou de l'autre, puis renormalisées",
    ),
    source=Text(
        "Siddiqi, Intelligent Credit Scoring, 2nd ed., 2017; the added 0.5: Krichevsky & Trofimov, 1981",
        "Siddiqi, Intelligent Credit Scoring, 2e éd., 2017 ; l'ajout de 0,5 : Krichevsky & Trofimov, 1981",
    ),
    example=Text(
        "Training 60, 30, 10; batch 20, 40, 40. With 0.5 added: shares .5961 .3005 .1034 and .2020 .3990 .3990. "
        "PSI = .4265 + .0279 + .3990 = .853.",
        "Apprentissage 60, 30, 10 ; lot 20, 40, 40. Après ajout de 0,5 : parts 0,5961 0,3005 0,1034 et 0,2020 0,3990 "
        "0,3990. PSI = 0,4265 + 0,0279 + 0,3990 = 0,853.",
    ),
    unit="index",
    better="low",
    subjects=("variable",),
)

PSEUDO_COUNT: Final = 0.5


def psi(reference: Counts, batch: Counts, *, pseudo_count: float = PSEUDO_COUNT) -> Numbers:
    """PSI of ``batch`` against ``reference``.

    Both are counts of shape (..., bins) that broadcast against each other, for instance (variables, bins) and
    (batches, variables, bins); the result loses the last axis. Bins empty on both sides take no part, so that zero
    padding changes nothing. NaN where either side has no rows, or where fewer than two bins are in use.

    Source: Siddiqi 2017. With ``pseudo_count=0`` it is the raw index, infinite where one side of a bin is empty.
    """
    value = contributions(reference, batch, pseudo_count=pseudo_count).sum(axis=-1)
    possible = (bins_in_use(reference, batch) > 1) & (reference.sum(axis=-1) > 0) & (batch.sum(axis=-1) > 0)
    return np.where(possible, value, np.nan)


def contributions(reference: Counts, batch: Counts, *, pseudo_count: float = PSEUDO_COUNT) -> Numbers:
    """The part of the PSI that each bin gives, of the broadcast shape (..., bins); 0 for bins not in use."""
    used = (reference > 0) | (batch > 0)
    bins = used.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = (reference + pseudo_count) / (reference.sum(axis=-1) + pseudo_count * bins)[..., None]
        q = (batch + pseudo_count) / (batch.sum(axis=-1) + pseudo_count * bins)[..., None]
        terms = (q - p) * np.log(q / p)
    return np.where(used, terms, 0.0)


def bins_in_use(reference: Counts, batch: Counts) -> npt.NDArray[np.int64]:
    """B: the bins that are non-empty on either side, of the shape of the PSI."""
    used: npt.NDArray[np.int64] = ((reference > 0) | (batch > 0)).sum(axis=-1)
    return used


def sampling(reference: Counts, batch: Counts) -> Numbers:
    """C = 1/n + 1/m, the scale of the PSI's noise, of the shape of the PSI; infinite where a side has no rows."""
    with np.errstate(divide="ignore"):
        scale: Numbers = 1.0 / reference.sum(axis=-1) + 1.0 / batch.sum(axis=-1)
    return scale
