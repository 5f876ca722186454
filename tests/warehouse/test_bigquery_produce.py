"""Batches and references counted inside BigQuery: those of the same rows in a file, for one reading of the table."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import qod
from qod.bins import below_and_above
from qod.contract import table_from_columns
from qod.frozen import Reference, reference_of
from tests.bigquery.server import BigQueryServer
from tests.commands import vigie
from tests.deliveries import register
from tests.warehouse.bigquery_made import held, made

DAY = date(2026, 11, 19)


@dataclass
class Tables:
    """Tables of a server, each with the same rows in a file."""

    server: BigQueryServer
    client: Any
    folder: Path
    made: list[str] = field(default_factory=list)

    def add(self, rows: pa.Table, *, schema: list[Any] | None = None, **options: Any) -> tuple[str, Path]:
        """The address of a new table with these rows, and the Parquet file that has what a client reads of it."""
        from google.cloud.bigquery import LoadJobConfig, Table

        name = f"table {len(self.made)}-é"
        self.made.append(name)
        reference = f"other-project.scores.{name}"
        if schema is not None:
            made = Table(reference, schema=schema)
            for key, value in options.items():
                setattr(made, key, value)
            self.client.create_table(made)
        buffer = io.BytesIO()
        pq.write_table(rows, buffer)
        buffer.seek(0)
        self.client.load_table_from_file(buffer, reference, job_config=LoadJobConfig(source_format="PARQUET")).result()
        path = self.folder / f"{len(self.made)}.parquet"
        pq.write_table(rows, path)
        return f"bigquery://other-project/scores/{name}", path

    def asked(self) -> list[Any]:
        """The queries that were asked."""
        return self.server.queries()

    def read(self) -> list[int]:
        """Bytes that each query read."""
        return [int(one.job["statistics"]["query"]["totalBytesProcessed"]) for one in self.asked()]

    def bytes_of(self, address: str, *columns: str) -> int:
        """The bytes of whole columns, by a dry run."""
        from google.cloud.bigquery import QueryJobConfig

        _, _, project, dataset, name = address.split("/")
        sql = f"SELECT {', '.join(f'`{c}`' for c in columns)} FROM `{project}.{dataset}.{name}`"
        return int(self.client.query(sql, job_config=QueryJobConfig(dry_run=True)).total_bytes_processed)


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tables]:
    with BigQueryServer() as server, server.client("other-project") as client:
        server.database.create_dataset("other-project", {"datasetReference": {"datasetId": "scores"}})
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", server.address)
        monkeypatch.setenv("BIGQUERY_STORAGE_EMULATOR_HOST", server.storage.address)
        yield Tables(server, client, tmp_path)


def awkward(seed: int, n: int) -> pa.Table:
    """Columns of every type, with ties, gaps, NaN, infinities, NULLs, empty text and names that SQL must quote."""
    rng = np.random.default_rng(seed)

    def holes(values: Any, type: pa.DataType | None = None) -> pa.Array:
        return pa.array(values, type, mask=rng.random(n) < 0.1)

    real = rng.normal(size=n)
    real[rng.random(n) < 0.05] = np.nan
    real[:3] = [np.inf, -np.inf, -0.0]
    words = np.array(
        ["", "red", "Red", "o'clock", "`a`\\n", "1", "1.0", "é😀", "-- x", "@known", "0:red"], dtype=object
    )
    moments = [datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(microseconds=int(i) * 500_000) for i in range(4)]
    return pa.table(
        {
            "customer": [f"c{i // 2 if i < 6 else i}" for i in range(n)],
            "score": rng.random(n),
            "real": holes(real),
            "ties": holes(rng.integers(0, 4, n) / 4),
            "mostly zero": np.where(rng.random(n) < 0.9, 0.0, rng.normal(size=n)),
            "whole": holes(rng.integers(-50, 50, n)),
            "group": holes(rng.integers(0, 15, n)),
            "huge": rng.integers(2**53, 2**62, n),
            "flag": holes(rng.random(n) < 0.3),
            "select": holes(rng.choice(words, n), pa.string()),
            "written": holes(rng.choice([" 1.5", "2", "", "NA", "-3e-2", "nan"], n), pa.string()),
            "halves": holes(rng.choice([0.5, 1.0, -0.0, np.nan, 1e20], n)),
            "money": holes([Decimal(int(i)) / 4 for i in rng.integers(0, 40, n)], pa.decimal128(38, 9)),
            "price class": holes([Decimal(int(i)) / 4 for i in rng.integers(0, 4, n)], pa.decimal128(38, 9)),
            "born": holes([date(2000, 1, 1 + int(i)) for i in rng.integers(0, 9, n)]),
            "seen": holes([moments[int(i)] for i in rng.integers(0, 4, n)], pa.timestamp("us", "UTC")),
            "local": holes([moments[int(i)].replace(tzinfo=None) for i in rng.integers(0, 4, n)], pa.timestamp("us")),
            "hour": holes([time(int(i), 30, 0, 1000 * int(i)) for i in rng.integers(0, 9, n)], pa.time64("us")),
            "nothing": pa.nulls(n, pa.float64()),
            "a-b:c+d%": rng.normal(5, 2, n),
        }
    )


OPTIONS: dict[str, Any] = {
    "exclude": ["customer"],
    "categorical": ["group", "halves", "price class", "born", "seen", "local", "hour"],
    "numeric": ["written", "huge"],
    "task": "binary",
    "score": "score",
}


def assert_same_rows(ours: pa.Table, theirs: pa.Table, *, exactly: bool) -> None:
    """Rows are equal; what is summed within 1e-9 (``exactly``: quantiles too)."""
    assert ours.schema == theirs.schema
    for one, other in zip(ours.to_pylist(), theirs.to_pylist(), strict=True):
        for name, value in other.items():
            about = (other.get("variable"), name)
            if name in ("mean", "sd") and value is not None:
                assert one[name] == pytest.approx(value, rel=1e-9, abs=1e-9), about
            elif name == "quantiles" and not exactly:
                assert len(one[name]) == len(value), about
            else:
                assert one[name] == value, about


def about_columns(notes: tuple[str, ...]) -> list[str]:
    """The notes but for those about what takes the rows one by one: from a table they are not the same."""
    return [note for note in notes if "reconstruction error" not in note and "not made" not in note]


@pytest.mark.parametrize("seed", range(3))
def test_a_reference_and_a_batch_are_those_of_the_same_rows_in_a_file(tables: Tables, seed: int) -> None:
    address, path = tables.add(awkward(seed, 400))
    there, here = (qod.build_reference("m", "v1", data, **OPTIONS) for data in (address, path))
    assert there.rows == here.rows == 400
    assert about_columns(there.notes) == about_columns(here.notes)
    columns = [built.tables["reference_variables"].slice(0, 19) for built in (there, here)]
    assert_same_rows(*columns, exactly=True)
    versions = [built.tables["versions"].drop_columns("derived") for built in (there, here)]
    assert versions[0] == versions[1]
    computed = [built.tables["reference_variables"]["variable"].to_pylist()[19:] for built in (there, here)]
    assert computed == [["prediction"], ["reconstruction_error", "prediction"]]
    classes = [
        built.tables["reference_variables"].slice(len(built.tables["reference_variables"]) - 1)
        for built in (there, here)
    ]
    assert classes[0].drop_columns("position") == classes[1].drop_columns("position")

    address, path = tables.add(awkward(100 + seed, 300))
    batches = [
        qod.build_batch("m", "v1", DAY, data, reference=reference_of(here), task="binary") for data in (address, path)
    ]
    assert batches[0].notes == batches[1].notes
    assert batches[0].tables["batches"] == batches[1].tables["batches"]
    assert_same_rows(batches[0].tables["batch_variables"], batches[1].tables["batch_variables"], exactly=False)


def test_every_column_is_read_once(tables: Tables) -> None:
    rows = awkward(7, 200)
    address, _ = tables.add(rows)
    reference = qod.build_reference("m", "v1", address, **OPTIONS)
    watched = [name for name in rows.column_names if name != "customer"]
    # The score once more: the predicted class is counted from it.
    assert tables.read() == [tables.bytes_of(address, *watched), tables.bytes_of(address, "score")]
    qod.build_batch("m", "v1", DAY, address, reference=reference_of(reference), task="binary")
    assert tables.read()[2:] == [tables.bytes_of(address, *watched)]


def test_with_predictions_their_columns_alone_leave_bigquery_and_nothing_is_read_twice(tables: Tables) -> None:
    rows = awkward(8, 200)
    address, path = tables.add(rows)
    reference = reference_of(qod.build_reference("m", "v1", path, **OPTIONS))
    before = len(tables.asked())
    there, here = (
        qod.build_batch(
            "m", "v1", DAY, data, reference=reference, task="binary", id="customer", score="score", segment="select"
        )
        for data in (address, path)
    )
    moved, counted = tables.read()[before:]
    assert moved == tables.bytes_of(address, "customer", "score", "select")
    assert counted == tables.bytes_of(
        address, *(name for name in rows.column_names if name not in ("customer", "score", "select"))
    )
    assert there.tables["batches"] == here.tables["batches"]
    assert there.tables["batches"]["duplicate_ids"].to_pylist() == [3]
    assert_same_rows(there.tables["batch_variables"], here.tables["batch_variables"], exactly=False)
    once = [f"c{i}" for i in range(6, 200)]  # of those scored twice either row may be kept
    assert kept(there, once) == kept(here, once)
    assert kept(there) == 197
    assert there.notes == ("3 rows with an identifier that another row has: one of each is kept.", *here.notes[1:])


def kept(built: qod.Built, ids: list[str] | None = None) -> Any:
    found = built.tables["predictions"]
    if ids is None:
        return found.num_rows
    rows = [row for row in found.to_pylist() if row["entity_id"] in ids]
    return sorted(rows, key=lambda row: row["entity_id"])


def test_without_a_score_to_keep_duplicates_are_counted_where_they_are(tables: Tables) -> None:
    address, path = tables.add(awkward(9, 100))
    reference = reference_of(qod.build_reference("m", "v1", path, **(OPTIONS | {"score": None, "exclude": ["score"]})))
    there, here = (
        qod.build_batch("m", "v1", DAY, data, reference=reference, task="binary", id="customer")
        for data in (address, path)
    )
    assert there.tables["batches"] == here.tables["batches"]
    assert there.tables["predictions"].num_rows == 0
    assert len(tables.asked()) == 1


def reference_from(values: Any) -> Reference:
    """The reference of one variable, x."""
    return reference_of(qod.build_reference("m", "v1", pa.table({"x": values}), task="binary"))


def test_a_quantile_is_off_by_half_a_thousandth_of_the_rows_at_most(tables: Tables) -> None:
    rng = np.random.default_rng(5)
    reference = reference_from(rng.lognormal(size=20_000))
    values = rng.lognormal(0.3, size=20_000)
    address, _ = tables.add(pa.table({"x": values}))
    built = qod.build_batch("m", "v1", DAY, address, reference=reference, task="binary")
    (found,) = built.tables["batch_variables"]["quantiles"].to_pylist()
    ranks = np.searchsorted(np.sort(values), found) / len(values)
    assert np.abs(ranks - [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]).max() < 0.001


@pytest.mark.parametrize("kind", ["DATE", "DATETIME", "TIMESTAMP"])
def test_of_a_table_that_holds_all_days_only_those_of_the_day_are_read(tables: Tables, kind: str) -> None:
    from google.cloud.bigquery import SchemaField, TimePartitioning

    days = [DAY + timedelta(days=i % 5 - 2) for i in range(50)]
    ends = (time(0), time(23, 59, 59, 999_999))
    moments = [datetime.combine(d, ends[i // 5 % 2]) for i, d in enumerate(days)]
    of_kind = {
        "DATE": pa.array(days),
        "DATETIME": pa.array(moments, pa.timestamp("us")),
        "TIMESTAMP": pa.array(moments, pa.timestamp("us", "UTC")),
    }[kind]
    rows = pa.table({"x": [float(i) for i in range(50)], "scored_on": of_kind})
    address, path = tables.add(
        rows,
        schema=[SchemaField("x", "FLOAT64"), SchemaField("scored_on", kind)],
        time_partitioning=TimePartitioning(field="scored_on"),
        require_partition_filter=True,
    )
    reference = reference_of(qod.build_reference("m", "v1", address, task="binary", date="scored_on"))
    assert reference == reference_of(qod.build_reference("m", "v1", path, task="binary", date="scored_on"))
    there, here = (
        qod.build_batch("m", "v1", DAY, data, reference=reference, task="binary", date="scored_on")
        for data in (address, path)
    )
    assert there.rows == here.rows == 10
    assert there.notes == here.notes
    assert_same_rows(there.tables["batch_variables"], here.tables["batch_variables"], exactly=False)
    assert tables.read()[-1] == 10 * 16  # x and the day, of one partition


def test_a_row_on_an_edge_or_on_a_bound_of_the_training_range_counts_as_in_a_file(tables: Tables) -> None:
    reference = reference_from([0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 13.0])
    bins = reference.variables["x"]
    on = np.array([*bins.edges, *below_and_above(bins), 0.0, 13.0])
    values = np.concatenate((on, np.nextafter(on, -np.inf), np.nextafter(on, np.inf), [-0.0, np.inf, -np.inf, 5e-324]))
    address, path = tables.add(pa.table({"x": values}))
    there, here = (
        qod.build_batch("m", "v1", DAY, data, reference=reference, task="binary") for data in (address, path)
    )
    assert_same_rows(there.tables["batch_variables"], here.tables["batch_variables"], exactly=False)


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(qod.VigieError) as caught:
        call()
    return str(caught.value)


def test_what_is_wrong_is_said_in_the_words_of_a_file(tables: Tables) -> None:
    from google.cloud.bigquery import SchemaField, TimePartitioning

    reference = reference_from([float(i) for i in range(100)])
    of_text, _ = tables.add(pa.table({"x": ["1", "two", "NA"], "id": ["a", None, "b"], "s": [0.5, np.inf, 0.1]}))
    dated = [SchemaField("x", "FLOAT64"), SchemaField("day", "DATE"), SchemaField("xs", "FLOAT64", "REPEATED")]
    rows = pa.table({"x": [1.0], "day": [DAY], "xs": pa.array([[1.0]], pa.list_(pa.float64()))})
    cut, _ = tables.add(
        rows.drop_columns("xs"),
        schema=dated,
        time_partitioning=TimePartitioning(field="day"),
        require_partition_filter=True,
    )

    def batch(address: str, **options: Any) -> Callable[[], Any]:
        return lambda: qod.build_batch("m", "v1", DAY, address, reference=reference, task="binary", **options)

    said = [
        (batch(of_text), f"{of_text}, column 'x': 'two' is not a number, and the variable is numeric. Hint: write "),
        (batch(of_text, id="who"), f"{of_text}: column 'who' was not found. Hint: known: 'id', 's', 'x'."),
        (
            batch(cut),
            f"{cut}: the table may only be read with a condition on its column 'day'. Hint: --date day counts",
        ),
        (batch(cut, date="x"), f"{cut}, column 'x': days were expected, found FLOAT64."),
        (batch(cut, id="x", score="xs", date="day"), "column 'xs': values of type ARRAY<FLOAT64> cannot be used."),
        (batch("bigquery://other-project/scores/nowhere"), "scores/nowhere: there is no such table."),
        (batch("bigquery://other-project/scores"), "this is no address of a table. Hint: write bigquery://PROJECT/"),
        (batch("bigquery://other-project/scores/a`b"), "this is no address of a table."),
        (lambda: qod.open_source(of_text), "rows cannot be read from this address."),
    ]
    for call, message in said:
        assert message in refused(call)
    earlier = lambda: qod.build_batch(  # noqa: E731
        "m", "v1", DAY - timedelta(days=1), cut, reference=reference, task="binary", date="day"
    )
    assert refused(earlier) == f"{cut} (rows of 2026-11-18): there are no rows. Hint: check the table, and the day."
    numbers, _ = tables.add(pa.table({"x": [1.0, 2.0], "id": ["a", None], "s": [0.5, np.inf]}))
    assert "1 row has no identifier" in refused(batch(numbers, id="id"))
    assert "the score is infinite" in refused(batch(numbers, score="s"))
    assert "an identifier is missing" in refused(batch(numbers, id="id", score="s"))


def test_names_and_levels_never_stand_in_the_sql_as_they_are(tables: Tables) -> None:
    levels = ["x'); DROP TABLE t; --", "`", "\\", '"', "{0}", "@known", "é😀\n", "0:x"]
    rows = pa.table({"a' OR 1=1 --": levels * 30, "{structs}": [float(i % 7) for i in range(240)]})
    address, path = tables.add(rows)
    there, here = (qod.build_reference("m", "v1", data, task="binary") for data in (address, path))
    assert_same_rows(there.tables["reference_variables"], here.tables["reference_variables"], exactly=True)
    fewer = reference_of(qod.build_reference("m", "v1", rows.slice(0, 2), task="binary"))
    there, here = (qod.build_batch("m", "v1", DAY, data, reference=fewer, task="binary") for data in (address, path))
    assert_same_rows(there.tables["batch_variables"], here.tables["batch_variables"], exactly=False)
    for one in tables.asked():
        assert "DROP" not in one.text
        assert "😀" not in one.text
        assert "`a' OR 1=1 --`" in one.text


def test_levels_beyond_those_that_are_named_count_as_in_a_file(tables: Tables) -> None:
    common = [f"level {i}" for i in range(60) for _ in range(300)]
    rare = [f"rare {i}" for i in range(12_000)]
    training = pa.table({"closed": [*common, *rare[:9_000], *rare[:3_000]], "open": [*common, *rare]})
    address, path = tables.add(training)
    there, here = (qod.build_reference("m", "v1", data, task="binary") for data in (address, path))
    assert there.tables["reference_variables"] == here.tables["reference_variables"]
    variables = reference_of(here).variables
    assert len(variables["closed"].tail) == 9_010
    assert variables["open"].open_tail
    later = [f"new {i:05}" for i in range(5_000)] + ["new 00007"] * 9 + rare[:4_000] + common[:900]
    address, path = tables.add(pa.table({"closed": later, "open": later}))
    there, here = (
        qod.build_batch("m", "v1", DAY, data, reference=reference_of(here), task="binary") for data in (address, path)
    )
    assert there.tables["batch_variables"] == here.tables["batch_variables"]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("task", "written"),
    [
        *(("binary", written) for written in ("number", "text", "flag")),
        *(("multiclass", written) for written in ("number", "text", "flag")),
        *(("regression", written) for written in ("number", "text")),
    ],
)
def test_the_baseline_is_that_of_the_rows_in_a_file(tables: Tables, task: str, written: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 500
    holes = rng.random(n) < 0.1
    score = np.round(rng.random(n), 2)
    truth = (rng.random(n) < score).astype(float)
    values: dict[str, Any] = {
        "number": pa.array(truth, mask=holes),
        "text": pa.array([str(int(x)) for x in truth], mask=holes),
        "flag": pa.array([bool(x) for x in truth], mask=holes),
    }
    given = pa.array(score, mask=rng.random(n) < 0.1)
    if task == "multiclass":
        given = pa.array([["0", "1", "true", "false"][int(x * 3.99)] for x in score], mask=rng.random(n) < 0.1)
    address, path = tables.add(pa.table({"score": given, "truth": values[written], "x": rng.random(n)}))
    there, here = (
        qod.build_reference("m", "v1", data, task=task, score="score", outcome="truth") for data in (address, path)
    )
    assert about_columns(there.notes) == about_columns(here.notes)
    said = " ".join(there.notes)
    assert ("calibration of the score" in said, "adds to the error" in said) == (task == "binary", task == "regression")
    ours, theirs = (json.loads(built.tables["versions"]["baselines"][0].as_py()) for built in (there, here))
    assert ours
    assert ours.keys() == theirs.keys()
    for metric, measure in theirs.items():
        assert ours[metric] == pytest.approx(measure, rel=1e-9), metric
    classes = [tables.bytes_of(address, "score")] if task == "binary" else []
    frozen, measured = tables.bytes_of(address, "score", "x"), tables.bytes_of(address, "score", "truth")
    assert tables.read() == [frozen, measured, *classes]


def test_an_outcome_that_does_not_suit_the_task_is_refused(tables: Tables) -> None:
    address, _ = tables.add(
        pa.table({"score": [0.1, 0.2, 0.3], "truth": ["1", "0", "maybe"], "far": [1.0, np.inf, 2.0]})
    )

    def build(task: str, outcome: str) -> Callable[[], Any]:
        return lambda: qod.build_reference("m", "v1", address, task=task, score="score", outcome=outcome)

    assert "column 'truth': 'maybe' is no outcome of a binary model. Hint: write 0 or 1" in refused(
        build("binary", "truth")
    )
    assert "column 'truth': 'maybe' is no outcome of a regression model." in refused(build("regression", "truth"))
    assert "column 'far': 'inf' is no outcome of a regression model." in refused(build("regression", "far"))


def test_a_table_of_many_columns_is_counted_by_several_queries_of_other_columns_each(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qod.warehouse.bigquery.count.MOST_CELLS", 4)
    monkeypatch.setattr("qod.warehouse.bigquery.freeze.MOST_CELLS", 4)
    rng = np.random.default_rng(1)
    rows = pa.table({f"x{i}": rng.integers(0, 9, 20) / 2 for i in range(6)})
    address, path = tables.add(rows)
    there, here = (qod.build_reference("m", "v1", data, task="binary") for data in (address, path))
    assert_same_rows(there.tables["reference_variables"], here.tables["reference_variables"], exactly=True)
    built = qod.build_batch("m", "v1", DAY, address, reference=reference_of(here), task="binary")
    assert built.tables["batch_variables"].num_rows == 6
    assert tables.read() == [4 * 20 * 8, 2 * 20 * 8] * 2


def test_the_commands_take_the_address_of_a_table(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    register(tables.folder / "warehouse")
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(tables.folder / "warehouse"))
    rows = pa.table(
        {
            "customer": [f"c{i}" for i in range(60)],
            "age": [float(i % 30) for i in range(60)],
            "score": [i / 60 for i in range(60)],
            "scored_on": [DAY - timedelta(days=i % 3) for i in range(60)],
        }
    )
    address, _ = tables.add(rows)
    said = vigie(
        "reference", "churn", "v1", address, "--score", "score", "--exclude", "customer", "--date", "scored_on"
    )
    assert "Delivered the reference of churn v1: 60 rows, 3 variables." in said.stdout
    said = vigie("batch", "churn", "v1", DAY, address, "--date", "scored_on", "--id", "customer")
    assert "Delivered batch 2026-11-19 of churn v1: 20 rows, 3 variables." in said.stdout
    warehouse = qod.open_warehouse(tables.folder / "warehouse")
    assert sorted(warehouse.table("predictions")["entity_id"].to_pylist()) == sorted(f"c{i}" for i in range(0, 60, 3))
    said = vigie("outcomes", "churn", address, "--id", "customer", "--outcome", "score", code=1)
    assert "rows cannot be read from this address" in said.stderr


def test_a_table_is_counted_into_a_warehouse_in_bigquery(tables: Tables) -> None:
    warehouse = made(tables.server)
    entry = {
        "model_id": ["churn"],
        "name": ["Churn"],
        "task": ["binary"],
        "cadence": ["P1D"],
        "cohort": ["month"],
        "outcome_window_days": [30],
        "registered_at": [datetime(2026, 1, 1, tzinfo=UTC)],
    }
    warehouse.deliver({"models": table_from_columns("models", entry)}, kind="register")
    address, path = tables.add(awkward(11, 120))
    options = {key: value for key, value in OPTIONS.items() if key != "task"}
    qod.deliver_reference("churn", "v1", address, warehouse=warehouse, **options)
    of = {"warehouse": warehouse, "id": "customer", "segment": "flag"}
    there = qod.deliver_batch("churn", "v1", DAY, address, **of)
    first = {name: held(warehouse, name) for name in ("batches", "batch_variables", "predictions")}
    assert (there.rows, len(first["batch_variables"]), len(first["predictions"])) == (120, 20, 117)
    qod.deliver_batch("churn", "v1", DAY, path, **of)
    for name in ("batches", "predictions"):
        now = held(warehouse, name)
        assert [row | {"score": 0, "segment": ""} for row in now] == [
            row | {"score": 0, "segment": ""} for row in first[name]
        ]
