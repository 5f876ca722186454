"""Lift at 10 %: how much richer in positives the tenth with the highest scores is."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import around, nothing
from dashboard.performance.truth_counts import ScoreCounts
from dashboard.text import Text

METRIC: Final = Metric(
    key="lift",
    name=Text("Lift at 10 %", "Lift à 10\u202f%"),
    meaning=Text(
        "How many times more positives there are among the tenth of rows with the highest scores than among all: what "
        "a campaign on that tenth would gain over drawing at random. 1 is guessing, 10 the most there can be. Rows "
        "that tie at the cut count in part, so that their order does not matter. No value below 10 positives or "
        "negatives.",
        "Combien de fois plus de positifs compte le dixième des lignes aux plus hauts scores que l'ensemble : ce "
        "qu'une campagne sur ce dixième gagnerait sur un tirage au hasard. 1, c'est le hasard ; 10, le maximum. Les "
        "lignes ex æquo à la coupure comptent en partie, si bien que leur ordre est sans effet. Vide sous 10 positifs "
        "ou négatifs.",
    ),
    formula=Text(
        "(h / k) / (positives / n), k = n / 10, h: positives among the k rows of highest score, the rows of the score "
        "at the cut shared in proportion; standard error by the delta method, positives inside and outside the tenth "
        "binomial; 95 % interval value -/+ 1.96 standard errors, between 0 and 10; none when h = 0",
        "(h / k) / (positifs / n), k = n / 10, h : positifs parmi les k lignes de plus haut score, les lignes du "
        "score à la coupure partagées en proportion ; erreur type par la méthode delta, positifs dans et hors du "
        "dixième binomiaux ; intervalle à 95 % : valeur -/+ 1,96 erreur type, entre 0 et 10 ; vide si h = 0",
    ),
    source=Text(
        "Siddiqi, Intelligent Credit Scoring, 2nd ed.; the sharing of ties is this project's",
        "Siddiqi, Intelligent Credit Scoring, 2e éd. ; le partage des ex æquo est de ce projet",
    ),
    example=Text(
        "400 of the 2,640 best-scored rows of 26,400 are positive, 1,440 of all: 15.2 % against 5.5 %, lift 2.78.",
        "400 des 2 640 lignes les mieux notées de 26 400 sont positives, 1 440 de toutes : 15,2 % contre 5,5 %, lift "
        "2,78.",
    ),
    unit="index",
    better="high",
    subjects=("model",),
)


SHARE: Final = 0.1


def lift(counts: ScoreCounts) -> Estimate:
    """The lift at 10 % of a cohort; without a value below 10 positives or 10 negatives."""
    if not counts.enough:
        return nothing(counts.n)
    ordered, m, n = counts.ordered, counts.m, counts.n
    rows, of_positives = ordered.rows[::-1], ordered.positives[::-1]
    above = np.cumsum(rows) - rows
    inside = np.clip((n * SHARE - above) / rows, 0.0, 1.0)
    hits = float((inside * of_positives).sum())
    k, misses = n * SHARE, m - hits
    if hits == 0:
        return Estimate(0.0, None, None, None, n)
    # Of the positives found, h / (h + g): both counts vary by themselves.
    var_hits, var_misses = hits * (1 - hits / k), misses * (1 - misses / (n - k))
    se = math.sqrt(max(misses**2 * var_hits + hits**2 * var_misses, 0.0)) / m**2 / SHARE
    return around(hits / m / SHARE, se, n=n, lowest=0.0, highest=1 / SHARE)
