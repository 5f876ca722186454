"""What is known of the predictions of a cohort: the counts and sums that every measure of performance comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dashboard.metric import MINIMUM_ROWS

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ScoreCounts:
    """Binary truth: positives and negatives per distinct score, each of shape (S,), in any order."""

    scores: Floats
    positives: Whole
    negatives: Whole

    @cached_property
    def m(self) -> int:
        """All positives."""
        return int(self.positives.sum())

    @cached_property
    def n(self) -> int:
        """All rows."""
        return self.m + int(self.negatives.sum())

    @cached_property
    def fewest(self) -> int:
        """Rows of the rarer class."""
        return min(self.m, self.n - self.m)

    @cached_property
    def ordered(self) -> ScoreCounts:
        """The same with ascending scores, each of them once and with rows; a score that is NaN stands last."""
        rows = self.positives + self.negatives
        if bool((rows > 0).all()) and bool((self.scores[1:] > self.scores[:-1]).all()):
            return self
        held = rows > 0
        scores, place = np.unique(self.scores[held], return_inverse=True)
        positives, negatives = (
            np.bincount(place, counts[held], len(scores)).astype(np.int64)
            for counts in (self.positives, self.negatives)
        )
        return ScoreCounts(scores, positives, negatives)

    @cached_property
    def rows(self) -> Whole:
        """(S,): rows of either class."""
        return self.positives + self.negatives

    @cached_property
    def enough(self) -> bool:
        """Whether there is anything to measure: 10 rows of each class, and no score that is NaN."""
        return self.fewest >= MINIMUM_ROWS and not bool(np.isnan(self.scores[self.rows > 0]).any())

    @cached_property
    def are_chances(self) -> bool:
        """Whether every score could be a probability."""
        held = self.scores[self.rows > 0]
        return bool(((held >= 0) & (held <= 1)).all())

    def confusion(self, threshold: float) -> Confusion:
        """How the rows fall when a score from ``threshold`` on is predicted positive."""
        positive = self.scores >= threshold
        tp, fp = int(self.positives[positive].sum()), int(self.negatives[positive].sum())
        return Confusion(tp, fp, self.m - tp, self.n - self.m - fp)


@dataclass(frozen=True, slots=True)
class Confusion:
    """Binary predictions at a threshold: true and false positives, false and true negatives."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def n(self) -> int:
        """All rows."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def enough(self) -> bool:
        """Whether there are 10 rows of each class."""
        return min(self.tp + self.fn, self.fp + self.tn) >= MINIMUM_ROWS


@dataclass(frozen=True, slots=True)
class Residuals:
    """Regression truth: sums over rows of powers of the error e = predicted - true, and of what it is set against.

    ``sum_true_sq`` and ``sum_true_4th`` are of d = true - its mean, ``sum_both_sq`` of e^2 d^2; ``sum_relative`` and
    ``sum_relative_sq`` are of |e| / |true|. A sum that is too large for a float is infinite, and so are the last two
    where a true value is 0.
    """

    n: int
    sum_abs: float
    sum_sq: float
    sum: float
    sum_4th: float
    sum_true_sq: float = 0.0
    sum_true_4th: float = 0.0
    sum_both_sq: float = 0.0
    sum_relative: float = 0.0
    sum_relative_sq: float = 0.0


def residuals(predicted: Floats, true: Floats, rows: Whole) -> Residuals:
    """The sums over pairs of a predicted and a true value (P,), of which there are ``rows`` each."""
    n = int(rows.sum())
    if n == 0:
        return Residuals(0, 0.0, 0.0, 0.0, 0.0)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        e = predicted - true
        d = true - (rows * true).sum() / n
        size = np.abs(true)
        relative = np.where(size < np.finfo(np.float64).eps, np.inf, np.abs(e) / size)
        return Residuals(
            n=n,
            sum_abs=float((rows * np.abs(e)).sum()),
            sum_sq=float((rows * e**2).sum()),
            sum=float((rows * e).sum()),
            sum_4th=float((rows * e**4).sum()),
            sum_true_sq=float((rows * d**2).sum()),
            sum_true_4th=float((rows * d**4).sum()),
            sum_both_sq=float((rows * e**2 * d**2).sum()),
            sum_relative=float((rows * relative).sum()),
            sum_relative_sq=float((rows * relative**2).sum()),
        )


_NO_PROBABILITIES = np.empty((0, 0))
_NOBODY = np.empty(0, np.int64)


@dataclass(frozen=True)
class ClassCounts:
    """Multiclass truth: the confusion counts, and the probabilities of the rows that came with them.

    ``labels`` are the classes that were predicted or true. The confusion matrix is kept as its entries that are not 0:
    ``rows`` (P,) of the class ``true`` (P,) that were predicted ``predicted`` (P,), both places in ``labels``.
    ``probabilities`` (R, K) are in the order of the version's classes, ``outcomes`` (R,) places in ``labels``.
    """

    labels: tuple[str, ...]
    true: Whole
    predicted: Whole
    rows: Whole
    probabilities: Floats = field(default_factory=lambda: _NO_PROBABILITIES)
    outcomes: Whole = field(default_factory=lambda: _NOBODY)

    @cached_property
    def n(self) -> int:
        """Rows with a known class."""
        return int(self.rows.sum())

    @cached_property
    def correct(self) -> int:
        """Those of them that were predicted right."""
        return int(self.rows[self.true == self.predicted].sum())

    def chances(self, classes: Sequence[str]) -> Chances | None:
        """The rows that have a probability of each of ``classes``; None for fewer than 10, or numbers outside 0..1."""
        given = self.probabilities
        if len(given) < MINIMUM_ROWS or given.shape[1] != len(classes) or not ((given >= 0) & (given <= 1)).all():
            return None
        places = {name: place for place, name in enumerate(classes)}
        of_label = np.array([places.get(label, -1) for label in self.labels], np.int64)
        return Chances(of_label[self.outcomes], given)


@dataclass(frozen=True, slots=True)
class Chances:
    """``probabilities`` (R, K) of rows and classes, and the class that came: a place in them, -1 for any other."""

    true: Whole
    probabilities: Floats

    @property
    def of_truth(self) -> Floats:
        """(R,): the probability of the class that came; 0 where the model does not know it."""
        known = self.true >= 0
        return np.where(known, self.probabilities[np.arange(len(self.true)), np.where(known, self.true, 0)], 0.0)


Truth = ScoreCounts | Residuals | ClassCounts


@dataclass(frozen=True, slots=True)
class PredictedScores:
    """All predictions of a cohort, their truth known or not: ``rows`` (S,) with each of ``scores`` (S,), ascending."""

    scores: Floats
    rows: Whole


@dataclass(frozen=True, slots=True)
class PredictedClasses:
    """The predictions of a cohort that came with probabilities, their truth known or not.

    ``probabilities`` (R, K) are in the order of the version's classes; ``predicted`` (R,) are places in ``labels``,
    -1 where no class was predicted.
    """

    labels: tuple[str, ...]
    predicted: Whole
    probabilities: Floats


Predicted = PredictedScores | PredictedClasses
