"""The share of rows whose level the training did not have."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="unseen_share",
    name=Text("Unseen levels", "Modalités inconnues"),
    meaning=Text(
        "The share of the batch's rows whose level of a categorical variable was not in the training set. "
        "The model has never learnt what to do with them.",
        "La part des lignes du lot dont la modalité d'une variable catégorielle était absente de l'apprentissage. "
        "Le modèle n'a jamais appris à les traiter.",
    ),
    formula=Text(
        "rows of levels that training did not have / rows", "lignes de modalités absentes de l'apprentissage / lignes"
    ),
    source=Text("counted", "compté"),
    example=Text(
        "device_brand is “Nothing” in 36 of 2,000 rows and training had no such brand: 1.8 %.",
        "device_brand vaut « Nothing » dans 36 lignes sur 2 000, marque absente de l'apprentissage : 1,8 %.",
    ),
    unit="share",
    better="low",
    subjects=("variable",),
)
