"""MAE before the truth is known, from the errors that each bin of each variable had at training."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="estimated_mae",
    name=Text("MAE, estimated", "MAE, estimée"),
    meaning=Text(
        "What the mean absolute error of a batch should be once the truth is known, from how large the errors were at "
        "training where its rows lie now. It holds while the world answers as it did at training; if that changes, "
        "only the truth will show it. A cohort's is the mean over its batches, by rows.",
        "Ce que l'erreur absolue moyenne d'un lot devrait être une fois la vérité connue, d'après l'ampleur des "
        "erreurs à l'apprentissage là où se trouvent ses lignes. L'estimation vaut tant que le monde répond comme à "
        "l'apprentissage ; si cela change, seule la vérité le montrera. Celle d'une cohorte est la moyenne sur ses "
        "lots, pondérée par leurs lignes.",
    ),
    formula=Text(
        "max(0, mean absolute error at training + sum over variables and bins of the share of the batch's rows in the "
        "bin x the bin's effect)",
        "max(0, erreur absolue moyenne à l'apprentissage + somme, sur variables et classes, de la part des lignes du "
        "lot dans la classe x l'effet de la classe)",
    ),
    source=Text(
        "direct loss estimation (DLE), NannyML documentation; effects by ridge regression, Hoerl & Kennard, "
        "Technometrics 12:55, 1970",
        "estimation directe de la perte (DLE), documentation de NannyML ; effets par régression ridge, Hoerl & "
        "Kennard, Technometrics 12:55, 1970",
    ),
    example=Text(
        "Mean error 1.5 at training; age over 60 adds 1, the rest takes off .2: a batch with half its rows there "
        "instead of a sixth has 1.5 + .5 x 1 - .5 x .2 = 1.9.",
        "Erreur moyenne de 1,5 à l'apprentissage ; l'âge au-delà de 60 ajoute 1, le reste ôte 0,2 : un lot dont la "
        "moitié des lignes s'y trouve, au lieu d'un sixième, a 1,5 + 0,5 x 1 - 0,5 x 0,2 = 1,9.",
    ),
    unit="quantity",
    better="low",
    subjects=("model",),
)


def estimated_mae(absolutes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The MAE to come, from expected mean absolute errors of any shape; NaN stays NaN."""
    return np.maximum(absolutes, 0.0)


def pooled_mae(values: NDArray[np.float64], rows: NDArray[np.int64]) -> float:
    """The MAE to come of several batches together, from that of each (T,) and its rows; NaN when one has none."""
    return float(np.average(values, weights=rows)) if rows.sum() > 0 else float("nan")
