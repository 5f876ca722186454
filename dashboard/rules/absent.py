"""The rule on absent variables: the batch no longer delivers a variable of the training."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard.colour import RED
from dashboard.finding import Finding
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.tally import Tally
from dashboard.text import Text

RULE: Final = Rule(
    key="absent",
    family="quality",
    name=Text("Absent variable", "Variable absente"),
    meaning=Text(
        "The batch has rows, but not this variable of the training set: red.",
        "Le lot a des lignes, mais pas cette variable du jeu d'apprentissage : rouge.",
    ),
    colours=("red",),
    condition="the batch has rows and no counts for the variable",
    source="the contract",
    example=Text(
        "Training had tenure_months, the batch of 19 November has no such column: red.",
        "L'apprentissage avait tenure_months, le lot du 19 novembre n'a pas cette colonne : rouge.",
    ),
)


def judge(tally: Tally) -> Verdicts:
    """The verdicts on every variable; a batch without rows has no variables, which the row count says."""
    absent = ~tally.present & (tally.rows > 0)[:, None]
    codes = np.where(absent, np.int8(RED), np.int8(0))
    return Verdicts(
        RULE,
        tally.names,
        codes,
        {"batch_rows": tally.rows[:, None]},
        size=np.full(codes.shape, 100.0),
        weights=tally.weights,
    )


def sentence(finding: Finding) -> Text:
    """``tenure_months has been absent since 19 November: dropped or renamed upstream, restore it.``"""
    return say(_ABSENT, {"subject": finding.subject, "since": finding.since}, near=finding.batch_date)


_ABSENT = Text(
    "{subject:name} has been absent since {since:date}: dropped or renamed upstream, restore it.",
    "{subject:name} est absente depuis le {since:date} : supprimée ou renommée en amont, à rétablir.",
)
