"""What the performance of a cohort should be before its truth is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from dashboard.history import Training
from dashboard.metric import Estimate
from dashboard.metrics.estimated_accuracy import estimated_accuracy, estimated_class_accuracy
from dashboard.metrics.estimated_auc import estimated_auc
from dashboard.metrics.estimated_auc_ovr import estimated_auc_ovr
from dashboard.metrics.estimated_brier import estimated_brier
from dashboard.metrics.estimated_f1 import estimated_f1
from dashboard.metrics.estimated_log_loss import estimated_class_log_loss, estimated_log_loss
from dashboard.metrics.estimated_macro_f1 import estimated_macro_f1
from dashboard.metrics.estimated_precision import estimated_precision
from dashboard.metrics.estimated_recall import estimated_recall
from dashboard.performance.expected import POSITIVE, Expected, expect
from dashboard.performance.expected_classes import ExpectedClasses, expect_classes
from dashboard.performance.truth_counts import Predicted, PredictedClasses, PredictedScores

ESTIMATED: Final = "estimated_"
"""What the key of an estimate begins with; what follows is the key of the measure that it foretells."""

BINARY: Final[Mapping[str, Callable[[Expected], Estimate]]] = {
    "estimated_auc": estimated_auc,
    "estimated_accuracy": estimated_accuracy,
    "estimated_precision": estimated_precision,
    "estimated_recall": estimated_recall,
    "estimated_f1": estimated_f1,
    "estimated_log_loss": estimated_log_loss,
    "estimated_brier": estimated_brier,
}

MULTICLASS: Final[Mapping[str, Callable[[ExpectedClasses], Estimate]]] = {
    "estimated_accuracy": estimated_class_accuracy,
    "estimated_macro_f1": estimated_macro_f1,
    "estimated_auc_ovr": estimated_auc_ovr,
    "estimated_log_loss": estimated_class_log_loss,
}


def estimates(predicted: Predicted | None, training: Training) -> dict[str, Estimate]:
    """The estimates of a cohort by key, from its predictions, their truth known or not.

    None at all without predictions or a calibration of them; without a value where the metric's own function says so.
    Those of a regression are of batches, see dashboard.performance.expected_losses. Source: CBPE, NannyML
    documentation.
    """
    if isinstance(predicted, PredictedScores) and POSITIVE in training.calibration:
        knots = training.calibration[POSITIVE]
        expected = expect(predicted.scores, predicted.rows, knots, threshold=training.threshold)
        return {key: estimate(expected) for key, estimate in BINARY.items()}
    if isinstance(predicted, PredictedClasses):
        classes = expect_classes(predicted, training.calibration, training.classes)
        if classes is not None:
            return {key: estimate(classes) for key, estimate in MULTICLASS.items()}
    return {}
