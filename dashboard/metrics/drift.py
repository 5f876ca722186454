"""The colour of a variable's drift as a number, for heat maps and strips."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import GREEN, Codes
from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="drift",
    name=Text("Drift, colour", "Dérive, couleur"),
    meaning=Text(
        "The colour shown for the variable's drift: 0 green, 1 amber, 2 red, none for grey. Its lower bound is the "
        "colour of this batch alone, before the rule that waits for a second batch.",
        "La couleur affichée pour la dérive de la variable : 0 vert, 1 orange, 2 rouge, vide pour gris. Sa borne basse "
        "est la couleur de ce seul lot, avant la règle qui attend un deuxième lot.",
    ),
    formula=Text("see the rule drift", "voir la règle drift"),
    source=Text("the rule drift", "la règle drift"),
    example=Text(
        "One batch at PSI .17 after a calm month: shown 0, this batch alone 1; a second one like it: shown 1.",
        "Un lot à 0,17 de PSI après un mois calme : affiché 0, ce lot seul 1 ; un second semblable : affiché 1.",
    ),
    unit="colour",
    better="low",
    subjects=("variable",),
)


def colour_values(codes: Codes) -> npt.NDArray[np.float64]:
    """Colour codes as numbers, of any shape: 0, 1 or 2; NaN for grey, and for a note, which has no colour."""
    value = codes.astype(np.float64)
    value[(codes < GREEN) | (codes > 2)] = np.nan
    return value
