"""Macro F1, the F1 of every class, each counting the same."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from dashboard.metric import MINIMUM_ROWS, Estimate, Metric
from dashboard.performance.interval import between_0_and_1, nothing
from dashboard.performance.truth_counts import ClassCounts
from dashboard.text import Text

METRIC: Final = Metric(
    key="macro_f1",
    name=Text("Macro F1", "F1 macro"),
    meaning=Text(
        "The F1 of each class against all others, averaged so that a rare class counts as much as a frequent one. The "
        "classes are those that were predicted or true in the cohort. No value below 10 rows.",
        "Le F1 de chaque classe contre toutes les autres, en moyenne où une classe rare compte autant qu'une classe "
        "fréquente. Les classes sont celles qui ont été prédites ou vraies dans la cohorte. Vide sous 10 lignes.",
    ),
    formula=Text(
        "mean over classes c of 2 TP(c) / (predicted(c) + true(c)); standard error by the delta method on the "
        "multinomial confusion counts; 95 % interval on the logit scale; none at 0 and 1",
        "moyenne sur les classes c de 2 VP(c) / (prédites(c) + vraies(c)) ; erreur type par la méthode delta sur la "
        "matrice de confusion multinomiale ; intervalle à 95 % sur l'échelle logit ; vide à 0 et à 1",
    ),
    source=Text(
        "scikit-learn, f1_score; Takahashi et al., Appl. Intell. 52:4961, 2022",
        "scikit-learn, f1_score ; Takahashi et al., Appl. Intell. 52:4961, 2022",
    ),
    example=Text(
        "Classes 0, 1, 2, 0, 1, 2 predicted 0, 2, 1, 0, 0, 1: F1 .8, 0 and 0, on average .27.",
        "Classes 0, 1, 2, 0, 1, 2 prédites 0, 2, 1, 0, 0, 1 : F1 de 0,8, 0 et 0, en moyenne 0,27.",
    ),
    unit="share",
    better="high",
    subjects=("model",),
)


def macro_f1(counts: ClassCounts) -> Estimate:
    """The macro F1 of a cohort; without a value below 10 rows."""
    if counts.n < MINIMUM_ROWS:
        return nothing(counts.n)
    value, se = macro_f1_with_se(counts)
    return between_0_and_1(value, se, n=counts.n)


def macro_f1_with_se(counts: ClassCounts) -> tuple[float, float]:
    """Macro F1 and its standard error, from counts with a row at least."""
    of = len(counts.labels)
    right = counts.true == counts.predicted
    hits = np.bincount(counts.true[right], counts.rows[right], of)
    named = np.bincount(counts.true, counts.rows, of) + np.bincount(counts.predicted, counts.rows, of)
    met = named > 0
    each = np.divide(2 * hits, named, out=np.zeros(of), where=met)
    # What one row of a true and a predicted class adds: to both, and twice to the one they share.
    share = np.divide(each, named, out=np.zeros(of), where=met)
    gain = np.divide(2.0, named, out=np.zeros(of), where=met)
    influence = np.where(right, gain[counts.true], 0.0) - share[counts.true] - share[counts.predicted]
    classes = int(met.sum())
    return float(each.sum() / classes), math.sqrt(float((counts.rows * influence**2).sum())) / classes
