"""Realised performance of real models, every chunk and month, held to published numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from dashboard.history import Training
from dashboard.metrics.calibration_error import mean_gap
from dashboard.performance.by_task import performance
from dashboard.performance.truth import truth_of
from dashboard.performance.truth_counts import ScoreCounts

DATA = Path(__file__).parent / "data"
THRESHOLD = 0.65
"""From this score on the car-loan model's column y_pred is 1."""


def counted(scores: pd.Series, outcomes: pd.Series) -> ScoreCounts:
    """The truth of rows as evaluation has it: from the counts that the query of cohorts gives."""
    rows = pd.DataFrame({"score": scores, "outcome": outcomes}).groupby(["score", "outcome"]).size()
    score, outcome = rows.index.get_level_values(0), rows.index.get_level_values(1)
    table = pa.table(
        {"score": score.to_numpy(), "outcome": [str(int(one)) for one in outcome], "n": rows.to_numpy(np.int64)}
    )
    _, _, found = truth_of(table, "binary")
    assert isinstance(found, ScoreCounts)
    return found


@pytest.fixture(scope="module")
def carloan() -> pd.DataFrame:
    """The measures of each chunk, beside those published."""
    rows = pd.read_parquet(DATA / "carloan" / "analysis.parquet")
    truth = pd.read_parquet(DATA / "carloan" / "analysis_outcomes.parquet").set_index("id")["repaid"]
    rows = pd.concat(
        [pd.read_parquet(DATA / "carloan" / "reference.parquet"), rows.assign(repaid=rows["id"].map(truth))]
    )
    assert ((rows["y_pred_proba"] >= THRESHOLD) == (rows["y_pred"] == 1)).all()
    found = []
    for chunk in range(20):
        part = rows.iloc[chunk * 5000 : (chunk + 1) * 5000]
        counts = counted(part["y_pred_proba"], part["repaid"])
        confusion = counts.confusion(THRESHOLD)
        of_chunk = {key: one.value for key, one in performance(counts, Training(threshold=THRESHOLD)).items()}
        auc = performance(counts, Training())["auc"]
        # The published calibration error of this data is of bins of equal width.
        width = np.minimum((counts.scores * 10).astype(np.int64), 9)
        found.append(
            {
                **of_chunk,
                "auc_error": auc.se,
                "by_width": mean_gap(counts, width),
                "tp": confusion.tp,
                "fp": confusion.fp,
                "fn": confusion.fn,
                "tn": confusion.tn,
            }
        )
    expected = pd.read_csv(DATA / "carloan" / "expected_measures_by_chunk.csv")
    assert list(expected["period"]) == ["reference"] * 10 + ["analysis"] * 10
    return pd.concat([pd.DataFrame(found).add_prefix("our_"), expected], axis=1)


CARLOAN = {
    "auc": "roc_auc",
    "auc_error": "auc_se",
    "average_precision": "average_precision",
    "accuracy": "accuracy",
    "precision": "precision",
    "recall": "recall",
    "specificity": "specificity",
    "f1": "f1",
    "brier": "brier",
    "log_loss": "logloss_1e15",
    "ks_classes": "ks_class",
    "lift": "lift10",
    "by_width": "ece10",
}


@pytest.mark.parametrize("key", CARLOAN)
def test_realised_measures_of_every_car_loan_chunk(carloan: pd.DataFrame, key: str) -> None:
    assert (carloan[f"our_{key}"] - carloan[CARLOAN[key]]).abs().max() < 1e-6


def test_the_confusion_counts_of_every_car_loan_chunk(carloan: pd.DataFrame) -> None:
    published = carloan[["true_positive", "false_positive", "false_negative", "true_negative"]].to_numpy()
    assert (carloan[["our_tp", "our_fp", "our_fn", "our_tn"]].to_numpy() == published).all()


@pytest.fixture(scope="module")
def flights() -> pd.DataFrame:
    """The measures of each month, beside those published."""
    rows = pd.read_parquet(DATA / "flights" / "flights_2013.parquet", columns=["date", "p", "y"]).dropna()
    found = {}
    for month, part in rows.groupby(rows["date"].astype(str).str[:7]):
        measures = performance(counted(part["p"], part["y"]), Training())
        found[month] = {key: one.value for key, one in measures.items()} | {
            "auc_error": measures["auc"].se,
            "auc_low": measures["auc"].low,
            "auc_high": measures["auc"].high,
        }
    expected = pd.read_csv(DATA / "flights" / "expected_performance_by_month.csv").set_index("period")
    return pd.DataFrame.from_dict(found, orient="index").add_prefix("our_").join(expected, how="outer")


FLIGHTS = {
    "auc": "auc",
    "auc_error": "auc_se",
    "auc_low": "auc_lo95_logit",
    "auc_high": "auc_hi95_logit",
    "gini": "gini",
    "average_precision": "pr_auc",
    "log_loss": "logloss",
    "brier": "brier",
    "calibration_error": "ece10_mass",
    "ks_classes": "ks",
    "lift": "lift10",
    "positives": "positives",
}


@pytest.mark.parametrize("key", FLIGHTS)
def test_realised_measures_of_every_month_of_flights(flights: pd.DataFrame, key: str) -> None:
    assert len(flights) == 12
    assert (flights[f"our_{key}"] - flights[FLIGHTS[key]]).abs().max() < 1e-6
