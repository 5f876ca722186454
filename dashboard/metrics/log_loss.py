"""Log loss, how surprised the predicted probabilities are by the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import around, nothing
from dashboard.performance.truth_counts import ClassCounts, ScoreCounts
from dashboard.text import Text

METRIC: Final = Metric(
    key="log_loss",
    name=Text("Log loss", "Perte logarithmique"),
    meaning=Text(
        "How surprised the predicted probabilities are by the truth: 0 when every outcome was certain and right; a "
        "confident mistake costs much. It asks for good ranking and honest probabilities at once. No value when "
        "scores are not probabilities (outside 0 to 1), and below 10 positives or negatives (binary) or 10 rows with "
        "probabilities (multiclass).",
        "À quel point la vérité surprend les probabilités prédites : 0 quand chaque résultat était certain et juste ; "
        "une erreur assurée coûte cher. Il faut à la fois bien classer et donner des probabilités honnêtes. Vide "
        "quand les scores ne sont pas des probabilités (hors de 0 à 1), et sous 10 positifs ou négatifs (binaire) ou "
        "10 lignes avec probabilités (multiclasse).",
    ),
    formula=Text(
        "mean of -ln(probability of the true class), probabilities kept between 1e-15 and 1 - 1e-15; a class that the "
        "model does not know has probability 0; standard error sd / sqrt(n), 95 % interval value -/+ 1.96 standard "
        "errors, not below 0",
        "moyenne de -ln(probabilité de la vraie classe), probabilités ramenées entre 1e-15 et 1 - 1e-15 ; une classe "
        "que le modèle ne connaît pas a la probabilité 0 ; erreur type sd / sqrt(n), intervalle à 95 % : valeur -/+ "
        "1,96 erreur type, pas sous 0",
    ),
    source=Text(
        "Good, J. R. Stat. Soc. B 14:107, 1952; scikit-learn, log_loss",
        "Good, J. R. Stat. Soc. B 14:107, 1952 ; scikit-learn, log_loss",
    ),
    example=Text(
        "Probabilities .9, .1, .2 and .65 of a positive, the first and last positive: .216.",
        "Probabilités 0,9, 0,1, 0,2 et 0,65 d'un positif, le premier et le dernier positifs : 0,216.",
    ),
    unit="index",
    better="low",
    subjects=("model",),
)


LEAST: Final = 1e-15
"""Probabilities keep this far from 0 and 1: a single impossible outcome would make the mean infinite."""


def log_loss(counts: ScoreCounts) -> Estimate:
    """The log loss of a binary cohort; without a value where a score is no probability, or too few rows have one."""
    if not counts.enough or not counts.are_chances:
        return nothing(counts.n)
    ordered = counts.ordered
    chance = np.clip(ordered.scores, LEAST, 1 - LEAST)
    losses = np.concatenate([-np.log(chance), -np.log(1 - chance)])
    rows = np.concatenate([ordered.positives, ordered.negatives])
    value = float((rows * losses).sum() / counts.n)
    variance = float((rows * (losses - value) ** 2).sum() / (counts.n - 1))
    return around(value, math.sqrt(variance / counts.n), n=counts.n, lowest=0.0)


def class_log_loss(counts: ClassCounts, classes: Sequence[str]) -> Estimate:
    """The log loss of the rows of a multiclass cohort that have a probability of each of ``classes``."""
    chances = counts.chances(classes)
    if chances is None:
        return nothing(len(counts.outcomes))
    losses = -np.log(np.clip(chances.of_truth, LEAST, 1 - LEAST))
    n = len(losses)
    return around(float(losses.mean()), float(losses.std(ddof=1)) / math.sqrt(n), n=n, lowest=0.0)
