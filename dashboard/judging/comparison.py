"""A cohort's performance against the version's own baseline: the part that AUC, accuracy and RMSE share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.colour import AMBER, GREEN, GREY, NOTE, RED, ROUNDING
from dashboard.finding import Finding
from dashboard.history import Baseline
from dashboard.metric import COLOURED_ROWS, MINIMUM_ROWS, Estimate
from dashboard.plural import rows_word
from dashboard.say import say
from dashboard.text import Text

Z_AMBER: Final = 2.33
"""How many standard errors the change must be worth for amber: chance does it once in 100."""
Z_RED: Final = 3.0
POWER: Final = 0.84
"""Added to Z_AMBER, the standard errors of a change that is seen four times out of five."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A colour code and every number behind it, see ``compare``."""

    code: int
    facts: dict[str, Any]


def compare(
    estimate: Estimate,
    baseline: Baseline | None,
    *,
    fewest: int,
    amber: float,
    red: float,
    sign: int,
    relative: bool = False,
    note_above: float | None = None,
) -> Comparison:
    """Whether ``estimate`` is worse than ``baseline``: amber from z = 2.33 and ``amber``, red from 3 and ``red``.

    ``sign`` is 1 where a fall is bad (AUC) and -1 where a rise is; the change is absolute, or ``relative`` to the
    baseline. ``fewest`` is the rarer class, or the rows: below 10 there is no value, below 30 no colour. Green becomes
    a note where even a change of ``note_above`` would mostly stay unseen. Without a value, a baseline or a standard
    error the code is GREY and ``reason`` says why.
    """
    facts = {
        **measured(estimate, fewest=fewest),
        "baseline": None if baseline is None else baseline.value,
        "baseline_se": None if baseline is None else baseline.se,
        "baseline_n": None if baseline is None else baseline.n,
        "amber": amber,
        "red": red,
        **whose(baseline),
    }
    facts["reason"] = facts["reason"] or _lacking(baseline)
    facts |= {"rule": "baseline", "relative": relative}
    if facts["reason"] is not None or estimate.value is None or baseline is None:
        return Comparison(GREY, facts)
    change = sign * (baseline.value - estimate.value)
    se = math.hypot(estimate.se or 0.0, baseline.se or 0.0)
    z = change / se if se > 0 else math.copysign(math.inf, change) if change else 0.0
    amount = change / abs(baseline.value) if relative else change
    enough = amount + ROUNDING
    code = RED if z >= Z_RED and enough >= red else AMBER if z >= Z_AMBER and enough >= amber else GREEN
    detectable = (Z_AMBER + POWER) * se
    if code == GREEN and note_above is not None and detectable > note_above:
        code = NOTE
    facts |= {
        "change": amount,
        "z": z if math.isfinite(z) else None,
        "detectable": detectable,
        "size": amount / amber,
    }
    return Comparison(code, facts)


def measured(estimate: Estimate, *, fewest: int) -> dict[str, Any]:
    """The facts of an estimate by itself, and the ``reason`` why it cannot be judged, if there is one."""
    few = fewest < MINIMUM_ROWS
    nothing = estimate.value is None or estimate.se is None
    return {
        "value": estimate.value,
        "se": estimate.se,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "fewest": fewest,
        "needed": MINIMUM_ROWS if few else COLOURED_ROWS,
        "reason": "no_value" if few else "undefined" if nothing else "few" if fewest < COLOURED_ROWS else None,
    }


def whose(baseline: Baseline | None) -> dict[str, Any]:
    """The fact that the baseline is another version's, where it is."""
    return {} if baseline is None or baseline.of is None else {"baseline_of": baseline.of}


def _lacking(baseline: Baseline | None) -> str | None:
    if baseline is None or not math.isfinite(baseline.value):
        return "no_baseline"
    # A baseline without its error would make every change certain.
    if baseline.se is None or not math.isfinite(baseline.se):
        return "no_baseline_error"
    return None


def comparison_sentence(finding: Finding, *, name: Text, templates: Mapping[str, Text], **words: Any) -> Text:
    """The sentence of a performance finding.

    ``templates`` are the rule's own by what there is to say: worse, steady (when it is green), note, few, no_value;
    ``words`` fill their places beside the facts, or instead of them.
    """
    facts = finding.facts
    values = {**facts, **words, "period": (facts["cohort"], facts["first_day"]), "name": name}
    values["rows"] = rows_word(facts["n"])
    if facts.get("baseline_se") is not None:
        values["margin"] = 1.959963984540054 * facts["baseline_se"]
    if finding.colour == "grey":
        template = templates.get(facts["reason"]) or _GREY[facts["reason"]]
    else:
        template = templates[_KINDS[finding.colour]]
        values["advice"] = _ADVICE.get(finding.colour)
    told = say(template, values, near=finding.batch_date)
    if "baseline_of" not in facts:
        return told
    of_other = say(_OF_OTHER, {**values, "version": finding.model_version}, near=finding.batch_date)
    return Text(f"{told.en} {of_other.en}", f"{told.fr} {of_other.fr}")


_KINDS = {"red": "worse", "amber": "worse", "note": "note", "green": "steady"}
_ADVICE = {
    "amber": Text("watch the next cohort", "suivre la prochaine cohorte"),
    "red": Text("find what changed, or retrain", "chercher ce qui a changé, ou réentraîner"),
}
_OF_OTHER = Text(
    "It is held to version {baseline_of:name}, as version {version:name} is not accepted in its place.",
    "Elle est comparée à la version {baseline_of:name}, la version {version:name} n'étant pas acceptée à sa place.",
)
_GREY = {
    "undefined": Text(
        "{name} {period:of_period} has no value: its errors or scores cannot be used.",
        "{name} {period:of_period} sans valeur : ses erreurs ou ses scores sont inutilisables.",
    ),
    "no_baseline": Text(
        "{name} {period:of_period} has nothing to be compared with: training delivered no baseline.",
        "{name} {period:of_period} sans comparaison possible : l'apprentissage n'a pas livré de référence.",
    ),
    "no_baseline_error": Text(
        "{name} {period:of_period} cannot be judged: training delivered its baseline without a standard error.",
        "{name} {period:of_period} ne peut être jugée : la référence d'apprentissage est livrée sans erreur type.",
    ),
}
