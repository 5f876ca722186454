"""The truth: joined to the day it is about, checked against the task, the last observed holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import qod
from qod.contract import table_from_columns
from qod.errors import InputError, UnknownNameError
from qod.receipt import Built
from tests.deliveries import register

PREDICTED = pa.table(
    {
        "entity_id": ["once", "twice", "twice"],
        "batch_date": pa.array([date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 1)]),
    }
)


def outcomes(frame: dict[str, Any] | Path, *, task: str = "binary", **options: Any) -> Built:
    data = frame if isinstance(frame, Path) else pd.DataFrame(frame)
    return qod.build_outcomes("churn", data, task=task, predicted=PREDICTED, id="id", outcome="y", **options)


def rows(built: Built) -> list[tuple[Any, ...]]:
    table = built.tables["outcomes"].to_pylist()
    return [(row["entity_id"], row["batch_date"], row["outcome"]) for row in table]


def test_an_entity_scored_once_takes_that_day_and_an_unknown_one_none() -> None:
    built = outcomes({"id": ["once", "late", "never", "nobody"], "y": [1, None, 0, 1]})
    assert rows(built) == [("once", date(2026, 1, 1), "1"), ("never", None, "0"), ("nobody", None, "1")]
    assert any("2 identifiers never scored" in note and "'never' in row 3" in note for note in built.notes)


def test_of_several_days_the_last_up_to_the_observation_is_meant() -> None:
    frame = {"id": ["twice"] * 2, "y": [1, 0], "seen": ["2026-01-31T23:59:59", "2026-02-01"]}
    built = outcomes(frame, observed="seen")
    assert rows(built) == [("twice", date(2026, 1, 1), "1"), ("twice", date(2026, 2, 1), "0")]
    assert built.tables["outcomes"]["observed_at"].to_pylist()[1] == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("frame", "options", "said"),
    [
        ({"id": ["once", "twice"], "y": [1, 0]}, {}, ("row 2", "'twice'", "2 days", "--date")),
        (
            {"id": ["once", "twice"], "y": [1, 0], "seen": ["2026-03-01", None]},
            {"observed": "seen"},
            ("row 2", "'twice'", "--observed"),
        ),
        ({"id": ["twice"], "y": [1], "seen": ["2025-12-31"]}, {"observed": "seen"}, ("row 1", "before any")),
        ({"id": ["once"], "y": [1], "seen": ["soon"]}, {"observed": "seen"}, ("row 1", "column 'seen'", "'soon'")),
        ({"id": ["once"], "y": [1], "day": ["soon"]}, {"date": "day"}, ("row 1", "column 'day'", "'soon'")),
        ({"id": ["once", None], "y": [1, 0]}, {}, ("row 2", "column 'id'")),
        ({"id": ["once", "a"], "y": ["1", "perhaps"]}, {}, ("row 2", "column 'y'", "'perhaps'", "0 or 1")),
        ({"id": ["once", "a"], "y": [1, 0.5]}, {}, ("row 2", "column 'y'", "'0.5'")),
        ({"id": ["once", "a"], "y": ["1.5", "x"]}, {"task": "regression"}, ("row 2", "column 'y'", "'x'")),
        ({"id": ["once"], "y": [float("inf")]}, {"task": "regression"}, ("row 1", "infinite")),
        ({"id": ["a", "once", "once"], "y": [0, 1, 0]}, {}, ("row 3", "'once'", "two different outcomes")),
    ],
)
def test_what_cannot_be_decided_is_refused_with_its_row(
    frame: dict[str, Any], options: dict[str, Any], said: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as caught:
        outcomes(frame, **options)
    for words in said:
        assert words in str(caught.value)


def test_the_day_may_be_given() -> None:
    built = outcomes({"id": ["twice", "once"], "y": [1, 0], "day": ["2026-01-01", "2026-05-05"]}, date="day")
    assert rows(built) == [("twice", date(2026, 1, 1), "1"), ("once", date(2026, 5, 5), "0")]
    assert any("1 identifier not scored on the day given" in note and "'once'" in note for note in built.notes)


@pytest.mark.parametrize(
    ("task", "given", "stored"),
    [
        ("binary", [0, 1], ["0", "1"]),
        ("binary", [0.0, 1.0], ["0", "1"]),
        ("binary", [True, False], ["1", "0"]),
        ("binary", ["TRUE", " 0.0 "], ["1", "0"]),
        ("regression", [1, 2.5], ["1.0", "2.5"]),
        ("regression", ["0.1", "1e3"], ["0.1", "1000.0"]),
        ("multiclass", ["a", "é"], ["a", "é"]),
        ("multiclass", [1.0, 2.0], ["1", "2"]),
    ],
)
def test_outcomes_are_stored_one_way(task: str, given: list[Any], stored: list[str]) -> None:
    assert [row[2] for row in rows(outcomes({"id": ["a", "b"], "y": given}, task=task))] == stored


def test_rows_without_an_outcome_are_left_out_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id,y\nonce,1\nb,\nc,NA\n")
    built = outcomes(path)
    assert rows(built) == [("once", date(2026, 1, 1), "1")]
    assert (built.rows, any("2 rows without an outcome" in note for note in built.notes)) == (3, True)
    path.write_text("id,y\nonce,\nb,1\nc,\ntwice,1\n")
    with pytest.raises(InputError, match="row 4"):
        outcomes(path)


def test_the_last_observed_of_several_holds_and_equal_ones_are_folded() -> None:
    frame = {"id": ["once"] * 3, "y": [0, 1, 0], "seen": ["2026-02-02", "2026-03-03", "2026-01-01"]}
    assert rows(outcomes(frame, observed="seen")) == [("once", date(2026, 1, 1), "1")]
    built = outcomes({"id": ["once", "a", "once"], "y": [1, 0, 1]})
    assert sorted(rows(built), key=str) == [("a", None, "0"), ("once", date(2026, 1, 1), "1")]
    assert any("1 row about the same" in note for note in built.notes)


def test_delivered_outcomes_find_their_predictions(tmp_path: Path) -> None:
    warehouse = register(tmp_path)
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "p": [0.1, 0.2, 0.3], "id": [1, 2, 3]})
    qod.deliver_reference("churn", "1", frame, warehouse=warehouse, score="p", exclude=["id"])
    for day in ("2026-01-01", "2026-02-01"):
        # 1 and 2 are scored in January, 2 and 3 in February.
        part = frame.head(2) if day < "2026-02" else frame.tail(2)
        qod.deliver_batch("churn", "1", day, part, warehouse=warehouse, id="id")
    truth = pd.DataFrame({"id": ["1", "2", "9"], "y": [True, False, True], "seen": ["2026-02-03"] * 3})
    receipt = qod.deliver_outcomes("churn", truth, warehouse=tmp_path, id="id", outcome="y", observed="seen")
    assert receipt.rows == 3
    found = {row["entity_id"]: row for row in warehouse.table("outcomes").to_pylist()}
    assert {key: row["batch_date"] for key, row in found.items()} == {
        "1": date(2026, 1, 1),
        "2": date(2026, 2, 1),
        "9": None,
    }
    assert {key: row["outcome"] for key, row in found.items()} == {"1": "1", "2": "0", "9": "1"}
    with pytest.raises(UnknownNameError, match="register"):
        qod.deliver_outcomes("other", truth, warehouse=tmp_path, id="id", outcome="y")


def test_a_file_without_any_truth_yet_is_a_delivery_of_nothing(tmp_path: Path) -> None:
    warehouse = register(tmp_path)
    receipt = qod.deliver_outcomes(
        "churn", pd.DataFrame({"id": ["a"], "y": [None]}), warehouse=warehouse, id="id", outcome="y"
    )
    assert any("1 row without an outcome" in note for note in receipt.notes)
    assert warehouse.table("outcomes").num_rows == 0


def test_no_prediction_at_all_is_no_obstacle() -> None:
    none = table_from_columns("predictions", {"model_id": []}).select(["entity_id", "batch_date"])
    built = qod.build_outcomes(
        "churn", pd.DataFrame({"id": [1], "y": [1]}), task="binary", predicted=none, id="id", outcome="y"
    )
    assert rows(built) == [("1", None, "1")]
