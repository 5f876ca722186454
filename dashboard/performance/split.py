"""The change of a measure between two populations, split exactly into change of mix and change within segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.performance.truth_counts import Floats, ScoreCounts


@dataclass(frozen=True, slots=True)
class Means:
    """A mean over rows by segment: ``weights`` (S,) are shares of the rows, ``values`` (S,) NaN without any."""

    names: tuple[str, ...]
    weights: Floats
    values: Floats


@dataclass(frozen=True, slots=True)
class Pairs:
    """The AUC by pairs of segments: of a positive of s and a negative of t.

    ``positives`` and ``negatives`` (S,) are shares of all of them; ``areas`` (S, S) the share of pairs in which the
    positive has the higher score, ties one half, NaN where there is no pair. The AUC is the sum over s and t of
    positives[s] negatives[t] areas[s, t].
    """

    names: tuple[str, ...]
    positives: Floats
    negatives: Floats
    areas: Floats


@dataclass(frozen=True, slots=True)
class SegmentChange:
    """What one segment has to do with the change; ``mix + within + new`` over all segments is the whole of it."""

    segment: str
    mix: float
    within: float
    new: float


@dataclass(frozen=True, slots=True)
class Split:
    """The change from ``before`` to ``after``: exactly ``mix + within + new``.

    ``mix`` is what it would be had every segment kept its value, ``within`` what it is because they did not; ``new`` is
    the part of what had no value before. Those that have none any more are in the mix. ``came`` and ``went`` name such
    segments; ``segments`` are all of them, the one that changed most first.
    """

    before: float
    after: float
    mix: float
    within: float
    new: float
    segments: tuple[SegmentChange, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]


def split_means(before: Means, after: Means) -> Split | None:
    """The split of a change of a mean (a log loss, an accuracy, a mean square); None without rows on either side.

    With shares p and q and values a and b of the segments, A the mean before: mix = sum (q - p)(a - A),
    within = sum q (b - a), new = sum q (b - A) over segments without a value before.
    Source: Kitagawa, JASA 50:1168, 1955, with the mix measured from the mean.
    """
    names = _together(before.names, after.names)
    p, q = _at(before.weights, before.names, names), _at(after.weights, after.names, names)
    a, b = _at(before.values, before.names, names), _at(after.values, after.names, names)
    return _split(names, p, q, a, b)


def split_pairs(before: Pairs, after: Pairs) -> Split | None:
    """The split of a change of AUC; None without positives or negatives on either side.

    As of means, over pairs of segments in place of segments: the weight of a pair is the share of all pairs of a
    positive and a negative that it holds. What a pair adds is halved between its two segments.
    """
    names = _together(before.names, after.names)
    weights, areas = [], []
    for side in (before, after):
        weights.append(np.outer(_at(side.positives, side.names, names), _at(side.negatives, side.names, names)))
        at = _places(side.names, names)
        wide = np.full((len(names), len(names)), np.nan)
        wide[np.ix_(at, at)] = side.areas
        areas.append(wide)
    return _split(names, *weights, *areas)


def _split(names: tuple[str, ...], p: Floats, q: Floats, a: Floats, b: Floats) -> Split | None:
    """The split over segments (S,), or over pairs of them (S, S)."""
    if not (p > 0).any() or not (q > 0).any():
        return None
    a, b = np.where(p > 0, a, np.nan), np.where(q > 0, b, np.nan)
    was, now = float(np.nansum(p * a)), float(np.nansum(q * b))
    both = np.isfinite(a) & np.isfinite(b)
    parts = (
        np.where(np.isfinite(a), (q - p) * (a - was), 0.0),
        np.where(both, q * (b - a), 0.0),
        np.where(np.isfinite(a), 0.0, q * (b - was)),
    )
    mix, within, new = (_by_segment(np.nan_to_num(part)) for part in parts)
    held = [(_of_segment(weights) > 0) for weights in (p, q)]
    order = np.argsort(-np.abs(mix + within + new), kind="stable")
    return Split(
        was,
        now,
        float(mix.sum()),
        float(within.sum()),
        float(new.sum()),
        tuple(SegmentChange(names[s], float(mix[s]), float(within[s]), float(new[s])) for s in order),
        came=tuple(name for name, then, since in zip(names, *held, strict=True) if since and not then),
        went=tuple(name for name, then, since in zip(names, *held, strict=True) if then and not since),
    )


def _by_segment(part: Floats) -> Floats:
    return part if part.ndim == 1 else (part.sum(axis=0) + part.sum(axis=1)) / 2


def _of_segment(weights: Floats) -> Floats:
    return weights if weights.ndim == 1 else weights.sum(axis=0) + weights.sum(axis=1)


def _together(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*after, *before)))


def _places(names: Sequence[str], among: Sequence[str]) -> list[int]:
    place = {name: at for at, name in enumerate(among)}
    return [place[name] for name in names]


def _at(values: Floats, names: Sequence[str], among: Sequence[str]) -> Floats:
    """The values at the places of their names ``among`` others, which have 0."""
    found = np.zeros(len(among))
    found[_places(names, among)] = values
    return found


def pairs_of(names: Sequence[str], segments: Sequence[ScoreCounts]) -> Pairs:
    """The AUC of some segments by pairs of them."""
    size = len(segments)
    scores, place = np.unique(np.concatenate([np.empty(0), *(one.scores for one in segments)]), return_inverse=True)
    ends = np.cumsum([len(one.scores) for one in segments], dtype=np.int64).tolist()
    of = np.repeat(np.arange(size), [len(one.scores) for one in segments])
    rows = np.concatenate([np.empty(0, np.int64), *(one.positives for one in segments)])
    of, at, rows = of[rows > 0], place[rows > 0], rows[rows > 0]
    positives = np.bincount(of, rows, size).astype(np.float64)
    negatives = np.array([one.negatives.sum() for one in segments], np.float64)
    areas = np.full((size, size), np.nan)
    for t, (one, end) in enumerate(zip(segments, ends, strict=True)):
        if negatives[t] == 0:
            continue
        lost = np.bincount(place[end - len(one.scores) : end], one.negatives, len(scores))
        # For each score: the share of the negatives of t that it beats, ties one half.
        beaten = (np.cumsum(lost) - lost / 2) / negatives[t]
        np.divide(np.bincount(of, beaten[at] * rows, size), positives, out=areas[:, t], where=positives > 0)
    return Pairs(tuple(names), _shares(positives), _shares(negatives), areas)


def trained_pairs(told: Mapping[str, Any]) -> Pairs:
    """The AUC of the training rows by pairs of segments, from ``versions.segments`` of a binary model."""
    names = tuple(told["weights"])
    positives, negatives = (
        np.array([told["weights"][name][side] for name in names], np.float64) for side in ("positives", "negatives")
    )
    areas = np.array([[told["pairs"][s][t] for t in names] for s in names], np.float64)
    return Pairs(names, positives, negatives, areas.reshape(len(names), len(names)))


def trained_means(told: Mapping[str, Any], key: str) -> Means | None:
    """A mean of the training rows by segment, from ``versions.segments``; None where it was not delivered."""
    segments = told["segments"]
    if not segments or any(key not in one for one in segments.values()):
        return None
    n = np.array([one["n"] for one in segments.values()], np.float64)
    return Means(tuple(segments), _shares(n), np.array([one[key] for one in segments.values()], np.float64))


def _shares(counts: Floats) -> Floats:
    """The counts as shares of their sum; 0 where that is 0."""
    total = counts.sum()
    return counts / total if total > 0 else np.zeros(len(counts))
