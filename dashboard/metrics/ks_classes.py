"""KS between classes: how far apart the scores of positives and negatives lie."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from dashboard.metric import Estimate, Metric
from dashboard.performance.interval import around, nothing
from dashboard.performance.truth_counts import ScoreCounts
from dashboard.text import Text

METRIC: Final = Metric(
    key="ks_classes",
    name=Text("KS between classes", "KS entre classes"),
    meaning=Text(
        "The largest gap between the shares of positives and of negatives that score above any one cut: what the best "
        "threshold could separate. 0 is none, 1 perfect. It says nothing of drift. Being a maximum it lies a little "
        "too high in small cohorts. No value below 10 positives or negatives.",
        "Le plus grand écart entre les parts de positifs et de négatifs au-dessus d'un même seuil : ce que le "
        "meilleur seuil pourrait séparer. 0 : rien, 1 : parfait. Il ne dit rien de la dérive. Étant un maximum, il "
        "est un peu trop haut dans les petites cohortes. Vide sous 10 positifs ou négatifs.",
    ),
    formula=Text(
        "max over scores s of |F1(s) - F0(s)|, F1 and F0: shares of positives and negatives with a score of at most "
        "s; standard error sqrt(F1 (1 - F1) / n1 + F0 (1 - F0) / n0) at the largest gap; 95 % interval value -/+ 1.96 "
        "standard errors, between 0 and 1",
        "max sur les scores s de |F1(s) - F0(s)|, F1 et F0 : parts des positifs et des négatifs de score au plus s ; "
        "erreur type sqrt(F1 (1 - F1) / n1 + F0 (1 - F0) / n0) au plus grand écart ; intervalle à 95 % : valeur -/+ "
        "1,96 erreur type, entre 0 et 1",
    ),
    source=Text(
        "Siddiqi, Intelligent Credit Scoring, 2nd ed.; Hsieh & Turnbull, Ann. Stat. 24:25, 1996 (standard error)",
        "Siddiqi, Intelligent Credit Scoring, 2e éd. ; Hsieh & Turnbull, Ann. Stat. 24:25, 1996 (erreur type)",
    ),
    example=Text(
        "Above .4 lie 70 % of the positives and 25 % of the negatives, and nowhere is the gap wider: .45.",
        "Au-dessus de 0,4 se trouvent 70 % des positifs et 25 % des négatifs, et nulle part l'écart n'est plus grand "
        ": 0,45.",
    ),
    unit="index",
    better="high",
    subjects=("model",),
)


def ks_classes(counts: ScoreCounts) -> Estimate:
    """The KS between the classes of a cohort; without a value below 10 positives or 10 negatives."""
    if not counts.enough:
        return nothing(counts.n)
    ordered, m, n = counts.ordered, counts.m, counts.n - counts.m
    of_positives, of_negatives = np.cumsum(ordered.positives) / m, np.cumsum(ordered.negatives) / n
    gaps = np.abs(of_positives - of_negatives)
    at = int(gaps.argmax())
    f1, f0 = float(of_positives[at]), float(of_negatives[at])
    se = math.sqrt(f1 * (1 - f1) / m + f0 * (1 - f0) / n)
    return around(float(gaps[at]), se, n=counts.n, lowest=0.0, highest=1.0)
