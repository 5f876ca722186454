"""The numbers of a finding and the thresholds they are held to, in one or two short lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard import rules
from dashboard.finding import Finding
from dashboard.say import say
from dashboard.text import Text

_LINES: Final = 2
"""Of a rule without lines of its own, so many steps of its derivation."""

_SHARE: Final = Text(
    "{value:share} of {n:count} rows, {training:share} in training; amber from {amber_at:share}, red from "
    "{red_at:share}.",
    "{value:share} de {n:count} lignes, {training:share} à l'apprentissage ; orange dès {amber_at:share}, rouge dès "
    "{red_at:share}.",
)
_VANISHED: Final = Text(
    "{value:share} of training, none of {n:count} rows; amber from {amber:share}, red from {red:share}.",
    "{value:share} de l'apprentissage, aucune de {n:count} lignes ; orange dès {amber:share}, rouge dès {red:share}.",
)
_REPEATED: Final = Text(
    "{rows:count} of {n:count} rows, {value:share}; amber from {amber:share}, red from {red:share}.",
    "{rows:count} lignes sur {n:count}, soit {value:share} ; orange dès {amber:share}, rouge dès {red:share}.",
)
_DRIFT: Final = Text(
    "PSI {psi:index}, or {debiased:index} with the noise taken off ({n:count} rows); amber from {amber:index}, red "
    "from {red:index}.",
    "PSI de {psi:index}, soit {debiased:index} bruit déduit ({n:count} lignes) ; orange dès {amber:index}, rouge dès "
    "{red:index}.",
)
_FALL: Final = Text(
    "{value:index} against {baseline:index} on the test set, {z:quantity} standard errors; amber from a fall of "
    "{amber:threshold}, red from {red:threshold}.",
    "{value:index} contre {baseline:index} sur le jeu de test, {z:quantity} erreurs types ; orange dès une baisse de "
    "{amber:threshold}, rouge dès {red:threshold}.",
)
_FALL_OF_SHARE: Final = Text(
    "{value:share} against {baseline:share} on the test set, {z:quantity} standard errors; amber from a fall of "
    "{amber:points}, red from {red:points}.",
    "{value:share} contre {baseline:share} sur le jeu de test, {z:quantity} erreurs types ; orange dès une baisse de "
    "{amber:points}, rouge dès {red:points}.",
)
_RISE: Final = Text(
    "{value:quantity} against {baseline:quantity} on the test set, {z:quantity} standard errors; amber from a rise of "
    "{amber:share}, red from {red:share}.",
    "{value:quantity} contre {baseline:quantity} sur le jeu de test, {z:quantity} erreurs types ; orange dès une "
    "hausse de {amber:share}, rouge dès {red:share}.",
)
_ROWS: Final = Text(
    "{value:count} rows, usually {usual:count}; amber below {lowest:count} and above {highest:count}.",
    "{value:count} lignes, {usual:count} d'habitude ; orange sous {lowest:count} et au-dessus de {highest:count}.",
)

_OF_RULE: Final = {
    "missing": _SHARE,
    "unseen": _SHARE,
    "out_of_range": _SHARE,
    "vanished": _VANISHED,
    "duplicate_ids": _REPEATED,
    "drift": _DRIFT,
    "auc": _FALL,
    "accuracy": _FALL_OF_SHARE,
    "rmse": _RISE,
    "row_count": _ROWS,
}


def numbers(finding: Finding) -> tuple[Text, ...]:
    """The lines; none where the finding was stored without the numbers that they need."""
    template, facts = _OF_RULE.get(finding.rule), finding.facts
    try:
        # A grey one has other numbers, and so has a measure that is held to a floor or a band.
        if template is not None and finding.colour in ("amber", "red") and facts.get("rule", "baseline") == "baseline":
            return (say(template, _with_thresholds(facts), near=finding.batch_date),)
        return rules.derivation(finding)[:_LINES]
    except (KeyError, TypeError, ValueError):
        return ()


def _with_thresholds(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facts, and the shares from which there is a colour, which the rule states as what lies above training."""
    if not {"training", "amber", "red"} <= facts.keys():
        return facts
    return {**facts, **{f"{level}_at": facts["training"] + facts[level] for level in ("amber", "red")}}
