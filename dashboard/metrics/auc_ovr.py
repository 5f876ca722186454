"""AUC of a multiclass model, one class against the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from dashboard.metric import MINIMUM_ROWS, Estimate, Metric
from dashboard.performance.interval import between_0_and_1, nothing
from dashboard.performance.truth_counts import ClassCounts
from dashboard.text import Text
from qod.baseline import placements

METRIC: Final = Metric(
    key="auc_ovr",
    name=Text("AUC, one against the rest", "AUC, un contre tous"),
    meaning=Text(
        "The AUC of the probability of each class against all other classes, averaged so that each class counts the "
        "same: .5 is guessing, 1 is perfect. It needs the probabilities of every class. No value when a class of the "
        "version has fewer than 10 rows, as an average over other classes would not compare.",
        "L'AUC de la probabilité de chaque classe contre toutes les autres, en moyenne où chaque classe compte autant "
        ": 0,5, c'est le hasard ; 1, la perfection. Il faut les probabilités de toutes les classes. Vide quand une "
        "classe de la version compte moins de 10 lignes : une moyenne sur d'autres classes ne serait pas comparable.",
    ),
    formula=Text(
        "mean over classes c of AUC(probability of c; rows of c against all others); standard error from DeLong's "
        "components of every row, summed over the classes; 95 % interval on the logit scale; none at 1",
        "moyenne sur les classes c de l'AUC(probabilité de c ; lignes de c contre toutes les autres) ; erreur type "
        "d'après les composantes de DeLong de chaque ligne, sommées sur les classes ; intervalle à 95 % sur l'échelle "
        "logit ; vide à 1",
    ),
    source=Text(
        "Fawcett, Pattern Recogn. Lett. 27:861, 2006; DeLong et al., Biometrics 44:837, 1988",
        "Fawcett, Pattern Recogn. Lett. 27:861, 2006 ; DeLong et al., Biometrics 44:837, 1988",
    ),
    example=Text(
        "Three classes with AUC .90, .80 and .70 against the others: .80.",
        "Trois classes d'AUC 0,90, 0,80 et 0,70 contre les autres : 0,80.",
    ),
    unit="index",
    better="high",
    subjects=("model",),
)


def auc_ovr(counts: ClassCounts, classes: Sequence[str]) -> Estimate:
    """The AUC of the rows of a cohort that have a probability of each of ``classes``, averaged over them."""
    chances = counts.chances(classes)
    if chances is None:
        return nothing(len(counts.outcomes))
    n = len(chances.true)
    areas, influence = [], np.zeros(n)
    for place in range(len(classes)):
        positive = chances.true == place
        m = int(positive.sum())
        if min(m, n - m) < MINIMUM_ROWS:
            return nothing(n)
        _, at = np.unique(chances.probabilities[:, place], return_inverse=True)
        of_positives, of_negatives = (
            np.bincount(at[rows], minlength=int(at.max()) + 1).astype(np.float64) for rows in (positive, ~positive)
        )
        beaten, beating = placements(of_positives, of_negatives)
        area = float((of_positives * beaten).sum() / m)
        areas.append(area)
        influence += np.where(positive, (beaten[at] - area) / m, (beating[at] - area) / (n - m))
    se = math.sqrt(float((influence**2).sum())) / len(classes)
    return between_0_and_1(sum(areas) / len(areas), se, n=n)
