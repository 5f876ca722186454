"""Rows whose truth is not known, and what the calibration of the training rows expects of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.performance.truth_counts import Floats
from qod.calibration import Knots, calibrate

POSITIVE: Final = "1"
"""The key of a binary model's curve in a calibration; those of a multiclass model are its classes."""


@dataclass(frozen=True)
class Expected:
    """Rows by distinct score (S,), and the chance of each to be positive.

    ``scores`` ascend and are finite; ``rows`` are counts; ``shares`` are 0..1. ``threshold`` is the score from which a
    row is predicted positive, None where nobody said.
    """

    scores: Floats
    rows: Floats
    shares: Floats
    threshold: float | None = None

    @cached_property
    def n(self) -> int:
        """All rows."""
        return int(self.rows.sum())

    @cached_property
    def positives(self) -> Floats:
        """(S,): expected positives."""
        return self.rows * self.shares

    @cached_property
    def negatives(self) -> Floats:
        """(S,): expected negatives."""
        return self.rows - self.positives

    @cached_property
    def predicted(self) -> npt.NDArray[np.bool_]:
        """(S,): the rows of this score are predicted positive; none are without a threshold."""
        return self.scores >= (math.inf if self.threshold is None else self.threshold)

    def spread(self, weights: npt.ArrayLike) -> float:
        """The standard error of the sum of ``weights`` (S,) over the rows that turn out positive, each by itself."""
        each = self.rows * self.shares * (1 - self.shares)
        return math.sqrt(float((each * np.asarray(weights, np.float64) ** 2).sum()))


def expect(scores: Floats, rows: npt.NDArray[np.int64], knots: Knots, *, threshold: float | None = None) -> Expected:
    """The rows with each score (S,), in any order and with repeats, as the ``knots`` of a calibration see them.

    Rows without a finite score are left out. See qod.calibration.
    """
    known = np.isfinite(scores)
    distinct, place = np.unique(scores[known], return_inverse=True)
    counted = np.bincount(place, rows[known], len(distinct)).astype(np.float64)
    return Expected(distinct, counted, calibrate(knots, distinct), threshold)
