"""An AUC against a level instead of the test set: the policy's floor, or the band of slices of the training rows."""

from __future__ import annotations

import math
from typing import Any, Final

from dashboard.colour import AMBER, GREEN, GREY, NOTE, RED
from dashboard.finding import Finding
from dashboard.history import Baseline, Spread
from dashboard.judging.comparison import Comparison, comparison_sentence, measured, whose
from dashboard.judging.comparison_steps import REASONS, opening, since_step
from dashboard.metric import Estimate
from dashboard.say import say
from dashboard.text import Text

FEWEST_CHUNKS: Final = 20
"""Slices of the training rows that it takes to know how far an AUC wanders by itself."""
DEVIATIONS: Final = 3.0


def against_floor(estimate: Estimate, floor: float, *, fewest: int) -> Comparison:
    """Amber below ``floor``, red when even the upper end of the 95 % interval is; ``fewest`` as ``compare`` has it."""
    facts = {**measured(estimate, fewest=fewest), "rule": "floor", "level": floor}
    return _judged(estimate, facts, None)


def against_band(estimate: Estimate, baseline: Baseline | None, *, fewest: int) -> Comparison:
    """The same against the mean less 3 standard deviations of at least 20 slices of the training rows.

    Above the mean and 3 standard deviations it is a note: what is better than training ever was is worth a look.
    """
    chunks = None if baseline is None else baseline.chunks
    if chunks is not None and not math.isfinite(chunks.mean + chunks.sd):
        chunks = None
    facts = {**measured(estimate, fewest=fewest), "rule": "band", "chunks": 0 if chunks is None else chunks.n}
    facts |= whose(baseline)
    if chunks is None or chunks.n < FEWEST_CHUNKS:
        return Comparison(GREY, {**facts, "reason": facts["reason"] or "few_chunks", "chunks_needed": FEWEST_CHUNKS})
    low, high = band(chunks)
    return _judged(estimate, {**facts, "mean": chunks.mean, "sd": chunks.sd, "level": low, "top": high}, high)


def band(chunks: Spread) -> tuple[float, float]:
    """The mean of the slices less and plus 3 standard deviations."""
    return chunks.mean - DEVIATIONS * chunks.sd, chunks.mean + DEVIATIONS * chunks.sd


def _judged(estimate: Estimate, facts: dict[str, Any], top: float | None) -> Comparison:
    value, level = estimate.value, facts["level"]
    if facts["reason"] is not None or value is None:
        return Comparison(GREY, facts)
    highest = value if estimate.high is None else estimate.high
    code = RED if highest < level else AMBER if value < level else GREEN
    if code == GREEN and top is not None and value > top:
        code = NOTE
    return Comparison(code, {**facts, "change": level - value, "size": 1 + max(level - value, 0.0)})


def level_sentence(finding: Finding, *, name: Text, **words: Any) -> Text:
    """``AUC of October is .58 (.55 to .61), below the .60 that the policy asks for: find what changed, or retrain.``"""
    return comparison_sentence(finding, name=name, templates=_TEMPLATES[finding.facts["rule"]], **words)


def level_steps(finding: Finding, *, name: Text, of: Text) -> tuple[Text, ...]:
    """The steps from the value to the colour."""
    facts, near = finding.facts, finding.batch_date
    values = {**facts, "of": of, "deviations": DEVIATIONS}
    start = opening(finding, name)
    if facts["reason"] is not None:
        return (*start, say({**REASONS, "few_chunks": _FEW_CHUNKS}[facts["reason"]], values, near=near))
    return (
        *start,
        *([say(_INTERVAL, values, near=near)] if facts["high"] is not None else []),
        say(_LEVELS[facts["rule"]], values, near=near),
        say(_VERDICTS[finding.colour], values, near=near),
        *since_step(finding),
    )


_STEADY_FLOOR: Final = Text(
    "AUC {period:of_period} is {value:index} (at least {level:index} asked for).",
    "L'AUC {period:of_period} est de {value:index} (au moins {level:index} demandé).",
)
_STEADY_BAND: Final = Text(
    "AUC {period:of_period} is {value:index} ({level:index} to {top:index} in slices of the training rows).",
    "L'AUC {period:of_period} est de {value:index} (de {level:index} à {top:index} dans les tranches d'apprentissage).",
)
FEW: Final = {
    "few": Text(
        "AUC {period:of_period} is {value:index}, but rests on {fewest:count} {rarer}: too few for a colour "
        "({needed:count} needed).",
        "L'AUC {period:of_period} est de {value:index}, mais repose sur {fewest:count} {rarer} : trop peu pour une "
        "couleur ({needed:count} requis).",
    ),
    "no_value": Text(
        "The truth {period:of_period} has {fewest:count} {rarer}: too few for an AUC ({needed:count} needed).",
        "La vérité {period:of_period} compte {fewest:count} {rarer} : trop peu pour une AUC ({needed:count} requis).",
    ),
}
"""What is said of few rows, whatever the AUC is compared with."""
_TEMPLATES: Final = {
    "floor": {
        **FEW,
        "worse": Text(
            "AUC {period:of_period} is {value:index} (up to {highest:index}), below the {level:index} that the policy "
            "asks for: {advice}.",
            "L'AUC {period:of_period} est de {value:index} (jusqu'à {highest:index}), sous les {level:index} que la "
            "politique demande : {advice}.",
        ),
        "steady": _STEADY_FLOOR,
    },
    "band": {
        **FEW,
        "worse": Text(
            "AUC {period:of_period} is {value:index} (up to {highest:index}), below what slices of the training rows "
            "show by themselves ({level:index} to {top:index}): {advice}.",
            "L'AUC {period:of_period} est de {value:index} (jusqu'à {highest:index}), sous ce que montrent "
            "d'elles-mêmes les tranches d'apprentissage (de {level:index} à {top:index}) : {advice}.",
        ),
        "note": Text(
            "AUC {period:of_period} is {value:index}, above what slices of the training rows show ({level:index} to "
            "{top:index}): check that no variable knows the outcome.",
            "L'AUC {period:of_period} est de {value:index}, au-dessus de ce que montrent les tranches d'apprentissage "
            "(de {level:index} à {top:index}) : vérifier qu'aucune variable ne connaît le résultat.",
        ),
        "steady": _STEADY_BAND,
        "few_chunks": Text(
            "AUC {period:of_period} cannot be judged: the policy compares it with slices of the training rows, and "
            "training delivered {chunks:count} of them ({chunks_needed:count} needed).",
            "L'AUC {period:of_period} ne peut être jugée : la politique la compare à des tranches d'apprentissage, et "
            "l'apprentissage en a livré {chunks:count} ({chunks_needed:count} requises).",
        ),
    },
}
_FEW_CHUNKS: Final = Text(
    "The policy compares it with slices of the training rows; training delivered {chunks:count} of them, and "
    "{chunks_needed:count} are needed: grey.",
    "La politique la compare à des tranches d'apprentissage ; l'apprentissage en a livré {chunks:count}, et il en faut "
    "{chunks_needed:count} : gris.",
)
_INTERVAL: Final = Text(
    "Its 95 % interval goes from {low:exact} to {high:exact}.",
    "Son intervalle à 95 % va de {low:exact} à {high:exact}.",
)
_LEVELS: Final = {
    "floor": Text(
        "The policy asks for at least {level:threshold}.", "La politique demande au moins {level:threshold}."
    ),
    "band": Text(
        "{chunks:count} slices of the training rows have mean {mean:exact} and standard deviation {sd:exact}: "
        "{deviations:threshold} of them to both sides make {level:exact} to {top:exact}.",
        "{chunks:count} tranches d'apprentissage ont pour moyenne {mean:exact} et pour écart type {sd:exact} : "
        "{deviations:threshold} de part et d'autre font de {level:exact} à {top:exact}.",
    ),
}
_VERDICTS: Final = {
    "red": Text("Even the upper end lies below: red.", "Même la borne haute est en dessous : rouge."),
    "amber": Text(
        "The value lies below, the upper end does not: amber.",
        "La valeur est en dessous, la borne haute ne l'est pas : orange.",
    ),
    "note": Text("It lies above: a note.", "Elle est au-dessus : une note."),
}
