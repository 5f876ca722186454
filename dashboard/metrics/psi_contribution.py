"""What each bin adds to a PSI."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="psi_contribution",
    name=Text("PSI, by bin", "PSI, par classe"),
    meaning=Text(
        "What one bin or level adds to the variable's PSI: where the change is. The contributions add up to the PSI.",
        "Ce qu'une classe ou une modalité apporte au PSI de la variable : où est le changement. La somme des apports "
        "est le PSI.",
    ),
    formula=Text(
        "(q - p) ln(q / p) of the bin, p and q as in the PSI",
        "(q - p) ln(q / p) de la classe, p et q comme dans le PSI",
    ),
    source=Text(
        "Siddiqi, Intelligent Credit Scoring, 2nd ed., 2017", "Siddiqi, Intelligent Credit Scoring, 2e éd., 2017"
    ),
    example=Text(
        "Training 60, 30, 10; batch 20, 40, 40: .4265, .0279 and .3990 of a PSI of .853.",
        "Apprentissage 60, 30, 10 ; lot 20, 40, 40 : 0,4265, 0,0279 et 0,3990 d'un PSI de 0,853.",
    ),
    unit="index",
    better="low",
    subjects=("variable",),
)
