"""The positive outcomes of a cohort."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="positives",
    name=Text("Positives", "Positifs"),
    meaning=Text(
        "The cohort's positive outcomes. They limit what an AUC can show: seeing a fall of .05 takes about 320 to 440.",
        "Les résultats positifs de la cohorte. Ils limitent ce qu'une AUC peut montrer : voir une baisse de 0,05 en "
        "demande 320 à 440 environ.",
    ),
    formula=Text("outcomes equal to 1", "résultats égaux à 1"),
    source=Text("counted", "compté"),
    example=Text("2,114 churners among 30,000 customers: 2,114.", "2 114 résiliations sur 30 000 clients : 2 114."),
    unit="count",
    better=None,
    subjects=("model",),
)
