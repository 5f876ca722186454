"""Brier score, the mean squared distance of the predicted probability from the truth."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import around, nothing
from dashboard.performance.truth_counts import ScoreCounts
from dashboard.text import Text

METRIC: Final = Metric(
    key="brier",
    name=Text("Brier score", "Score de Brier"),
    meaning=Text(
        "The mean squared distance between the predicted probability and what happened (0 or 1): 0 is perfect; always "
        "saying the share of positives p gives p (1 - p). No value when scores are not probabilities (outside 0 to 1) "
        "and below 10 positives or negatives.",
        "La distance quadratique moyenne entre la probabilité prédite et ce qui est arrivé (0 ou 1) : 0 est parfait ; "
        "annoncer toujours la part des positifs p donne p (1 - p). Vide quand les scores ne sont pas des probabilités "
        "(hors de 0 à 1) et sous 10 positifs ou négatifs.",
    ),
    formula=Text(
        "mean of (p - y)^2; standard error sd / sqrt(n), 95 % interval value -/+ 1.96 standard errors, between 0 and 1",
        "moyenne de (p - y)^2 ; erreur type sd / sqrt(n), intervalle à 95 % : valeur -/+ 1,96 erreur type, entre 0 et "
        "1",
    ),
    source="Brier, Mon. Weather Rev. 78:1, 1950",
    example=Text(
        "Probabilities .1, .9, .8 and .3 where 0, 1, 1 and 0 happened: .0375.",
        "Probabilités 0,1, 0,9, 0,8 et 0,3 là où sont arrivés 0, 1, 1 et 0 : 0,0375.",
    ),
    unit="index",
    better="low",
    subjects=("model",),
)


def brier(counts: ScoreCounts) -> Estimate:
    """The Brier score of a cohort; without a value where a score is no probability, or a class has too few rows."""
    if not counts.enough or not counts.are_chances:
        return nothing(counts.n)
    ordered = counts.ordered
    losses = np.concatenate([(1 - ordered.scores) ** 2, ordered.scores**2])
    rows = np.concatenate([ordered.positives, ordered.negatives])
    value = float((rows * losses).sum() / counts.n)
    variance = float((rows * (losses - value) ** 2).sum() / (counts.n - 1))
    return around(value, math.sqrt(variance / counts.n), n=counts.n, lowest=0.0, highest=1.0)
