"""Estimates of performance without the truth, held to the tables that NannyML publishes of its car-loan data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.history import Training
from dashboard.metric import Estimate
from dashboard.performance.estimates import estimates as estimates_of
from dashboard.performance.truth_counts import PredictedScores
from qod.calibration import fit

CARLOAN = Path(__file__).parent / "data" / "carloan"
ROWS = 5000
THRESHOLD = 0.65
"""The data come with a prediction: 1 from this score on."""


@pytest.fixture(scope="module")
def estimates() -> list[dict[str, Estimate]]:
    """What is estimated of each chunk of 5,000 rows, from the calibration of the training rows."""
    reference = pq.read_table(CARLOAN / "reference.parquet", columns=["y_pred_proba", "repaid"])
    knots = fit(reference.column("y_pred_proba").to_numpy(), reference.column("repaid").to_numpy())
    training = Training(threshold=THRESHOLD, calibration={"1": knots})
    scores = pq.read_table(CARLOAN / "analysis.parquet").column("y_pred_proba").to_numpy()
    found = []
    for start in range(0, len(scores), ROWS):
        distinct, rows = np.unique(scores[start : start + ROWS], return_counts=True)
        found.append(estimates_of(PredictedScores(distinct, rows), training))
    return found


def values(estimates: list[dict[str, Estimate]], metric: str) -> np.ndarray:
    return np.array([of_chunk[f"estimated_{metric}"].value for of_chunk in estimates])


@pytest.mark.parametrize(("metric", "published"), [("auc", "roc_auc"), ("accuracy", "accuracy"), ("f1", "f1")])
def test_what_is_estimated_of_car_loans_is_what_is_published(
    estimates: list[dict[str, Estimate]], metric: str, published: str
) -> None:
    table = pd.read_csv(CARLOAN / "carloan_cbpe_standard_analysis.csv")
    assert len(table) == 10
    assert np.abs(values(estimates, metric) - table[f"{published}.value"]).max() < 1e-6


@pytest.mark.parametrize("metric", ["auc", "accuracy", "precision", "recall", "f1"])
def test_it_is_the_estimate_after_isotonic_calibration(estimates: list[dict[str, Estimate]], metric: str) -> None:
    table = pd.read_csv(CARLOAN / "expected_measures_by_chunk.csv")
    table = table[table["period"] == "analysis"]
    column = "roc_auc" if metric == "auc" else metric
    assert np.abs(values(estimates, metric) - table[f"cbpe_isotonic_{column}"]).max() < 1e-6
    assert np.abs(values(estimates, metric) - table[f"cbpe_none_{column}"]).max() > 1e-3


def test_the_range_of_an_estimate_holds_what_came(estimates: list[dict[str, Estimate]]) -> None:
    """Of 25 values, five chunks before the data change, one or two may lie outside their 95 % range."""
    table = pd.read_csv(CARLOAN / "expected_measures_by_chunk.csv")
    table = table[table["period"] == "analysis"][:5]
    outside = 0
    for metric in ("auc", "accuracy", "precision", "recall", "f1"):
        came = table["roc_auc" if metric == "auc" else metric]
        ranges = [of_chunk[f"estimated_{metric}"] for of_chunk in estimates[:5]]
        outside += sum(not found.low <= value <= found.high for found, value in zip(ranges, came, strict=True))
    assert outside <= 2
