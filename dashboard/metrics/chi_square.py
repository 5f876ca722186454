"""The chi-square statistic of homogeneity: do two samples of rows come from one distribution?"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.metric import Metric
from dashboard.metrics.l_infinity import shares
from dashboard.metrics.psi import bins_in_use
from dashboard.text import Text

Counts = npt.NDArray[np.integer[Any]]
Numbers = npt.NDArray[np.float64]

METRIC: Final = Metric(
    key="chi_square",
    name=Text("Chi-square", "Khi-deux"),
    meaning=Text(
        "The statistic of the test that batch and training are two samples of the same distribution; both have their "
        "own sampling error. It grows with the number of rows: read its p-value for evidence, PSI for size.",
        "La statistique du test selon lequel le lot et l'apprentissage sont deux échantillons d'une même "
        "distribution ; chacun a sa propre erreur d'échantillonnage. Elle croît avec le nombre de lignes : lire sa "
        "valeur p pour la preuve, le PSI pour la taille.",
    ),
    formula=Text(
        "sum over bins of n m (p - q)^2 / (a + b), with B - 1 degrees of freedom; a, b: rows of training and batch in "
        "the bin, p = a / n, q = b / m; no correction for continuity",
        "somme sur les classes de n m (p - q)^2 / (a + b), à B - 1 degrés de liberté ; a, b : lignes de "
        "l'apprentissage et du lot dans la classe, p = a / n, q = b / m ; sans correction de continuité",
    ),
    source="Pearson, Biometrika 8:250, 1911",
    example=Text(
        "Training 60, 30, 10; batch 10, 20, 20: 27.4 with 2 degrees of freedom.",
        "Apprentissage 60, 30, 10 ; lot 10, 20, 20 : 27,4 à 2 degrés de liberté.",
    ),
    unit="index",
    better="low",
    subjects=("variable",),
)


def chi_square(reference: Counts, batch: Counts) -> Numbers:
    """The two-sample chi-square statistic; its degrees of freedom are ``bins_in_use`` - 1.

    Both are counts of shape (..., bins) that broadcast against each other; the result loses the last axis. Bins empty
    on both sides take no part. NaN where either side has no rows, or where fewer than two bins are in use: nothing is
    tested then. Source: Pearson 1911.
    """
    n, m = reference.sum(axis=-1).astype(np.float64), batch.sum(axis=-1).astype(np.float64)
    rows = reference + batch
    with np.errstate(invalid="ignore"):
        terms = np.divide((shares(reference) - shares(batch)) ** 2, np.where(rows > 0, rows, 1))
        value = n * m * terms.sum(axis=-1)
    return np.where(bins_in_use(reference, batch) > 1, value, np.nan)
