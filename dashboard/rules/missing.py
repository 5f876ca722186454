"""The rule on missing values: more rows without a value than training had."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np

from dashboard.arrival import arrival
from dashboard.colour import GREY, RED, grade
from dashboard.finding import Finding
from dashboard.metrics.missing_share import share_of
from dashboard.policy import Policy
from dashboard.proportion import SIGNIFICANCE, rise_p_value
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
    condition="share - training share >= 0.01 (amber), 0.05 (red) and p < 1e-4, p: exact conditional test of two "
    "Poisson counts; red too when all rows are missing and p < 1e-4",
    source="Przyborowski & Wilenski, Biometrika 31, 1940",
    example=Text(
        "38 % missing against 0.2 % in training: red. 2 of 200 against 10 of 50,000: p = .001, green.",
        "38 % de manquants contre 0,2 % à l'apprentissage : rouge. 2 sur 200 contre 10 sur 50 000 : p = 0,001, vert.",
    ),
)


def judge(tally: Tally, policy: Policy) -> Verdicts:
    """The verdicts on every variable; grey, without a finding, where the batch has no rows of it."""
    value = share_of(tally.missing, tally.n)
    training = share_of(tally.training_missing, tally.training_n)
    p_value = rise_p_value(tally.missing, tally.n, tally.training_missing, tally.training_n)
    rise = value - training
    with np.errstate(invalid="ignore"):
        significant = p_value < SIGNIFICANCE
    codes = grade(rise, policy.missing_amber, policy.missing_red, significant)
    gone = (tally.n > 0) & (tally.missing == tally.n) & significant
    codes[gone] = RED
    unknown = ~np.isfinite(rise)
    codes[unknown] = GREY

    @cache
    def arrived(start: int, v: int) -> dict[str, Any]:
        how, at = arrival(value[:, v], start, usual=float(training[v]))
        return {"arrival": how, "arrived": tally.dates[at].isoformat()}

    def words(t: int, v: int) -> dict[str, Any]:
        return arrived(int(verdicts.starts[t, v]), v)

    verdicts = Verdicts(
        RULE,
        tally.names,
        codes,
        {
            "value": value,
            "rows": tally.missing,
            "n": tally.n,
            "training": training,
            "training_rows": tally.training_missing,
            "training_n": tally.training_n,
            "p_value": p_value,
            "threshold": np.where(codes == RED, policy.missing_red, policy.missing_amber),
            "all_missing": gone,
        },
        words,
        size=rise / policy.missing_amber,
        silent=unknown,
        weights=tally.weights,
    )
    return verdicts


def sentence(finding: Finding) -> Text:
    """``tenure_months is missing in 38 % of rows since 19 November (0.2 % in training): an upstream break.``"""
    facts = finding.facts
    values = {**facts, "subject": finding.subject, "since": finding.since, "why": _WHY[facts["arrival"]]}
    return say(_ALL if facts["all_missing"] else _SOME, values, near=finding.batch_date)


_SOME = Text(
    "{subject:name} is missing in {value:share} of rows since {since:date} ({training:share} in training): {why}.",
    "{subject:name} manque dans {value:share} des lignes depuis le {since:date} ({training:share} à l'apprentissage) : "
    "{why}.",
)
_ALL = Text(
    "{subject:name} is missing in every row since {since:date} ({training:share} in training): {why}.",
    "{subject:name} manque dans toutes les lignes depuis le {since:date} ({training:share} à l'apprentissage) : {why}.",
)
_WHY = {
    "sudden": Text("an upstream break, to mend at its source", "une rupture en amont, à réparer à la source"),
    "gradual": Text("it grew over several batches, see who fills it", "en hausse progressive, voir qui la renseigne"),
    "first": Text(
        "so since this version's first batch, training read other data",
        "dès le premier lot de cette version, l’apprentissage lisait d’autres données",
    ),
}
