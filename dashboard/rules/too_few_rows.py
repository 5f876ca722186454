"""The rule on too few rows: even the newest batches together do not let drift be judged."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import GREY
from dashboard.finding import Finding
from dashboard.plural import rows_word
from dashboard.policy import Policy
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.text import Text

RULE: Final = Rule(
    key="too_few_rows",
    family="drift",
    name=Text("Too few rows", "Trop peu de lignes"),
    meaning=Text(
        "The newest batches together (at most 7, or those of the policy's window of days) have fewer than 200 rows: "
        "drift is grey, as chance alone could look like a change.",
        "Les derniers lots réunis (7 au plus, ou ceux de la fenêtre de jours de la politique) ont moins de 200 "
        "lignes : la dérive est grise, car le seul hasard pourrait passer pour un changement.",
    ),
    colours=("grey",),
    condition=Text(
        "rows of the newest batches, at most drift.pool_batches of them or those of drift.window_days, < drift.rows "
        "(200)",
        "lignes des derniers lots, drift.pool_batches au plus ou ceux de drift.window_days, < drift.rows (200)",
    ),
    source=Text(
        "this project's simulation, benchmarks/false_colours.py: of 1,000 models of 50 variables without drift, with "
        "90 batches of 50 rows judged together, 0.6 % ever have a false colour; a PSI of .287 is amber after 7 batches "
        "in 94 % of the variables",
        "simulation de ce projet, benchmarks/false_colours.py : sur 1 000 modèles de 50 variables sans dérive, avec 90 "
        "lots de 50 lignes jugés ensemble, 0,6 % ont un jour une fausse couleur ; un PSI de 0,287 est orange après 7 "
        "lots pour 94 % des variables",
    ),
    example=Text(
        "Batches of 20 rows: 7 of them are 140, grey. Batches of 150: 2 are 300, judged together.",
        "Des lots de 20 lignes : 7 font 140, gris. Des lots de 150 : 2 font 300, jugés ensemble.",
    ),
)


def judge(
    too_few: npt.NDArray[np.bool_], rows: npt.NDArray[np.int64], batches: npt.NDArray[np.int64], policy: Policy
) -> Verdicts:
    """One verdict a batch, from the variables' ``too_few``, pooled ``rows`` and ``batches``, all (T, V)."""
    some = too_few.any(axis=-1)
    numbers = {
        "n": np.where(too_few, rows, 0).max(axis=-1, initial=0)[:, None],
        "batches": np.where(too_few, batches, 0).max(axis=-1, initial=0)[:, None],
        "variables": too_few.sum(axis=-1)[:, None],
        "needed": policy.drift_rows,
    }
    return Verdicts(RULE, ("batch",), np.where(some, np.int8(GREY), np.int8(0))[:, None], numbers)


def sentence(finding: Finding) -> Text:
    """``The last 7 batches have 140 rows together: too few to judge drift, which needs 200.``"""
    values = {**finding.facts, "rows": rows_word(finding.facts["n"])}
    return say(_ONE if finding.facts["batches"] == 1 else _SEVERAL, values, near=finding.batch_date)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The step from the rows to grey."""
    return (say(_RESTS, finding.facts, near=finding.batch_date), sentence(finding))


_RESTS = Text(
    "Below {needed:count} rows chance alone could look like a change, so that the newest batches are judged together; "
    "even so {variables:count} of the variables have at most {n:count} rows.",
    "Sous {needed:count} lignes, le seul hasard pourrait passer pour un changement : les derniers lots sont donc jugés "
    "ensemble ; même ainsi, {variables:count} des variables ont au plus {n:count} lignes.",
)
_ONE = Text(
    "The batch has {n:count} {rows}: too few to judge drift, which needs {needed:count}.",
    "Le lot a {n:count} {rows} : trop peu pour juger la dérive, qui en demande {needed:count}.",
)
_SEVERAL = Text(
    "The last {batches:count} batches have {n:count} {rows} together: too few to judge drift, which needs "
    "{needed:count}.",
    "Les {batches:count} derniers lots ont {n:count} {rows} à eux tous : trop peu pour juger la dérive, qui en demande "
    "{needed:count}.",
)
