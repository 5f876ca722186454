"""The share of rows in which a variable has no value."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="missing_share",
    name=Text("Missing", "Manquants"),
    meaning=Text(
        "The share of the batch's rows in which the variable has no value.",
        "La part des lignes du lot dans lesquelles la variable n'a pas de valeur.",
    ),
    formula=Text("rows without a value / rows", "lignes sans valeur / lignes"),
    source=Text("counted", "compté"),
    example=Text("76 empty cells in 200 rows: 38 %.", "76 cellules vides sur 200 lignes : 38 %."),
    unit="share",
    better="low",
    subjects=("variable",),
)


def share_of(part: npt.NDArray[np.integer[Any]], rows: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.float64]:
    """``part`` / ``rows``, of their broadcast shape; NaN where there are no rows."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rows > 0, part / rows, np.nan)
