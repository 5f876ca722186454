"""check: a delivery that honours the contract passes, and every break of it is named with file, row and column."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from dashboard.checks.check import Looked, check_file, check_warehouse
from qod.contract import TABLES, table_from_columns
from qod.errors import InputError, UnknownNameError
from qod.warehouse import open_warehouse
from qod.warehouse.lake import LakeWarehouse
from tests.sql.rows import delivered, row

DAY = date(2026, 11, 19)
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def _good() -> dict[str, dict[str, list[Any]]]:
    """A model with one version, two variables and one batch, as columns by table."""
    of_version = {"model_id": ["churn"] * 2, "model_version": ["v1"] * 2}
    of_batch = {"model_id": ["churn"] * 2, "model_version": ["v1"] * 2, "batch_id": ["b"] * 2, "batch_date": [DAY] * 2}
    return {
        "models": {
            "model_id": ["churn"],
            "name": ["Churn"],
            "task": ["binary"],
            "cadence": ["P1D"],
            "cohort": ["month"],
            "outcome_window_days": [30],
            "links": ['{"runbook": "https://x"}'],
            "registered_at": [NOW],
        },
        "policies": {
            "policy_id": ["fleet"],
            "policy": ['{"variables": {"age": {"drift": {"amber": 0.2}}}}'],
            "registered_at": [NOW],
        },
        "versions": {"model_id": ["churn"], "model_version": ["v1"], "rows": [100], "trained_at": [NOW]},
        "reference_variables": {
            **of_version,
            "variable": ["age", "plan"],
            "position": [0, 1],
            "kind": ["numeric", "categorical"],
            "importance": [0.7, None],
            "edges": [[20.5, 40.5], []],
            "levels": [[], ["A", "B"]],
            "counts": [[30, 40, 25, 5], [60, 40, 0, 0, 0]],
        },
        "batches": {
            "model_id": ["churn"],
            "model_version": ["v1"],
            "batch_id": ["b"],
            "batch_date": [DAY],
            "rows": [10],
            "duplicate_ids": [0],
        },
        "batch_variables": {
            **of_batch,
            "variable": ["age", "plan"],
            "counts": [[3, 4, 2, 1], [5, 4, 0, 1, 0]],
            "below": [0, None],
            "unseen": [[], [{"level": "C", "rows": 1}]],
            "mean": [31.5, None],
            "quantiles": [[1.0, 2, 3, 4, 5, 6, 7], []],
        },
        "predictions": {**of_batch, "entity_id": ["1", "2"], "score": [0.25, 0.5]},
        "outcomes": {
            "model_id": ["churn"] * 2,
            "entity_id": ["1", "2"],
            "batch_date": [DAY, None],
            "outcome": ["1", "0"],
        },
        "measures": {
            **of_batch,
            "subject": ["age", "age"],
            "metric": ["psi", "drift"],
            "value": [0.1, None],
            "n": [10, 10],
        },
        "health": {
            **{name: values[:1] for name, values in of_batch.items()},
            **{name: ["green"] for name in ("colour", "drift", "quality", "performance", "freshness")},
            "since": [DAY],
            "headline_en": ["All is calm."],
            "headline_fr": ["Tout est calme."],
            "as_of": [DAY],
            "inputs": ["x"],
        },
    }


def _warehouse(folder: Path, change: Callable[[dict[str, Any]], None] = lambda tables: None) -> LakeWarehouse:
    tables = _good()
    change(tables)
    warehouse = open_warehouse(folder / "warehouse")
    assert isinstance(warehouse, LakeWarehouse)
    warehouse.deliver({name: table_from_columns(name, columns) for name, columns in tables.items()}, kind="batch")
    return warehouse


def _file(folder: Path, table: str, **changes: list[Any]) -> Path:
    path = folder / f"{table}.parquet"
    pq.write_table(table_from_columns(table, {**_good()[table], **changes}), path)
    return path


@pytest.mark.parametrize("table", _good())
def test_good_files_pass_in_every_format(table: str, tmp_path: Path) -> None:
    rows = pq.read_table(_file(tmp_path, table)).to_pylist()
    ndjson = tmp_path / "rows.ndjson.gz"
    ndjson.write_bytes(gzip.compress("\n".join(json.dumps(row, default=str) for row in rows).encode()))
    cells = [
        {
            name: "" if value is None else json.dumps(value) if isinstance(value, list) else str(value)
            for name, value in row.items()
        }
        for row in rows
    ]
    pa.csv.write_csv(pa.Table.from_pylist(cells), tmp_path / "rows.csv")
    for path in (tmp_path / f"{table}.parquet", ndjson, tmp_path / "rows.csv"):
        looked = Looked()
        assert [str(v) for v in check_file(path, looked=looked)] == []
        assert (looked.files, looked.rows) == (1, len(rows))


@pytest.mark.parametrize(
    ("table", "changes", "row", "column", "words"),
    [
        ("models", {"task": ["ranking"]}, 1, "task", "binary, multiclass, regression"),
        ("models", {"cohort": ["year"]}, 1, "cohort", "batch, week, month"),
        ("models", {"cadence": ["daily"]}, 1, "cadence", "ISO 8601"),
        ("models", {"policy": ['{"drfit": {}}']}, 1, "policy", "drfit"),
        ("models", {"policy": ['{"drift": {"amber": 0.5, "red": 0.2}}']}, 1, "policy", "no higher than drift.red"),
        ("policies", {"policy_id": ["all"]}, 1, "policy_id", "fleet"),
        ("policies", {"policy": ['{"rules": {"drfit": false}}']}, 1, "policy", "drfit"),
        ("models", {"links": ["{"]}, 1, "links", "no JSON"),
        ("models", {"links": ["[1]"]}, 1, "links", "no object"),
        ("versions", {"derived": ["{}"]}, 1, "derived", "no list"),
        ("versions", {"rows": [-1]}, 1, "rows", "negative"),
        ("reference_variables", {"kind": ["numeric", "ordinal"]}, 2, "kind", "numeric, categorical"),
        ("reference_variables", {"importance": [0.5, 1.5]}, 2, "importance", "0..1"),
        ("reference_variables", {"edges": [[40.5, 20.5], []]}, 1, "edges", "ascend"),
        ("reference_variables", {"edges": [[20.5, float("inf")], []]}, 1, "edges", "infinite"),
        ("reference_variables", {"levels": [[], ["A", "A"]]}, 2, "levels", "stands twice"),
        ("reference_variables", {"counts": [[30, 40, 30], [60, 40, 0, 0, 0]]}, 1, "counts", "bins need 4"),
        ("reference_variables", {"variable": ["age", "age"]}, 2, "variable", "stands in row 1 already"),
        ("batches", {"duplicate_ids": [11]}, 1, "duplicate_ids", "above rows"),
        ("batch_variables", {"counts": [[3, 4, 2, 1], [5, -4, 8, 1, 0]]}, 2, "counts", "negative"),
        ("batch_variables", {"counts": [[3, 4, 2, 1], [5, None, 4, 1, 0]]}, 2, "counts", "no value"),
        ("batch_variables", {"unseen": [[], [{"level": "C", "rows": -1}]]}, 2, "unseen", "negative"),
        ("batch_variables", {"mean": [float("nan"), None]}, 1, "mean", "NaN"),
        ("batch_variables", {"quantiles": [[1.0], []]}, 1, "quantiles", "1 numbers, not 7"),
        ("predictions", {"score": [0.1, float("inf")]}, 2, "score", "infinite"),
        ("predictions", {"entity_id": ["1", "1"]}, 2, "entity_id", "stands in row 1 already"),
        ("outcomes", {"entity_id": ["1", "1"], "batch_date": [DAY, DAY]}, 2, "batch_date", "stands in row 1 already"),
        ("health", {"colour": ["purple"]}, 1, "colour", "green, grey, amber, red"),
        ("measures", {"value": [float("nan"), None]}, 1, "value", "NaN"),
    ],
)
def test_rows_that_break_the_contract(
    table: str, changes: dict[str, list[Any]], row: int, column: str, words: str, tmp_path: Path
) -> None:
    path = _file(tmp_path, table, **changes)
    found = list(check_file(path))
    assert [(v.file, v.row, v.column) for v in found] == [(str(path), row, column)]
    assert words in found[0].message
    assert f"row {row}, column {column!r}" in str(found[0])


def test_missing_and_extra_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "batches.parquet"
    rows = pq.read_table(_file(tmp_path, "batches"))
    pq.write_table(rows.rename_columns(["row_count" if n == "rows" else n for n in rows.column_names]), path)
    found = list(check_file(path))
    assert {(v.row, v.column) for v in found} == {(None, "row_count"), (None, "rows")}
    assert "missing" in found[1].message


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("rows", pa.array([1.0]), "INT64 is expected"),
        ("batch_date", pa.array([datetime(2026, 11, 19)]), "DATE is expected"),
        ("started_at", pa.array([datetime(2026, 11, 19)]), "TIMESTAMP is expected"),
        ("model_id", pa.array([7]), "STRING is expected"),
    ],
)
def test_columns_of_another_type_are_named(column: str, values: pa.Array, words: str, tmp_path: Path) -> None:
    rows = pq.read_table(_file(tmp_path, "batches"))
    path = tmp_path / "typed.parquet"
    pq.write_table(rows.set_column(rows.column_names.index(column), column, values), path)
    (found,) = check_file(path)
    assert (found.row, found.column) == (None, column)
    assert words in found.message


def test_a_value_the_contract_needs_is_missed(tmp_path: Path) -> None:
    rows = pq.read_table(_file(tmp_path, "models"))
    rows = rows.set_column(rows.column_names.index("name"), "name", pa.array([None], pa.string()))
    pq.write_table(rows, tmp_path / "m.parquet")
    (found,) = check_file(tmp_path / "m.parquet")
    assert (found.row, found.column) == (1, "name")
    assert "contract needs one" in found.message


def test_narrower_types_of_other_writers_are_taken(tmp_path: Path) -> None:
    rows = pq.read_table(_file(tmp_path, "batches"))
    for name, values in {
        "rows": pa.array([10], pa.int32()),
        "model_id": pa.array(["churn"]).dictionary_encode(),
        "batch_date": pa.array([DAY], pa.date64()),
        "started_at": pa.array([NOW], pa.timestamp("ns", "Europe/Paris")),
    }.items():
        rows = rows.set_column(rows.column_names.index(name), name, values)
    pq.write_table(rows, tmp_path / "r.parquet")
    assert list(check_file(tmp_path / "r.parquet")) == []


def test_text_that_does_not_read_is_named_by_row(tmp_path: Path) -> None:
    path = tmp_path / "batches.csv"
    path.write_text(
        "model_id,model_version,batch_id,batch_date,rows,duplicate_ids,started_at,finished_at,status,run_url,bins\n"
        "churn,v1,a,2026-11-19,10,,,,,,\n"
        "churn,v1,b,19/11/2026,ten,,2026-11-19T08:00:00,,,,\n"
        ",v1,c,2026-02-31,10.5,,2026-11-19T08:00:00Z,,,,\n"
    )
    found = {(v.row, v.column): v.message for v in check_file(path)}
    assert set(found) == {
        (2, "batch_date"),
        (2, "rows"),
        (2, "started_at"),
        (3, "model_id"),
        (3, "batch_date"),
        (3, "rows"),
    }
    assert "'19/11/2026' is no DATE" in found[2, "batch_date"]
    assert "write 2026-11-19T08:30:00Z" in found[2, "started_at"]
    assert "contract needs one" in found[3, "model_id"]


def test_arrays_in_csv_are_json(tmp_path: Path) -> None:
    path = tmp_path / "variables.csv"
    path.write_text(
        "model_id,model_version,batch_id,variable,batch_date,counts,below,above,unseen,mean,sd,low,high,quantiles,"
        "distinct_values,type\n"
        'churn,v1,b,age,2026-11-19,"[1, 2]",,,[],,,,,[],,\n'
        'churn,v1,b,plan,2026-11-19,"1;2",,,"[{""level"": ""C"", ""rows"": 1}]",,,,,[],,\n'
    )
    (found,) = check_file(path)
    assert (found.row, found.column) == (2, "counts")
    assert "write JSON" in found.message


def test_a_violation_names_its_place_once(tmp_path: Path) -> None:
    (tmp_path / "batches.csv").write_text("a,b\n1,2\n3\n")
    for name, place in (("nothere", ": "), ("batches.csv", ", row 2: ")):
        (found,) = check_file(tmp_path / name)
        assert str(found).startswith(f"{tmp_path / name}{place}")
        assert str(found).count(name) == 1
        assert str(found).count("row 2") == place.count("row")


def test_unreadable_files_are_violations(tmp_path: Path) -> None:
    whole = _file(tmp_path, "batches").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.csv").write_bytes(b"")
    for name in ("cut.parquet", "empty.csv", "absent.csv"):
        (found,) = check_file(tmp_path / name)
        assert found.file == str(tmp_path / name)


def test_table_is_told_by_columns_or_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="--table"):
        list(check_file(path))
    with pytest.raises(UnknownNameError, match="did you mean 'batches'"):
        list(check_file(path, table="batchs"))
    assert {v.column for v in check_file(path, table="models")} >= {"a", "b", "model_id", "task"}


def test_good_warehouse_passes(tmp_path: Path) -> None:
    looked = Looked()
    assert [str(v) for v in check_warehouse(_warehouse(tmp_path), looked=looked)] == []
    assert looked.rows == sum(len(next(iter(columns.values()))) for columns in _good().values())


def _set(table: str, column: str, values: list[Any]) -> Callable[[dict[str, Any]], None]:
    def change(tables: dict[str, Any]) -> None:
        tables[table][column] = values

    return change


@pytest.mark.parametrize(
    ("change", "table", "row", "column", "words"),
    [
        (_set("versions", "rows", [99]), "reference_variables", [1, 2], "counts", "add up to 100, not to the 99"),
        (_set("batches", "rows", [11]), "batch_variables", [1, 2], "counts", "add up to 10, not to the 11 rows"),
        (_set("batches", "model_version", ["v9"]), "batches", [1], "model_version", "'v9': no such version"),
        (_set("versions", "model_id", ["chrun"]), "versions", [1], "model_id", "'chrun': no such model"),
        (
            _set("batch_variables", "counts", [[3, 4, 2, 1], [5, 5]]),
            "batch_variables",
            [2],
            "counts",
            "holds 2 counts, the reference has 5 bins",
        ),
        (_set("batch_variables", "variable", ["age", "region"]), "batch_variables", [2], "variable", "'region'"),
        (_set("predictions", "batch_id", ["b", "c"]), "predictions", [2], "batch_id", "'c': no such batch"),
        (_set("predictions", "batch_date", [DAY, date(2026, 11, 1)]), "predictions", [2], "batch_date", "2026-11-19"),
        (_set("outcomes", "model_id", ["churn", "fraud"]), "outcomes", [1], "model_id", "'fraud': no such model"),
        (_set("health", "batch_id", ["z"]), "health", [1], "batch_id", "'z': no such batch"),
        (
            _set("models", "policy", ['{"variables": {"agee": {"drift": {"amber": 0.2}}}}']),
            "models",
            [1],
            "policy",
            "no version of the model has a variable 'agee'; did you mean 'age'?",
        ),
        (
            _set("policies", "policy", ['{"variables": {"paln": {"rules": {"drift": false}}}}']),
            "policies",
            [1],
            "policy",
            "no model has a variable 'paln'; did you mean 'plan'?",
        ),
        (
            _set("models", "policy", ['{"variables": {"age": {"drift": {"red": 0.15}}}}']),
            "models",
            [1],
            "policy",
            "together with the fleet's policy: variable 'age': drift.amber (0.2)",
        ),
    ],
)
def test_tables_that_contradict_each_other(
    change: Callable[[dict[str, Any]], None], table: str, row: list[int], column: str, words: str, tmp_path: Path
) -> None:
    warehouse = _warehouse(tmp_path, change)
    found = [v for v in check_warehouse(warehouse) if f"/{table}/" in v.file and words in v.message]
    assert [(v.row, v.column) for v in found] == [(number, column) for number in row]


def test_superseded_rows_are_left_out_and_rows_keep_their_number(tmp_path: Path) -> None:
    warehouse = _warehouse(tmp_path)
    batches = {name: values * 2 for name, values in _good()["batches"].items()}
    batches |= {"batch_id": ["x", "y"], "duplicate_ids": [11, 11]}
    warehouse.deliver({"batches": table_from_columns("batches", batches)}, kind="batch")
    assert [v.row for v in check_warehouse(warehouse)] == [1, 2]
    mended = {name: values[:1] for name, values in batches.items()} | {"duplicate_ids": [0]}
    warehouse.deliver({"batches": table_from_columns("batches", mended)}, kind="batch")
    (found,) = check_warehouse(warehouse)
    assert (found.row, found.column) == (2, "duplicate_ids")


def test_damaged_and_lost_files_of_the_warehouse_are_named(tmp_path: Path) -> None:
    warehouse = _warehouse(tmp_path)
    (predictions,) = (warehouse.root / "predictions").rglob("*.parquet")
    predictions.write_bytes(predictions.read_bytes()[:50])
    (measures,) = (warehouse.root / "measures").rglob("*.parquet")
    measures.unlink()
    found = {v.file: v.message for v in check_warehouse(warehouse)}
    assert set(found) == {str(predictions), str(measures)}
    assert "is not there" in found[str(measures)]


def test_empty_warehouse_has_no_violation(tmp_path: Path) -> None:
    assert list(check_warehouse(open_warehouse(tmp_path / "none"))) == []
    assert not (tmp_path / "none").exists()


def test_a_year_of_batches_is_checked_at_once(tmp_path: Path) -> None:
    rows = 200_000
    columns = {
        "model_id": ["churn"] * rows,
        "model_version": ["v1"] * rows,
        "batch_id": [str(i // 100) for i in range(rows)],
        "variable": [f"x{i % 100}" for i in range(rows)],
        "batch_date": [DAY] * rows,
        "counts": [[1, 2, 3]] * rows,
    }
    pq.write_table(table_from_columns("batch_variables", columns), tmp_path / "b.parquet")
    assert list(check_file(tmp_path / "b.parquet")) == []


def test_choices_name_real_columns() -> None:
    from dashboard.checks.rows import CHOICES, ORDERED

    for table, column in CHOICES:
        assert column in TABLES[table].names
    for table, pairs in ORDERED.items():
        for pair in pairs:
            assert set(pair) <= set(TABLES[table].names)


@pytest.mark.parametrize(
    ("table", "column", "text", "said"),
    [
        ("versions", "baselines", '{"auc": {"value": null}}', "a metric has no value"),
        ("versions", "calibration", '{"1": {"scores": [1, 2], "shares": [1]}}', "a class has no curve"),
        ("reference_variables", "noise", '{"batches": 20, "mean": 0.1}', "it is not whole"),
    ],
)
def test_what_training_told_must_be_usable(tmp_path: Path, table: str, column: str, text: str, said: str) -> None:
    path = tmp_path / f"{table}.parquet"
    pq.write_table(delivered([row(table, **{column: text})])[table], path)
    assert [v.column for v in check_file(path) if said in v.message] == [column]
