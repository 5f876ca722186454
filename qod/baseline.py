"""How good a version was at training: performance and its standard error, from scores and truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from qod.bins import Floats

FEWEST_OF_A_CLASS: Final = 10
"""Positives and negatives an AUC needs; with fewer there is no value."""

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure, its standard error and the rows behind it; NaN when there is none."""

    value: float
    se: float
    n: int


def auc_delong(scores: npt.ArrayLike, positives: npt.ArrayLike, negatives: npt.ArrayLike) -> Estimate:
    """The area under the ROC curve and DeLong's standard error, from counts per distinct score.

    ``scores`` (S,), ``positives`` and ``negatives`` (S,) rows of each class with that score, in any order; equal
    scores count one half. No value (NaN) below 10 positives or negatives: see ``FEWEST_OF_A_CLASS``.
    Source: DeLong et al., Biometrics 44:837, 1988; midranks as in Sun & Xu, IEEE SPL 21(11):1389, 2014.
    """
    order = np.argsort(np.asarray(scores, dtype=np.float64), kind="stable")
    of_positives = np.asarray(positives, dtype=np.float64)[order]
    of_negatives = np.asarray(negatives, dtype=np.float64)[order]
    m, n = float(of_positives.sum()), float(of_negatives.sum())
    rows = int(m + n)
    if m < FEWEST_OF_A_CLASS or n < FEWEST_OF_A_CLASS:
        return Estimate(float("nan"), float("nan"), rows)
    beaten, beating = placements(of_positives, of_negatives)
    area = float((of_positives * beaten).sum() / m)
    of_wins = float((of_positives * (beaten - area) ** 2).sum() / (m - 1))
    of_losses = float((of_negatives * (beating - area) ** 2).sum() / (n - 1))
    return Estimate(area, float(np.sqrt(of_wins / m + of_losses / n)), rows)


def placements(positives: Floats, negatives: Floats) -> tuple[Floats, Floats]:
    """Of each ascending score (S,): the share of negatives it beats, and of positives that beat it; ties one half.

    ``positives`` and ``negatives`` (S,) are rows with that score, some of both.
    """
    m, n = positives.sum(), negatives.sum()
    return (np.cumsum(negatives) - negatives / 2) / n, (m - np.cumsum(positives) + positives / 2) / m


def count_by_score(scores: Floats, outcomes: Floats) -> tuple[Floats, Counts, Counts]:
    """Distinct scores (S,) and the rows of outcome 1 and of outcome 0 with each; rows without either are left out."""
    known = np.isfinite(scores) & np.isfinite(outcomes)
    distinct, place = np.unique(scores[known], return_inverse=True)
    positive = outcomes[known] == 1
    return (
        distinct,
        np.bincount(place[positive], minlength=len(distinct)).astype(np.int64),
        np.bincount(place[~positive], minlength=len(distinct)).astype(np.int64),
    )


def rmse(residuals: Floats) -> Estimate:
    """The root of the mean squared residual; its standard error by the delta method: se(MSE) / (2 RMSE)."""
    n = len(residuals)
    if n < 2:
        return Estimate(float("nan"), float("nan"), n)
    with np.errstate(over="ignore", invalid="ignore"):
        squares = residuals * residuals
        value = float(np.sqrt(squares.mean()))
        se = float(squares.std(ddof=1) / np.sqrt(n) / (2 * value)) if value > 0 else 0.0
    return Estimate(value, se, n)


def mae(residuals: Floats) -> Estimate:
    """The mean absolute residual and its standard error."""
    return mean(np.abs(residuals))


def bias(residuals: Floats) -> Estimate:
    """The mean residual, prediction less truth, and its standard error."""
    return mean(residuals)


def mean(values: Floats) -> Estimate:
    """The mean of the rows' ``values`` and its standard error, sd / sqrt(n); NaN with fewer than two rows."""
    n = len(values)
    if n < 2:
        return Estimate(float("nan"), float("nan"), n)
    with np.errstate(over="ignore", invalid="ignore"):
        return Estimate(float(values.mean()), float(values.std(ddof=1) / np.sqrt(n)), n)


def share(right: int, n: int) -> Estimate:
    """``right`` of ``n`` rows, and the binomial standard error; NaN without rows."""
    if n < 1:
        return Estimate(float("nan"), float("nan"), 0)
    value = right / n
    return Estimate(value, float(np.sqrt(value * (1 - value) / n)), n)


def accuracy(correct: int, n: int) -> Estimate:
    """The share of right answers and its binomial standard error."""
    return share(correct, n)
