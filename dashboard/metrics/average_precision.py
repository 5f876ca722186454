"""Average precision, the area under the steps of the precision-recall curve."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import between_0_and_1, nothing
from dashboard.performance.truth_counts import ScoreCounts
from dashboard.text import Text

METRIC: Final = Metric(
    key="average_precision",
    name=Text("Average precision", "Précision moyenne"),
    meaning=Text(
        "The precision among the rows with the highest scores, averaged over how far down one has to go to find each "
        "positive. Guessing gives the share of positives, so that cohorts of another share do not compare; 1 is "
        "perfect. No value below 10 positives or negatives.",
        "La précision parmi les lignes aux plus hauts scores, moyennée selon la profondeur où se trouve chaque "
        "positif. Le hasard donne la part des positifs : des cohortes de parts différentes ne se comparent donc pas ; "
        "1 est parfait. Vide sous 10 positifs ou négatifs.",
    ),
    formula=Text(
        "sum over distinct scores s, from the highest, of (R(s) - R(before)) P(s), P and R: precision and recall when "
        "rows from s on are predicted positive; no interpolation; standard error from the influence of each row "
        "(delta method), 95 % interval on the logit scale; none at 1",
        "somme sur les scores distincts s, du plus haut au plus bas, de (R(s) - R(avant)) P(s), P et R : précision et "
        "rappel quand les lignes à partir de s sont prédites positives ; sans interpolation ; erreur type par "
        "l'influence de chaque ligne (méthode delta), intervalle à 95 % sur l'échelle logit ; vide à 1",
    ),
    source=Text(
        "scikit-learn, average_precision_score; van der Vaart, Asymptotic Statistics, 1998, ch. 20 (influence)",
        "scikit-learn, average_precision_score ; van der Vaart, Asymptotic Statistics, 1998, ch. 20 (influence)",
    ),
    example=Text(
        "Scores .1 and .4 of negatives, .35 and .8 of positives: the positives are found with precision 1 and 2/3: "
        ".83.",
        "Scores 0,1 et 0,4 de négatifs, 0,35 et 0,8 de positifs : les positifs sont trouvés avec une précision de 1 "
        "et de 2/3 : 0,83.",
    ),
    unit="index",
    better="high",
    subjects=("model",),
)


def average_precision(counts: ScoreCounts) -> Estimate:
    """The average precision of a cohort; without a value below 10 positives or 10 negatives."""
    if not counts.enough:
        return nothing(counts.n)
    value, se = average_precision_with_se(counts)
    return between_0_and_1(value, se, n=counts.n)


def average_precision_with_se(counts: ScoreCounts) -> tuple[float, float]:
    """Average precision and its standard error, from counts with a positive at least.

    A row takes part as one that is found and, in the precision of every score below its own, as one that was found
    before: both are in its influence.
    """
    ordered = counts.ordered
    of_positives, of_negatives = ordered.positives[::-1].astype(float), ordered.negatives[::-1].astype(float)
    a, b, m = np.cumsum(of_positives), np.cumsum(of_negatives), float(counts.m)
    precision = a / (a + b)
    value = float((of_positives * precision).sum() / m)
    per_row = of_positives / (a + b) ** 2
    gained = np.cumsum((per_row * b)[::-1])[::-1]
    lost = np.cumsum((per_row * a)[::-1])[::-1]
    spread = (of_positives * (precision + gained - value) ** 2).sum() + (of_negatives * lost**2).sum()
    return value, math.sqrt(float(spread)) / m
