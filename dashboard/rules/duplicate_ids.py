"""The rule on duplicate identifiers within a batch."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard.colour import GREEN, NOTE, RED, grade
from dashboard.finding import Finding
from dashboard.metrics.missing_share import share_of
from dashboard.policy import Policy
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.tally import Tally
from dashboard.text import Text

RULE: Final = Rule(
    key="duplicate_ids",
    family="quality",
    name=Text("Duplicate ids", "Identifiants en double"),
    meaning=Text(
        "Rows repeat an identifier of the same batch: amber from 1 % of rows, red from 5 %, a note below.",
        "Des lignes répètent un identifiant du même lot : orange à partir de 1 % des lignes, rouge à partir de 5 %, "
        "une simple note en dessous.",
    ),
    colours=("amber", "red", "note"),
    condition=Text(
        "duplicate rows / rows >= 0.01 (amber), 0.05 (red); note: any below that",
        "lignes en double / lignes >= 0,01 (orange), 0,05 (rouge) ; note : toute part inférieure",
    ),
    source=Text("counted", "compté"),
    example=Text(
        "312 of 18,402 rows repeat an identifier: 1.7 %, amber.",
        "312 lignes sur 18 402 répètent un identifiant : 1,7 %, orange.",
    ),
)


def judge(tally: Tally, policy: Policy) -> Verdicts:
    """The verdicts on every batch; green where the delivery had no identifiers to look at."""
    repeated = np.array([batch.duplicate_ids or 0 for batch in tally.batches], np.int64)
    value = share_of(repeated, tally.rows)
    codes = grade(value, policy.duplicate_ids_amber, policy.duplicate_ids_red, repeated > 0)
    codes[(codes == GREEN) & (repeated > 0)] = NOTE
    reached = np.where(codes == RED, policy.duplicate_ids_red, policy.duplicate_ids_amber)
    numbers = {
        "value": value[:, None],
        "rows": repeated[:, None],
        "n": tally.rows[:, None],
        "amber": policy.duplicate_ids_amber,
        "red": policy.duplicate_ids_red,
        "threshold": reached[:, None],
    }
    size = value[:, None] / policy.duplicate_ids_amber
    return Verdicts(RULE, ("batch",), codes[:, None], numbers, size=size)


def sentence(finding: Finding) -> Text:
    """``312 of 18,402 rows repeat an identifier (1.7 %): a join upstream may multiply rows.``"""
    return say(_ONE if finding.facts["rows"] == 1 else _SEVERAL, finding.facts, near=finding.batch_date)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the counts to the colour."""
    values = {**finding.facts, "since": finding.since}
    return tuple(say(step, values, near=finding.batch_date) for step in (_COUNTED, _ASKED, _VERDICTS[finding.colour]))


_COUNTED = Text(
    "{rows:count} of {n:count} rows have an identifier that another row of the batch has too: {value:share}.",
    "{rows:count} lignes sur {n:count} ont un identifiant qu'une autre ligne du lot a aussi : {value:share}.",
)
_ASKED = Text(
    "Amber asks for {amber:share}, red for {red:share}. An identifier is unique: chance makes no duplicates.",
    "L'orange demande {amber:share}, le rouge {red:share}. Un identifiant est unique : le hasard ne fait pas de "
    "doublons.",
)
_VERDICTS = {
    "red": Text("Red, since {since:date}.", "Rouge, depuis le {since:date}."),
    "amber": Text("Amber, since {since:date}.", "Orange, depuis le {since:date}."),
    "note": Text("Less than that: a note, no colour.", "Moins que cela : une note, sans couleur."),
}
_ONE = Text(
    "One of {n:count} rows repeats an identifier.",
    "Une ligne sur {n:count} répète un identifiant.",
)
_SEVERAL = Text(
    "{rows:count} of {n:count} rows repeat an identifier ({value:share}): a join upstream may multiply rows.",
    "{rows:count} lignes sur {n:count} répètent un identifiant ({value:share}) : une jointure en amont multiplie "
    "peut-être les lignes.",
)
