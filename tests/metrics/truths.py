"""Truths written by hand, and their measures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.history import Training
from dashboard.metric import Estimate
from dashboard.performance.by_task import performance
from dashboard.performance.truth_counts import ClassCounts, Truth

Array = NDArray[Any]


def of(truth: Truth, **training: Any) -> dict[str, Estimate]:
    """Every measure of a truth, by key."""
    return performance(truth, Training(**training))


def class_counts(true: Array, predicted: Array, probabilities: Array | None = None) -> ClassCounts:
    """As evaluation counts them; the classes are numbers."""
    labels = sorted({str(one) for one in [*true, *predicted]})
    at = {label: place for place, label in enumerate(labels)}
    t, p = (np.array([at[str(one)] for one in column]) for column in (true, predicted))
    pairs, rows = np.unique(np.stack([t, p]), axis=1, return_counts=True)
    more = () if probabilities is None else (probabilities, t)
    return ClassCounts(tuple(labels), pairs[0], pairs[1], rows, *more)
