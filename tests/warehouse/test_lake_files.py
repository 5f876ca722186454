"""The files of a lake: which of them a question reads, how the log is sealed, and the log of an earlier release."""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qod.warehouse import seal
from qod.warehouse.lake import LakeWarehouse
from qod.warehouse.prune import bounds
from tests.warehouse.deliveries import DAY, batch_tables, outcomes


@pytest.mark.parametrize("folded", [False, True])
def test_files_that_the_parameters_rule_out_are_not_read(tmp_path: Path, folded: bool) -> None:
    """By model and by day, in one file a model and month; rows without a day belong to all days."""
    lake = LakeWarehouse(tmp_path)
    for model in ("churn", "fraud", "upsell"):
        for month in (1, 2, 3):
            lake.deliver(batch_tables({f"{month}": 5}, model=model, day=date(2026, month, 10)), kind="batch")
    lake.deliver(outcomes(["a"], [None]), kind="outcomes")
    if folded:
        seal.seal(lake.journal, least=1)
    (held,) = lake.journal.state().tables(["batch_variables"])
    (truth,) = lake.journal.state().tables(["outcomes"])

    def read(**params: Any) -> list[str]:
        assert len(truth.live(bounds(params))) == ("models" not in params or "churn" in params["models"])
        return sorted(str(live.file.path).rpartition("/")[0][25:] for live in held.live(bounds(params)))

    assert len(read()) == 9
    assert read(model_id="churn") == ["churn/2026-01", "churn/2026-02", "churn/2026-03"]
    assert read(models=["fraud", "upsell"], since=date(2026, 2, 11)) == ["fraud/2026-03", "upsell/2026-03"]
    assert read(models=[]) == []
    assert read(model_id="churn", since=date(2026, 1, 10), until=date(2026, 2, 9)) == ["churn/2026-01"]
    assert read(model_id="churn", batch_date=date(2026, 2, 10)) == ["churn/2026-02"]
    assert len(read(model_id="churn", batch_date=date(2026, 3, 10), since=date(2026, 2, 1))) == 2
    assert read(model_id="churn", days=[date(2026, 3, 1), date(2026, 3, 31)]) == ["churn/2026-03"]


@pytest.mark.parametrize("folded", [False, True])
def test_a_small_file_about_one_model_is_not_read_for_another(tmp_path: Path, folded: bool) -> None:
    lake = LakeWarehouse(tmp_path)
    for model in ("churn", "fraud"):
        lake.deliver(batch_tables({"a": 5}, model=model, variables=()), kind="batch")
    both = [batch_tables({"b": 6}, model=model, variables=())["batches"] for model in ("churn", "upsell")]
    lake.deliver({"batches": pa.concat_tables(both)}, kind="batch")
    if folded:
        seal.seal(lake.journal, least=1)
    (held,) = lake.journal.state().tables(["batches"])
    assert [len(held.live(bounds({"model_id": model}))) for model in ("churn", "fraud", "upsell")] == [2, 2, 1]
    assert len(held.live()) == 3
    rows = lake.query("evaluated_batches", models=["fraud", "upsell"], since=DAY, until=DAY).to_pylist()
    assert [(row["model_id"], row["batch_id"]) for row in rows] == [("fraud", "a"), ("upsell", "b")]


def test_measured_numbers_are_written_without_a_dictionary_and_names_with_one(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    lake.deliver(batch_tables({"a": 5, "b": 6}), kind="batch")
    (path,) = (tmp_path / "batch_variables").rglob("*.parquet")
    group = pq.ParquetFile(path).metadata.row_group(0)
    columns = [group.column(place) for place in range(group.num_columns)]
    coded = {one.path_in_schema for one in columns if one.has_dictionary_page}
    assert {"variable", "batch_id", "counts.list.element", "unseen.list.element.level"} <= coded
    assert not coded & {"mean", "sd", "quantiles.list.element"}


def test_deliveries_seal_the_log_themselves_so_that_readers_never_have_many_commits_to_read(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    for i in range(90):
        lake.deliver(batch_tables({f"b{i}": i}, variables=()), kind="batch")
    fresh = LakeWarehouse(tmp_path)
    assert fresh.table("batches").num_rows == 90
    assert len(fresh.journal.state().commits) < 32


def test_a_few_large_deliveries_are_sealed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = LakeWarehouse(tmp_path)
    lake.deliver(batch_tables({f"b{i}": i for i in range(30)}, variables=()), kind="batch")
    lake.tidy()
    assert len(LakeWarehouse(tmp_path).journal.state().commits) == 1
    monkeypatch.setattr(seal, "CLAIMS", 60)
    lake.tidy()
    fresh = LakeWarehouse(tmp_path)
    assert not fresh.journal.state().commits
    assert fresh.table("batches").num_rows == 30


def test_a_warehouse_of_an_earlier_release_says_the_same_also_once_it_is_sealed(tmp_path: Path) -> None:
    """Its log knows no sizes and no days of a scope, repeats commits, and forgot the scopes of folded files."""
    lake = LakeWarehouse(tmp_path)
    for i in range(12):
        lake.deliver(batch_tables({f"b{i % 10}": i, f"c{i}": i}, day=DAY + timedelta(days=i)), kind="batch")
    before = {name: sorted(map(str, lake.table(name).to_pylist())) for name in ("batches", "batch_variables")}
    history = lake.deliveries("churn")
    lake.tidy()
    _as_an_earlier_release_left_it(tmp_path)
    lake.deliver(outcomes(["a"], [DAY]), kind="outcomes")
    for sealed in (False, True):
        old = LakeWarehouse(tmp_path)
        if sealed:
            seal.seal(old.journal, least=1)
            old = LakeWarehouse(tmp_path)
        assert {name: sorted(map(str, old.table(name).to_pylist())) for name in before} == before
        assert [d for d in old.deliveries("churn") if d.table != "outcomes"] == history
        assert {s.name: (s.rows, s.bytes) for s in old.states()}["batches"] == (22, None)


@pytest.mark.parametrize("all_of_them", [True, False])
def test_files_that_lack_a_column_of_this_release_are_read_and_folded(tmp_path: Path, all_of_them: bool) -> None:
    lake = LakeWarehouse(tmp_path)
    for i in range(10):
        lake.deliver(batch_tables({"again": i, f"b{i}": i}), kind="batch")
    before = sorted(map(str, lake.table("batches").to_pylist()))
    for path in sorted((tmp_path / "batches").rglob("*.parquet"))[0 if all_of_them else 1 :]:
        pq.write_table(pq.ParquetFile(path).read().drop_columns(["bins", "status"]), path)
    files = len(list((tmp_path / "batches").rglob("*.parquet")))
    for _ in range(2):
        old = LakeWarehouse(tmp_path)
        assert sorted(map(str, old.table("batches").to_pylist())) == before
        assert old.query("batches", model_id="churn").num_rows == 11
        old.tidy()
    (held,) = LakeWarehouse(tmp_path).journal.state().tables(["batches"])
    assert len(list(held.live(bounds({})))) < files, "it was folded"


def _as_an_earlier_release_left_it(root: Path) -> None:
    """One file with all commits, the folded ones without their scopes."""
    paths = sorted((root / "_commits").glob("*.json.gz"))
    commits = [c for path in paths for c in json.loads(gzip.decompress(path.read_bytes()))["commits"]]
    files = [(commit, file) for commit in commits for file in commit["files"]]
    folded = {
        (f["table"], order, *scope)
        for commit, f in files
        for scope, order in zip(f["scopes"], f.get("orders", ()), strict=False)
    }
    forgotten = 0
    for commit, file in files:
        del file["bytes"]
        file.pop("spans", None)
        if all((file["table"], commit["delivery_id"], *scope) in folded for scope in file["scopes"]):
            file["path"], file["scopes"] = None, []
            forgotten += 1
    assert forgotten > 15
    for path in paths:
        path.unlink()
    data = gzip.compress(json.dumps({"format": 1, "commits": commits}).encode())
    (root / "_commits" / f"{commits[-1]['delivery_id']}.log.json.gz").write_bytes(data)
