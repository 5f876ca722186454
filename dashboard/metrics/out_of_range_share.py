"""The share of rows outside the range a numeric variable had in training."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="out_of_range_share",
    name=Text("Outside training range", "Hors de la plage d\u2019apprentissage"),
    meaning=Text(
        "The share of the batch's rows whose value lies below the smallest or above the largest training value.",
        "La part des lignes du lot dont la valeur est inférieure à la plus petite ou supérieure à la plus grande "
        "valeur de l'apprentissage.",
    ),
    formula=Text("(rows below + rows above) / rows", "(lignes en dessous + lignes au-dessus) / lignes"),
    source=Text("counted", "compté"),
    example=Text(
        "Training went from 0 to 120; 3 of 1,000 rows hold 999: 0.3 %.",
        "L'apprentissage allait de 0 à 120 ; 3 lignes sur 1 000 valent 999 : 0,3 %.",
    ),
    unit="share",
    better="low",
    subjects=("variable",),
)
