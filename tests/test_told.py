"""What training told in JSON, also where another job wrote it badly: what cannot be used is not there."""

from __future__ import annotations

import json

import pytest

from dashboard.history import Baseline, Spread, Training
from dashboard.told import baselines_of, derived_of, noise_of, training_of

ROW = dict.fromkeys(("threshold", "classes", "calibration", "losses", "segments"))


def test_what_is_whole_is_taken() -> None:
    said = {"auc": {"value": 0.8, "se": 0.01, "n": 400, "chunks": {"n": 30, "mean": 0.79, "sd": 0.02}}}
    assert baselines_of(json.dumps(said)) == {"auc": Baseline(0.8, 0.01, 400, Spread(30, 0.79, 0.02))}
    assert noise_of('{"batches": 20, "mean": 0.001, "sd": 0.002}') == Spread(20, 0.001, 0.002)
    assert derived_of('[{"name": "prediction", "kind": "threshold"}]') == {"prediction"}
    curve = {"1": {"scores": [0.1, 0.9], "shares": [0, 1]}}
    assert training_of(ROW | {"threshold": 0.4, "calibration": json.dumps(curve)}) == Training(0.4, (), curve)


@pytest.mark.parametrize(
    "text", [None, "", "null", "{", "[]", "3", '{"auc": null}', '{"auc": {"value": null}}', '{"auc": {"value": NaN}}']
)
def test_a_baseline_without_a_value_is_none(text: str | None) -> None:
    assert baselines_of(text) == {}


@pytest.mark.parametrize("se", ["null", "-0.1", "NaN", '"small"'])
def test_an_error_that_is_none_leaves_the_value_without_one(se: str) -> None:
    assert baselines_of(f'{{"auc": {{"value": 0.8, "se": {se}, "chunks": {{}}}}}}') == {"auc": Baseline(0.8)}


@pytest.mark.parametrize(
    "text", [None, "[", "[20]", "{}", '{"batches": 20, "mean": 1}', '{"batches": 20, "mean": null, "sd": 1}',
             '{"batches": 20, "mean": 0, "sd": -1}', '{"batches": true, "mean": 0, "sd": 1}']
)  # fmt: skip
def test_noise_that_is_not_whole_is_none(text: str | None) -> None:
    assert noise_of(text) is None


@pytest.mark.parametrize(
    "curve",
    [None, {}, {"scores": [], "shares": []}, {"scores": [1, 2], "shares": [1]}, {"scores": [None], "shares": [1]}],
)
def test_a_calibration_of_no_curve_is_none(curve: object) -> None:
    assert training_of(ROW | {"calibration": json.dumps({"1": curve}), "threshold": float("nan")}) == Training()
