"""The segment that a model serves worst, with a significance that respects how many segments were tried."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from dashboard import format as form
from dashboard.metric import COLOURED_ROWS
from dashboard.performance.truth_counts import ClassCounts, Floats, Residuals, ScoreCounts, Truth
from dashboard.say import say
from dashboard.text import Language, Text
from qod.baseline import auc_delong
from qod.segments import OTHER

SIGNIFICANT: Final = 0.05
"""The chance, over all segments tried, of naming one although all are alike."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A segment held against the rest: the measure of both, and the chance of so bad a difference were they alike.

    The measure is AUC, accuracy, or the mean squared error. ``p`` is one-sided, ``p_adjusted`` after Holm over all
    that were tried.
    """

    segment: str
    value: float
    rest: float
    z: float
    p: float
    p_adjusted: float

    @property
    def significant(self) -> bool:
        """Whether the segment is worse than the rest beyond chance."""
        return self.p_adjusted < SIGNIFICANT


@dataclass(frozen=True, slots=True)
class Weakest:
    """The segments that were tried, the weakest first, and the names of those with too few rows to be."""

    tried: tuple[Tried, ...]
    too_few: tuple[str, ...]


def weakest(names: Sequence[str], segments: Sequence[Truth]) -> Weakest:
    """Every segment against the rest of them, by a one-sided test of two independent values.

    One is tried with at least 30 rows of each class (or rows, where there are no two classes) in it and in the rest;
    the rows of all smaller ones together, ``(other)``, are none.
    Source: DeLong et al., Biometrics 44:837, 1988; Holm, Scand. J. Statist. 6:65, 1979.
    """
    measure = _measure(segments)
    found: list[tuple[str, float, float, float]] = []
    too_few = []
    for s, name in enumerate(names):
        if name == OTHER:
            continue
        pair = measure(s)
        if pair is None:
            too_few.append(name)
            continue
        (value, se), (rest, se_rest) = pair
        worse = value - rest if isinstance(segments[s], Residuals) else rest - value
        error = math.hypot(se, se_rest)
        z = worse / error if error > 0 else math.copysign(math.inf, worse) if worse else 0.0
        found.append((name, value, rest, z))
    found.sort(key=lambda one: -one[3])
    tried, floor = [], 0.0
    for place, (name, value, rest, z) in enumerate(found):
        p = float(ndtr(-z))
        floor = max(floor, min(p * (len(found) - place), 1.0))
        tried.append(Tried(name, value, rest, z, p, floor))
    return Weakest(tuple(tried), tuple(too_few))


def sentence(found: Weakest, task: str) -> Text:
    """What there is to say of the weakest segment, in the measure of the task."""
    if not found.tried:
        return say(_NOT_TRIED, {"needed": COLOURED_ROWS}, near=date.min)
    worst = found.tried[0]
    name, write = _MEASURES[task]
    values = {
        "segment": worst.segment,
        "name": name,
        "value": _written(write, worst.value),
        "rest": _written(write, worst.rest),
        "tried": len(found.tried),
        "p": worst.p_adjusted,
    }
    return say(_WEAKEST if worst.significant else _ALIKE, values, near=date.min)


def _written(write: Callable[[float, Language], str], value: float) -> Text:
    return Text(write(value, "en"), write(value, "fr"))


_MEASURES: Final[dict[str, tuple[Text, Callable[[float, Language], str]]]] = {
    "binary": (Text("AUC", "AUC"), form.index),
    "multiclass": (Text("accuracy", "exactitude"), form.share),
    "regression": (Text("RMSE", "RMSE"), lambda square, language: form.quantity(math.sqrt(square), language)),
}
_WEAKEST: Final = Text(
    "The weakest segment is {segment:quoted}: {name} {value}, against {rest} in the rest (p = {p:chance} after the "
    "correction for the number of segments tried: {tried:count}).",
    "Le segment le plus faible est {segment:quoted} : {name} {value}, contre {rest} ailleurs (p = {p:chance} après "
    "correction pour le nombre de segments éprouvés : {tried:count}).",
)
_ALIKE: Final = Text(
    "No segment is weaker than the rest beyond chance; the lowest is {segment:quoted}: {name} {value}, against {rest} "
    "in the rest (p = {p:chance} after the correction for the number of segments tried: {tried:count}).",
    "Aucun segment n'est plus faible que le reste au-delà du hasard ; le plus bas est {segment:quoted} : {name} "
    "{value}, contre {rest} ailleurs (p = {p:chance} après correction pour le nombre de segments éprouvés : "
    "{tried:count}).",
)
_NOT_TRIED: Final = Text(
    "No segment can be held against the rest: that takes {needed:count} rows of each class in the segment and in the "
    "rest.",
    "Aucun segment ne peut être comparé au reste : il faut {needed:count} lignes de chaque classe dans le segment et "
    "dans le reste.",
)


Value = tuple[float, float]
"""A measure and its standard error."""


def _measure(segments: Sequence[Truth]) -> Callable[[int], tuple[Value, Value] | None]:
    """What gives the measure of a segment, by its place, and of all others; None where either has too few rows."""
    if all(isinstance(one, ScoreCounts) for one in segments):
        return _areas([one for one in segments if isinstance(one, ScoreCounts)])
    sums = np.array([_sums(one) for one in segments], np.float64).reshape(len(segments), 3)
    total = sums.sum(axis=0)

    def measure(s: int) -> tuple[Value, Value] | None:
        with np.errstate(invalid="ignore"):  # a sum may be infinite
            rest = total - sums[s]
        return _both(_mean(sums[s]), _mean(rest))

    return measure


def _areas(segments: Sequence[ScoreCounts]) -> Callable[[int], tuple[Value, Value] | None]:
    scores, place = np.unique(
        np.concatenate([np.empty(0), *(counts.scores for counts in segments)]), return_inverse=True
    )
    ends = np.cumsum([len(counts.scores) for counts in segments], dtype=np.int64).tolist()
    places = [place[end - len(counts.scores) : end] for counts, end in zip(segments, ends, strict=True)]

    positives = np.bincount(place, np.concatenate([np.empty(0), *(one.positives for one in segments)]), len(scores))
    negatives = np.bincount(place, np.concatenate([np.empty(0), *(one.negatives for one in segments)]), len(scores))

    def measure(s: int) -> tuple[Value, Value] | None:
        counts, at = segments[s], places[s]
        sides = ((positives, counts.positives), (negatives, counts.negatives))
        rest = (total - np.bincount(at, own, len(scores)) for total, own in sides)
        return _both(_area(counts.scores, counts.positives, counts.negatives), _area(scores, *rest))

    return measure


def _area(scores: Floats, positives: npt.NDArray[Any], negatives: npt.NDArray[Any]) -> Value | None:
    if min(positives.sum(), negatives.sum()) < COLOURED_ROWS:
        return None
    found = auc_delong(scores, positives, negatives)
    return found.value, found.se


def _sums(truth: Truth) -> tuple[float, float, float]:
    """Rows, the sum of what is averaged over them, and the sum of its squares."""
    if isinstance(truth, ClassCounts):
        return truth.n, truth.correct, truth.correct
    assert isinstance(truth, Residuals)
    return truth.n, truth.sum_sq, truth.sum_4th


def _mean(sums: Floats) -> Value | None:
    n, total, squares = sums
    if n < COLOURED_ROWS or not math.isfinite(total) or not math.isfinite(squares):
        return None
    mean = total / n
    return float(mean), math.sqrt(max(squares / n - mean * mean, 0.0) / (n - 1))


def _both(one: Value | None, other: Value | None) -> tuple[Value, Value] | None:
    return None if one is None or other is None else (one, other)
