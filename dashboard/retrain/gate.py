"""The champion gate: whether a new version is worse than the old one on the cohorts that both predicted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from dashboard.colour import ROUNDING
from dashboard.metric import COLOURED_ROWS, Estimate

State = Literal["open", "passed", "failed"]
"""Nothing can be said yet; it is not worse by more than the margin; it is worse by more than that."""

Reason = Literal["compared", "nothing_shared", "other_days", "immature", "unmeasured", "undecided"]
"""What the state rests on; of an open gate, what is missing."""


@dataclass(frozen=True, slots=True)
class Side:
    """One version's part of a cohort: its measure, and how many rows (of a binary one: of the rarer class) it rests on.

    ``mature`` says that its truth is final and complete enough; ``days`` are those of its batches in the cohort.
    """

    estimate: Estimate
    fewest: int
    mature: bool
    days: frozenset[date]


@dataclass(frozen=True, slots=True)
class Shared:
    """A cohort that both versions predicted; ``final_on`` is the day on which its truth should be complete."""

    cohort_id: str
    first_day: date
    final_on: date
    old: Side
    new: Side


@dataclass(frozen=True, slots=True)
class Scale:
    """How a measure is compared: which way is good, and whether a difference is a share of the old value."""

    better: Literal["low", "high"]
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """``newest`` is the last of the ``cohorts`` compared, None with none; the numbers are None then.

    ``old`` and ``new`` are means over the cohorts; ``difference`` is new less old, or of a relative measure
    new / old - 1, with its 95 % interval ``low`` to ``high``. ``waits_until`` is the day on which the first immature
    cohort should be final.
    """

    state: State
    reason: Reason
    margin: float
    cohorts: int = 0
    newest: Shared | None = None
    old: float | None = None
    new: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    waits_until: date | None = None


def judge(shared: Sequence[Shared], scale: Scale, *, margin: float) -> Verdict:
    """Whether the new version is worse than the old by more than ``margin``, as far as chance lets anybody say.

    Passed where the whole 95 % interval of the difference lies within the margin (non-inferiority: ICH E9, 1998,
    3.3.2), failed where the whole of it lies beyond, else open. Cohorts are weighed by n1 n2 / (n1 + n2) (Cochran,
    Biometrics 10:417, 1954); the interval is made of the versions' own, as if their rows were different ones (MOVER:
    Zou and Donner, Statistics in Medicine 27:1693, 2008; for shares that is Newcombe's). On the same rows the errors of
    both go the same way, so that it is too wide rather than too narrow.

    Only cohorts of the same days count, whose truth is final, with rows enough for a colour and an interval on both
    sides. Without any the gate is open, and the reason is that of the cohort that came furthest.
    """
    same_days = [one for one in shared if one.old.days == one.new.days]
    mature = [one for one in same_days if one.old.mature and one.new.mature]
    usable = [
        (one, old, new)
        for one in sorted(mature, key=lambda one: (one.first_day, one.cohort_id))
        if (old := _on_scale(one.old, scale)) and (new := _on_scale(one.new, scale))
    ]
    if not usable:
        if mature:
            return Verdict("open", "unmeasured", margin)
        if same_days:
            return Verdict("open", "immature", margin, waits_until=min(one.final_on for one in same_days))
        return Verdict("open", "other_days" if shared else "nothing_shared", margin)
    rows = [(one.old.estimate.n, one.new.estimate.n) for one, _, _ in usable]
    weights = _weights(rows)
    old_mean = sum(w * old.value for w, (_, old, _) in zip(weights, usable, strict=True))
    new_mean = sum(w * new.value for w, (_, _, new) in zip(weights, usable, strict=True))
    below = _root(weights, [(new.value - new.low, old.high - old.value) for _, old, new in usable])
    above = _root(weights, [(new.high - new.value, old.value - old.low) for _, old, new in usable])
    change = new_mean - old_mean
    difference, low, high = (
        math.expm1(number) if scale.relative else number for number in (change, change - below, change + above)
    )
    least, most = (-high, -low) if scale.better == "high" else (low, high)
    state: State = "open"
    if most < margin - ROUNDING:
        state = "passed"
    elif least > margin + ROUNDING:
        state = "failed"
    return Verdict(
        state,
        "undecided" if state == "open" else "compared",
        margin,
        cohorts=len(usable),
        newest=usable[-1][0],
        old=math.exp(old_mean) if scale.relative else old_mean,
        new=math.exp(new_mean) if scale.relative else new_mean,
        difference=difference,
        low=low,
        high=high,
    )


class _Interval(NamedTuple):
    """A value with the ends of its interval; of a relative measure the logarithms: a ratio becomes a difference."""

    value: float
    low: float
    high: float


def _on_scale(side: Side, scale: Scale) -> _Interval | None:
    """What a comparison takes of a side; None where it lacks something."""
    value, low, high = side.estimate.value, side.estimate.low, side.estimate.high
    if side.fewest < COLOURED_ROWS or value is None or low is None or high is None:
        return None
    numbers = _Interval(value, low, high)
    if not all(map(math.isfinite, numbers)) or (scale.relative and low <= 0):
        return None
    return _Interval(*map(math.log, numbers)) if scale.relative else numbers


def _weights(rows: Sequence[tuple[int, int]]) -> list[float]:
    """The weight of each cohort, together 1."""
    each = [old * new / (old + new) for old, new in rows]
    return [one / sum(each) for one in each]


def _root(weights: Sequence[float], distances: Sequence[tuple[float, float]]) -> float:
    """How far the end of an interval lies from the middle, from how far those of its parts do."""
    return math.sqrt(sum(w * w * (a * a + b * b) for w, (a, b) in zip(weights, distances, strict=True)))
