"""The rule on values outside the training range: rows below the smallest or above the largest training value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from dashboard.colour import GREY, RED, ROUNDING, grade
from dashboard.finding import Finding
from dashboard.judging.course import Course, course_facts, courses
from dashboard.judging.proportion import SIGNIFICANCE, rise_p_value
from dashboard.judging.share_steps import share_steps
from dashboard.metrics.missing_share import share_of
from dashboard.policy import Policy
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.tally import Tally
from dashboard.text import Text

RULE: Final = Rule(
    key="out_of_range",
    family="quality",
    name=Text("Outside the training range", "Hors de la plage d\u2019apprentissage"),
    meaning=Text(
        "Rows of a numeric variable lie below the smallest or above the largest training value: amber from 1 % of "
        "rows, red from 5 %. The model has never learnt what to do there. Chance must explain it less than once in "
        "10,000.",
        "Des lignes d'une variable numérique sont sous la plus petite ou au-dessus de la plus grande valeur de "
        "l'apprentissage : orange à partir de 1 % des lignes, rouge à partir de 5 %. Le modèle n'a rien appris là. "
        "Le hasard doit l'expliquer moins d'une fois sur 10 000.",
    ),
    colours=("amber", "red"),
    condition=Text(
        "(rows below + rows above) / rows >= 0.01 (amber), 0.05 (red) and p < 1e-4, p = P(so many or more), negative "
        "binomial with two training rows, the smallest and the largest",
        "(lignes en dessous + lignes au-dessus) / lignes >= 0,01 (orange), 0,05 (rouge) et p < 1e-4, p = P(autant ou "
        "plus), binomiale négative à deux lignes d'apprentissage, la plus petite et la plus grande",
    ),
    source=Text(
        "order statistics: David & Nagaraja, Order Statistics, 3rd ed., 2003",
        "statistiques d'ordre : David & Nagaraja, Order Statistics, 3e éd., 2003",
    ),
    example=Text(
        "Training went from 0 to 120; 30 of 1,000 rows hold 999: 3 %, amber. 3 of them: green.",
        "L'apprentissage allait de 0 à 120 ; 30 lignes sur 1 000 valent 999 : 3 %, orange. 3 d'entre elles : vert.",
    ),
)

EXTREMES: Final = 1
"""Training rows that are counted as outside their own range. Of two samples of one law, the rows of one that lie beyond
both ends of the other come as its failures before two successes: as many as a rate that hit training once."""


def judge(tally: Tally, policy: Policy, *, kept: Mapping[str, Course] | None = None) -> Verdicts:
    """The verdicts on every variable; those with levels are always green, as they have no range.

    Of a variable whose colour has risen is ``kept`` how it did.
    """
    names = tally.names
    amber, red = policy.of("out_of_range_amber", names), policy.of("out_of_range_red", names)
    judged = policy.judges(RULE.key, names) & ~tally.derived & ~tally.categorical
    outside = tally.below + tally.above
    value = share_of(outside, tally.n)
    with np.errstate(invalid="ignore"):
        many = (value >= amber - ROUNDING) & judged
        hits = np.full_like(tally.training_n, EXTREMES)
        p_value = rise_p_value(outside, tally.n, hits, tally.training_n, where=many)
        codes = grade(value, amber, red, p_value < SIGNIFICANCE)
    unknown = ((tally.n == 0) | (tally.training_n == 0)) & judged
    codes[unknown] = GREY
    none = np.zeros_like(value)
    told, left = courses(tally.dates, names, codes, value, none, first=tally.first, kept=kept or {})

    def words(t: int, v: int) -> dict[str, Any]:
        return course_facts(told[t, v], float(value[t, v]))

    return Verdicts(
        RULE,
        names,
        codes,
        {
            "value": value,
            "rows": outside,
            "below": tally.below,
            "above": tally.above,
            "n": tally.n,
            "training": 0.0,
            "training_n": tally.training_n,
            "p_value": p_value,
            "amber": amber,
            "red": red,
            "threshold": np.where(codes == RED, red, amber),
        },
        words,
        size=value / amber,
        silent=unknown,
        weights=tally.weights,
        kept=left,
    )


def sentence(finding: Finding) -> Text:
    """``data_gb is above all training values in 12 % of rows since 19 November: it came at once ...``"""
    facts, near = finding.facts, finding.batch_date
    course = facts["course"]
    values = {
        **facts,
        "subject": finding.subject,
        "where": say(_WHERE[_side(facts)], facts, near=near),
        "why": _FALLEN if course == "fallen" else say(_WHY[facts["arrival"]], facts, near=near),
    }
    return say(_SINCE if course == "steady" else _NOW, values, near=near)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the counts to the colour."""
    facts, near = finding.facts, finding.batch_date
    steps = share_steps(finding, say(_OUTSIDE, {}, near=near))
    return (steps[0], say(_SIDES, facts, near=near), *steps[1:3], _ENDS, *steps[3:])


_ENDS: Final = Text(
    "Training has none outside by construction, but its two ends are rows of its own: for the test, one training row "
    "counts as outside.",
    "L'apprentissage n'en a aucune hors de sa plage par construction, mais ses deux bornes sont des lignes à lui : "
    "pour le test, une ligne d'apprentissage compte comme hors de la plage.",
)


def _side(facts: Mapping[str, Any]) -> str:
    return "both" if facts["below"] and facts["above"] else "below" if facts["below"] else "above"


_WHERE = {
    "above": Text("above all training values", "au-dessus de toutes les valeurs de l'apprentissage"),
    "below": Text("below all training values", "sous toutes les valeurs de l'apprentissage"),
    "both": Text("outside the range of training", "hors de la plage d'apprentissage"),
}
_SINCE = Text(
    "{subject:name} is {where} in {value:share} of rows since {onset:date}: {why}.",
    "{subject:name} est {where} dans {value:share} des lignes depuis le {onset:date} : {why}.",
)
_NOW = Text(
    "{subject:name} is {where} in {value:share} of rows ({value_then:share} on {onset:date}): {why}.",
    "{subject:name} est {where} dans {value:share} des lignes ({value_then:share} le {onset:date}) : {why}.",
)
_WHY = {
    "sudden": Text(
        "it came at once on {arrived:date}, look upstream for a changed unit or a code for no value, or for a season "
        "that training did not have",
        "d'un coup le {arrived:date}, chercher en amont une unité changée ou un code d'absence de valeur, ou bien une "
        "saison que l'apprentissage n'avait pas",
    ),
    "gradual": Text(
        "it grew over several batches, the model is used where it has not learnt: retrain",
        "en hausse progressive, le modèle sert là où il n'a rien appris : réentraîner",
    ),
    "first": Text(
        "so since this version's first batch, training read other data",
        "dès le premier lot de cette version, l'apprentissage lisait d'autres données",
    ),
}
_FALLEN = Text("fewer than then, but not yet none", "en baisse, mais il en reste")
_OUTSIDE = Text("are outside the range of training", "sont hors de la plage d'apprentissage")
_SIDES = Text("{below:count} are below it, {above:count} above.", "{below:count} en dessous, {above:count} au-dessus.")
