"""The colour of a cohort's performance as a number."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="performance",
    name=Text("Performance, colour", "Performance, couleur"),
    meaning=Text(
        "The colour of a cohort whose truth is complete: 0 green, 1 amber, 2 red; none while it is provisional or "
        "cannot be judged.",
        "La couleur d'une cohorte dont la vérité est complète : 0 vert, 1 orange, 2 rouge ; vide tant qu'elle est "
        "provisoire ou ne peut être jugée.",
    ),
    formula=Text("see the rules auc, accuracy and rmse", "voir les règles auc, accuracy et rmse"),
    source=Text("the rules auc, accuracy and rmse", "les règles auc, accuracy et rmse"),
    example=Text(
        "October with 61 % of outcomes known has no value; once complete, with AUC .71 against .77, it is 2.",
        "Octobre avec 61 % de résultats connus n'a pas de valeur ; complet, avec une AUC de 0,71 contre 0,77, c'est 2.",
    ),
    unit="colour",
    better="low",
    subjects=("model",),
)
