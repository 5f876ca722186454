"""Every measure of performance of a cohort whose truth is known, by task."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from dashboard.history import Training
from dashboard.metric import Estimate
from dashboard.metrics.accuracy import accuracy
from dashboard.metrics.auc import auc
from dashboard.metrics.auc_ovr import auc_ovr
from dashboard.metrics.average_precision import average_precision
from dashboard.metrics.bias import bias
from dashboard.metrics.brier import brier
from dashboard.metrics.calibration_error import calibration_error
from dashboard.metrics.f1 import f1
from dashboard.metrics.gini import gini
from dashboard.metrics.ks_classes import ks_classes
from dashboard.metrics.lift import lift
from dashboard.metrics.log_loss import class_log_loss, log_loss
from dashboard.metrics.macro_f1 import macro_f1
from dashboard.metrics.mae import mae
from dashboard.metrics.mape import mape
from dashboard.metrics.precision import precision
from dashboard.metrics.r2 import r2
from dashboard.metrics.recall import recall
from dashboard.metrics.rmse import rmse
from dashboard.metrics.specificity import specificity
from dashboard.performance.truth_counts import ClassCounts, Confusion, Residuals, ScoreCounts, Truth

BINARY: Final[Mapping[str, Callable[[ScoreCounts], Estimate]]] = {
    "auc": auc,
    "average_precision": average_precision,
    "ks_classes": ks_classes,
    "lift": lift,
    "log_loss": log_loss,
    "brier": brier,
    "calibration_error": calibration_error,
}
AT_THRESHOLD: Final[Mapping[str, Callable[[Confusion], Estimate]]] = {
    "accuracy": accuracy,
    "precision": precision,
    "recall": recall,
    "specificity": specificity,
    "f1": f1,
}
REGRESSION: Final[Mapping[str, Callable[[Residuals], Estimate]]] = {
    "rmse": rmse,
    "mae": mae,
    "bias": bias,
    "r2": r2,
    "mape": mape,
}
MULTICLASS: Final[Mapping[str, Callable[[ClassCounts], Estimate]]] = {"accuracy": accuracy, "macro_f1": macro_f1}
OF_PROBABILITIES: Final[Mapping[str, Callable[[ClassCounts, Sequence[str]], Estimate]]] = {
    "log_loss": class_log_loss,
    "auc_ovr": auc_ovr,
}

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "binary": ("auc", "gini", *(key for key in BINARY if key != "auc"), *AT_THRESHOLD),
    "multiclass": (*MULTICLASS, *OF_PROBABILITIES),
    "regression": tuple(REGRESSION),
}
"""Every measure by task, in the order in which they are shown."""

_NONE: Final = np.empty(0, np.int64)
NO_SCORES: Final = ScoreCounts(np.empty(0), _NONE, _NONE)
NO_RESIDUALS: Final = Residuals(0, 0.0, 0.0, 0.0, 0.0)
NO_CLASSES: Final = ClassCounts((), _NONE, _NONE, _NONE)


def performance(truth: Truth, training: Training) -> dict[str, Estimate]:
    """The measures of ``truth`` by metric key; one that cannot be had has no value.

    Those at a threshold, or of probabilities by class, are not there at all where training delivered neither.
    """
    if isinstance(truth, ScoreCounts):
        found = {key: measure(truth) for key, measure in BINARY.items()}
        found["gini"] = gini(found["auc"])
        if training.threshold is not None:
            confusion = truth.confusion(training.threshold)
            found |= {key: at(confusion) for key, at in AT_THRESHOLD.items()}
        return {**found, "positives": Estimate(float(truth.m), None, None, None, truth.n)}
    if isinstance(truth, Residuals):
        return {key: of_errors(truth) for key, of_errors in REGRESSION.items()}
    found = {key: of_classes(truth) for key, of_classes in MULTICLASS.items()}
    if training.classes:
        found |= {key: of(truth, training.classes) for key, of in OF_PROBABILITIES.items()}
    return found
