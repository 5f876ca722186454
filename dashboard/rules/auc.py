"""The rule on AUC: has the ranking of a matured cohort fallen below the test set's?"""

from __future__ import annotations

from typing import Any, Final

from dashboard.finding import Finding
from dashboard.history import Baseline
from dashboard.judging.auc_level import FEW, against_band, against_floor, level_sentence, level_steps
from dashboard.judging.comparison import Comparison, compare, comparison_sentence
from dashboard.judging.comparison_steps import comparison_steps
from dashboard.metric import Estimate
from dashboard.performance.truth_counts import ScoreCounts
from dashboard.plural import plural
from dashboard.policy import Policy
from dashboard.rule import Rule
from dashboard.say import say
from dashboard.text import Text

RULE: Final = Rule(
    key="auc",
    family="performance",
    name=Text("Fall of AUC", "Baisse de l\u2019AUC"),
    meaning=Text(
        "The AUC of the newest cohort whose truth is complete lies below the version's own on its test set, beyond "
        "both errors: amber from .01, red from .03. Grey below 30 positives or negatives. A note where a fall of .05 "
        "would mostly pass unseen: below some 320 to 440 positives. A policy may ask instead for a floor (auc.rule = "
        "floor), or for the band of at least 20 slices of the training rows (band).",
        "L'AUC de la dernière cohorte dont la vérité est complète est inférieure à celle de la version sur son jeu de "
        "test, au-delà des deux erreurs : orange à partir de 0,01, rouge à partir de 0,03. Gris sous 30 positifs ou "
        "négatifs. Une note là où une baisse de 0,05 passerait le plus souvent inaperçue : sous quelque 320 à 440 "
        "positifs. Une politique peut demander à la place un plancher (auc.rule = floor), ou la bande d'au moins 20 "
        "tranches d'apprentissage (band).",
    ),
    colours=("amber", "red", "grey", "note"),
    condition=Text(
        "drop = A0 - A, z = drop / sqrt(se0^2 + se^2); amber: z >= 2.33 and drop >= 0.01; red: z >= 3 and "
        "drop >= 0.03; note: 3.17 sqrt(se0^2 + se^2) > 0.05; floor or band: amber: A < level, red: upper end of A's "
        "95 % interval < level, level the floor, or mean - 3 sd of the slices; note: A > mean + 3 sd",
        "baisse = A0 - A, z = baisse / sqrt(se0^2 + se^2) ; orange : z >= 2,33 et baisse >= 0,01 ; rouge : z >= 3 et "
        "baisse >= 0,03 ; note : 3,17 sqrt(se0^2 + se^2) > 0,05 ; plancher ou bande : orange : A < niveau, rouge : "
        "borne haute de l'intervalle à 95 % de A < niveau, niveau : le plancher, ou moyenne - 3 écarts types des "
        "tranches ; note : A > moyenne + 3 écarts types",
    ),
    source="DeLong et al., Biometrics 44:837, 1988",
    example=Text(
        "October .71 with error .008, test set .77 with error .005: drop .06, z = 6.4, red.",
        "Octobre à 0,71, erreur 0,008, jeu de test à 0,77, erreur 0,005 : baisse 0,06, z = 6,4, rouge.",
    ),
)

UNSEEN_FALL: Final = 0.05


def judge(estimate: Estimate, baseline: Baseline | None, data: ScoreCounts, policy: Policy) -> Comparison:
    """The verdict on a cohort's AUC, by whichever of the policy's three ways."""
    positives, negatives = data.m, data.n - data.m
    if policy.auc_rule == "floor":
        verdict = against_floor(estimate, policy.auc_floor, fewest=data.fewest)
    elif policy.auc_rule == "band":
        verdict = against_band(estimate, baseline, fewest=data.fewest)
    else:
        verdict = compare(
            estimate,
            baseline,
            fewest=data.fewest,
            amber=policy.auc_amber,
            red=policy.auc_red,
            sign=1,
            note_above=UNSEEN_FALL,
        )
    rarer = "positives" if positives <= negatives else "negatives"
    more = {"positives": positives, "negatives": negatives, "rarer": rarer, "unseen": UNSEEN_FALL}
    return Comparison(verdict.code, {**verdict.facts, **more})


def sentence(finding: Finding) -> Text:
    """``AUC of October is .71, .06 below the test set (.77 ± .01; 2,114 positives): find what changed, or retrain.``"""
    facts = finding.facts
    words: dict[str, Any] = {
        "rarer": plural(facts["fewest"], *_CLASSES[facts["rarer"]]),
        "positives_word": plural(facts["positives"], *_CLASSES["positives"]),
    }
    if _by_level(finding):
        return level_sentence(finding, name=_NAME, highest=facts["high"] or facts["value"], **words)
    if facts["value"] is not None and facts["baseline"] is not None:
        # The difference of what is written: .79 and .65 are .14 apart, whatever the third decimals say.
        words["change"] = round(facts["baseline"], 2) - round(facts["value"], 2)
    return comparison_sentence(finding, name=_NAME, templates=_TEMPLATES, **words)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the cohort's scores and outcomes to the colour."""
    facts = finding.facts
    counted = say(_COUNTED, facts, near=finding.batch_date)
    steps = level_steps if _by_level(finding) else comparison_steps
    start, *rest = steps(finding, name=_NAME, of=_CLASSES[facts["rarer"]][1])
    return (start, counted, *rest)


def _by_level(finding: Finding) -> bool:
    return finding.facts.get("rule") in ("floor", "band")


_COUNTED = Text(
    "Its truth has {positives:count} positives and {negatives:count} negatives; what is rarer limits what can be seen.",
    "Sa vérité compte {positives:count} positifs et {negatives:count} négatifs ; le plus rare limite ce qu'on peut "
    "voir.",
)
_NAME = Text("AUC", "AUC")
_CLASSES = {
    "positives": (Text("positive", "positif"), Text("positives", "positifs")),
    "negatives": (Text("negative", "négatif"), Text("negatives", "négatifs")),
}
_TEMPLATES = {
    **FEW,
    "worse": Text(
        "AUC {period:of_period} is {value:index}, {change:index} below the test set ({baseline:index} ± "
        "{margin:index}; {positives:count} {positives_word}): {advice}.",
        "L'AUC {period:of_period} est de {value:index}, soit {change:index} sous le jeu de test ({baseline:index} ± "
        "{margin:index} ; {positives:count} {positives_word}) : {advice}.",
    ),
    "note": Text(
        "AUC {period:of_period} rests on {fewest:count} {rarer}: a fall smaller than {detectable:index} would mostly "
        "pass unseen.",
        "L'AUC {period:of_period} repose sur {fewest:count} {rarer} : une baisse inférieure à {detectable:index} "
        "passerait le plus souvent inaperçue.",
    ),
    "steady": Text(
        "AUC {period:of_period} is {value:index} ({baseline:index} on the test set).",
        "L'AUC {period:of_period} est de {value:index} ({baseline:index} sur le jeu de test).",
    ),
}
