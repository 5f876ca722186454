"""The rows of a batch whose identifier had already come."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="duplicate_ids",
    name=Text("Duplicate ids", "Identifiants en double"),
    meaning=Text(
        "Rows whose identifier stood in an earlier row of the same batch: a join upstream may have multiplied rows.",
        "Lignes dont l'identifiant figurait déjà dans une ligne précédente du lot : une jointure en amont a peut-être "
        "multiplié les lignes.",
    ),
    formula=Text("rows - distinct identifiers", "lignes - identifiants distincts"),
    source=Text("counted", "compté"),
    example=Text("Identifiers a, b, b, c, b: 2.", "Identifiants a, b, b, c, b : 2."),
    unit="count",
    better="low",
    subjects=("batch",),
)
