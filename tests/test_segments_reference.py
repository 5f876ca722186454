"""Performance by segment of the training rows: its parts add up to the whole, exactly."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

import qod
from qod.segments import MOST, pair_areas


def rows(n: int = 2_000, seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    segment = random.choice(np.array(["north", "south", "east", None], object), n, p=[0.5, 0.3, 0.15, 0.05])
    score = np.round(random.random(n), 2)
    return pd.DataFrame({"region": segment, "p": score, "y": (random.random(n) < score).astype(int)})


def segments(frame: pd.DataFrame, **options: Any) -> dict[str, Any]:
    options = {"task": "binary", "score": "p", "outcome": "y", "segment": "region", **options}
    built = qod.build_reference("m", "1", frame, **options)
    found: dict[str, Any] = json.loads(built.tables["versions"]["segments"][0].as_py() or "null")
    return found


def test_each_segment_is_measured_by_itself() -> None:
    frame = rows()
    found = segments(frame)
    assert found["column"] == "region"
    assert list(found["segments"]) == ["north", "south", "east", "(none)"]
    for name, one in found["segments"].items():
        part = frame[frame["region"].isna() if name == "(none)" else frame["region"] == name]
        assert (one["n"], one["positives"]) == (len(part), part["y"].sum())
        assert one["log_loss"] == pytest.approx(log_loss(part["y"], part["p"].clip(1e-15, 1 - 1e-15)), abs=1e-9)
        assert one["brier"] == pytest.approx(brier_score_loss(part["y"], part["p"]), abs=1e-12)
        assert found["pairs"][name][name] == pytest.approx(roc_auc_score(part["y"], part["p"]), abs=1e-12)


def test_weights_and_pairs_give_the_auc_of_all_rows() -> None:
    frame = rows()
    found = segments(frame)
    weights = found["weights"]
    whole = sum(
        weights[of]["positives"] * weights[against]["negatives"] * area
        for of, row in found["pairs"].items()
        for against, area in row.items()
    )
    assert whole == pytest.approx(roc_auc_score(frame["y"], frame["p"]), abs=1e-12)
    assert sum(one["positives"] for one in weights.values()) == pytest.approx(1)
    assert sum(one["negatives"] for one in weights.values()) == pytest.approx(1)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 2)), min_size=1, max_size=40))
def test_pairs_are_counted_as_their_definition_says(given: list[tuple[int, bool, int]]) -> None:
    score, positive, segment = (np.array(column) for column in zip(*given, strict=True))
    found = pair_areas(score.astype(float), positive, segment, 3)
    for s in range(3):
        for t in range(3):
            wins = score[positive & (segment == s)][:, None], score[~positive & (segment == t)][None, :]
            pairs = (wins[0] > wins[1]) + 0.5 * (wins[0] == wins[1])
            assert found[s, t] == pytest.approx(pairs.mean() if pairs.size else np.nan, nan_ok=True, abs=1e-12)


def test_pairs_that_do_not_exist_are_null() -> None:
    frame = rows().assign(y=lambda frame: np.where(frame["region"] == "east", 0, frame["y"]))
    found = segments(frame)
    assert found["segments"]["east"]["positives"] == 0
    assert found["pairs"]["east"]["north"] is None
    assert found["pairs"]["north"]["east"] is not None
    assert found["weights"]["east"]["positives"] == 0


def test_rows_without_truth_or_score_take_no_part() -> None:
    frame = rows()
    frame.loc[frame["region"] == "north", "y"] = None
    frame.loc[frame.index[frame["region"] == "east"][:10], "p"] = None
    found = segments(frame)["segments"]
    assert "north" not in found
    assert found["east"]["n"] == (frame["region"] == "east").sum() - 10


def test_more_than_twenty_segments_are_pooled() -> None:
    frame = rows().assign(region=np.arange(2000) % 30)
    frame.loc[:1200, "region"] = 3
    found = segments(frame)["segments"]
    assert len(found) == MOST + 1
    assert next(iter(found)) == "3"
    assert list(found)[-1] == "(other)"
    assert sum(one["n"] for one in found.values()) == 2000


def test_scores_that_are_no_probabilities_have_no_loss() -> None:
    found = segments(rows().assign(p=lambda frame: frame["p"] * 100))
    assert set(found["segments"]["north"]) == {"n", "positives"}


def test_other_tasks_have_means() -> None:
    frame = rows().assign(y=lambda frame: frame["p"] * 3)
    north = frame[frame["region"] == "north"]
    found = segments(frame, task="regression")
    away = north["p"] - north["y"]
    assert found["segments"]["north"] == pytest.approx(
        {"n": len(north), "mse": (away**2).mean(), "mae": away.abs().mean()}
    )
    assert set(found) == {"column", "segments"}
    frame = rows().assign(p="1")
    found = segments(frame, task="multiclass")
    share = (frame[frame["region"] == "north"]["y"] == 1).mean()
    assert found["segments"]["north"]["accuracy"] == pytest.approx(share)
    assert segments(frame.assign(p=1e200), task="regression")["segments"]["north"]["mse"] is None


def test_the_segment_stays_a_variable_and_takes_a_score_and_an_outcome() -> None:
    built = qod.build_reference("m", "1", rows(), task="binary", segment="region")
    assert "region" in built.tables["reference_variables"]["variable"].to_pylist()
    assert built.tables["versions"]["segments"][0].as_py() is None
    assert any("by segment ('region')" in note for note in built.notes)
