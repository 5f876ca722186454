"""The mark of a variable that changed: which p-values of a batch hold when there are many of them."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.metric import Metric
from dashboard.text import Text

Numbers = npt.NDArray[np.float64]

METRIC: Final = Metric(
    key="changed",
    name=Text("Changed", "Changée"),
    meaning=Text(
        "The variable's PSI is beyond chance, with account taken of how many variables the batch has: 1 marked, 0 not. "
        "Of the variables marked in a batch, about one in a hundred is marked by chance. A mark, not a colour: it "
        "shows small changes on their first day, and says nothing of their size.",
        "Le PSI de la variable dépasse le hasard, compte tenu du nombre de variables du lot : 1 marquée, 0 non. Parmi "
        "les variables marquées d'un lot, environ une sur cent l'est par hasard. Une marque, non une couleur : elle "
        "montre de petits changements dès leur premier jour et ne dit rien de leur taille.",
    ),
    formula=Text(
        "p-values of the PSI over the batch's variables in ascending order, p(1) .. p(V): the first k are marked, k "
        "the largest with p(k) <= 0.01 k / V",
        "valeurs p du PSI des variables du lot par ordre croissant, p(1) .. p(V) : les k premières sont marquées, k "
        "le plus grand tel que p(k) <= 0,01 k / V",
    ),
    source="Benjamini & Hochberg, J. R. Stat. Soc. B 57:289, 1995",
    example=Text(
        "Five variables with p-values .0001, .003, .02, .3 and .8: the limits are .002, .004, .006, .008 and .010; the "
        "first two are marked.",
        "Cinq variables de valeurs p 0,0001, 0,003, 0,02, 0,3 et 0,8 : les limites sont 0,002, 0,004, 0,006, 0,008 et "
        "0,010 ; les deux premières sont marquées.",
    ),
    unit="count",
    better="low",
    subjects=("variable",),
)

FALSE_SHARE: Final = 0.01
"""The share of marks that may be false: q of Benjamini and Hochberg."""


def changed(p_values: Numbers, *, q: float = FALSE_SHARE) -> Numbers:
    """1 for the variables that are marked, 0 for the others; the last axis of ``p_values`` is a batch's variables.

    A NaN p-value is no test: it stays NaN and does not count among the tests. Source: Benjamini & Hochberg 1995.
    """
    ordered = np.sort(p_values, axis=-1)
    tests = np.isfinite(p_values).sum(axis=-1, keepdims=True)
    rank = np.arange(1, p_values.shape[-1] + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        holds = ordered <= q * rank / tests
    largest = np.where(holds, ordered, -1.0).max(axis=-1, keepdims=True, initial=-1.0)
    return np.where(np.isnan(p_values), np.nan, (p_values <= largest).astype(np.float64))
