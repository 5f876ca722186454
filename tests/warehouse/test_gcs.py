"""A lake in a bucket: few requests, several writers, objects that vanish, copies on this machine."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from qod.errors import WarehouseError
from qod.warehouse import open_warehouse, seal
from qod.warehouse.gcs.address import parse_address
from qod.warehouse.gcs.copies import Copies
from qod.warehouse.gcs.store import GcsStore
from qod.warehouse.lake import LakeWarehouse
from qod.warehouse.ledger import LEDGER
from qod.warehouse.purpose import purpose
from tests.warehouse.deliveries import batch_tables
from tests.warehouse.gcs_server import BUCKET, Asked, Front
from tests.warehouse.homes import Home

FIRST = {"model_id": "churn", "model_version": "1"}


def rows(lake: LakeWarehouse) -> dict[str, int]:
    table = lake.table("batches")
    return dict(zip(table["batch_id"].to_pylist(), table["rows"].to_pylist(), strict=True))


@contextmanager
def asked_by(server: Front) -> Iterator[list[Asked]]:
    server.asked.clear()
    yield server.asked


# -- few requests ------------------------------------------------------------------------------------------


def test_a_delivery_lists_once_and_reads_nothing(bucket: Home, faulty: Front) -> None:
    bucket.open().deliver(batch_tables({"a": 5}), kind="batch")
    with asked_by(faulty) as asked:
        bucket.open().deliver(batch_tables({"b": 6}), kind="batch")
    assert faulty.listings == 1
    assert [a.method for a in asked] == ["GET", "POST", "POST", "POST"]
    assert "_commits" in asked[-1].name, "the commit comes last"


def test_opening_a_sealed_lake_costs_one_listing_and_one_object(bucket: Home, faulty: Front) -> None:
    lake = bucket.open()
    for i in range(9):
        lake.deliver(batch_tables({f"b{i}": i}), kind="batch")
    seal.seal(lake.journal, least=1)
    with asked_by(faulty) as asked:
        bucket.open().stamp()
    assert (faulty.listings, len(asked)) == (1, 2)
    with asked_by(faulty) as asked:
        assert rows(bucket.open()) == {f"b{i}": i for i in range(9)}
    assert (faulty.listings, len(asked)) == (1, 1 + 1 + 1 + 9), "checkpoint, the table's files, the rows"


def test_questions_of_one_page_share_a_listing_and_fetch_each_object_once(bucket: Home, faulty: Front) -> None:
    lake = bucket.open()
    for i in range(3):
        lake.deliver(batch_tables({f"b{i}": i}), kind="batch")
    reader = bucket.open()
    with asked_by(faulty) as asked, purpose("page", "model"):
        for _ in range(4):
            reader.stamp()
            reader.table("batches")
    assert faulty.listings == 1
    assert len({(a.method, a.name) for a in asked}) == len(asked) == 1 + 3 + 3
    lake.deliver(batch_tables({"b3": 3}), kind="batch")
    with asked_by(faulty):
        assert len(rows(reader)) == 4, "a command always looks"
    assert faulty.listings == 1


def test_what_was_read_is_booked_with_its_bytes(bucket: Home) -> None:
    lake = bucket.open()
    lake.deliver(batch_tables({"a": 5}), kind="batch")
    with purpose("command", "status"):
        lake.table("batches")
    entry = LEDGER.entries()[-1]
    (live,) = lake.live_files("batches")["batches"]
    assert (entry.kind, entry.name, entry.query, entry.rows) == ("command", "status", "table batches", 1)
    assert (entry.bytes_processed, entry.bytes_billed) == (live.file.bytes, 0)


# -- several at once ---------------------------------------------------------------------------------------


def _work(address: str, worker: int) -> None:
    seal.COMMITS, seal.LINGER_SECONDS = 8, 0.0  # type: ignore[misc]
    lake = open_warehouse(address)
    for i in range(10):
        lake.deliver(batch_tables({f"w{worker}-{i}": i, "shared": worker * 1000 + i}), kind="batch")
        if i % 5 == 4:
            lake.tidy()


def test_two_processes_that_deliver_and_fold_at_once_lose_nothing(bucket: Home) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_work, args=(bucket.address, worker)) for worker in range(2)]
    for worker in workers:
        worker.start()
    reader = bucket.open()
    while any(worker.is_alive() for worker in workers):
        for row in reader.table("batch_variables").to_pylist():
            assert row["batch_id"] == "shared" or row["counts"][0] == int(row["batch_id"].split("-")[1])
    assert [worker.exitcode for worker in workers] == [0, 0]
    found = rows(bucket.open())
    assert {k: v for k, v in found.items() if k != "shared"} == {f"w{w}-{i}": i for w in range(2) for i in range(10)}
    assert found["shared"] in (9, 1009)
    assert reader.table("batch_variables").num_rows == 2 * 21


def test_a_reader_whose_objects_were_folded_away_looks_again(bucket: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "COMMITS", 1)
    monkeypatch.setattr(seal, "LINGER_SECONDS", -1.0)
    lake, reader = bucket.open(), bucket.open()
    for i in range(9):
        lake.deliver(batch_tables({f"b{i}": i}), kind="batch")
    lake.tidy()
    reader.stamp()  # it has the first checkpoint, and none of the parts that it names
    names = set(lake.journal.store.names("_commits"))
    for i in range(9, 12):
        lake.deliver(batch_tables({f"b{i}": i}), kind="batch")
        lake.tidy()
    assert not names & lake.journal.store.names("_commits"), "what the first checkpoint names has gone"
    monkeypatch.setattr(reader.store, "share_seconds", 60.0)  # so that it does not list before it reads
    with purpose("page", "fleet"):
        found = reader.table("batches")
    assert found.num_rows == 12


def test_an_object_that_is_gone_for_good_is_named(bucket: Home) -> None:
    lake = bucket.open()
    lake.deliver(batch_tables({"a": 5}), kind="batch")
    (live,) = lake.live_files("batches")["batches"]
    lake.store.remove([str(live.file.path)])
    with pytest.raises(WarehouseError, match=r"is not there: .*batches"):
        bucket.open().table("batches")


# -- copies ------------------------------------------------------------------------------------------------


def test_a_damaged_copy_is_fetched_again(bucket: Home, tmp_path: Path) -> None:
    lake = bucket.open()
    lake.deliver(batch_tables({"a": 5}), kind="batch")
    assert rows(lake) == {"a": 5}
    (copy,) = tmp_path.rglob("*.parquet")
    copy.write_bytes(copy.read_bytes()[:40])
    assert rows(lake) == {"a": 5}


def test_copies_used_longest_ago_go_first_and_those_in_use_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    copies = Copies("gs://x", kept_bytes=250)
    for name in "abc":
        copies.add({name: b"x" * 100})
    assert len(copies.find("abc")) == 3, "all were used within the last minute"
    for age, name in ((500, "a"), (900, "b"), (300, "c")):
        path = copies.find(name)[name]
        os.utime(path, (1e9 - age, 1e9 - age))
    copies.add({"d": b"x" * 100})
    assert sorted(Copies("gs://x").find("abcd")) == ["c", "d"]
    assert Copies("gs://y").find("cd") == {}, "another bucket's files are others"
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o077 == 0, "nobody else reads them"


# -- addresses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["gs://", "gs:///a", "gs://A_B/x", "gs://ok-bucket/a//b", "gs://ok-bucket/../x"])
def test_an_address_that_names_no_place_is_refused(address: str) -> None:
    with pytest.raises(WarehouseError, match="gs://"):
        open_warehouse(address)


def test_a_bucket_may_be_given_whole_or_with_a_prefix(bucket: Home) -> None:
    assert parse_address("gs://lakes/a/b/").name("x") == "a/b/x"
    whole = LakeWarehouse(GcsStore(parse_address(f"gs://{BUCKET}")))
    whole.deliver(batch_tables({"a": 5}), kind="batch")
    assert rows(whole) == {"a": 5}
    assert [stored.path for stored in whole.store.walk("batches")] == [
        str(live.file.path) for live in whole.live_files("batches")["batches"]
    ]


def test_names_of_any_kind_are_kept_in_a_bucket(bucket: Home) -> None:
    lake = bucket.open()
    names = ["../../escape", "a/b", "q\"uo'te<script>", "é🚀", "%2F", "#5?x=1&y"]
    for name in names:
        lake.deliver(batch_tables({name: 5}, model=name, day=date(2026, 1, 1)), kind="batch")
    found = bucket.open().table("batch_variables")
    assert sorted(set(found["model_id"].to_pylist())) == sorted(names)
    assert found.num_rows == 2 * len(names)
