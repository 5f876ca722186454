"""RMSE and MAE from sums: published values, scikit-learn's, their errors, and nothing from too few rows."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mean_absolute_error, root_mean_squared_error

from dashboard.metrics.mae import mae, mae_with_se
from dashboard.metrics.rmse import rmse, rmse_with_se
from dashboard.performance.truth_counts import Residuals


def sums(predicted: list[float], true: list[float]) -> Residuals:
    e = np.array(predicted) - np.array(true)
    return Residuals(len(e), float(np.abs(e).sum()), float((e**2).sum()), float(e.sum()), float((e**4).sum()))


def example(name: str) -> dict:  # type: ignore[type-arg]
    rows = json.loads((Path(__file__).parents[1] / "data" / "worked-examples.json").read_text("utf-8"))
    return next(row for row in rows if row["id"] == name)  # type: ignore[no-any-return]


def test_the_published_examples() -> None:
    for name, measure in (("sk_rmse", rmse_with_se), ("sk_mae", mae_with_se)):
        found = example(name)
        value, _ = measure(sums(found["input"]["p"], found["input"]["y"]))
        assert value == pytest.approx(found["expected"], abs=found["tol"])
    squared = example("sk_mse")
    assert rmse_with_se(sums(squared["input"]["p"], squared["input"]["y"]))[0] ** 2 == pytest.approx(0.375)


def test_an_asymmetric_example_by_hand() -> None:
    # Errors 1, 1, 1, 5: RMSE sqrt(7), MAE 2; the sums of squares and fourth powers are 28 and 628.
    residuals = sums([2, 3, 4, 10], [1, 2, 3, 5])
    value, se = rmse_with_se(residuals)
    assert value == pytest.approx(math.sqrt(7))
    assert se == pytest.approx(math.sqrt((628 / 4 - 49) * 4 / 3 / 4) / (2 * math.sqrt(7)))
    value, se = mae_with_se(residuals)
    assert value == 2
    assert se == pytest.approx(np.std([1, 1, 1, 5], ddof=1) / 2)


@given(
    st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), min_size=10, max_size=60),
)
def test_they_agree_with_scikit_learn(rows: list[tuple[float, float]]) -> None:
    predicted, true = [row[0] for row in rows], [row[1] for row in rows]
    residuals = sums(predicted, true)
    assert rmse(residuals).value == pytest.approx(root_mean_squared_error(true, predicted), rel=1e-9, abs=1e-12)
    assert mae(residuals).value == pytest.approx(mean_absolute_error(true, predicted), rel=1e-9, abs=1e-12)


def test_constant_errors_are_certain_and_too_few_or_broken_rows_give_nothing() -> None:
    constant = rmse(sums([3.0] * 12, [1.0] * 12))
    assert (constant.value, constant.se, constant.low, constant.high) == (2.0, 0.0, 2.0, 2.0)
    assert rmse(sums([1.0] * 12, [1.0] * 12)).value == 0.0
    for measure in (rmse, mae):
        assert measure(sums([2.0] * 9, [1.0] * 9)).value is None
        assert measure(Residuals(0, 0, 0, 0, 0)).value is None
        assert measure(Residuals(50, math.inf, math.inf, 0, math.inf)).value is None
