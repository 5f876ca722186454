"""The change of a cohort's performance by segment, against the training rows or an earlier cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from dashboard.performance.segments import Segment
from dashboard.performance.split import (
    Means,
    Pairs,
    Split,
    pairs_of,
    split_means,
    split_pairs,
    trained_means,
    trained_pairs,
)
from dashboard.performance.truth_counts import ClassCounts, Residuals, ScoreCounts, Truth
from qod.scored import CLIP
from qod.segments import OTHER

SPLIT: Final = {"binary": ("auc", "log_loss", "brier"), "multiclass": ("accuracy",), "regression": ("mse", "mae")}
"""The measures whose change can be split exactly, by task: means over rows, and AUC by pairs; mse is RMSE squared."""


def split_from_cohort(key: str, before: Sequence[Segment], after: Sequence[Segment]) -> Split | None:
    """The change of the measure ``key`` between two cohorts; None where either has no value."""
    if key == "auc":
        return split_pairs(_pairs(before), _pairs(after))
    return _split(_means(key, before), _means(key, after))


def split_from_training(key: str, told: Mapping[str, Any], after: Sequence[Segment]) -> Split | None:
    """The change of the measure ``key`` since training, from ``versions.segments`` and the cohort's segments.

    The cohort's segments must be named as training named them, see ``trained_names``. None where either has no value.
    """
    if key == "auc":
        return split_pairs(trained_pairs(told), _pairs(after)) if "pairs" in told else None
    return _split(trained_means(told, key), _means(key, after))


def trained_names(told: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    """The segments of a cohort with these ``names`` that stand alone against training's.

    Where training pooled its smaller segments, those that it did not name are pooled here too: among them may be new
    ones, which nobody can tell any more.
    """
    named = told["segments"]
    return tuple(name for name in names if name in named) if OTHER in named else tuple(names)


def _split(before: Means | None, after: Means | None) -> Split | None:
    return None if before is None or after is None else split_means(before, after)


def _pairs(segments: Sequence[Segment]) -> Pairs:
    held = [(one.name, one.truth) for one in segments if isinstance(one.truth, ScoreCounts)]
    return pairs_of([name for name, _ in held], [truth for _, truth in held])


def _means(key: str, segments: Sequence[Segment]) -> Means | None:
    """The mean by segment; None where a score is no probability and it would have to be."""
    found = [_total(key, one.truth) for one in segments]
    rows = np.array([n for n, _ in found], np.float64)
    totals = np.array([total for _, total in found], np.float64)
    if not np.isfinite(totals).all() or not rows.sum():
        return None
    values = np.divide(totals, rows, out=np.full(len(rows), np.nan), where=rows > 0)
    return Means(tuple(one.name for one in segments), rows / rows.sum(), values)


def _total(key: str, truth: Truth) -> tuple[int, float]:
    """The rows with a truth, and the sum over them of what the measure is the mean of; NaN where it has no value."""
    if isinstance(truth, Residuals):
        return truth.n, truth.sum_sq if key == "mse" else truth.sum_abs
    if isinstance(truth, ClassCounts):
        return truth.n, truth.correct
    if not truth.are_chances:
        return truth.n, float("nan")
    if key == "brier":
        return truth.n, float(truth.positives @ (1 - truth.scores) ** 2 + truth.negatives @ truth.scores**2)
    chances = np.clip(truth.scores, CLIP, 1 - CLIP)
    return truth.n, float(-(truth.positives @ np.log(chances) + truth.negatives @ np.log(1 - chances)))
