"""A batch: counted in the bins of its version, whatever its format, and refused whole where a row is wrong."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import qod
from qod.errors import InputError, UnknownNameError
from qod.frozen import Reference, reference_of
from qod.receipt import Built
from tests.deliveries import register

TRAINING = pd.DataFrame(
    {
        "age": [20, 30, 40, 50] * 10,
        "plan": ["A", "A", "B", "C"] * 10,
        "vip": [True, False] * 20,
        "code": ["1", "2"] * 20,
        "score": np.linspace(0.0, 1.0, 40),
    }
)
DAY = date(2026, 1, 5)


def reference(frame: pd.DataFrame = TRAINING, **options: Any) -> Reference:
    options = {"categorical": ["code"] if "code" in frame else [], **options}
    return reference_of(qod.build_reference("churn", "1", frame, task=options.pop("task", "binary"), **options))


def batch(data: Any, *, held: Reference | None = None, task: str = "binary", **options: Any) -> Built:
    return qod.build_batch("churn", "1", DAY, data, reference=held or reference(), task=task, **options)


def counted(built: Built) -> dict[str, dict[str, Any]]:
    return {row["variable"]: row for row in built.tables["batch_variables"].to_pylist()}


ROWS = pd.DataFrame(
    {
        "age": [20, 20, 60, None],
        "plan": ["A", "D", "D", None],
        "vip": [True, True, None, False],
        "code": [1, 2, None, 3],
        "score": [0.5, 0.1, 0.2, 0.9],
    }
)


def test_rows_are_counted_in_the_bins_of_the_reference() -> None:
    built = batch(ROWS)
    held = counted(built)
    assert held["age"]["counts"] == [0, 2, 0, 0, 0, 1, 1]
    assert (held["age"]["below"], held["age"]["above"]) == (0, 1)
    assert held["age"]["mean"] == pytest.approx(100 / 3)
    assert held["plan"]["counts"] == [1, 0, 0, 0, 2, 1]
    assert held["plan"]["unseen"] == [{"level": "D", "rows": 2}]
    assert (held["plan"]["mean"], held["plan"]["quantiles"], held["plan"]["distinct_values"]) == (None, [], 2)
    assert held["vip"]["counts"] == [1, 2, 0, 0, 1]  # false and true are equally frequent: by name
    # 1.0 and 2.0, floats because one is missing, are the levels 1 and 2 of training.
    assert held["code"]["counts"] == [1, 1, 0, 1, 1]
    assert held["code"]["unseen"] == [{"level": "3", "rows": 1}]
    (entry,) = built.tables["batches"].to_pylist()
    assert (entry["batch_id"], entry["batch_date"], entry["rows"]) == ("2026-01-05", DAY, 4)


def test_a_csv_a_json_and_a_parquet_of_the_same_rows_count_the_same(tmp_path: Path) -> None:
    expected = counted(batch(ROWS))
    ROWS.to_csv(tmp_path / "pandas.csv", index=False)
    (tmp_path / "r.csv").write_text(
        'age,plan,vip,code,score\n20,"A",TRUE,1,0.5\n20,"D",TRUE,2,0.1\n60,"D",NA,NA,0.2\nNA,NA,FALSE,3,0.9\n'
    )
    ROWS.to_json(tmp_path / "x.ndjson", orient="records", lines=True)
    ROWS.astype({"age": "Int64", "code": "Int64"}).to_parquet(tmp_path / "x.parquet")
    for name in ("x.ndjson", "x.parquet"):
        assert counted(batch(tmp_path / name)) == expected
    for row in expected.values():
        row["type"] = None  # all of a CSV is text
    for name in ("pandas.csv", "r.csv"):
        assert counted(batch(tmp_path / name)) == expected


def test_each_variable_says_what_its_values_are() -> None:
    table = pa.table(
        {
            "x": [1.0, 2.0, 2.0, 3.0],
            "whole": pa.array([1, 2, 2, 3], pa.int8()),
            "money": pa.array([1, 2, 2, 3]).cast(pa.decimal128(22, 2)),
            "class": [1, 2, 2, 1],
            "vip": [True, False, None, True],
            "plan": pa.array(["A", "B", "B", None]).dictionary_encode(),
            "born": [date(2000, 1, 1 + i % 2) for i in range(4)],
            "nothing": pa.nulls(4),
        }
    )
    types = {
        **dict.fromkeys(("x", "whole", "money", "class"), "number"),
        **{"vip": "boolean", "plan": "text", "born": "time", "nothing": None},
    }
    training = qod.build_reference("m", "1", table, task="regression", categorical=["class", "born"])
    of = {row["variable"]: row["type"] for row in training.tables["reference_variables"].to_pylist()}
    assert of == types
    built = qod.build_batch("m", "1", DAY, table, reference=reference_of(training), task="regression")
    assert {row["variable"]: row["type"] for row in built.tables["batch_variables"].to_pylist()} == types
    texts = pa.table({name: table[name].cast(pa.string()) for name in ("x", "vip")})
    built = qod.build_batch("m", "1", DAY, texts, reference=reference_of(training), task="regression")
    assert built.tables["batch_variables"]["type"].to_pylist() == ["text", "text"]


def test_absent_columns_have_no_row_and_extra_ones_a_note() -> None:
    built = batch(ROWS.drop(columns=["age", "plan"]).assign(new=1, newer=2))
    assert set(counted(built)) == {"vip", "code", "score"}
    assert [note for note in built.notes if "2 columns are absent" in note and "'age', 'plan'" in note]
    assert [note for note in built.notes if "'new', 'newer'" in note]


def test_a_numeric_variable_may_arrive_as_text_of_numbers_only(tmp_path: Path) -> None:
    held = counted(batch(pd.DataFrame({"age": ["20", " 30", "", None]})))
    assert held["age"]["counts"] == [0, 1, 1, 0, 0, 0, 2]
    path = tmp_path / "x.csv"
    path.write_text("age,plan\n20,A\n,B\nforty,C\n")
    with pytest.raises(InputError) as caught:
        batch(path)
    for words in ("x.csv", "row 3", "column 'age'", "'forty'"):
        assert words in str(caught.value)


def test_a_type_that_cannot_be_counted_is_refused() -> None:
    with pytest.raises(InputError, match="column 'age'"):
        batch(pd.DataFrame({"age": pd.date_range("2026-01-01", periods=2)}))
    with pytest.raises(InputError, match="column 'plan'"):
        batch(pa.table({"plan": [["A"], ["B"]]}))


def test_ten_thousand_new_levels_are_unseen_and_20_are_named() -> None:
    held = counted(batch(pd.DataFrame({"plan": [f"x{i:05}" for i in range(10_000)]})))
    assert held["plan"]["counts"] == [0, 0, 0, 0, 10_000, 0]
    assert [item["level"] for item in held["plan"]["unseen"]] == [f"x{i:05}" for i in range(20)]
    assert held["plan"]["distinct_values"] == 10_000


def test_the_tail_of_training_is_other_and_not_unseen() -> None:
    training = pd.DataFrame({"zip": [f"z{i:03}" for i in range(100)] * 10})
    held = counted(batch(pd.DataFrame({"zip": ["z000", "z099", "new"]}), held=reference(training)))
    assert held["zip"]["counts"][-3:] == [1, 1, 0]
    assert held["zip"]["unseen"] == [{"level": "new", "rows": 1}]


def test_infinite_and_all_missing_columns_are_counted() -> None:
    held = counted(batch(pd.DataFrame({"age": [np.inf, -np.inf, 20.0], "plan": [None, None, None]})))
    assert held["age"]["counts"] == [1, 1, 0, 0, 0, 1, 0]
    assert (held["age"]["below"], held["age"]["above"], held["age"]["high"]) == (1, 1, 20.0)
    assert held["plan"]["counts"] == [0, 0, 0, 0, 0, 3]


def test_predictions_are_kept_with_an_identifier_and_a_score() -> None:
    frame = ROWS.assign(customer=["a", "b", "c", "d"], region=["N", None, "S", "S"])
    built = batch(frame, id="customer", score="score", segment="region")
    rows = built.tables["predictions"].to_pylist()
    assert [(r["entity_id"], r["score"], r["segment"]) for r in rows] == [
        ("a", 0.5, "N"),
        ("b", 0.1, None),
        ("c", 0.2, "S"),
        ("d", 0.9, "S"),
    ]
    assert {r["batch_date"] for r in rows} == {DAY}
    assert built.tables["batches"]["duplicate_ids"].to_pylist() == [0]
    without = batch(ROWS)
    assert without.tables["predictions"].num_rows == 0, "delivered empty: a batch that had some before has none now"
    assert without.tables["batches"]["duplicate_ids"].to_pylist() == [None]
    assert any("--id" in note for note in without.notes)


def test_the_score_of_the_reference_is_the_default() -> None:
    built = batch(ROWS.assign(id=range(4)), held=reference(score="score"), id="id")
    assert built.tables["predictions"]["score"].to_pylist() == [0.5, 0.1, 0.2, 0.9]


def test_of_duplicate_identifiers_the_first_row_is_kept() -> None:
    built = batch(ROWS.assign(id=["a", "b", "a", "a"]), id="id", score="score")
    rows = built.tables["predictions"].to_pylist()
    assert [(row["entity_id"], row["score"]) for row in rows] == [("a", 0.5), ("b", 0.1)]
    assert built.tables["batches"]["duplicate_ids"].to_pylist() == [2]
    assert any("2 rows" in note and "'a' in row 3" in note for note in built.notes)


@pytest.mark.parametrize("values", [[7, 8, 9, 10], [7.0, 8.0, 9.0, 10.0], ["7", "8", "9", "10"]])
def test_identifiers_are_the_same_text_whatever_their_type(values: list[Any], tmp_path: Path) -> None:
    frame = ROWS.assign(id=values)
    frame.to_csv(tmp_path / "x.csv", index=False)
    for data in (frame, tmp_path / "x.csv"):
        assert batch(data, id="id", score="score").tables["predictions"]["entity_id"].to_pylist() == [*"789", "10"]


def test_identifiers_keep_their_leading_zeros(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,score\n007,0.5\n010,0.25\n")
    built = batch(tmp_path / "x.csv", id="id", score="score")
    assert built.tables["predictions"]["entity_id"].to_pylist() == ["007", "010"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": ["a", None, "c", "d"]}, ("row 2", "column 'id'", "identifier")),
        ({"id": ["a", "b", "", "d"]}, ("row 3", "column 'id'")),
        ({"score": ["x", "0.1", "0.2", "0.3"]}, ("row 1", "column 'score'", "'x'")),
        ({"score": [0.1, 0.2, 0.3, np.inf]}, ("row 4", "column 'score'", "infinite")),
    ],
)
def test_wrong_identifiers_and_scores_are_refused(changes: dict[str, Any], said: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        batch(ROWS.assign(**{"id": list("abcd"), **changes}), id="id", score="score")
    for words in said:
        assert words in str(caught.value)


def test_a_missing_score_is_no_score_with_a_note() -> None:
    built = batch(ROWS.assign(id=list("abcd"), score=[0.1, np.nan, 0.2, 0.3]), id="id", score="score")
    assert built.tables["predictions"]["score"].to_pylist() == [0.1, None, 0.2, 0.3]
    assert any("1 row without a score" in note for note in built.notes)


def test_the_score_of_a_multiclass_model_is_its_class() -> None:
    held = reference(pd.DataFrame({"class": [1, 2] * 10}), task="multiclass", score="class")
    frame = pd.DataFrame({"id": [1, 2, 3], "class": [1.0, None, 2.0]})
    built = batch(frame, held=held, task="multiclass", id="id")
    assert built.tables["predictions"]["prediction"].to_pylist() == ["1", None, "2"]
    assert built.tables["predictions"]["score"].null_count == 3
    assert counted(built)["class"]["counts"] == [1, 1, 0, 0, 1]


@pytest.mark.parametrize("name", ["", "  ", "x" * 513, "a\nb", "a\x00b", 5])
def test_a_name_that_is_none_is_refused(name: Any) -> None:
    with pytest.raises(InputError, match="batch"):
        batch(ROWS, batch_id=name)


@pytest.mark.parametrize("name", ['O\'Brien "q"', "../../etc/passwd", "<script>alert(1)</script>", "é😀", "n" * 300])
def test_any_printable_name_is_a_name(name: str, tmp_path: Path) -> None:
    warehouse = register(tmp_path, model_id=name)
    training = TRAINING.rename(columns={"plan": name}).assign(id=range(40))
    qod.deliver_reference(name, name, training, warehouse=warehouse, exclude=["id"])
    rows = ROWS.rename(columns={"plan": name}).assign(**{"id": [name, "b", "c", "d"], name: [name, "A", "B", "C"]})
    qod.deliver_batch(name, name, DAY, rows, warehouse=warehouse, batch_id=name, id="id", score="score")
    assert warehouse.table("batches")["batch_id"].to_pylist() == [name]
    (row,) = [r for r in warehouse.table("batch_variables").to_pylist() if r["variable"] == name]
    assert row["unseen"] == [{"level": name, "rows": 1}]
    assert warehouse.table("predictions")["entity_id"].to_pylist() == [name, "b", "c", "d"]


@pytest.mark.parametrize("day", ["05/01/2026", "2026-1-5", "2026-02-30", "20260105", None, 5])
def test_a_day_that_is_none_is_refused(day: Any) -> None:
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        qod.build_batch("churn", "1", day, ROWS, reference=reference(), task="binary")


def test_a_batch_needs_its_version(tmp_path: Path) -> None:
    warehouse = register(tmp_path)
    with pytest.raises(UnknownNameError, match="vigie reference churn 1 FILE"):
        qod.deliver_batch("churn", "1", DAY, ROWS, warehouse=warehouse)
    with pytest.raises(UnknownNameError, match=r"vigie register MODEL\.toml"):
        qod.deliver_batch("other", "1", DAY, ROWS, warehouse=warehouse)


def test_a_batch_delivered_twice_stands_once_and_a_wrong_one_changes_nothing(tmp_path: Path) -> None:
    warehouse = register(tmp_path)
    qod.deliver_reference("churn", "1", TRAINING, warehouse=warehouse, score="score")
    rows = ROWS.assign(id=list("abcd"))
    moment = datetime(2026, 1, 5, 4, 30)
    first = qod.deliver_batch("churn", "1", "2026-01-05", rows, warehouse=warehouse, id="id", started_at=moment)
    again = qod.deliver_batch("churn", "1", DAY, rows.head(3), warehouse=warehouse, id="id", status="done")
    assert (first.rows, again.rows) == (4, 3)
    assert warehouse.table("batches")["rows"].to_pylist() == [3]
    assert warehouse.table("batch_variables").num_rows == 6  # with the predicted class
    assert warehouse.table("predictions")["entity_id"].to_pylist() == ["a", "b", "c"]
    with pytest.raises(InputError):
        qod.deliver_batch("churn", "1", DAY, rows.assign(age="old"), warehouse=warehouse, id="id")
    assert warehouse.table("batches")["rows"].to_pylist() == [3]
    assert len({entry.delivery_id for entry in warehouse.deliveries("churn")}) == 4  # model, reference, two batches
