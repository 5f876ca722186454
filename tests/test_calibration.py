"""Calibration: equal to scikit-learn's isotonic regression wherever it is asked, and kept as knots."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

import qod
from qod.calibration import calibrate, fit
from tests.deliveries import DATA

ROWS = st.lists(
    st.tuples(st.integers(-8, 8).map(lambda i: i / 4), st.sampled_from([0.0, 1.0]), st.sampled_from([0.0, 0.5, 1, 7])),
    min_size=1,
    max_size=60,
).filter(lambda rows: any(weight > 0 for _, _, weight in rows))


@settings(max_examples=200, deadline=None)
@given(rows=ROWS)
@example(rows=[(0.5, 1.0, 1.0)])
@example(rows=[(0.5, 1.0, 1.0), (0.25, 0.0, 0.0)])
@example(rows=[(0.0, 1.0, 1.0), (1.0, 0.0, 1.0)])
def test_it_is_the_isotonic_regression_of_scikit_learn(rows: list[tuple[float, float, float]]) -> None:
    scores, outcomes, weights = np.array(rows).T
    theirs = IsotonicRegression(out_of_bounds="clip").fit(scores, outcomes, sample_weight=weights)
    asked = np.linspace(-3, 3, 97)
    assert calibrate(fit(scores, outcomes, weights), asked) == pytest.approx(theirs.predict(asked), abs=1e-9)


def test_many_rows_leave_few_knots() -> None:
    random = np.random.default_rng(1)
    scores = random.random(50_000)
    outcomes = random.random(50_000) < scores**2
    knots = fit(scores, outcomes)
    theirs = IsotonicRegression(out_of_bounds="clip").fit(scores, outcomes)
    asked = random.random(1000) * 1.2 - 0.1
    assert calibrate(knots, asked) == pytest.approx(theirs.predict(asked), abs=1e-9)
    assert len(knots["scores"]) < 1000
    assert np.abs(calibrate(knots, [0.3, 0.5, 0.8]) - [0.09, 0.25, 0.64]).max() < 0.05


def test_a_missing_score_has_no_share() -> None:
    assert np.isnan(calibrate({"scores": [0.0, 1.0], "shares": [0.1, 0.9]}, [np.nan, 0.5])).tolist() == [True, False]


def of_frame(frame: pd.DataFrame, **options: Any) -> Any:
    built = qod.build_reference("m", "1", frame, score="p", outcome="y", **options)
    return json.loads(built.tables["versions"]["calibration"][0].as_py() or "null")


def test_the_reference_of_a_binary_model_keeps_it() -> None:
    frame = pd.read_parquet(DATA / "carloan/reference.parquet").rename(columns={"y_pred_proba": "p", "repaid": "y"})
    kept = of_frame(frame[["p", "y", "car_value"]], task="binary")
    theirs = IsotonicRegression(out_of_bounds="clip").fit(frame["p"], frame["y"])
    assert list(kept) == ["1"]
    assert calibrate(kept["1"], frame["p"]) == pytest.approx(theirs.predict(frame["p"]), abs=1e-12)


def test_every_class_of_a_multiclass_model_has_its_own() -> None:
    random = np.random.default_rng(2)
    chances = random.dirichlet([1, 1, 1], 900)
    names = np.array(["a", "b", "c"])
    frame = pd.DataFrame(chances, columns=["pa", "pb", "pc"])
    frame["y"] = [random.choice(names, p=row) for row in chances]
    frame["p"] = names[chances.argmax(axis=1)]
    frame.loc[3, "pb"] = None
    kept = of_frame(frame, task="multiclass", probabilities={"c": "pc", "a": "pa", "b": "pb"})
    assert list(kept) == ["c", "a", "b"]
    for name, knots in kept.items():
        given = frame.loc[frame["p" + name].notna()]
        theirs = IsotonicRegression(out_of_bounds="clip").fit(given["p" + name], given["y"] == name)
        assert calibrate(knots, given["p" + name]) == pytest.approx(theirs.predict(given["p" + name]), abs=1e-9)


def test_too_few_of_a_class_have_none() -> None:
    frame = pd.DataFrame({"p": np.linspace(0, 1, 40), "y": [1] * 9 + [0] * 31})
    assert of_frame(frame, task="binary") is None
    assert of_frame(frame.assign(y=[1] * 10 + [0] * 30), task="binary") is not None
    assert of_frame(frame, task="regression") is None
