"""The share of a cohort's predictions whose outcome is known."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="completeness",
    name=Text("Outcomes known", "Résultats connus"),
    meaning=Text(
        "The share of the cohort's predictions whose outcome is known. A cohort counts once its outcome window has "
        "passed and 95 % are known: before that, its performance looks better than it is.",
        "La part des prédictions de la cohorte dont le résultat est connu. Une cohorte compte une fois sa fenêtre "
        "d'observation passée et 95 % des résultats connus : avant, sa performance paraît meilleure qu'elle n'est.",
    ),
    formula=Text("predictions with a known outcome / predictions", "prédictions au résultat connu / prédictions"),
    source=Text("counted", "compté"),
    example=Text("1,220 outcomes for 2,000 predictions: 61 %.", "1 220 résultats pour 2 000 prédictions : 61 %."),
    unit="share",
    better="high",
    subjects=("model",),
)
