"""The rule on absent variables: the batch no longer delivers a variable of the training, or not one count of it."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard.colour import RED
from dashboard.finding import Finding
from dashboard.plural import rows_word
from dashboard.policy import Policy
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


def judge(tally: Tally, policy: Policy) -> Verdicts:
    """The verdicts on every variable; a batch without rows has no variables, which the row count says.

    A variable delivered without any count is as unknown as one that was not delivered, whatever its missing values:
    it is not green. Batches counted in other bins have a rule of their own.
    """
    judged = policy.judges(RULE.key, tally.names) & ~tally.derived
    absent = (~tally.present | (tally.n == 0)) & ((tally.rows > 0) & ~tally.stale)[:, None] & judged
    codes = np.where(absent, np.int8(RED), np.int8(0))
    return Verdicts(
        RULE,
        tally.names,
        codes,
        {
            "value": 0,
            "batch_rows": tally.rows[:, None],
            "delivered": tally.present,
            "training_n": tally.training_n,
        },
        size=np.full(codes.shape, 100.0),
        weights=tally.weights,
    )


def sentence(finding: Finding) -> Text:
    """``tenure_months has been absent since 19 November: dropped or renamed upstream, restore it.``"""
    template = _EMPTY if finding.facts.get("delivered") else _ABSENT
    return say(template, {"subject": finding.subject, "since": finding.since}, near=finding.batch_date)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the counts to the colour."""
    facts, near = finding.facts, finding.batch_date
    values = {**facts, "subject": finding.subject, "since": finding.since, "of": rows_word(facts["batch_rows"])}
    return (
        say(_TRAINED, values, near=near),
        say(_HAS_NO_COUNT if facts.get("delivered") else _HAS_NO_COLUMN, values, near=near),
        say(_RED, values, near=near),
    )


_TRAINED = Text(
    "The model was trained on {subject:name}, in {training_n:count} rows.",
    "Le modèle a été entraîné sur {subject:name}, dans {training_n:count} lignes.",
)
_HAS_NO_COLUMN = Text(
    "The batch has {batch_rows:count} {of} and does not deliver it.",
    "Le lot a {batch_rows:count} {of} et ne la livre pas.",
)
_HAS_NO_COUNT = Text(
    "The batch has {batch_rows:count} {of} and delivers it without a single count.",
    "Le lot a {batch_rows:count} {of} et la livre sans aucun effectif.",
)
_RED = Text(
    "There is nothing that chance could explain: red, since {since:date}.",
    "Il n'y a rien que le hasard puisse expliquer : rouge, depuis le {since:date}.",
)
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
