"""What becomes of the rows of a simulated model: scores, outcomes, and the days on which the outcomes are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit, softmax

from dashboard.demo.calendar import Days, grown
from dashboard.demo.model import DemoModel
from dashboard.demo.rows import Rows, evenly
from dashboard.demo.scripts import Change, Concept
from dashboard.demo.shapes import Floats

NEVER_KNOWN: Final = 0.012
"""The share of outcomes that never arrive."""


def intercept(true: Floats, rate: float) -> float:
    """The constant that makes the mean of expit(constant + true) the base rate ``rate``."""
    low, high = -20.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if expit(middle + true).mean() < rate else (low, middle)
    return (low + high) / 2


def scores(model: DemoModel, rows: Rows, constant: float) -> Floats | npt.NDArray[np.int64]:
    """The model's answer for each row: a probability (binary), a value (regression) or a class number (multiclass)."""
    if model.task == "binary":
        return np.asarray(np.round(np.clip(expit(constant + rows.seen[:, 0]), 0.0001, 0.9999), 4))
    if model.task == "regression":
        return np.asarray(np.round(np.maximum(model.rate * (1 + rows.seen[:, 0]), 1.0), 1))
    return np.asarray(rows.seen.argmax(axis=1), dtype=np.int64)


def outcomes(
    model: DemoModel,
    rows: Rows,
    score: Floats | npt.NDArray[np.int64],
    ages: Days,
    changes: Sequence[Change],
    constant: float,
    rng: np.random.Generator,
) -> Floats | npt.NDArray[np.int64]:
    """The truth of each row: 0 or 1 (binary), a value (regression) or a class number (multiclass).

    The link between predictor and truth is never quite the same from month to month; a Concept weakens it for good.
    """
    link = 1 + _wobble(int(ages.max(initial=0)) + 1, rng)[ages]
    for change in changes:
        if isinstance(change, Concept):
            link *= 1 - (1 - change.kept) * grown(change, ages)
    if model.task == "binary":
        hidden = rng.standard_normal(len(ages)) * model.spread * np.sqrt(np.clip(1 - link**2, 0.0, 1.0))
        chance = expit(constant + link * rows.true[:, 0] + hidden)
        # Spread over the batch in the order of the score: the AUC of a month is then the model's, not the dice's.
        order = np.argsort(score - 2.0 * ages, kind="stable")
        happened = np.empty(len(ages), dtype=np.int64)
        happened[order] = evenly(chance[order], rng)
        return happened
    if model.task == "regression":
        error = 0.11 * rng.standard_normal(len(ages))
        return np.round(np.maximum(model.rate * (1 + link * rows.true[:, 0] + error), 0.0), 1)
    chances = softmax(link[:, None] * rows.true, axis=1)
    classes = np.arange(len(ages))
    right = evenly(chances[classes, score.astype(np.int64)], rng)
    chances[classes, score.astype(np.int64)] = 0.0
    other = np.cumsum(chances, axis=1)
    other = (other < rng.random(len(ages))[:, None] * other[:, -1:]).sum(axis=1)
    return np.where(right, score, other).astype(np.int64)


def days_until_known(model: DemoModel, rows: Rows, rng: np.random.Generator) -> Days:
    """After how many days each outcome is known: 1 to the outcome window; -1 when it never will be.

    The plain cases are known first, which is why a cohort that is not mature looks better than it is.
    """
    plain = np.clip(np.abs(rows.seen).max(axis=1) / (2 * model.spread), 0.0, 1.0)
    share = 0.1 + 0.9 * (0.6 * rng.random(len(plain)) + 0.4 * (1 - plain))
    days = np.ceil(share * model.outcome_window_days).astype(np.int64)
    days[evenly(np.full(len(days), NEVER_KNOWN), rng)] = -1
    return np.asarray(days)


def _wobble(days: int, rng: np.random.Generator) -> Floats:
    """A slow wander around 0 with a standard deviation of .008 and a memory of about a month, by age."""
    steps, keep = rng.normal(0.0, 0.008, days), 0.97
    path = np.empty(days)
    path[0] = steps[0]
    for day in range(1, days):
        path[day] = keep * path[day - 1] + np.sqrt(1 - keep**2) * steps[day]
    return path
