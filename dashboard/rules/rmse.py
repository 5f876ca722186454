"""The rule on RMSE: are the errors of a regression's matured cohort larger than on its test set?"""

from __future__ import annotations

from typing import Final

from dashboard.finding import Finding
from dashboard.history import Baseline
from dashboard.judging.comparison import Comparison, compare, comparison_sentence
from dashboard.judging.comparison_steps import comparison_steps
from dashboard.metric import Estimate
from dashboard.performance.truth_counts import Residuals
from dashboard.plural import rows_word
from dashboard.policy import Policy
from dashboard.rule import Rule
from dashboard.text import Text

RULE: Final = Rule(
    key="rmse",
    family="performance",
    name=Text("Rise of RMSE", "Hausse de la RMSE"),
    meaning=Text(
        "The errors of the newest cohort whose truth is complete are larger than on the version's test set, beyond "
        "both errors: amber from 5 % more, red from 15 % more. Grey below 30 rows.",
        "Les erreurs de la dernière cohorte dont la vérité est complète dépassent celles du jeu de test de la version, "
        "au-delà des deux erreurs types : orange à partir de 5 % de plus, rouge à partir de 15 %. Gris sous 30 lignes.",
    ),
    colours=("amber", "red", "grey"),
    condition=Text(
        "rise = RMSE / RMSE0 - 1, z = (RMSE - RMSE0) / sqrt(se0^2 + se^2); amber: z >= 2.33 and rise >= 0.05; red: "
        "z >= 3 and rise >= 0.15",
        "hausse = RMSE / RMSE0 - 1, z = (RMSE - RMSE0) / sqrt(se0^2 + se^2) ; orange : z >= 2,33 et hausse >= 0,05 ; "
        "rouge : z >= 3 et hausse >= 0,15",
    ),
    source=Text(
        "delta method for the standard errors; the thresholds are this project's",
        "méthode delta pour les erreurs types ; les seuils sont ceux de ce projet",
    ),
    example=Text(
        "12.3 with error .3 against 10.4 with error .2: rise 18 %, z = 5.3, red.",
        "12,3, erreur 0,3, contre 10,4, erreur 0,2 : hausse de 18 %, z = 5,3, rouge.",
    ),
)


def judge(estimate: Estimate, baseline: Baseline | None, data: Residuals, policy: Policy) -> Comparison:
    """The verdict on a cohort's RMSE; a baseline of 0 or less is none."""
    usable = baseline if baseline is not None and baseline.value > 0 else None
    return compare(
        estimate, usable, fewest=data.n, amber=policy.rmse_amber, red=policy.rmse_red, sign=-1, relative=True
    )


def sentence(finding: Finding) -> Text:
    """``RMSE of October is 12.3, 18 % above the test set (10.4 ± 0.4; 2,114 rows): ...``"""
    return comparison_sentence(finding, name=_NAME, templates=_TEMPLATES)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the cohort's measure to the colour."""
    return comparison_steps(finding, name=_NAME, of=rows_word(2))


_NAME = Text("RMSE", "RMSE")
_TEMPLATES = {
    "worse": Text(
        "RMSE {period:of_period} is {value:quantity}, {change:share} above the test set ({baseline:quantity} ± "
        "{margin:quantity}; {n:count} {rows}): {advice}.",
        "La RMSE {period:of_period} est de {value:quantity}, soit {change:share} au-dessus du jeu de test "
        "({baseline:quantity} ± {margin:quantity} ; {n:count} {rows}) : {advice}.",
    ),
    "steady": Text(
        "RMSE {period:of_period} is {value:quantity} ({baseline:quantity} on the test set).",
        "La RMSE {period:of_period} est de {value:quantity} ({baseline:quantity} sur le jeu de test).",
    ),
    "few": Text(
        "RMSE {period:of_period} is {value:quantity}, but rests on {n:count} {rows}: too few for a colour "
        "({needed:count} needed).",
        "La RMSE {period:of_period} est de {value:quantity}, mais repose sur {n:count} {rows} : trop peu pour une "
        "couleur ({needed:count} requises).",
    ),
    "no_value": Text(
        "The truth {period:of_period} has {n:count} {rows}: too few for an RMSE ({needed:count} needed).",
        "La vérité {period:of_period} compte {n:count} {rows} : trop peu pour une RMSE ({needed:count} requises).",
    ),
}
