"""Variables that are computed from others: made at training, kept with the version, counted in every batch."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import qod
from qod.derived import Threshold, computable, declared, with_derived
from qod.errors import InputError
from qod.frozen import Reference, read_reference, reference_of
from qod.projection import Projection
from qod.receipt import Built
from tests.deliveries import register

DAY = date(2026, 1, 5)


def rows(n: int, *, seed: int, together: bool = True) -> pd.DataFrame:
    """Three numbers that go together, or the same ones torn apart, one that does not, a level and a score."""
    random = np.random.default_rng(seed)
    shared = random.normal(size=n)
    frame = pd.DataFrame({name: shared + 0.3 * random.normal(size=n) for name in ("a", "b", "c")})
    if not together:
        frame = pd.DataFrame({name: random.permutation(frame[name]) for name in frame})
    frame["d"] = np.where(random.random(n) < 0.1, np.nan, random.normal(size=n))
    frame["plan"] = random.choice(["A", "B"], n)
    frame["p"] = np.where(random.random(n) < 0.05, np.nan, random.random(n))
    return frame


def reference(frame: pd.DataFrame, **options: Any) -> Built:
    return qod.build_reference("churn", "1", frame, **{"task": "binary", "score": "p", **options})


def batch(data: Any, of: Reference) -> Built:
    return qod.build_batch("churn", "1", DAY, data, reference=of, task="binary")


def variables(built: Built) -> dict[str, dict[str, Any]]:
    name = "reference_variables" if "versions" in built.tables else "batch_variables"
    return {row["variable"]: row for row in built.tables[name].to_pylist()}


def test_a_version_keeps_how_they_are_computed_and_their_bins_after_all_others() -> None:
    built = reference(rows(1_000, seed=1), threshold=0.7)
    error, prediction = json.loads(built.tables["versions"]["derived"][0].as_py())
    assert (error["name"], error["kind"]) == ("reconstruction_error", "projection")
    assert error["variables"] == ["a", "b", "c", "d"]  # not the score
    assert {len(error["mean"]), len(error["sd"]), *(len(row) for row in error["components"])} == {4}
    assert prediction == {"name": "prediction", "kind": "threshold", "column": "p", "at": 0.7}
    held = variables(built)
    assert list(held)[-2:] == ["reconstruction_error", "prediction"]
    assert sorted(held.values(), key=lambda row: row["position"]) == list(held.values())
    assert (held["reconstruction_error"]["kind"], held["reconstruction_error"]["type"]) == ("numeric", "number")
    assert sum(held["reconstruction_error"]["counts"]) == 500  # the half that it was not fitted to
    assert (held["prediction"]["levels"], held["prediction"]["type"]) == (["negative", "positive"], "text")
    given = rows(1_000, seed=1)["p"]
    assert held["prediction"]["counts"] == [(given < 0.7).sum(), (given >= 0.7).sum(), 0, 0, given.isna().sum()]


def test_a_batch_is_counted_in_them_though_no_column_of_it_moved() -> None:
    of = reference_of(reference(rows(4_000, seed=1)))
    same, torn = (variables(batch(rows(4_000, seed=2, together=together), of)) for together in (True, False))
    shares = {name: np.array(of.variables[name].size * [0.0]) for name in ("a", "reconstruction_error")}
    for name in shares:
        shares[name] = np.abs(np.array(torn[name]["counts"]) - same[name]["counts"]) / 4_000
    assert shares["a"].max() < 0.03
    assert shares["reconstruction_error"].max() > 0.2
    assert same["reconstruction_error"]["mean"] < torn["reconstruction_error"]["mean"]


def test_a_fit_to_few_rows_is_no_drift_of_the_next_ones() -> None:
    random = np.random.default_rng(3)
    training, scored = (pd.DataFrame(random.normal(size=(n, 40))).add_prefix("x") for n in (600, 6_000))
    built = reference(training, score=None)
    expected = np.array(variables(built)["reconstruction_error"]["counts"]) / 300
    found = np.array(variables(batch(scored, reference_of(built)))["reconstruction_error"]["counts"]) / 6_000
    # Counted on the rows it was fitted to, four fifths of a batch would lie above their median.
    assert abs(found[:5].sum() - expected[:5].sum()) < 0.1


def test_parts_of_a_batch_add_up_and_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    of = reference_of(reference(rows(1_000, seed=1)))
    frame = rows(3_000, seed=4)
    whole = variables(batch(frame, of))
    assert {"reconstruction_error", "prediction"} <= whole.keys()
    assert variables(batch(frame.sample(frac=1, random_state=1), of)) == whole
    parts = [variables(batch(part, of)) for part in (frame[:1], frame[1:1_700], frame[1_700:])]
    for name, row in whole.items():
        assert np.sum([part[name]["counts"] for part in parts], axis=0).tolist() == row["counts"], name
    days = frame.assign(day=[date(2026, 1, 1 + i % 3) for i in range(len(frame))])
    history = qod.build_history("churn", "1", days, reference=of, task="binary", date="day", every="day")
    for day, part in days.groupby("day"):
        alone = variables(batch(part, of))
        for row in history.tables["batch_variables"].to_pylist():
            if row["batch_date"] == day and row["variable"] in of.derived:
                assert row["counts"] == alone[row["variable"]]["counts"]
    frame.to_csv(tmp_path / "x.csv", index=False)
    frame.to_parquet(tmp_path / "x.parquet")
    for name in ("x.csv", "x.parquet"):
        again = variables(batch(tmp_path / name, of))
        assert {name: row["counts"] for name, row in again.items()} == {n: row["counts"] for n, row in whole.items()}


def test_the_order_of_the_training_rows_does_not_matter() -> None:
    frame = rows(1_001, seed=5)
    frame.loc[:300, ["a", "b", "c", "d"]] = 0.0  # rows that are the same fall into both halves
    one, other = (reference(given) for given in (frame, frame.sample(frac=1, random_state=2)))
    assert one.tables["reference_variables"] == other.tables["reference_variables"]


def test_what_a_batch_does_not_allow_is_left_out_without_a_word() -> None:
    of = reference_of(reference(rows(1_000, seed=1)))
    frame = rows(100, seed=2)
    built = batch(frame.drop(columns="b"), of)
    assert set(variables(built)) == {"a", "c", "d", "plan", "p", "prediction"}
    assert [note for note in built.notes if "absent" in note] == [
        "Column 'b' is absent, though the training rows had it."
    ]
    assert "prediction" not in variables(batch(frame.drop(columns="p"), of))
    assert not [note for note in batch(frame, of).notes if "absent" in note or "not in the reference" in note]
    with pytest.raises(InputError, match="'much' is not a number"):
        batch(frame.assign(a="much"), of)


def test_a_column_of_their_name_in_a_batch_is_not_counted_in_their_place() -> None:
    of = reference_of(reference(rows(1_000, seed=1)))
    frame = rows(100, seed=2)
    built = batch(frame.assign(prediction="positive"), of)
    assert [note for note in built.notes if "1 column not in the reference, not counted: 'prediction'" in note]
    assert variables(built) == variables(batch(frame, of))
    assert "prediction" not in variables(batch(frame.drop(columns="p").assign(prediction="positive"), of))


def test_a_column_of_their_name_in_training_is_a_variable_like_any_other() -> None:
    built = reference(rows(1_000, seed=1).assign(prediction="yes", reconstruction_error=1.0))
    assert built.tables["versions"]["derived"][0].as_py() is None
    assert variables(built)["prediction"]["levels"] == ["yes"]
    for name in ("prediction", "reconstruction_error"):
        assert [note for note in built.notes if f"have a column {name!r}, so no variable of this name" in note]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (rows(1_000, seed=1)[["a", "b", "plan", "p"]], "it takes 3 numeric variables that vary, beside the score"),
        (rows(1_000, seed=1).assign(c=1.0, d=np.nan), "it takes 3 numeric variables that vary, beside the score"),
        (rows(199, seed=1), "it takes 200 rows"),
    ],
)
def test_without_a_projection_a_note_says_why(frame: pd.DataFrame, said: str) -> None:
    built = reference(frame)
    assert "reconstruction_error" not in variables(built)
    assert [note for note in built.notes if said in note]


def test_a_class_is_predicted_by_binary_models_alone() -> None:
    for task in ("regression", "multiclass"):
        assert "prediction" not in variables(reference(rows(300, seed=1), task=task))
    assert "prediction" not in variables(reference(rows(300, seed=1), score=None))
    # A class that training never predicted is known all the same.
    found = variables(reference(rows(300, seed=1), threshold=5.0))["prediction"]
    assert (found["levels"], found["counts"][1:4], found["distinct_values"]) == (["negative", "positive"], [0, 0, 0], 1)


def test_a_warehouse_gives_them_back_as_they_were(tmp_path: Path) -> None:
    warehouse = register(tmp_path)
    frame = rows(400, seed=1)
    qod.deliver_reference("churn", "1", frame, warehouse=warehouse, score="p")
    held = read_reference(warehouse, "churn", "1")
    assert held == reference_of(reference(frame))
    assert list(held.derived) == ["reconstruction_error", "prediction"]
    qod.deliver_batch("churn", "1", DAY, rows(300, seed=2), warehouse=warehouse)
    assert set(warehouse.table("batch_variables")["variable"].to_pylist()) == {*held.variables}


def test_a_version_of_an_earlier_release_has_none() -> None:
    assert declared(None) == {}


def test_columns_that_are_computed_are_read_like_others() -> None:
    table = pa.table({"x": [1.0, 2.0, None], "y": [0.0, 0.0, 0.0], "z": [1.0, 1.0, 1.0]})
    ways = {
        "class": Threshold("x", 2.0),
        "error": Projection(("x", "y", "z"), (1.0, 0.0, 1.0), (0.5, 1.0, 1.0), ((0.0, 1.0, 0.0),)),
        "lost": Threshold("nowhere", 0.0),
    }
    with qod.open_source(table) as source:
        whole = with_derived(source, ways)
        assert whole.names == ("x", "y", "z", "class", "error")
        assert whole.column("class").to_pylist() == ["negative", "positive", None]
        assert whole.column("error").to_pylist() == [0.0, 2.0, 0.0]
    assert list(computable(ways, ["x", "nowhere"])) == ["class", "lost"]
