"""The lake: deliveries replace by scope, atomically, beside other readers and writers, and survive a kill."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from qod.contract import TABLES, arrow_schema, table_from_columns
from qod.errors import WarehouseError
from qod.warehouse import open_warehouse, seal
from qod.warehouse.lake import LakeWarehouse
from tests.longer import slow
from tests.warehouse.deliveries import DAY, batch_tables, outcomes
from tests.warehouse.homes import Home


def rows_by_batch(lake: LakeWarehouse) -> dict[str, int]:
    table = lake.table("batches")
    return dict(zip(table.column("batch_id").to_pylist(), table.column("rows").to_pylist(), strict=True))


def test_a_delivery_reads_back_as_it_was_sent(home: Home) -> None:
    lake = home.open()
    sent = batch_tables({"a": 5})
    delivery = lake.deliver(sent, kind="batch")
    read = lake.table("batch_variables")
    assert read.schema.names == arrow_schema("batch_variables").names
    assert read.drop_columns(["delivery_id", "delivered_at"]).to_pylist() == sent["batch_variables"].to_pylist()
    assert set(read.column("delivery_id").to_pylist()) == {delivery}


def test_every_table_of_an_empty_folder_is_empty_and_typed(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path / "nothing")
    for name in TABLES:
        assert lake.table(name).num_rows == 0
        assert lake.table(name).schema.names == arrow_schema(name).names
    assert not (tmp_path / "nothing").exists(), "reading must not create anything"


def test_a_later_delivery_replaces_the_whole_scope_and_nothing_else(home: Home) -> None:
    lake = home.open()
    first = lake.deliver(batch_tables({"a": 5, "b": 6}), kind="batch")
    lake.deliver(batch_tables({"a": 50}, variables=("age",)), kind="batch")
    assert rows_by_batch(lake) == {"a": 50, "b": 6}
    variables = lake.table("batch_variables").to_pylist()
    assert sorted((v["batch_id"], v["variable"]) for v in variables) == [("a", "age"), ("b", "age"), ("b", "plan")]
    history = [d for d in lake.deliveries("churn") if d.table == "batches"]
    assert [(d.batches, d.current) for d in history] == [(("a", "b"), True), (("a",), True)]
    assert history[0].delivery_id == first, "the earlier delivery stays findable"


def test_a_delivery_without_rows_in_a_table_empties_the_scope_there(home: Home) -> None:
    lake = home.open()
    lake.deliver(batch_tables({"a": 5}), kind="batch")
    lake.deliver(batch_tables({"a": 5}, variables=()), kind="batch")
    assert lake.table("batch_variables").num_rows == 0
    assert rows_by_batch(lake) == {"a": 5}


def test_sending_the_same_delivery_twice_changes_nothing(home: Home) -> None:
    lake = home.open()
    for _ in range(3):
        lake.deliver(batch_tables({"a": 5, "b": 6}), kind="batch")
    assert rows_by_batch(lake) == {"a": 5, "b": 6}
    assert lake.table("batch_variables").num_rows == 4


def test_the_stamp_changes_with_what_pages_show_and_not_with_a_batch_or_a_fold(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "COMMITS", 8)
    lake = home.open()
    assert lake.stamp() == ""
    version = {"model_id": ["churn"], "model_version": ["1"], "rows": [5]}
    lake.deliver({"versions": table_from_columns("versions", version)}, kind="reference")
    stamp = lake.stamp()
    assert stamp
    for i in range(10):
        lake.deliver(batch_tables({f"b{i}": i}), kind="batch")
    lake.tidy()
    assert lake.stamp() == stamp
    lake.deliver({"versions": table_from_columns("versions", {**version, "model_version": ["2"]})}, kind="reference")
    assert home.open().stamp() > stamp


def test_folding_keeps_every_row_and_fewer_files(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "COMMITS", 8)
    lake = home.open()
    for i in range(14):
        lake.deliver(batch_tables({f"b{i % 10}": i}), kind="batch")
    before = {name: sorted(map(str, lake.table(name).to_pylist())) for name in ("batches", "batch_variables")}
    lake.tidy()
    fresh = home.open()
    for name, rows in before.items():
        assert sorted(map(str, fresh.table(name).to_pylist())) == rows
        assert len(fresh.live_files(name)[name]) == 1
    assert len(fresh.journal.store.names("_commits")) > 14, "readers who began before the fold still find all of it"
    assert fresh.journal.state().names == set(), "and those who begin now read none of it"
    lake.deliver(batch_tables({"b3": 1000}), kind="batch")
    assert rows_by_batch(fresh)["b3"] == 1000, "a delivery after the fold still replaces"


def test_a_history_of_folds_names_each_scope_once_and_leaves_no_file_twice(tmp_path: Path) -> None:
    """Many small deliveries, folded again and again: the log stays as small as what holds."""
    lake = LakeWarehouse(tmp_path)
    for i in range(90):
        lake.deliver(batch_tables({f"b{i}": i}), kind="batch")
        if i % 10 == 9:
            lake.tidy()
    lake.deliver(batch_tables({"b3": 1000}), kind="batch")
    fresh = LakeWarehouse(tmp_path)
    assert rows_by_batch(fresh) == {**{f"b{i}": i for i in range(90)}, "b3": 1000}
    assert len(fresh.journal.state().commits) < 32
    history = [d for d in fresh.deliveries("churn") if d.table == "batches"]
    assert len(history) == 91
    assert [(d.batches, d.rows, d.current) for d in history if "b3" in d.batches] == [
        (("b3",), 1, False),
        (("b3",), 1, True),
    ]


def test_a_delivery_over_several_months_is_kept_whole_also_when_one_month_is_folded(home: Home) -> None:
    lake = home.open()
    lake.deliver(outcomes(["a", "b", "c"], [DAY, DAY + timedelta(days=40), DAY + timedelta(days=80)]), kind="outcomes")
    assert sorted(lake.table("outcomes").column("entity_id").to_pylist()) == ["a", "b", "c"]
    for i in range(10):
        lake.deliver(outcomes([f"more{i}"], [DAY]), kind="outcomes")
    lake.tidy()
    ids = lake.table("outcomes").column("entity_id").to_pylist()
    assert sorted(ids) == ["a", "b", "c", *(f"more{i}" for i in range(10))]


def test_a_batch_that_moves_to_another_month_is_not_left_behind(home: Home) -> None:
    lake = home.open()
    lake.deliver(batch_tables({"a": 5}), kind="batch")
    lake.deliver(batch_tables({"a": 6}, day=DAY + timedelta(days=60)), kind="batch")
    assert {row["counts"][0] for row in lake.table("batch_variables").to_pylist()} == {6}


def test_a_delivery_made_while_another_process_folds_is_not_lost(home: Home) -> None:
    """A fold carries the identifiers of what it folded, so a delivery committed meanwhile holds, however late."""
    writer, folder = home.open(), home.open()
    for i in range(10):
        writer.deliver(batch_tables({f"b{i}": i}), kind="batch")
    folder.stamp()
    commit = folder.commit

    def deliver_first(*commits: object) -> None:
        writer.deliver(batch_tables({"b3": 1000}), kind="batch")
        commit(*commits)  # type: ignore[arg-type]

    folder.commit = deliver_first  # type: ignore[method-assign]
    folder.tidy()
    assert rows_by_batch(home.open())["b3"] == 1000


def test_a_writer_whose_clock_runs_behind_still_replaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import datetime

    import qod.warehouse.lake as module

    lake = LakeWarehouse(tmp_path)
    lake.deliver(batch_tables({"a": 1}), kind="batch")

    class Slow(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime.now(tz) - timedelta(hours=5)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "datetime", Slow)
    lake.deliver(batch_tables({"a": 2}), kind="batch")
    assert rows_by_batch(lake) == {"a": 2}


@pytest.mark.parametrize("name", ["../../escape", "a/b", "..", "q\"uo'te", "<script>", "é🚀", "x" * 300, "%2F", " "])
def test_any_name_is_kept_and_stays_inside_the_folder(tmp_path: Path, name: str) -> None:
    root = tmp_path / "deep" / "lake"
    lake = LakeWarehouse(root)
    lake.deliver(batch_tables({name: 5}, model=name), kind="batch")
    assert lake.table("batch_variables").column("model_id").to_pylist() == [name, name]
    assert {p.name for p in tmp_path.iterdir()} == {"deep"}
    assert {p.name for p in (tmp_path / "deep").iterdir()} == {"lake"}


def test_two_models_whose_names_are_cut_stay_apart(home: Home) -> None:
    lake = home.open()
    names = ["n" * 299 + end for end in "ab"]
    for name in names:
        lake.deliver(batch_tables({"a": 5}, model=name), kind="batch")
    assert sorted(set(lake.table("batch_variables").column("model_id").to_pylist())) == names


def test_a_missing_value_where_the_contract_needs_one_is_refused_and_nothing_written(home: Home) -> None:
    lake = home.open()
    tables = batch_tables({"a": 5})
    broken = tables["batches"].set_column(4, "rows", pa.array([None], pa.int64()))
    with pytest.raises(WarehouseError, match="column 'rows'"):
        lake.deliver({**tables, "batches": broken}, kind="batch")
    assert lake.table("batch_variables").num_rows == 0


def test_a_damaged_log_is_named_not_ignored(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    lake.deliver(batch_tables({"a": 5}), kind="batch")
    (path,) = (tmp_path / "_commits").iterdir()
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(WarehouseError, match=path.name):
        LakeWarehouse(tmp_path).table("batches")


def test_a_file_is_not_a_warehouse(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WarehouseError, match="is a file"):
        open_warehouse(tmp_path / "file")
    for address in ("s3://bucket/prefix", "bigquery:/project/dataset"):
        with pytest.raises(WarehouseError, match="no kind"):
            open_warehouse(address)


def _write_many(root: str, worker: int) -> None:
    lake = LakeWarehouse(Path(root))
    for i in range(25):
        lake.deliver(batch_tables({f"w{worker}-{i}": i, "shared": worker * 1000 + i}), kind="batch")
        if i % 10 == 9:
            lake.tidy()


def test_several_writers_and_a_reader_at_once(tmp_path: Path) -> None:
    """Nothing is lost or doubled, and a reader never sees counts of one delivery beside rows of another."""
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write_many, args=(str(tmp_path), w)) for w in range(3)]
    for worker in workers:
        worker.start()
    lake = LakeWarehouse(tmp_path)
    reads = 0
    while any(worker.is_alive() for worker in workers):
        lake.table("batches")
        for row in lake.table("batch_variables").to_pylist():
            assert row["batch_id"] == "shared" or row["counts"][0] == int(row["batch_id"].split("-")[1])
        reads += 1
    assert all(worker.exitcode == 0 for worker in workers)
    assert reads > 0
    rows = rows_by_batch(LakeWarehouse(tmp_path))
    assert {k: v for k, v in rows.items() if k != "shared"} == {f"w{w}-{i}": i for w in range(3) for i in range(25)}
    assert rows["shared"] in {w * 1000 + 24 for w in range(3)}
    assert lake.table("batch_variables").num_rows == 2 * 76


_KILLED = textwrap.dedent(
    """
    import sys
    sys.path.insert(0, {tests!r})
    from pathlib import Path
    from tests.warehouse.deliveries import batch_tables
    from qod.warehouse.lake import LakeWarehouse
    lake = LakeWarehouse(Path({root!r}))
    print("ready", flush=True)
    for n in range(1000):
        lake.deliver(batch_tables({{f"b{{i}}": n for i in range(20)}}), kind="batch")
        if n % 7 == 6:
            lake.tidy()
    """
)


@pytest.mark.parametrize("attempts", [5, *slow(12)])
def test_killed_at_many_moments_every_delivery_is_whole_or_absent(tmp_path: Path, attempts: int) -> None:
    chance = random.Random(7)
    for attempt in range(attempts):
        code = _KILLED.format(tests=str(Path(__file__).parents[2]), root=str(tmp_path))
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.001, 0.15))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        lake = LakeWarehouse(tmp_path)
        rows = rows_by_batch(lake)
        assert len(set(rows.values())) <= 1, f"attempt {attempt}: a delivery was seen in part: {rows}"
        counts = {row["counts"][0] for row in lake.table("batch_variables").to_pylist()}
        assert counts == set(rows.values())
    LakeWarehouse(tmp_path).deliver(batch_tables({f"b{i}": -1 for i in range(20)}), kind="batch")
    assert set(rows_by_batch(LakeWarehouse(tmp_path)).values()) == {-1}
