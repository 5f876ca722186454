"""The guard on evidence: one red batch of drift is no reason to train; matured truth is, or red batches in a row."""

from __future__ import annotations

from typing import Final

from dashboard.plural import plural
from dashboard.retrain.case import Case
from dashboard.retrain.guard import Guard
from dashboard.say import say
from dashboard.text import Text

_BATCHES: Final = (
    Text("batch in a row is red", "lot de suite est rouge"),
    Text("batches in a row are red", "lots de suite sont rouges"),
)
_REFUSED = Text(
    "No matured truth is red, and {n:count} {batches}: {most:count} are needed.",
    "Aucune vérité mûre n'est rouge et {n:count} {batches} : il en faut {most:count}.",
)
_UNKNOWN: Final = Text(
    "No matured truth is red, and how many batches in a row are red is not known.",
    "Aucune vérité mûre n\u2019est rouge, et l\u2019on ignore combien de lots de suite sont rouges.",
)
_NOW = Text(
    "matured truth: {truth}; red batches in a row: {reds}, {most:count} needed",
    "vérité mûre : {truth} ; lots rouges de suite : {reds}, il en faut {most:count}",
)
_RED: Final = Text("red", "rouge")
_NOT_RED: Final = Text("not red", "non rouge")
_NOT_KNOWN: Final = Text("not known", "inconnus")


def _is_judged_red(case: Case) -> bool:
    """Whether truth says so: the rules of performance judge only cohorts whose truth is complete."""
    return any(finding.family == "performance" and finding.colour == "red" for finding in case.model.findings)


def _refuse(case: Case) -> Text | None:
    reds, most = case.numbers.reds, case.policy.retrain_reds
    if _is_judged_red(case) or (reds is not None and reds >= most):
        return None
    if reds is None or reds != reds:
        return _UNKNOWN
    return say(_REFUSED, {"n": reds, "batches": plural(reds, *_BATCHES), "most": most}, near=case.today)


def _now(case: Case) -> Text:
    reds = case.numbers.reds
    shown = _NOT_KNOWN if reds is None else Text(str(reds), str(reds))
    values = {"truth": _RED if _is_judged_red(case) else _NOT_RED, "reds": shown, "most": case.policy.retrain_reds}
    return say(_NOW, values, near=case.today)


GUARD: Final = Guard(
    key="evidence",
    place=2,
    name=Text("Evidence", "Preuve"),
    question=Text(
        "Does matured truth say red (AUC, accuracy or RMSE of a cohort whose truth is complete), or are at least "
        "retrain.reds batches in a row red?",
        "La vérité mûre dit-elle rouge (AUC, exactitude ou RMSE d\u2019une cohorte dont la vérité est complète), ou au "
        "moins retrain.reds lots de suite sont-ils rouges\u00a0?",
    ),
    needs=Text("red findings of performance, colours of the batches", "constats de performance, couleurs des lots"),
    refuse=_refuse,
    now=_now,
)
