"""How many bins hold rows: what a PSI's noise and the degrees of freedom rest on."""

from __future__ import annotations

from typing import Final

from dashboard.metric import Metric
from dashboard.text import Text

METRIC: Final = Metric(
    key="bins_in_use",
    name=Text("Bins in use", "Classes occupées"),
    meaning=Text(
        "The bins of the variable that hold rows of the batch or of training, the guard bins included. The tests have "
        "one degree of freedom less.",
        "Les classes de la variable qui contiennent des lignes du lot ou de l'apprentissage, classes de garde "
        "comprises. Les tests ont un degré de liberté de moins.",
    ),
    formula=Text("B: bins with a + b > 0", "B : classes où a + b > 0"),
    source=Text("counted", "compté"),
    example=Text(
        "Training 60, 30, 10, 0; batch 20, 40, 0, 0: 3 bins, 2 degrees of freedom.",
        "Apprentissage 60, 30, 10, 0 ; lot 20, 40, 0, 0 : 3 classes, 2 degrés de liberté.",
    ),
    unit="count",
    better=None,
    subjects=("variable",),
)
