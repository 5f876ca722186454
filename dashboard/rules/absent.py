"""The rule on absent variables: the batch no longer delivers a variable of the training, or not one count of it."""

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
        "The batch has rows, but not this variable of the training set, or delivers it without a single count: red.",
        "Le lot a des lignes, mais pas cette variable du jeu d'apprentissage, ou la livre sans aucun effectif : rouge.",
    ),
    colours=("red",),
    condition=Text(
        "the batch has rows and no counts for the variable", "le lot a des lignes et aucun effectif pour la variable"
    ),
    source=Text("the contract", "le contrat"),
    example=Text(
        "Training had tenure_months, the batch of 19 November has no such column: red.",
        "L'apprentissage avait tenure_months, le lot du 19 novembre n'a pas cette colonne : rouge.",
    ),
)


def judge(tally: Tally) -> Verdicts:
    """The verdicts on every variable; a batch without rows has no variables, which the row count says.

    A variable delivered without any count is as unknown as one that was not delivered, whatever its missing values:
    it is not green. Batches counted in other bins have a rule of their own.
    """
    absent = (~tally.present | (tally.n == 0)) & ((tally.rows > 0) & ~tally.stale)[:, None]
    codes = np.where(absent, np.int8(RED), np.int8(0))
    return Verdicts(
        RULE,
        tally.names,
        codes,
        {"batch_rows": tally.rows[:, None], "delivered": tally.present},
        size=np.full(codes.shape, 100.0),
        weights=tally.weights,
    )


def sentence(finding: Finding) -> Text:
    """``tenure_months has been absent since 19 November: dropped or renamed upstream, restore it.``"""
    template = _EMPTY if finding.facts.get("delivered") else _ABSENT
    return say(template, {"subject": finding.subject, "since": finding.since}, near=finding.batch_date)


_ABSENT = Text(
    "{subject:name} has been absent since {since:date}: dropped or renamed upstream, restore it.",
    "{subject:name} est absente depuis le {since:date} : supprimée ou renommée en amont, à rétablir.",
)
_EMPTY = Text(
    "{subject:name} is delivered without any counts, absent since {since:date}: count it again, or restore it "
    "upstream.",
    "{subject:name} est livrée sans aucun effectif, absente depuis le {since:date} : la compter à nouveau, ou la "
    "rétablir en amont.",
)
