"""The rows of a batch."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="rows",
    name=Text("Rows", "Lignes"),
    meaning=Text("The number of rows in the batch.", "Le nombre de lignes du lot."),
    formula=Text(
        "rows; the interval is the usual range, see the rule row_count",
        "lignes ; l'intervalle est la plage habituelle, voir la règle row_count",
    ),
    source=Text("counted", "compté"),
    example=Text("A file of 18,402 scored customers: 18,402.", "Un fichier de 18 402 clients scorés : 18 402."),
    unit="count",
    better=None,
    subjects=("batch",),
)
