"""How often a score came true at training: the isotonic regression of the outcome on the score, as knots.

The JSON of ``versions.calibration`` is ``{class: {"scores": [...], "shares": [...]}}``: scores ascending, and at each
the share of training rows that were of the class, never falling. A binary model has the one class "1"; a multiclass
model one entry for each of ``versions.classes``, of that class's probability against whether the row was of the class.
Linear interpolation between the knots, the end values beyond them, is what ``calibrate`` does.

It is fitted on all training rows whose score and truth are known, without asking first whether it is needed. The
estimates by confidence that NannyML publishes of its car-loan data (0.13.1) are reached so: rows ordered by their own
score, each worth ``calibrate(score)`` of a positive and the rest of a negative. (NannyML itself leaves the scores as
they are where calibration does not lower the expected calibration error on held-out tenths; for that data it does.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from qod.baseline import FEWEST_OF_A_CLASS
from qod.bins import Floats
from qod.scored import Scored

Knots = Mapping[str, Sequence[float]]
"""``scores`` and ``shares`` of one class."""


def calibration_of(scored: Scored) -> dict[str, dict[str, list[float]]] | None:
    """The JSON of ``versions.calibration``; None where no class has rows enough, or for a regression.

    A class needs FEWEST_OF_A_CLASS training rows that are of it, and as many that are not.
    """
    if scored.task == "binary":
        of_class = {"1": (scored.score, scored.outcome == 1)}
    elif scored.probabilities is not None:
        of_class = {
            name: (scored.probabilities[:, place], scored.outcome == place) for place, name in enumerate(scored.classes)
        }
    else:
        return None
    found = {}
    for name, (score, true) in of_class.items():
        known = np.isfinite(score)
        if min(np.count_nonzero(true[known]), np.count_nonzero(~true[known])) >= FEWEST_OF_A_CLASS:
            found[name] = fit(score[known], true[known])
    return found or None


def fit(scores: npt.ArrayLike, outcomes: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> dict[str, list[float]]:
    """The knots of the isotonic regression of ``outcomes`` (n,) on ``scores`` (n,), finite, weighted by ``weights``.

    Rows of one score count as one, of their mean. Kept are the scores where the fitted value begins and ends a flat
    piece. Source: Barlow et al., Statistical Inference under Order Restrictions, 1972 (pool adjacent violators).
    """
    from scipy.optimize import isotonic_regression

    weight = np.ones(np.shape(scores)) if weights is None else np.asarray(weights, np.float64)
    distinct, place = np.unique(np.asarray(scores, np.float64)[weight > 0], return_inverse=True)
    weight, true = weight[weight > 0], np.asarray(outcomes, np.float64)[weight > 0]
    held = np.bincount(place, weight)
    fitted = isotonic_regression(np.bincount(place, weight * true) / held, weights=held).x
    inner = (fitted[1:-1] != fitted[:-2]) | (fitted[1:-1] != fitted[2:])
    kept = np.concatenate(([True], inner, [True]))[: len(fitted)]
    return {"scores": distinct[kept].tolist(), "shares": fitted[kept].tolist()}


def calibrate(knots: Knots, scores: npt.ArrayLike) -> Floats:
    """The share of training rows that came true at each of ``scores``, of their shape; NaN stays NaN."""
    return np.interp(np.asarray(scores, np.float64), knots["scores"], knots["shares"])
