"""The expected error from counts alone: additive worlds are recovered, the training rows give their own mean."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

import qod
from qod.frozen import reference_of
from qod.losses import MOST_ROWS, MOST_VARIABLES, expected, fit
from qod.receipt import Built


def world(n: int, seed: int, *, rare: float = 0.2, mean: float = 0.0) -> pd.DataFrame:
    """Rows of a regression whose absolute error is 1, and 2 more for level 'hard', and 1 more where x is above 0."""
    random = np.random.default_rng(seed)
    x = random.normal(mean, 1, n)
    level = np.where(random.random(n) < rare, "hard", "easy")
    error = 1.0 + 2.0 * (level == "hard") + 1.0 * (x > 0)
    truth = random.normal(100, 5, n)
    score = truth + error * random.choice([-1, 1], n)
    return pd.DataFrame({"x": np.sign(x), "level": level, "twin": level, "p": score, "y": truth})


def reference(frame: pd.DataFrame, **options: Any) -> Built:
    return qod.build_reference("m", "1", frame, **{"task": "regression", "score": "p", "outcome": "y", **options})


def losses(built: Built) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(built.tables["versions"]["losses"][0].as_py() or "null")
    return found


def shares(counts: Any) -> dict[str, np.ndarray]:
    return {row["variable"]: np.array(row["counts"]) / sum(row["counts"]) for row in counts.to_pylist()}


def test_a_batch_of_harder_rows_has_the_error_it_will_turn_out_to_have() -> None:
    training, batch = world(20_000, 1), world(5_000, 2, rare=0.6, mean=1.0)
    built = reference(training)
    counted = qod.build_batch("m", "1", "2026-01-01", batch, reference=reference_of(built), task="regression")
    of_batch = shares(counted.tables["batch_variables"])
    residuals = batch["p"] - batch["y"]
    absolute = expected(losses(built)["absolute"], of_batch)
    squared = expected(losses(built)["squared"], of_batch)
    assert absolute == pytest.approx(residuals.abs().mean(), rel=0.01)
    assert squared == pytest.approx((residuals**2).mean(), rel=0.1)  # what both do to a square is no sum
    before = training["p"] - training["y"]
    assert absolute > 1.4 * before.abs().mean()


def test_the_training_rows_have_their_own_mean() -> None:
    training = world(3_000, 3)
    built = reference(training)
    residuals = training["p"] - training["y"]
    of_training = shares(built.tables["reference_variables"])
    found = losses(built)
    assert found["squared"]["mean"] == pytest.approx((residuals**2).mean(), rel=1e-12)
    assert expected(found["squared"], of_training) == pytest.approx((residuals**2).mean(), rel=1e-9)
    assert expected(found["absolute"], of_training) == pytest.approx(residuals.abs().mean(), rel=1e-9)


def test_effects_stand_in_the_order_of_the_counts_and_are_0_where_nothing_was() -> None:
    built = reference(world(3_000, 4))
    effects = losses(built)["absolute"]["effects"]
    held = {row["variable"]: row for row in built.tables["reference_variables"].to_pylist()}
    for name, found in effects.items():
        assert [effect == 0.0 for effect in found] == [rows == 0 for rows in held[name]["counts"]]
    assert {"x", "level", "twin", "p"} <= set(effects)
    assert held["level"]["levels"] == ["easy", "hard"]
    assert effects["level"][0] < 0 < effects["level"][1]
    # What two columns of the same values do is shared between them.
    assert effects["twin"] == pytest.approx(effects["level"])
    step = effects["level"][1] + effects["twin"][1] - effects["level"][0] - effects["twin"][0]
    assert step == pytest.approx(2.0, abs=0.1)


def test_additive_effects_are_recovered_from_many_variables() -> None:
    random = np.random.default_rng(5)
    codes = [random.integers(0, size, 40_000).astype(np.uint8) for size in (12, 5, 30)]
    true = [random.normal(size=size) for size in (12, 5, 30)]
    summed = np.sum([effects[of_row] for effects, of_row in zip(true, codes, strict=True)], axis=0)
    found = fit(codes, [np.bincount(of_row) for of_row in codes], 3.0 + summed[:, None])
    for effects, of_row, estimate in zip(true, codes, found, strict=True):
        assert np.abs(estimate[:, 0] - (effects - effects[of_row].mean())).max() < 0.02


def test_rare_bins_are_held_back() -> None:
    codes = np.repeat([0, 1], [10_000, 2]).astype(np.uint8)
    losses = np.where(codes == 1, 100.0, 1.0)[:, None]
    rare = fit([codes], [np.bincount(codes)], losses)[0][1, 0]
    assert 5 < rare < 30  # 99 more was seen, in two rows


def test_rows_beyond_the_most_are_left_out_at_even_steps_and_the_mean_is_still_of_all() -> None:
    training = world(MOST_ROWS + 10, 7)
    built = reference(training)
    of_training = shares(built.tables["reference_variables"])
    absolute = (training["p"] - training["y"]).abs()
    found = losses(built)["absolute"]
    assert expected(found, of_training) == pytest.approx(absolute.mean(), rel=1e-9)
    assert found["effects"]["level"] == pytest.approx(
        losses(reference(training[::2]))["absolute"]["effects"]["level"], abs=0.02
    )


def test_of_very_many_variables_those_have_effects_that_tell_most() -> None:
    random = np.random.default_rng(8)
    more = pd.DataFrame(
        random.integers(0, 3, (1_000, MOST_VARIABLES)), columns=[f"v{i}" for i in range(MOST_VARIABLES)]
    )
    effects = losses(reference(pd.concat([more, world(1_000, 9)], axis=1)))["squared"]["effects"]
    assert len(effects) == MOST_VARIABLES
    assert {"x", "level", "twin"} <= set(effects)
    assert list(effects)[-1] in ("twin", "p")  # in the order of the training rows


def test_a_variable_the_batch_lacks_adds_nothing() -> None:
    assert expected({"mean": 2.0, "effects": {"x": [1.0, -1.0]}}, {}) == 2.0
    assert expected({"mean": 2.0, "effects": {"x": [1.0, -1.0]}}, {"x": [1.0, 0.0], "other": [1.0]}) == 3.0


def test_there_is_none_without_truth_rows_or_numbers_to_hold_it() -> None:
    frame = world(300, 6)
    assert losses(reference(frame)) is not None
    assert losses(reference(frame.head(199))) is None
    assert losses(reference(frame, outcome=None)) is None
    assert losses(reference(frame.assign(p=1e200))) is None
    binary = frame.assign(y=frame["y"] > 100)
    assert losses(reference(binary, task="binary")) is None
