"""Whether the estimates of a model came true: each against what its cohort's truth showed later."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dashboard import format as form
from dashboard.metric import Estimate, Metric
from dashboard.say import say
from dashboard.text import LANGUAGES, Language, Text

FEWEST: Final = 3
"""Cohorts with their truth that a test takes."""
TOLERANCE: Final = 0.02
"""Error that is forgiven where more is better: an AUC, an accuracy."""
RELATIVE_TOLERANCE: Final = 0.1
"""The same where less is better, as a share of the value: an RMSE, a log loss."""
ERRORS: Final = 2.0
"""How many of its own standard errors a realised value may lie away, whatever the tolerance."""

Verdict = Literal["usable", "failed", "untested"]


@dataclass(frozen=True, slots=True)
class Foretold:
    """A matured cohort: what was estimated of it and what came."""

    cohort_id: str
    first_day: date
    estimated: Estimate
    realised: Estimate


@dataclass(frozen=True, slots=True)
class BackTest:
    """How far the estimates of one measure were off.

    ``errors`` are estimated - realised of each cohort that has both, oldest first, in the measure's own unit; ``rms``
    is their root mean square, ``allowed`` what it may come to. Both are None while there are too few cohorts.
    """

    metric: Metric
    errors: tuple[tuple[str, float], ...]
    rms: float | None
    allowed: float | None
    verdict: Verdict


def back_test(metric: Metric, cohorts: Sequence[Foretold]) -> BackTest:
    """The test of the estimates of ``metric`` (of the measure foretold) over matured ``cohorts``, in any order.

    It takes 3 cohorts with both values. The estimates failed when the root mean square of their errors is above .02,
    or 10 % of the mean realised value where less is better, and above twice the realised values' own standard errors.
    """
    pairs = [
        (cohort, cohort.estimated.value, cohort.realised.value)
        for cohort in sorted(cohorts, key=lambda cohort: (cohort.first_day, cohort.cohort_id))
        if cohort.estimated.value is not None and cohort.realised.value is not None
    ]
    errors = tuple((cohort.cohort_id, said - came) for cohort, said, came in pairs)
    if len(pairs) < FEWEST:
        return BackTest(metric, errors, None, None, "untested")
    rms = _root_mean_square([error for _, error in errors])
    tolerance = TOLERANCE
    if metric.better == "low":
        tolerance = RELATIVE_TOLERANCE * sum(abs(came) for _, _, came in pairs) / len(pairs)
    noise = _root_mean_square([cohort.realised.se or 0.0 for cohort, _, _ in pairs])
    allowed = max(tolerance, ERRORS * noise)
    return BackTest(metric, errors, rms, allowed, "failed" if rms > allowed else "usable")


def _root_mean_square(values: Sequence[float]) -> float:
    return math.sqrt(sum(value * value for value in values) / len(values))


def sentence(test: BackTest) -> Text:
    """What there is to say of the test; ``AUC was off by .006 over 5 cohorts ...: its estimate is usable.``"""
    values = {
        "name": test.metric.name,
        "cohorts": len(test.errors),
        "needed": FEWEST,
        "off": _written(test.metric, test.rms),
        "allowed": _written(test.metric, test.allowed),
    }
    return say(_SENTENCES[test.verdict], values, near=date.min)


def _written(metric: Metric, value: float | None) -> Text:
    write = {"share": form.points, "index": _index}.get(metric.unit, form.quantity)
    en, fr = (write(value, language) for language in LANGUAGES)
    return Text(en, fr)


def _index(value: float | None, language: Language) -> str:
    return form.index(value, language, digits=3)


UNESTIMATED: Final = Text(
    "Nothing is estimated: that takes a reference delivered with its score and its outcome.",
    "Rien n\u2019est estimé\u00a0: il y faut une référence livrée avec son score et son résultat.",
)
"""What there is to say where nothing was ever estimated."""
USABLE: Final[dict[str, Text]] = {
    "usable": Text("usable", "utilisable"),
    "failed": Text("not usable", "inutilisable"),
    "untested": Text("not yet tested", "pas encore éprouvée"),
}
"""The verdicts in a word or two: what the estimate is."""
_SENTENCES: Final[dict[Verdict, Text]] = {
    "usable": Text(
        "Estimate of {name}: off by {off} (root mean square) over the {cohorts:count} cohorts whose truth came since, "
        "at most {allowed} is allowed; it is usable.",
        "Estimation, {name} : écart de {off} (moyenne quadratique) sur les {cohorts:count} cohortes dont la vérité est "
        "venue depuis, au plus {allowed} est admis ; elle est utilisable.",
    ),
    "failed": Text(
        "Estimate of {name}: not usable; it was off by {off} (root mean square) over the {cohorts:count} cohorts whose "
        "truth came since, and at most {allowed} is allowed: the model's answers no longer mean what they meant at "
        "training.",
        "Estimation, {name} : inutilisable ; elle s'est écartée de {off} (moyenne quadratique) sur les {cohorts:count} "
        "cohortes dont la vérité est venue depuis, et au plus {allowed} est admis : les réponses du modèle n'ont plus "
        "le sens qu'elles avaient à l'apprentissage.",
    ),
    "untested": Text(
        "Estimate of {name}: not yet tested; {cohorts:count} of the {needed:count} cohorts that it takes have their "
        "truth.",
        "Estimation, {name} : pas encore éprouvée ; {cohorts:count} des {needed:count} cohortes requises ont leur "
        "vérité.",
    ),
}
