"""Rows of a multiclass model whose truth is not known, and what the calibration of training expects of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dashboard.performance.truth_counts import Floats, PredictedClasses
from qod.calibration import Knots, calibrate


@dataclass(frozen=True)
class ExpectedClasses:
    """Rows (R,) of a model with K classes.

    ``probabilities`` (R, K) are what the model gave each class, ``chances`` (R, K) how often that came true at
    training, each row's adding up to 1. ``named`` (R, K) marks the predicted class; a row that names none of them has
    no mark. ``known`` (R,) are the rows with a prediction.
    """

    probabilities: Floats
    chances: Floats
    named: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]

    @cached_property
    def n(self) -> int:
        """All rows."""
        return len(self.probabilities)

    def spread(self, weights: Floats) -> float:
        """The standard error of the sum of each row's weight (R, K) of the class it turns out to be, by itself."""
        mean = (self.chances * weights).sum(axis=1)
        return math.sqrt(max(float(((self.chances * weights**2).sum(axis=1) - mean**2).sum()), 0.0))


def expect_classes(
    given: PredictedClasses, calibration: Mapping[str, Knots], classes: Sequence[str]
) -> ExpectedClasses | None:
    """The rows as the calibration of each of the ``classes`` sees them; None where a class has none.

    Every class is calibrated by itself, then each row's chances are made to add up to 1; where all are 0 the model's
    own probabilities are taken. Rows with a number that is not finite are left out.
    Source: CBPE, NannyML documentation.
    """
    if not classes or any(name not in calibration for name in classes):
        return None
    whole = np.isfinite(given.probabilities).all(axis=1)
    probabilities = given.probabilities[whole]
    chances = np.stack(
        [calibrate(calibration[name], probabilities[:, place]) for place, name in enumerate(classes)], axis=1
    )
    chances = np.where(chances.sum(axis=1, keepdims=True) > 0, chances, probabilities)
    total = chances.sum(axis=1, keepdims=True)
    chances = np.divide(chances, total, out=np.full(chances.shape, 1 / len(classes)), where=total > 0)
    place = {name: at for at, name in enumerate(classes)}
    # A row without a prediction is at the end of the table, as place -1.
    of_label = np.array([*(place.get(label, -1) for label in given.labels), -1])
    predicted = given.predicted[whole]
    named = of_label[predicted][:, None] == np.arange(len(classes))[None, :]
    return ExpectedClasses(probabilities, chances, named, predicted >= 0)
