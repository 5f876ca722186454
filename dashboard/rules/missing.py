"""The rule on missing values: more rows without a value than training had."""

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
    key="missing",
    family="quality",
    name=Text("Missing values", "Valeurs manquantes"),
    meaning=Text(
        "Clearly more rows than in training have no value: amber from 1 point more, red from 5 points more, or when no "
        "row has a value any more. Chance must explain it less than once in 10,000.",
        "Nettement plus de lignes qu'à l'apprentissage sont sans valeur : orange à partir d'un point de plus, rouge à "
        "partir de 5 points, ou quand plus aucune ligne n'a de valeur. Le hasard doit l'expliquer moins d'une fois sur "
        "10 000.",
    ),
    colours=("amber", "red"),
    condition=Text(
        "share - training share >= 0.01 (amber), 0.05 (red) and p < 1e-4, p: exact conditional test of two Poisson "
        "counts; red too when all rows are missing and p < 1e-4",
        "part - part à l'apprentissage >= 0,01 (orange), 0,05 (rouge) et p < 1e-4, p : test conditionnel exact de deux "
        "comptages de Poisson ; rouge aussi quand toutes les lignes manquent et p < 1e-4",
    ),
    source="Przyborowski & Wilenski, Biometrika 31, 1940",
    example=Text(
        "38 % missing against 0.2 % in training: red. 2 of 200 against 10 of 50,000: p = .001, green.",
        "38 % de manquants contre 0,2 % à l'apprentissage : rouge. 2 sur 200 contre 10 sur 50 000 : p = 0,001, vert.",
    ),
)


def judge(tally: Tally, policy: Policy, *, kept: Mapping[str, Course] | None = None) -> Verdicts:
    """The verdicts on every variable; grey, without a finding, where the batch has no rows of it.

    Of a variable whose colour has risen is ``kept`` how it began, and how it rose to where it is.
    """
    names = tally.names
    amber, red = policy.of("missing_amber", names), policy.of("missing_red", names)
    judged = policy.judges(RULE.key, names) & ~tally.derived
    value = share_of(tally.missing, tally.n)
    training = share_of(tally.training_missing, tally.training_n)
    rise = value - training
    every = (tally.n > 0) & (tally.missing == tally.n)
    with np.errstate(invalid="ignore"):
        raised = ((rise >= amber - ROUNDING) | every) & judged
        p_value = rise_p_value(tally.missing, tally.n, tally.training_missing, tally.training_n, where=raised)
        significant = p_value < SIGNIFICANCE
    codes = grade(rise, amber, red, significant)
    gone = every & significant
    codes[gone] = RED
    # Also where the rule does not judge: a batch without any rows leaves the whole of quality grey.
    unknown = ~np.isfinite(rise) & ~tally.derived
    codes[unknown] = GREY
    told, left = courses(tally.dates, names, codes, value, training, first=tally.first, kept=kept or {})

    def words(t: int, v: int) -> dict[str, Any]:
        return course_facts(told[t, v], float(rise[t, v]))

    return Verdicts(
        RULE,
        names,
        codes,
        {
            "value": value,
            "rows": tally.missing,
            "n": tally.n,
            "training": training,
            "training_rows": tally.training_missing,
            "training_n": tally.training_n,
            "p_value": p_value,
            "amber": amber,
            "red": red,
            "threshold": np.where(codes == RED, red, amber),
            "all_missing": gone,
        },
        words,
        size=rise / amber,
        silent=unknown,
        weights=tally.weights,
        kept=left,
    )


def sentence(finding: Finding) -> Text:
    """``tenure_months is missing in 38 % of rows since 19 November (0.2 % in training): an upstream break.``"""
    # Findings written before these two facts were kept say it as of the run of their colour.
    facts = {"course": "steady", "onset": finding.since, **finding.facts}
    course = facts["course"]
    why = say((_GROWN if course == "grown" else _WHY)[facts["arrival"]], facts, near=finding.batch_date)
    extent = _EVERY if facts["all_missing"] else _SHARE
    values = {
        **facts,
        "subject": finding.subject,
        "extent": say(extent, facts, near=finding.batch_date),
        "why": _FALLEN if course == "fallen" else why,
    }
    return say(_SINCE if course == "steady" else _NOW, values, near=finding.batch_date)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the counts to the colour."""
    what = say(_NO_VALUE, {}, near=finding.batch_date)
    return share_steps(finding, what, verdict=_ALL if finding.facts["all_missing"] else None)


_NO_VALUE = Text("have no value", "n'ont pas de valeur")
_ALL = Text(
    "No row has a value any more: red, however many were missing in training.",
    "Plus aucune ligne n'a de valeur : rouge, quel que soit le nombre de manquants à l'apprentissage.",
)
_SHARE = Text("in {value:share} of rows", "dans {value:share} des lignes")
_EVERY = Text("in every row", "dans toutes les lignes")
_SINCE = Text(
    "{subject:name} is missing {extent} since {onset:date} ({training:share} in training): {why}.",
    "{subject:name} manque {extent} depuis le {onset:date} ({training:share} à l'apprentissage) : {why}.",
)
_NOW = Text(
    "{subject:name} is missing {extent} ({value_then:share} on {onset:date}, {training:share} in training): {why}.",
    "{subject:name} manque {extent} ({value_then:share} le {onset:date}, {training:share} à l'apprentissage) : {why}.",
)
_WHY = {
    "sudden": Text("an upstream break, to mend at its source", "une rupture en amont, à réparer à la source"),
    "gradual": Text("it grew over several batches, see who fills it", "en hausse progressive, voir qui la renseigne"),
    "first": Text(
        "so since this version's first batch, training read other data",
        "dès le premier lot de cette version, l’apprentissage lisait d’autres données",
    ),
}
_GROWN = {
    "sudden": Text(
        "it rose at once on {arrived:date}, an upstream break to mend at its source",
        "en hausse d'un coup le {arrived:date}, une rupture en amont, à réparer à la source",
    ),
    "gradual": _WHY["gradual"],
    "first": _WHY["gradual"],
}
"""When today's share is far above what the run began with: how it came to be that."""
_FALLEN = Text(
    "fewer than then, but its source is not mended yet", "en baisse, mais la source n'est pas encore réparée"
)
