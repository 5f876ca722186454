"""The reference: bins and counts of real data to the last digit, what is refused as a variable, and baselines."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import qod
from dashboard.metrics.psi import psi
from qod.errors import InputError, UnknownNameError
from qod.frozen import read_reference, reference_of
from qod.receipt import Built
from tests.deliveries import DATA, register


@cache
def flights() -> tuple[Built, Built]:
    """The reference of January to March, and every month as a batch."""
    frame = pd.read_parquet(DATA / "flights/flights_2013.parquet")
    reference = qod.build_reference(
        "flights", "1", frame[frame["date"] <= date(2013, 3, 31)], task="binary", score="p", outcome="y", date="date"
    )
    history = qod.build_history(
        "flights", "1", frame, reference=reference_of(reference), task="binary", date="date", every="month"
    )
    return reference, history


def variables(built: Built) -> dict[str, dict[str, Any]]:
    return {row["variable"]: row for row in built.tables["reference_variables"].to_pylist()}


def of_frame(frame: pd.DataFrame, **options: Any) -> Built:
    return qod.build_reference("m", "1", frame, **{"task": "binary", **options})


def test_flights_have_the_published_edges_and_counts_in_every_month() -> None:
    reference, history = (variables(flights()[0]), flights()[1].tables["batch_variables"].to_pylist())
    batches = {(row["variable"], row["batch_id"]): row for row in history}
    expected = pd.read_csv(DATA / "flights/expected_psi_by_month.csv")
    numeric = expected[expected["type"] == "num"]
    assert set(numeric["feature"]) == {"hour", "dow", "distance", "temp", "humid", "wind_speed", "precip", "visib"}
    for row in numeric.itertuples():
        held = reference[row.feature]
        assert held["edges"] == [float(edge) for edge in row.edges.split()]
        assert held["counts"] == [int(rows) for rows in row.ref_counts.split()]
        assert batches[row.feature, row.period]["counts"] == [int(rows) for rows in row.cur_counts.split()]


def test_flights_reach_the_published_psi() -> None:
    reference, history = (variables(flights()[0]), flights()[1].tables["batch_variables"].to_pylist())
    batches = {(row["variable"], row["batch_id"]): row for row in history}
    expected = pd.read_csv(DATA / "flights/expected_psi_by_month.csv")
    for row in expected[expected["feature"] != "dest"].itertuples():
        held, counted = reference[row.feature]["counts"], batches[row.feature, row.period]["counts"]
        assert float(psi(np.array(held), np.array(counted))) == pytest.approx(row.psi_laplace, abs=2e-7)


def test_flights_keep_50_destinations_and_remember_the_others() -> None:
    dest = variables(flights()[0])["dest"]
    assert (dest["kind"], len(dest["levels"]), len(dest["tail"])) == ("categorical", 50, 46)
    assert dest["levels"][0] == "ATL"
    assert sum(dest["counts"][:50]) / 80_789 == pytest.approx(0.922774, abs=1e-6)
    assert dest["counts"][50] == 80_789 - sum(dest["counts"][:50])


def test_flights_have_the_training_auc_as_their_baseline() -> None:
    from sklearn.metrics import roc_auc_score

    frame = pd.read_parquet(DATA / "flights/flights_2013.parquet")
    training = frame[(frame["date"] <= date(2013, 3, 31)) & frame["y"].notna()]
    (version,) = flights()[0].tables["versions"].to_pylist()
    baseline = json.loads(version["baselines"])["auc"]
    assert baseline["value"] == pytest.approx(roc_auc_score(training["y"], training["p"]), abs=1e-12)
    assert baseline["n"] == len(training) == 77_911
    assert 0.002 < baseline["se"] < 0.003
    assert (version["rows"], version["score_variable"]) == (80_789, "p")


def test_the_car_loan_chunks_reach_the_published_psi() -> None:
    folder = DATA / "carloan"
    reference = qod.build_reference(
        "m", "1", folder / "reference.parquet", task="binary", score="y_pred_proba", outcome="repaid"
    )
    history = qod.build_history(
        *("m", "1", folder / "analysis.parquet"),
        reference=reference_of(reference),
        task="binary",
        date="timestamp",
        every=5000,
    )
    held = variables(reference)
    assert set(held) == {
        *("car_value", "salary_range", "debt_to_income_ratio", "loan_length", "repaid_loan_on_prev_car"),
        *("size_of_downpayment", "driver_tenure", "y_pred_proba", "y_pred", "reconstruction_error", "prediction"),
    }
    counts: dict[str, list[list[int]]] = {}
    for row in history.tables["batch_variables"].to_pylist():
        counts.setdefault(row["variable"], []).append(row["counts"])
    expected = pd.read_csv(folder / "expected_drift_by_chunk.csv")
    for row in expected[expected["period"] == "analysis"].itertuples():
        found = psi(np.array(held[row.feature]["counts"]), np.array(counts[row.feature]))
        assert found[row.chunk] == pytest.approx(row.psi10, abs=2e-7)


def test_identifiers_free_text_and_times_are_no_variables_and_say_so() -> None:
    n = 200
    random = np.random.default_rng(3)
    built = of_frame(
        pd.DataFrame(
            {
                "customer_id": random.permutation(10**9 // n * np.arange(n)),
                "line": np.arange(n) * 7 + 3,
                "number": random.permutation(n),
                "comment": [f"text {i}" for i in range(n)],
                "at": pd.date_range("2026-01-01", periods=n),
                "day": ["2026-01-01", "2026-01-02"] * (n // 2),
                "amount": random.normal(size=n),
                "humid": random.integers(0, 50, n),
                "spread": random.permutation(np.arange(n) ** 2),
            }
        )
    )
    assert set(variables(built)) == {"amount", "humid", "spread", "reconstruction_error"}
    for name in ("customer_id", "line", "number", "comment", "at", "day"):
        (note,) = [note for note in built.notes if f"'{name}'" in note]
        assert "not watched" in note


def test_options_insist_where_the_data_suggest_otherwise() -> None:
    n = 200
    frame = pd.DataFrame(
        {
            "id": range(n),
            "code": [1, 2] * (n // 2),
            "typed": [f"{i % 7}.5" for i in range(n)],
            "day": ["2026-01-01"] * n,
        }
    )
    held = variables(of_frame(frame, numeric=["id", "typed"], categorical=["code", "day"]))
    assert {name: row["kind"] for name, row in held.items()} == {
        "id": "numeric",
        "code": "categorical",
        "typed": "numeric",
        "day": "categorical",
    }
    assert held["code"]["levels"] == ["1", "2"]
    assert held["typed"]["high"] == 6.5


def test_small_tables_keep_columns_whose_values_all_differ() -> None:
    held = variables(of_frame(pd.DataFrame({"x": [1, 2, 3], "t": ["a", "b", "c"]})))
    assert {name: row["kind"] for name, row in held.items()} == {"x": "numeric", "t": "categorical"}


def test_the_date_the_outcome_and_what_is_excluded_are_no_variables() -> None:
    frame = pd.DataFrame(
        {"day": ["2026-01-01", "2026-01-02"] * 20, "y": [0, 1] * 20, "x": [1.0, 2.0] * 20, "w": [1.0, 2.0] * 20}
    )
    built = of_frame(frame, date="day", outcome="y", exclude=["w"], score="x")
    assert list(variables(built)) == ["x"]
    assert built.tables["reference_variables"]["position"].to_pylist() == [0]


def test_constant_all_missing_and_infinite_columns_are_kept() -> None:
    frame = pd.DataFrame(
        {"k": [5.0] * 8, "none": [np.nan] * 8, "nothing": [None] * 8, "i": [np.inf, -np.inf, 1, 2] * 2}
    )
    built = of_frame(frame)
    held = variables(built)
    assert held["k"]["counts"] == [0, 8, 0, 0]
    assert (held["none"]["kind"], held["none"]["edges"], held["none"]["counts"]) == ("numeric", [], [0, 8])
    assert (held["nothing"]["kind"], held["nothing"]["counts"]) == ("categorical", [0, 0, 8])
    assert sum(held["i"]["counts"]) == 8
    assert (held["i"]["low"], held["i"]["high"], held["i"]["mean"]) == (1.0, 2.0, 1.5)
    assert any("'k' has one value only" in note for note in built.notes)


def test_ten_thousand_levels_are_counted() -> None:
    frame = pd.DataFrame({"zip": [f"z{i % 10_000:05}" for i in range(25_000)]})
    held = variables(of_frame(frame))["zip"]
    assert (len(held["levels"]), len(held["tail"]), held["distinct_values"]) == (50, 9_950, 10_000)
    assert sum(held["counts"]) == 25_000


def test_row_order_and_format_do_not_matter(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "x": np.where(random.random(300) < 0.1, np.nan, random.normal(size=300)),
            "n": random.integers(0, 9, 300),
            "b": random.random(300) < 0.5,
            "t": random.choice(["a", "b", "ç"], 300),
        }
    )
    shuffled = frame.sample(frac=1, random_state=1)
    shuffled.to_csv(tmp_path / "x.csv", index=False)
    shuffled.to_json(tmp_path / "x.ndjson", orient="records", lines=True, double_precision=15)
    shuffled.to_parquet(tmp_path / "x.parquet")
    first = of_frame(frame).tables["reference_variables"]
    for name in ("x.csv", "x.parquet"):
        found = qod.build_reference("m", "1", tmp_path / name, task="binary").tables["reference_variables"]
        assert found.drop_columns("type") == first.drop_columns("type")
        # All that a CSV holds is text: it cannot say what a column was.
        assert found["type"].to_pylist() == ([None] * 4 if name == "x.csv" else first["type"].to_pylist())
    # JSON written with 15 digits loses the last bits of a number, so only its bins are the same.
    lines = qod.build_reference("m", "1", tmp_path / "x.ndjson", task="binary").tables["reference_variables"]
    assert lines["counts"] == first["counts"]


@pytest.mark.parametrize(
    ("frame", "options", "said"),
    [
        ({"x": [1, 2], "y": [0, 3]}, {"score": "x", "outcome": "y"}, ("row 2", "column 'y'", "binary")),
        ({"x": [1, 2], "y": ["no", "1"]}, {"score": "x", "outcome": "y"}, ("row 1", "column 'y'", "'no'")),
        ({"x": ["1", "high"], "y": [0, 1]}, {"score": "x", "outcome": "y"}, ("row 2", "column 'x'", "'high'")),
        ({"x": [1, np.inf], "y": [0, 1]}, {"score": "x", "outcome": "y"}, ("row 2", "column 'x'", "infinite")),
        ({"x": ["1", "a"]}, {"numeric": ["x"]}, ("row 2", "column 'x'", "'a'")),
        ({"x": [1, 2]}, {"numeric": ["x"], "categorical": ["x"]}, ("column 'x'", "both")),
        ({"x": [1, 2]}, {"importance": {"x": 2.0}}, ("column 'x'", "share")),
        ({"t": pd.date_range("2026-01-01", periods=3)}, {}, ("no column can be watched",)),
        ({"x": [1, 2]}, {"task": "ranking"}, ("ranking", "binary, multiclass, regression")),
        ({"x" * 513: [1, 2]}, {}, ("513 characters",)),
        ({"a\tb": [1, 2]}, {}, ("control character",)),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    frame: dict[str, Any], options: dict[str, Any], said: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as caught:
        of_frame(pd.DataFrame(frame), **options)
    for words in said:
        assert words in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [{"score": "z"}, {"outcome": "z"}, {"exclude": ["z"]}, {"date": "z"}, {"numeric": ["z"]}, {"importance": {"z": 1}}],
)
def test_columns_that_do_not_exist_are_named(options: dict[str, Any]) -> None:
    with pytest.raises(UnknownNameError, match="'z' was not found"):
        of_frame(pd.DataFrame({"x": [1, 2]}), **options)


def test_nested_columns_are_refused_with_a_note() -> None:
    built = qod.build_reference("m", "1", pa.table({"x": [1, 2], "n": [[1], [2]]}), task="binary")
    assert list(variables(built)) == ["x"]
    assert "'n'" in built.notes[0]


def test_every_type_that_can_be_counted_is_and_no_other_ends_in_a_crash() -> None:
    n = 40
    table = pa.table(
        {
            "decimal": pa.array([1, 2] * 20).cast(pa.decimal128(22, 2)),
            "half": pa.array(np.arange(n, dtype=np.float16)),
            "byte": pa.array(np.arange(n, dtype=np.int8) % 3),
            "view": pa.array(["a", "b"] * 20, pa.string_view()),
            "large": pa.array(["a", "b"] * 20, pa.large_string()),
            "coded": pa.array(["a", None] * 20).dictionary_encode(),
            "coded numbers": pa.array([1, None] * 20).dictionary_encode(),
            "flag": [True, None] * 20,
            "nothing": pa.nulls(n),
            "huge": pa.array([2**63 + 3 * i for i in range(n)], pa.uint64()),
            "time": pa.array([1] * n, pa.time32("s")),
            "bytes": pa.array([b"a"] * n),
            "list": [[1]] * n,
        }
    )
    built = qod.build_reference("m", "1", table, task="binary")
    held = variables(built)
    assert set(table.column_names) - set(held) == {"huge", "time", "bytes", "list"}
    batch = qod.build_batch("m", "1", "2026-01-01", table, reference=reference_of(built), task="binary", id="huge")
    counts = {row["variable"]: row["counts"] for row in batch.tables["batch_variables"].to_pylist()}
    assert counts == {name: row["counts"] for name, row in held.items()}
    for name in ("list", "bytes", "time"):
        for options in (
            {"numeric": [name]},
            {"score": name},
            {"score": "byte", "outcome": name},
            {"score": "byte", "outcome": name, "task": "multiclass"},
        ):
            if name == "time" and "task" in options:
                continue  # a time may well be a class
            with pytest.raises(InputError, match=f"column '{name}'"):
                qod.build_reference("m", "1", table, **{"task": "binary", **options})


def test_baselines_of_a_regression_and_a_multiclass_model() -> None:
    frame = pd.DataFrame({"p": [1.0, 2.0, 3.0, np.nan], "y": [2.0, 2.0, 1.0, 5.0]})
    (version,) = of_frame(frame, task="regression", score="p", outcome="y").tables["versions"].to_pylist()
    baseline = json.loads(version["baselines"])
    assert baseline["rmse"]["value"] == pytest.approx(np.sqrt(5 / 3))
    assert (baseline["mae"]["value"], baseline["mae"]["n"]) == (1.0, 3)
    frame = pd.DataFrame({"p": [1, 2, 2, 3], "y": ["1", "2", "3", None]})
    built = of_frame(frame, task="multiclass", score="p", outcome="y")
    baseline = json.loads(built.tables["versions"]["baselines"][0].as_py())
    assert baseline["accuracy"] == {"value": pytest.approx(2 / 3), "se": pytest.approx(np.sqrt(2 / 27)), "n": 3}
    assert variables(built)["p"]["kind"] == "categorical"


@pytest.mark.parametrize(("threshold", "said"), [(2.0, "predicted negative"), (0.1, "predicted positive"), (0.5, "")])
def test_a_threshold_that_cuts_nothing_is_noted(threshold: float, said: str) -> None:
    frame = pd.DataFrame({"p": np.linspace(0.2, 0.9, 40), "y": [0, 1] * 20})
    notes = [note for note in of_frame(frame, score="p", outcome="y", threshold=threshold).notes if "threshold" in note]
    assert [said in note for note in notes] == ([True] if said else [])


def test_what_was_asked_for_and_is_empty_is_noted() -> None:
    frame = pd.DataFrame({"c": ["a", "b"] * 20, "y": ["a", "b"] * 20, "s": [None] * 40, "x": range(40)})
    frame["pa"], frame["pb"] = [np.nan] + [0.4] * 39, 0.6
    asked = {"task": "multiclass", "outcome": "y", "segment": "s", "probabilities": {"a": "pa", "b": "pb"}}
    notes = " ".join(of_frame(frame, score="c", **asked).notes)
    assert "1 row without the probability of every class" in notes
    assert "'s' has no segment" in notes
    assert "No value of the score" not in notes
    assert "No value of the score 'x' is a class (a, b)" in " ".join(of_frame(frame, score="x", **asked).notes)


def test_delivering_needs_a_registered_model(tmp_path: Path) -> None:
    warehouse = register(tmp_path)
    frame = pd.DataFrame({"x": [1.0, 2.0]})
    with pytest.raises(UnknownNameError, match=r"vigie register MODEL\.toml"):
        qod.deliver_reference("other", "1", frame, warehouse=warehouse)
    with pytest.raises(InputError, match="registered as binary"):
        qod.deliver_reference("churn", "1", frame, warehouse=warehouse, task="regression")


def test_a_delivered_reference_reads_back_and_replaces_the_earlier_one(tmp_path: Path) -> None:
    warehouse = register(tmp_path)
    text = ["a"] * 30 + ["b"] * 20 + [f"t{i:02}" for i in range(60)]
    frame = pd.DataFrame({"x": np.arange(110.0), "old": 1.0, "t": text, "s": np.linspace(0, 1, 110)})
    qod.deliver_reference("churn", "1", frame, warehouse=tmp_path)
    receipt = qod.deliver_reference(
        *("churn", "1", frame.drop(columns="old")),
        warehouse=tmp_path,
        score="s",
        importance={"x": 0.75},
        trained_at=datetime(2026, 1, 2, 3, tzinfo=UTC),
        deployed_at=date(2026, 1, 5),
        framework="xgboost 3",
    )
    assert receipt.rows == 110
    built = qod.build_reference("churn", "1", frame.drop(columns="old"), task="binary", score="s")
    assert read_reference(warehouse, "churn", "1") == reference_of(built)
    held = read_reference(warehouse, "churn", "1")
    assert list(held.variables) == ["x", "t", "s", "prediction"]
    assert (held.score, len(held.variables["t"].tail)) == ("s", 12)
    (version,) = warehouse.table("versions").to_pylist()
    assert version["trained_at"] == datetime(2026, 1, 2, 3, tzinfo=UTC)
    assert version["deployed_at"] == datetime(2026, 1, 5, tzinfo=UTC)
    assert warehouse.table("reference_variables")["importance"].to_pylist() == [0.75, None, None, None]


def test_progress_counts_columns() -> None:
    seen: list[tuple[int, int]] = []
    of_frame(pd.DataFrame({"x": [1, 2], "y": [3, 4]}), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]
