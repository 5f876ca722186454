"""The rule on missing values: more rows without a value than training had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.arrival import arrival
from dashboard.colour import GREEN, GREY, RED, Codes, grade
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

MUCH: Final = 2.0
"""A rise above training this many times larger or smaller than another is told apart from it."""


def judge(tally: Tally, policy: Policy, *, kept: Mapping[str, Any] | None = None) -> Verdicts:
    """The verdicts on every variable; grey, without a finding, where the batch has no rows of it.

    Of a variable whose colour has risen is ``kept`` how it began, and how it rose to where it is.
    """
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

    told, left = _courses(tally, codes, value, training, kept or {})

    def words(t: int, v: int) -> dict[str, Any]:
        course = told[t, v]
        then, now = course["rise_then"], rise[t, v]
        how = "grown" if now > MUCH * then else "fallen" if now * MUCH < then else "steady"
        arrived, day = course["level" if how == "grown" else "began"]
        return {
            "arrival": arrived,
            "arrived": day,
            "course": how,
            "onset": course["onset"],
            "value_then": course["value_then"],
        }

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
        kept=left,
    )
    return verdicts


def _courses(
    tally: Tally,
    codes: Codes,
    value: npt.NDArray[np.float64],
    training: npt.NDArray[np.float64],
    kept: Mapping[str, Any],
) -> tuple[dict[tuple[int, int], dict[str, Any]], list[dict[str, Any]]]:
    """How each rise of either colour began and came to its level: of every entry, and as every batch found them.

    A rise has a new level where it is more than twice the lowest since the level it had.
    """
    place = {name: v for v, name in enumerate(tally.names)}
    running = {place[name]: course for name, course in kept.items()}
    told: dict[tuple[int, int], dict[str, Any]] = {}
    left: list[dict[str, Any]] = []
    for t in range(tally.first, len(codes)):
        left.append({tally.names[v]: course for v, course in sorted(running.items())})
        running = {v: course for v, course in running.items() if codes[t, v] != GREEN}
        for v in np.flatnonzero(codes[t] > GREEN).tolist():
            now, course = float(value[t, v] - training[v]), running.get(v)
            if course is None or now > MUCH * course["lowest"]:
                how, at = arrival(value[:, v], t, usual=float(training[v]))
                level = [how, tally.dates[at].isoformat()]
                course = {**course, "level": level, "lowest": now} if course else {
                    "onset": tally.dates[t].isoformat(),
                    "value_then": float(value[t, v]),
                    "rise_then": now,
                    "began": level,
                    "level": level,
                    "lowest": now,
                }  # fmt: skip
            elif now < course["lowest"]:
                course = {**course, "lowest": now}
            running[v] = told[t, v] = course
    return told, left


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
