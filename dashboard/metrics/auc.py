"""AUC, from counts of positives and negatives per distinct score, with DeLong's variance."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import between_0_and_1, nothing
from dashboard.performance.truth_counts import ScoreCounts
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


def auc(counts: ScoreCounts) -> Estimate:
    """The AUC of a cohort; without a value below 10 positives or 10 negatives. ``n`` is the rows with a truth.

    A score may stand in ``counts`` more than once; a score that is NaN ranks nowhere, so that there is no value.
    """
    if not counts.enough:
        return nothing(counts.n)
    ordered = counts.ordered
    found = auc_delong(ordered.scores, ordered.positives, ordered.negatives)
    return between_0_and_1(found.value, found.se, n=found.n)
