"""The rule on other bins: a batch counted before its training set was delivered again cannot be compared with it."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import GREY
from dashboard.finding import Finding
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.text import Text

RULE: Final = Rule(
    key="other_bins",
    family="drift",
    name=Text("Bins of an earlier training set", "Classes d\u2019un ancien jeu d\u2019apprentissage"),
    meaning=Text(
        "The version's training set was delivered again with other bins after this batch was counted: its counts mean "
        "nothing against them, so drift and quality are grey until the batch is delivered again.",
        "Le jeu d'apprentissage de la version a été livré à nouveau avec d'autres classes après le comptage de ce "
        "lot : ses effectifs ne s'y comparent pas, dérive et qualité sont grises jusqu'à une nouvelle livraison du "
        "lot.",
    ),
    colours=("grey",),
    condition=Text(
        "the batch was counted in the bins of an earlier reference of the same version",
        "le lot est compté dans les classes d'une référence antérieure de la même version",
    ),
    source=Text("the contract", "le contrat"),
    example=Text(
        "The batch of 3 November was counted in ten bins; on the 5th training came again with eight: grey.",
        "Le lot du 3 novembre est compté en dix classes ; le 5, l'apprentissage revient avec huit : gris.",
    ),
)


def judge(stale: npt.NDArray[np.bool_], *, variables: int) -> Verdicts:
    """One verdict a batch, grey where it is ``stale`` (T,); without ``variables`` there is nothing to compare with."""
    codes = np.where(stale & (variables > 0), np.int8(GREY), np.int8(0))[:, None]
    return Verdicts(RULE, ("batch",), codes)


def sentence(finding: Finding) -> Text:
    """``The batch of 3 November was counted in the bins of an earlier training set: deliver the batch again.``"""
    return say(_OTHER, {"day": finding.batch_date}, near=finding.batch_date)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """What the batch was counted in, and what follows from that."""
    values = {"version": finding.model_version, "day": finding.batch_date, "since": finding.since}
    return tuple(say(step, values, near=finding.batch_date) for step in (_COUNTED, _GREY))


_COUNTED = Text(
    "The batch of {day:date} says in which bins it was counted: not in those that version {version:name} has now.",
    "Le lot du {day:date} dit dans quelles classes il a été compté : pas dans celles qu'a maintenant la version "
    "{version:name}.",
)
_GREY = Text(
    "Counts of different bins cannot be compared: drift and quality are grey, since {since:date}.",
    "Des effectifs de classes différentes ne se comparent pas : dérive et qualité sont grises, depuis le {since:date}.",
)
_OTHER = Text(
    "The batch of {day:date} was counted in the bins of an earlier training set: deliver the batch again.",
    "Le lot du {day:date} a été compté dans les classes d'un ancien jeu d'apprentissage : livrer à nouveau ce lot.",
)
