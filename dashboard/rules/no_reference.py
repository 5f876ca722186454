"""The rule on a missing reference: without a training set nothing can be compared."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboard.colour import GREY
from dashboard.finding import Finding
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.text import Text

RULE: Final = Rule(
    key="no_reference",
    family="drift",
    name=Text("No training set", "Pas de jeu d\u2019apprentissage"),
    meaning=Text(
        "No training set was delivered for this version, so that neither drift nor quality can be judged: grey.",
        "Aucun jeu d'apprentissage n'a été livré pour cette version : ni la dérive ni la qualité ne peuvent être "
        "jugées : gris.",
    ),
    colours=("grey",),
    condition=Text("the version has no reference variables", "la version n'a aucune variable de référence"),
    source=Text("the contract", "le contrat"),
    example=Text(
        "Batches of version v3 came before its training set: grey until that is delivered.",
        "Des lots de la version v3 arrivés avant son jeu d'apprentissage : gris jusqu'à sa livraison.",
    ),
)


def judge(batches: int, *, variables: int) -> Verdicts:
    """One verdict for each of the ``batches``: grey when there are no ``variables``."""
    codes = np.full((batches, 1), GREY if variables == 0 else 0, np.int8)
    return Verdicts(RULE, ("batch",), codes)


def sentence(finding: Finding) -> Text:
    """``No training set was delivered for version v3: drift and quality cannot be judged.``"""
    return say(_NONE, {"version": finding.model_version}, near=finding.batch_date)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """What is not there, and what follows from that."""
    values = {"version": finding.model_version, "since": finding.since}
    return tuple(say(step, values, near=finding.batch_date) for step in (_LACKING, _GREY))


_LACKING = Text(
    "Version {version:name} has no reference variables: no training set was delivered for it.",
    "La version {version:name} n'a aucune variable de référence : aucun jeu d'apprentissage n'a été livré pour elle.",
)
_GREY = Text(
    "Without one there is nothing to compare a batch with: drift and quality are grey, since {since:date}.",
    "Sans cela, rien à quoi comparer un lot : dérive et qualité sont grises, depuis le {since:date}.",
)
_NONE = Text(
    "No training set was delivered for version {version:name}: drift and quality cannot be judged.",
    "Aucun jeu d'apprentissage n'a été livré pour la version {version:name} : dérive et qualité ne peuvent être "
    "jugées.",
)
