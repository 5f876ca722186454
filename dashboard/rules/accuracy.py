"""The rule on accuracy: does a matured cohort of a multiclass model name fewer classes right than the test set?"""

from __future__ import annotations

from typing import Final

from dashboard.finding import Finding
from dashboard.history import Baseline
from dashboard.judging.comparison import Comparison, compare, comparison_sentence
from dashboard.judging.comparison_steps import comparison_steps
from dashboard.metric import Estimate
from dashboard.performance.truth_counts import ClassCounts
from dashboard.plural import rows_word
from dashboard.policy import Policy
from dashboard.rule import Rule
from dashboard.text import Text

RULE: Final = Rule(
    key="accuracy",
    family="performance",
    name=Text("Fall of accuracy", "Baisse de l\u2019exactitude"),
    meaning=Text(
        "The newest cohort whose truth is complete has fewer right predictions than the version's test set, beyond "
        "both errors: amber from 1 point, red from 3 points. Grey below 30 rows.",
        "La dernière cohorte dont la vérité est complète compte moins de bonnes prédictions que le jeu de test de la "
        "version, au-delà des deux erreurs : orange à partir d'un point, rouge à partir de 3. Gris sous 30 lignes.",
    ),
    colours=("amber", "red", "grey"),
    condition=Text(
        "drop = a0 - a, z = drop / sqrt(se0^2 + se^2), se binomial; amber: z >= 2.33 and drop >= 0.01; red: z >= 3 and "
        "drop >= 0.03",
        "baisse = a0 - a, z = baisse / sqrt(se0^2 + se^2), se binomiale ; orange : z >= 2,33 et baisse >= 0,01 ; "
        "rouge : z >= 3 et baisse >= 0,03",
    ),
    source=Text("binomial standard error", "erreur type binomiale"),
    example=Text(
        "81 % of 2,000 right against 85 % of 10,000: drop 4 points, z = 4.2, red.",
        "81 % de bonnes sur 2 000 contre 85 % sur 10 000 : baisse de 4 points, z = 4,2, rouge.",
    ),
)


def judge(estimate: Estimate, baseline: Baseline | None, data: ClassCounts, policy: Policy) -> Comparison:
    """The verdict on a cohort's accuracy."""
    return compare(estimate, baseline, fewest=data.n, amber=policy.accuracy_amber, red=policy.accuracy_red, sign=1)


def sentence(finding: Finding) -> Text:
    """``Accuracy of October is 81 %, 4 points below the test set (85 % ± 0.7; 2,000 rows): ...``"""
    return comparison_sentence(finding, name=_NAME, templates=_TEMPLATES)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the cohort's measure to the colour."""
    return comparison_steps(finding, name=_NAME, of=rows_word(2))


_NAME = Text("Accuracy", "Exactitude")
_TEMPLATES = {
    "worse": Text(
        "Accuracy {period:of_period} is {value:share}, {change:points} below the test set ({baseline:share} ± "
        "{margin:share}; {n:count} {rows}): {advice}.",
        "L'exactitude {period:of_period} est de {value:share}, soit {change:points} sous le jeu de test "
        "({baseline:share} ± {margin:share} ; {n:count} {rows}) : {advice}.",
    ),
    "steady": Text(
        "Accuracy {period:of_period} is {value:share} ({baseline:share} on the test set).",
        "L'exactitude {period:of_period} est de {value:share} ({baseline:share} sur le jeu de test).",
    ),
    "few": Text(
        "Accuracy {period:of_period} is {value:share}, but rests on {n:count} {rows}: too few for a colour "
        "({needed:count} needed).",
        "L'exactitude {period:of_period} est de {value:share}, mais repose sur {n:count} {rows} : trop peu pour une "
        "couleur ({needed:count} requises).",
    ),
    "no_value": Text(
        "The truth {period:of_period} has {n:count} {rows}: too few for an accuracy ({needed:count} needed).",
        "La vérité {period:of_period} compte {n:count} {rows} : trop peu pour une exactitude ({needed:count} "
        "requises).",
    ),
}
