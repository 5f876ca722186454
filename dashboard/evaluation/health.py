"""The colour of a model: the worst of its families, and the one sentence that says why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import AMBER, GREEN, GREY, RED, Codes
from dashboard.finding import Finding
from dashboard.rule import FAMILIES, Verdicts
from dashboard.rules import sentence
from dashboard.say import say
from dashboard.text import Text

MEANING: Final = Text(
    "The worst of drift, quality, performance and freshness. A red on a variable of less than 1 % importance counts "
    "amber. Grey, when nothing is worse and drift, quality or freshness cannot be judged: no data, too few rows, a "
    "late batch. A truth that has not come yet leaves the model's colour as it is and is shown grey beside it.",
    "La pire des couleurs de dérive, qualité, performance et fraîcheur. Un rouge sur une variable de moins de 1 % "
    "d'importance compte comme orange. Gris quand rien n'est pire et que dérive, qualité ou fraîcheur ne peuvent être "
    "jugées : pas de données, trop peu de lignes, lot en retard. Une vérité qui n'est pas encore arrivée laisse la "
    "couleur du modèle telle quelle et s'affiche en gris à côté.",
)
"""What the model's colour means, for the glossary."""

BLINDING: Final = ("drift", "quality", "freshness")
"""The families whose grey makes a model grey: without them nothing is known of it today."""


def family_codes(
    verdicts: Sequence[Verdicts], grey: dict[str, npt.NDArray[np.bool_]], *, light: float
) -> dict[str, Codes]:
    """The colour code of each family, (T,), from all verdicts; ``grey`` (T,) says where a family cannot be judged.

    A red on a subject whose weight is below ``light`` counts amber. Amber and red win over grey.
    """
    worst: dict[str, Codes] = {family: np.where(grey[family], np.int8(GREY), np.int8(GREEN)) for family in FAMILIES}
    smalls: dict[tuple[float | None, ...], npt.NDArray[np.bool_]] = {}
    for verdict in verdicts:
        codes = verdict.codes
        if not (codes > GREEN).any():
            continue
        weights = verdict.weights or (None,) * len(verdict.subjects)
        if weights not in smalls:
            smalls[weights] = np.array([_is_light(weight, light) for weight in weights], bool)
        small = smalls[weights]
        weighed = np.where((codes == RED) & small, AMBER, np.where((codes == RED) | (codes == AMBER), codes, GREEN))
        top = weighed.max(axis=-1, initial=GREEN)
        held = worst[verdict.rule.family]
        worst[verdict.rule.family] = np.where(top > GREEN, np.maximum(held, top), held).astype(np.int8)
    return worst


def _is_light(weight: float | None, light: float) -> bool:
    return weight is not None and weight < light


def model_codes(families: dict[str, Codes], *, off: Collection[str] = ()) -> Codes:
    """The model's colour code, (T,): red, else amber, else grey where a family that blinds is grey, else green.

    A family that the policy switched ``off`` is grey and does not blind, unless nothing else is left to see by.
    """
    worst = np.maximum.reduce([families[family] for family in FAMILIES])
    seeing = [family for family in BLINDING if family not in off] or BLINDING
    blind = np.logical_or.reduce([families[family] == GREY for family in seeing])
    return np.where(worst > GREEN, worst, np.where(blind, GREY, GREEN)).astype(np.int8)


@dataclass(frozen=True, slots=True)
class Stable:
    """What a green headline counts: the version's variables, those that cannot be judged, and the truth's state."""

    variables: int
    unjudged: int
    truth: Text | None


def headline(findings: Sequence[Finding], colour: int, *, light: float, stable: Stable, near: date) -> Text:
    """The sentence of a batch: that of its worst finding, and how many more there are; or that all is well."""
    wanted = ("red", "amber") if colour > GREEN else ("grey",) if colour == GREY else ()
    # A grey truth leaves the model as it is; it is never the reason for its colour.
    telling = [f for f in findings if f.colour in wanted and (f.colour != "grey" or f.family in BLINDING)]
    if not telling:
        return _calm(stable) if colour == GREEN else _NOTHING
    worst = min(telling, key=lambda finding: rank(finding, light=light))
    more = {(f.subject, f.family) for f in telling if f.subject != worst.subject}
    more |= {(f.subject, f.family) for f in findings if f.rule == "late" and f is not worst}
    text = sentence(worst)
    if not more:
        return text
    return say(_ONE_MORE if len(more) == 1 else _MORE, {"text": text, "more": len(more)}, near=near)


_COLOUR_ORDER: Final = {"red": 0, "amber": 1, "grey": 2, "note": 3}
_FAMILY_ORDER: Final = {"freshness": 0, "quality": 1, "performance": 2, "drift": 3}
"""Among findings of one colour: an upstream break explains the drift it causes, so it comes before it."""


def rank(finding: Finding, *, light: float) -> tuple[int, int, float, float, str, str]:
    """A key that sorts findings from the one to tell first: colour as weighed, family, importance, size, names."""
    colour = _COLOUR_ORDER[finding.colour]
    if colour == 0 and _is_light(finding.weight, light):
        colour = 1
    size = finding.facts.get("size")
    weight = finding.weight if finding.weight is not None else 0.0
    return (
        colour,
        _FAMILY_ORDER[finding.family],
        -weight,
        -float(size if size is not None else 0.0),
        finding.subject,
        finding.rule,
    )


def _calm(stable: Stable) -> Text:
    text = _counted(stable.variables, stable.unjudged)
    return text if stable.truth is None else Text(f"{text.en} {stable.truth.en}", f"{text.fr} {stable.truth.fr}")


@lru_cache(maxsize=1024)
def _counted(variables: int, unjudged: int) -> Text:
    # Most batches are calm, and say the same: there is no date in it.
    judged = variables - unjudged
    if not judged:
        return _LEFT_ALONE
    values = {"judged": judged, "all": variables, "rest": unjudged}
    some = _ONE_OF_SEVERAL if judged == 1 else _SOME_STABLE
    template = some if unjudged else _ONE_STABLE if variables == 1 else _ALL_STABLE
    return say(template, values, near=date.min)


_NOTHING = Text("No variable of the batch could be judged.", "Aucune variable du lot n’a pu être jugée.")
_LEFT_ALONE = Text("The policy judges the drift of no variable.", "La politique ne juge la dérive d’aucune variable.")
_ONE_MORE = Text("{text} And one more finding.", "{text} Et un autre constat.")
_MORE = Text("{text} And {more:count} more findings.", "{text} Et {more:count} autres constats.")
_ALL_STABLE = Text("All {all:count} variables are stable.", "Les {all:count} variables sont stables.")
_ONE_STABLE = Text("The one variable is stable.", "La seule variable est stable.")
_ONE_OF_SEVERAL = Text(
    "One of {all:count} variables is stable, {rest:count} cannot be judged.",
    "Variables stables : 1 sur {all:count} ; impossibles à juger : {rest:count}.",
)
_SOME_STABLE = Text(
    "{judged:count} of {all:count} variables are stable, {rest:count} cannot be judged.",
    "Variables stables : {judged:count} sur {all:count} ; impossibles à juger : {rest:count}.",
)
