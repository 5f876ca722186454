"""Calibration error: how far predicted probabilities are from what happened."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import nothing
from dashboard.performance.truth_counts import Floats, ScoreCounts
from dashboard.text import Text

METRIC: Final = Metric(
    key="calibration_error",
    name=Text("Calibration error", "Erreur de calibration"),
    meaning=Text(
        "How far the predicted probabilities are from the shares of positives that came, on average over ten groups "
        "of rows with near scores: when 20 % is said, does 20 % come? Even a perfect model is not at 0: its upper "
        "bound is the level that a perfectly calibrated one stays below 95 times out of 100. Only above it is there "
        "evidence. No value when scores are not probabilities (outside 0 to 1) and below 10 positives or negatives.",
        "L'écart entre les probabilités prédites et les parts de positifs constatées, en moyenne sur dix groupes de "
        "lignes aux scores voisins : quand on annonce 20 %, en vient-il 20 % ? Même un modèle parfait n'est pas à 0 : "
        "sa borne haute est le niveau sous lequel un modèle parfaitement calibré reste 95 fois sur 100. Ce n'est "
        "qu'au-dessus qu'il y a indice. Vide quand les scores ne sont pas des probabilités (hors de 0 à 1) et sous 10 "
        "positifs ou négatifs.",
    ),
    formula=Text(
        "sum over bins of n_b / n |mean score - share of positives|; 10 bins of equal mass, cut at the deciles of the "
        "scores, a score on a cut in the bin below; upper bound: the 95 % quantile of a Pearson III law with the "
        "first three moments of a sum of half-normals of variance sum p (1 - p) / n^2 in each bin",
        "somme sur les classes de n_b / n |score moyen - part de positifs| ; 10 classes de même effectif, coupées aux "
        "déciles des scores, un score sur la coupure dans la classe inférieure ; borne haute : quantile à 95 % d'une "
        "loi de Pearson III aux trois premiers moments d'une somme de demi-normales de variance somme p (1 - p) / n^2 "
        "dans chaque classe",
    ),
    source=Text(
        "Naeini et al., AAAI 2015; Roelofs et al., AISTATS 2022 (bins of equal mass, bias)",
        "Naeini et al., AAAI 2015 ; Roelofs et al., AISTATS 2022 (classes de même effectif, biais)",
    ),
    example=Text(
        "5,000 car loans: 3.1 % where a perfectly calibrated model stays below 1.0 %: the probabilities are off.",
        "5 000 prêts : 3,1 % là où un modèle parfaitement calibré reste sous 1,0 % : les probabilités sont faussées.",
    ),
    unit="share",
    better="low",
    subjects=("model",),
)

BINS: Final = 10

# A half-normal of scale 1: mean, variance, third central moment.
_MEAN: Final = math.sqrt(2 / math.pi)
_VARIANCE: Final = 1 - 2 / math.pi
_THIRD: Final = _MEAN * (4 / math.pi - 1)


def calibration_error(counts: ScoreCounts) -> Estimate:
    """The calibration error of a cohort; ``high`` is the level a perfectly calibrated one exceeds once in 20.

    Without a value where a score is no probability, or below 10 positives or 10 negatives.
    """
    if not counts.enough or not counts.are_chances:
        return nothing(counts.n)
    ordered = counts.ordered
    place = decile(ordered)
    return Estimate(mean_gap(ordered, place), None, None, calibrated_level(ordered, place), counts.n)


def decile(counts: ScoreCounts) -> NDArray[np.int64]:
    """(S,): the bin of each of ascending scores, cut at the deciles of the rows; a score on a cut is below it."""
    below = np.cumsum(counts.rows) - counts.rows
    # The k-th decile lies at the row (n - 1) k / 10, counted from 0, or between it and the next.
    place: NDArray[np.int64] = np.clip(-(-BINS * below // (counts.n - 1)) - 1, 0, BINS - 1)
    return place


def mean_gap(counts: ScoreCounts, place: NDArray[np.int64]) -> float:
    """The mean distance of score and share of positives; ``place`` (S,) is the bin of each score."""
    gap = np.bincount(place, counts.rows * counts.scores - counts.positives)
    return float(np.abs(gap).sum() / counts.n)


def calibrated_level(counts: ScoreCounts, place: NDArray[np.int64]) -> float:
    """What ``mean_gap`` exceeds once in 20 when each row is positive with the chance that its score says.

    The gap of each bin is then near to normal with mean 0, so that their sizes are half-normal.
    """
    variance = np.bincount(place, counts.rows * counts.scores * (1 - counts.scores))
    largest = math.sqrt(float(variance.max()))
    if largest == 0:
        return 0.0
    spread: Floats = np.sqrt(variance) / largest
    sd = math.sqrt(_VARIANCE * float((spread**2).sum()))
    shape = 4 / (_THIRD * float((spread**3).sum()) / sd**3) ** 2
    level = _MEAN * float(spread.sum()) + sd * float(gammaincinv(shape, 0.95) - shape) / math.sqrt(shape)
    return level * largest / counts.n
