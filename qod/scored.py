"""Training rows whose score and truth are both known, and how good the version was on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qod.baseline import Estimate, accuracy, auc_delong, bias, count_by_score, mae, mean, rmse, share
from qod.bins import Floats
from qod.columns import Where, levels, numbers, require_plain
from qod.probabilities import read_probabilities
from qod.source import Source
from qod.truth import outcome_texts, scores

CLIP: Final = 1e-15
"""How close to 0 and 1 a probability comes in a log loss."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The training rows that have both a score and an outcome.

    ``rows`` (n,) are their places in the file, ascending. ``score`` (n,) is the score, the predicted value, or for
    multiclass the place of the predicted class; ``outcome`` (n,) is 0 or 1, the value, or the place of the class.
    ``classes`` are those of a multiclass model (a prediction that is none of them is -1) and ``probabilities``
    (n, classes) theirs, NaN where missing; None where they were not given.
    """

    task: str
    rows: npt.NDArray[np.int64]
    score: Floats
    outcome: Floats
    classes: tuple[str, ...] = ()
    probabilities: Floats | None = None

    @property
    def likely(self) -> bool:
        """Whether the scores of a binary model can be probabilities: all within 0..1."""
        return self.task == "binary" and len(self.score) > 0 and bool(((self.score >= 0) & (self.score <= 1)).all())

    def take(self, places: npt.NDArray[np.int64]) -> Scored:
        """Some of these rows, by their place among them."""
        given = self.probabilities
        return replace(
            self,
            rows=self.rows[places],
            score=self.score[places],
            outcome=self.outcome[places],
            probabilities=None if given is None else given[places],
        )


def read_scored(
    source: Source, task: str, score: str | None, outcome: str | None, probabilities: Mapping[str, str]
) -> Scored | None:
    """The rows that have both; None when a column is not given. InputError names the first wrong value of either.

    ``probabilities`` names the column of each class. An outcome that is none of these classes is an InputError.
    """
    given = read_probabilities(source, probabilities) if probabilities else None
    if outcome is None:
        return None
    truth = outcome_texts(source.column(outcome), task, Where(source.label, outcome))
    if score is None:
        return None
    where = Where(source.label, score)
    if task == "multiclass":
        codes, texts = levels(require_plain(source.column(score), where))
        of_truth, found = levels(pa.chunked_array([truth]))
        classes = tuple(probabilities or found)
        place = {text: code for code, text in enumerate(classes)}
        for code, text in enumerate(found):
            if text not in place:
                raise Where(source.label, outcome).error(
                    f"the outcome {text!r} is none of the classes with a probability: {', '.join(classes)}.",
                    row=int(np.flatnonzero(of_truth == code)[0]) + 1,
                    hint=f"name its column: --probability {text}=COLUMN.",
                )
        known = (of_truth >= 0) & (codes >= 0)
        predicted = np.array([*(place.get(text, -1) for text in texts), -1], np.float64)[codes]
        true = np.array([*(place[text] for text in found), -1], np.float64)[of_truth]
    else:
        classes, predicted = (), scores(source.column(score), where)
        true = numbers(pa.chunked_array([truth]), Where(source.label, outcome))
        known = np.isfinite(predicted) & np.isfinite(true)
    rows = np.flatnonzero(known)
    return Scored(task, rows, predicted[rows], true[rows], classes, None if given is None else given[rows])


def measure(scored: Scored, threshold: float | None) -> dict[str, Estimate]:
    """The measures of the task that have a standard error, by their key; NaN where there are too few rows.

    From ``threshold`` on a row is predicted positive.
    """
    if scored.task == "binary":
        return _binary(scored, threshold)
    if scored.task == "regression":
        residuals = scored.score - scored.outcome
        return {"rmse": rmse(residuals), "mae": mae(residuals), "bias": bias(residuals)}
    found = {"accuracy": accuracy(int(np.count_nonzero(scored.score == scored.outcome)), len(scored.rows))}
    if scored.probabilities is not None:
        of_truth = np.take_along_axis(scored.probabilities, scored.outcome.astype(np.int64)[:, None], axis=1)[:, 0]
        found["log_loss"] = mean(-np.log(np.clip(of_truth[np.isfinite(of_truth)], CLIP, 1.0)))
    return found


def _binary(scored: Scored, threshold: float | None) -> dict[str, Estimate]:
    found = {"auc": auc_delong(*count_by_score(scored.score, scored.outcome))}
    area = found["auc"]
    found["gini"] = Estimate(2 * area.value - 1, 2 * area.se, area.n)
    positive = scored.outcome == 1
    if scored.likely:
        found["log_loss"], found["brier"] = mean(log_losses(scored)), mean(square_losses(scored))
    if threshold is not None:
        said = scored.score >= threshold
        right = int(np.count_nonzero(said & positive))
        found["precision"] = share(right, int(np.count_nonzero(said)))
        found["recall"] = share(right, int(np.count_nonzero(positive)))
    return found


def log_losses(scored: Scored) -> Floats:
    """Each row's log loss, (n,): binary scores that are probabilities, clipped to CLIP from 0 and 1."""
    chance = np.clip(np.where(scored.outcome == 1, scored.score, 1 - scored.score), CLIP, 1 - CLIP)
    return np.asarray(-np.log(chance), np.float64)


def square_losses(scored: Scored) -> Floats:
    """Each row's squared difference of score and outcome, (n,)."""
    away = scored.score - scored.outcome
    with np.errstate(over="ignore"):
        return np.asarray(away * away, np.float64)
