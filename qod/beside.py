"""What a reference delivers beside bins, made from the training rows: how good the version was, and how it wanders."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from qod.baseline import Estimate
from qod.calibration import calibration_of
from qod.columns import Where
from qod.derived import declared, derive, with_derived
from qod.freeze import Frozen
from qod.keys import days, zone_note
from qod.losses import losses_of
from qod.probabilities import sum_note
from qod.scored import Scored, measure, read_scored
from qod.segments import NONE, OTHER, segments_of
from qod.slices import FEWEST_ROWS, FEWEST_SLICES, Slices, by_day, cut_slices, noise_of, weekdays_of
from qod.source import Source


@dataclass(frozen=True, slots=True)
class Asked:
    """What the columns of the training rows are, and what else was said of the version.

    ``probabilities`` is class -> column; ``cadence`` is how often the model runs, which ``date`` is cut by.
    """

    task: str
    score: str | None = None
    outcome: str | None = None
    date: str | None = None
    segment: str | None = None
    probabilities: Mapping[str, str] = field(default_factory=dict)
    threshold: float | None = None
    cadence: str = "P1D"


@dataclass(frozen=True, slots=True)
class Beside:
    """What was made: the columns of ``versions`` that hold JSON as Python values, None where there is nothing.

    ``noise`` and ``weekdays`` are by variable. ``derived_variables`` stand in the order of ``derived``.
    """

    baselines: dict[str, dict[str, Any]] = field(default_factory=dict)
    calibration: dict[str, Any] | None = None
    losses: dict[str, Any] | None = None
    segments: dict[str, Any] | None = None
    derived: list[dict[str, Any]] = field(default_factory=list)
    derived_variables: list[Frozen] = field(default_factory=list)
    noise: Mapping[str, dict[str, float] | None] = field(default_factory=dict)
    weekdays: Mapping[str, list[int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def beside(source: Source, variables: Sequence[Frozen], asked: Asked) -> Beside:
    """Everything that the rows and what was asked allow. InputError names the first wrong value."""
    slices, notes = _slices(source, asked)
    scored = read_scored(source, asked.task, asked.score, asked.outcome, asked.probabilities)
    derived, derived_variables, more = derive(
        source, task=asked.task, score=asked.score, threshold=asked.threshold, features=variables
    )
    made = Beside(derived=derived, derived_variables=derived_variables, notes=(*notes, *more))
    if slices is not None:
        rows, watched = with_derived(source, declared(derived)), [*variables, *derived_variables]
        counted = list(zip(watched, by_day(rows, watched, slices), strict=True))
        made = replace(
            made,
            noise={item.name: noise_of(item.counts, counts, slices) for item, counts in counted},
            weekdays={item.name: weekdays_of(counts, slices) for item, counts in counted},
        )
    if scored is None:
        return made
    segments = segments_of(scored, asked.segment, source.column(asked.segment)) if asked.segment else None
    return replace(
        made,
        notes=(*made.notes, *_lacking(scored, asked, segments)),
        baselines=baselines_of(measure(scored, asked.threshold), _chunks(scored, slices, asked.threshold)),
        calibration=calibration_of(scored),
        losses=losses_of(scored, source, variables),
        segments=segments,
    )


def _lacking(scored: Scored, asked: Asked, segments: Mapping[str, Any] | None) -> Iterator[str]:
    """Notes where what was asked for is there, but says nothing or little."""
    if scored.probabilities is not None:
        lacking = int((~np.isfinite(scored.probabilities)).any(axis=1).sum())
        if lacking:
            yield f"{lacking:,} row{'s' * (lacking > 1)} without the probability of every class."
        yield from sum_note(scored.probabilities, scored.rows)
    if scored.task == "multiclass" and len(scored.rows) and bool((scored.score < 0).all()):
        yield (
            f"No value of the score {asked.score!r} is a class ({', '.join(scored.classes[:10])}): every prediction "
            "counts as wrong; --score names the column with the predicted class."
        )
    if segments is not None and set(segments["segments"]) <= {OTHER, NONE}:
        yield f"Column {asked.segment!r} has no segment in any row with a score and an outcome."


def baselines_of(found: Mapping[str, Estimate], chunks: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The JSON of ``versions.baselines``: what has a value, and what is known of it between slices."""
    return {
        metric: {"value": item.value, "se": item.se, "n": item.n}
        | ({"chunks": chunks[metric]} if metric in chunks else {})
        for metric, item in found.items()
        if math.isfinite(item.value) and math.isfinite(item.se)
    }


def _slices(source: Source, asked: Asked) -> tuple[Slices | None, tuple[str, ...]]:
    if asked.date is None:
        return None, ()
    values, where = source.column(asked.date), Where(source.label, asked.date)
    slices = cut_slices(days(values, where), asked.cadence)
    notes = zone_note(values, where)
    if not slices.enough:
        notes += (
            f"The training rows make {slices.count} slice{'s' * (slices.count > 1)} of the model's cadence "
            f"({asked.cadence}) with at least {FEWEST_ROWS} rows; it takes {FEWEST_SLICES} to say how much they differ "
            "when nothing is wrong, so no noise floor is kept.",
        )
    return slices, notes


def _chunks(scored: Scored, slices: Slices | None, threshold: float | None) -> dict[str, dict[str, float]]:
    """{n, mean, sd} of each measure between the slices that have rows enough for it, where these are enough."""
    if slices is None or not slices.enough:
        return {}
    slice_of_row = slices.of_row[scored.rows]
    order = np.argsort(slice_of_row, kind="stable")
    parts = np.split(order, np.searchsorted(slice_of_row[order], np.arange(1, slices.count)))
    found: dict[str, list[float]] = {}
    for part in parts:
        for metric, item in measure(scored.take(part), threshold).items():
            if math.isfinite(item.value):
                found.setdefault(metric, []).append(item.value)
    return {
        metric: {"n": len(values), "mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1))}
        for metric, values in found.items()
        if len(values) >= FEWEST_SLICES
    }
