"""AUC, from counts of positives and negatives per distinct score, with DeLong's variance."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from scipy.special import expit

from dashboard.history import ScoreCounts
from dashboard.metric import Estimate, Metric
from dashboard.text import Text
from qod.baseline import auc_delong

METRIC: Final = Metric(
    key="auc",
    name=Text("AUC", "AUC"),
    meaning=Text(
        "The chance that the model scores a positive above a negative, both drawn at random: .5 is guessing, 1 is "
        "perfect. Gini is 2 AUC - 1.",
        "La probabilité que le modèle donne à un positif un score supérieur à celui d'un négatif, tirés au hasard : "
        "0,5, c'est le hasard ; 1, la perfection. Le Gini vaut 2 AUC - 1.",
    ),
    formula=Text(
        "P(score of a positive > score of a negative) + P(equal) / 2; 95 % interval on the logit scale from DeLong's "
        "variance",
        "P(score d'un positif > score d'un négatif) + P(égaux) / 2 ; intervalle à 95 % sur l'échelle logit, d'après la "
        "variance de DeLong",
    ),
    source="DeLong et al., Biometrics 44:837, 1988; Sun & Xu, IEEE SPL 21(11):1389, 2014",
    example=Text(
        "Scores .1 and .4 of negatives, .35 and .8 of positives: 3 of 4 pairs in order, AUC .75.",
        "Scores 0,1 et 0,4 de négatifs, 0,35 et 0,8 de positifs : 3 paires sur 4 dans l'ordre, AUC 0,75.",
    ),
    unit="index",
    better="high",
    subjects=("model",),
)

NORMAL_95: Final = 1.959963984540054


def logit_interval(value: float, se: float) -> tuple[float, float]:
    """The 95 % interval of a share ``value`` with standard error ``se``, symmetric on the logit scale.

    NaN for both at 0 and 1, where the logit has no value.
    """
    if not 0 < value < 1 or math.isnan(se):
        return math.nan, math.nan
    logit = math.log(value / (1 - value))
    half = NORMAL_95 * se / (value * (1 - value))
    return float(expit(logit - half)), float(expit(logit + half))


def auc(counts: ScoreCounts) -> Estimate:
    """The AUC of a cohort; without a value below 10 positives or 10 negatives. ``n`` is the rows with a truth.

    A score may stand in ``counts`` more than once; a score that is NaN ranks nowhere, so that there is no value.
    """
    scores, place = np.unique(counts.scores, return_inverse=True)
    positives = np.bincount(place, counts.positives, len(scores))
    negatives = np.bincount(place, counts.negatives, len(scores))
    found = auc_delong(scores, positives, negatives)
    if not math.isfinite(found.value) or np.isnan(scores).any():
        return Estimate(None, None, None, None, found.n)
    low, high = logit_interval(found.value, found.se)
    if not math.isfinite(low):
        return Estimate(found.value, found.se, None, None, found.n)
    return Estimate(found.value, found.se, low, high, found.n)
