"""How measures of performance are written: in their unit, with what chance leaves open, and as at training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dashboard import format as form
from dashboard import metrics
from dashboard.history import Baseline
from dashboard.metric import Estimate
from dashboard.text import Language, Text
from dashboard.web.page import Request
from dashboard.web.views.performance import MAIN

NONE: Final = "\u2013"
"""What stands where there is no number."""
INTERVAL: Final = Text("95 % interval", "Intervalle à 95 %")
AT_TRAINING: Final = Text("At training", "À l\u2019apprentissage")
_BETWEEN: Final = Text("{low} to {high}", "{low} à {high}")
_BY_CHANCE: Final = Text("up to {high} by chance", "jusqu\u2019à {high} par hasard")


def written(metric: str, value: float | None, language: Language, *, digits: int = 3) -> str:
    """A value of ``metric``; an index with so many ``digits``."""
    unit = metrics.load()[metric].unit
    if unit == "index":
        return form.index(value, language, digits=digits)
    return {"share": form.share, "count": form.count}.get(unit, form.quantity)(value, language)


def writer(task: str) -> Callable[[float | None, Language], str]:
    """How the main measure of ``task`` is written where there is little room."""
    return lambda value, language: written(MAIN.get(task, "auc"), value, language, digits=2)


def interval(request: Request, metric: str, estimate: Estimate | None, *, digits: int = 3) -> str:
    """The 95 % interval, or the level that chance alone stays below where the measure has that instead."""
    if estimate is None or estimate.high is None:
        return NONE
    low, high = (written(metric, bound, request.language, digits=digits) for bound in (estimate.low, estimate.high))
    return request.t(_BY_CHANCE if estimate.low is None else _BETWEEN).format(low=low, high=high)


def at_training(metric: str, level: Baseline | None, language: Language, *, digits: int = 3) -> str:
    """A baseline with its 95 % margin."""
    if level is None:
        return NONE
    margin = 1.96 * level.se if level.se else None
    return with_margin(metric, level.value, margin, language, digits=digits)


def with_margin(metric: str, value: float, margin: float | None, language: Language, *, digits: int = 3) -> str:
    """A value of ``metric`` with how far off it may be; of a quantity both with as many decimals, which
    the larger of the two asks for.
    """
    text = written(metric, value, language, digits=digits)
    if margin is None:
        return text
    off = written(metric, margin, language, digits=digits)
    if metrics.load()[metric].unit == "quantity":
        decimals = len(form.quantity(max(abs(value), margin), "en").partition(".")[2])
        text, off = (form.decimal(number, language, digits=decimals) for number in (value, margin))
    return f"{text}\u00a0±\u00a0{off}"
