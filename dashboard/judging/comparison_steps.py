"""The steps by which a cohort's performance turns a colour, so that a reader can go them by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from dashboard.finding import Finding
from dashboard.judging.comparison import POWER, Z_AMBER, Z_RED
from dashboard.plural import rows_word
from dashboard.say import say
from dashboard.text import Text

REASONS: Final[Mapping[str, Text]] = {
    "no_value": Text(
        "A value takes {needed:count} {of} and there are {fewest:count}: grey.",
        "Une valeur en demande {needed:count} ({of}) et il y en a {fewest:count} : gris.",
    ),
    "few": Text(
        "A colour takes {needed:count} {of} and there are {fewest:count}: grey.",
        "Une couleur en demande {needed:count} ({of}) et il y en a {fewest:count} : gris.",
    ),
    "undefined": Text(
        "Its errors or scores cannot be used, so that it has no value: grey.",
        "Ses erreurs ou ses scores sont inutilisables, elle n'a donc pas de valeur : gris.",
    ),
    "no_baseline": Text(
        "Training delivered nothing to compare it with: grey.",
        "L'apprentissage n'a rien livré à quoi la comparer : gris.",
    ),
    "no_baseline_error": Text(
        "Training delivered {baseline:exact} to compare it with, without a standard error; with none every change "
        "would be certain: grey.",
        "L'apprentissage a livré {baseline:exact} pour comparaison, sans erreur type ; sans elle tout changement "
        "serait certain : gris.",
    ),
}
"""Why there is no colour, by reason."""


def comparison_steps(finding: Finding, *, name: Text, of: Text) -> tuple[Text, ...]:
    """What was measured, on what and since when it counts, what training had, how far apart they are, and the clause.

    ``name`` is the measure's; ``of`` says what its rows are (rows, positives and negatives).
    """
    facts, near = finding.facts, finding.batch_date
    values = {**facts, "name": name, "of": of, "z_amber": Z_AMBER, "z_red": Z_RED, "effort": Z_AMBER + POWER}
    if facts["reason"] is not None:
        return (*opening(finding, name), say(REASONS[facts["reason"]], values, near=near))
    z = facts["z"]
    values |= {
        "word": _CHANGES["rise" if facts["relative"] else "fall"],
        "both": math.hypot(facts["se"], facts["baseline_se"]),
        "amount": facts["change"] * abs(facts["baseline"]) if facts["relative"] else facts["change"],
    }
    kind = "relative" if facts["relative"] else "absolute"
    return (
        *opening(finding, name),
        say(_BASELINE_OF if "baseline_of" in facts else _BASELINE, values, near=near),
        say(_CHANGE[kind], values, near=near),
        *([say(_WORTH, values, near=near)] if z is not None else [say(_CERTAIN, values, near=near)]),
        say(_ASKED[kind], values, near=near),
        say(_VERDICTS[finding.colour], values, near=near),
        *since_step(finding),
    )


def opening(finding: Finding, name: Text) -> tuple[Text, ...]:
    """Which cohort counts and why, and what was measured of it."""
    facts, near = finding.facts, finding.batch_date
    values = {
        **facts,
        "name": name,
        "period": (facts["cohort"], facts["first_day"]),
        "rows": rows_word(facts["n"]),
        "last": date.fromisoformat(facts["last_day"]),
    }
    measured = _VALUE if facts["value"] is not None else _NO_VALUE
    return say(_COUNTS, values, near=near), say(measured, values, near=near)


def since_step(finding: Finding) -> tuple[Text, ...]:
    """Since when the colour stands."""
    values: dict[str, Any] = {"since": finding.since}
    return (say(_SINCE, values, near=finding.batch_date),)


_COUNTS: Final = Text(
    "The newest cohort that counts ended on {last:date}: its outcome window was over on {matured_on:date}, and "
    "{completeness:share} of its outcomes are known.",
    "La dernière cohorte qui compte s'est achevée le {last:date} : sa fenêtre d'observation s'est fermée le "
    "{matured_on:date}, et {completeness:share} de ses résultats sont connus.",
)
_VALUE: Final = Text(
    "{name} {period:of_period} is {value:exact} with standard error {se:exact}, from {n:count} {rows}.",
    "{name} {period:of_period} : {value:exact}, erreur type {se:exact}, sur {n:count} {rows}.",
)
_NO_VALUE: Final = Text(
    "{name} {period:of_period} has no value, from {n:count} {rows}.",
    "{name} {period:of_period} : pas de valeur, sur {n:count} {rows}.",
)
_BASELINE: Final = Text(
    "On the test set of training it was {baseline:exact} with standard error {baseline_se:exact}.",
    "Sur le jeu de test de l'apprentissage : {baseline:exact}, erreur type {baseline_se:exact}.",
)
_BASELINE_OF: Final = Text(
    "On the test set of version {baseline_of:name}, which it is held to until it is accepted, it was {baseline:exact} "
    "with standard error {baseline_se:exact}.",
    "Sur le jeu de test de la version {baseline_of:name}, qui sert de référence tant que celle-ci n'est pas acceptée : "
    "{baseline:exact}, erreur type {baseline_se:exact}.",
)
_CHANGES: Final = {"fall": Text("fall", "baisse"), "rise": Text("rise", "hausse")}
_CHANGE: Final = {
    "absolute": Text("The {word} is {amount:exact}.", "La {word} est de {amount:exact}."),
    "relative": Text(
        "The {word} is {amount:exact}, {change:exact} times what it was.",
        "La {word} est de {amount:exact}, soit {change:exact} fois ce qu'elle était.",
    ),
}
_WORTH: Final = Text(
    "Both errors together are sqrt({se:exact}² + {baseline_se:exact}²) = {both:exact}: the {word} is worth "
    "{z:exact} of them.",
    "Les deux erreurs ensemble valent racine({se:exact}² + {baseline_se:exact}²) = {both:exact} : la {word} en vaut "
    "{z:exact}.",
)
_CERTAIN: Final = Text(
    "Neither has an error: the {word} is certain.", "Aucune des deux n'a d'erreur : la {word} est certaine."
)
_ASKED: Final = {
    "absolute": Text(
        "Amber asks for {z_amber:threshold} standard errors and {amber:threshold}; red for {z_red:threshold} and "
        "{red:threshold}.",
        "L'orange demande {z_amber:threshold} erreurs types et {amber:threshold} ; le rouge {z_red:threshold} et "
        "{red:threshold}.",
    ),
    "relative": Text(
        "Amber asks for {z_amber:threshold} standard errors and {amber:threshold} times; red for {z_red:threshold} and "
        "{red:threshold} times.",
        "L'orange demande {z_amber:threshold} erreurs types et {amber:threshold} fois ; le rouge {z_red:threshold} et "
        "{red:threshold} fois.",
    ),
}
_VERDICTS: Final = {
    "red": Text("Both hold at the level of red: red.", "Les deux conditions tiennent au niveau du rouge : rouge."),
    "amber": Text(
        "Both hold at the level of amber, not of red: amber.",
        "Les deux conditions tiennent au niveau de l'orange, pas du rouge : orange.",
    ),
    "note": Text(
        "Not both hold, so there is no colour; but with these errors only a fall of {effort:threshold} × {both:exact} "
        "= {detectable:exact} would be seen four times out of five, and that is more than {unseen:threshold}: a note.",
        "Les deux conditions ne tiennent pas ensemble, donc pas de couleur ; mais avec ces erreurs seule une baisse de "
        "{effort:threshold} × {both:exact} = {detectable:exact} serait vue quatre fois sur cinq, et c'est plus que "
        "{unseen:threshold} : une note.",
    ),
}
_SINCE: Final = Text("It has been so since {since:date}.", "Il en est ainsi depuis le {since:date}.")
