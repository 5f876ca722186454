"""A bucket mounted as a folder: stale answers, listings that lag, a rename that copies, calls that are not there."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qod.errors import WarehouseError
from qod.warehouse import seal
from qod.warehouse.folder import FolderStore
from qod.warehouse.lake import LakeWarehouse
from tests.warehouse.deliveries import batch_tables


def rows(lake: LakeWarehouse) -> dict[str, int]:
    table = lake.table("batches")
    return dict(zip(table["batch_id"].to_pylist(), table["rows"].to_pylist(), strict=True))


def test_a_stale_handle_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    LakeWarehouse(tmp_path).deliver(batch_tables({"a": 5}), kind="batch")
    read, refused = Path.read_bytes, set()

    def stale_once(path: Path) -> bytes:
        if path not in refused:
            refused.add(path)
            raise OSError(errno.ESTALE, "Stale file handle")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", stale_once)
    assert rows(LakeWarehouse(tmp_path)) == {"a": 5}
    assert refused


def test_a_handle_that_stays_stale_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    LakeWarehouse(tmp_path).deliver(batch_tables({"a": 5}), kind="batch")

    def stale(path: Path) -> bytes:
        raise OSError(errno.ESTALE, "Stale file handle")

    monkeypatch.setattr(Path, "read_bytes", stale)
    with pytest.raises(WarehouseError, match=r"cannot be read: .*Stale"):
        LakeWarehouse(tmp_path).table("batches")


class Lagging(FolderStore):
    """Its listing stays what it was until it is told to look again."""

    seen: frozenset[str] | None = None

    def names(self, folder: str) -> frozenset[str]:
        if self.seen is None:
            self.seen = super().names(folder)
        return self.seen


def test_with_a_listing_that_lags_a_reader_sees_an_earlier_moment_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after several folds: what they made needless stays until no listing can be that old."""
    monkeypatch.setattr(seal, "COMMITS", 4)
    writer = LakeWarehouse(tmp_path)
    for i in range(9):
        writer.deliver(batch_tables({f"b{i}": i}), kind="batch")
    writer.tidy()
    store = Lagging(tmp_path)
    store.names("_commits")
    for i in range(9, 30):
        writer.deliver(batch_tables({f"b{i}": i, "b0": 100 + i}), kind="batch")
        writer.tidy()
    late = LakeWarehouse(store)
    assert rows(late) == {f"b{i}": i for i in range(9)}
    assert {row["counts"][0] for row in late.table("batch_variables").to_pylist()} == set(range(9))
    store.seen = None
    assert rows(late) == {"b0": 129, **{f"b{i}": i for i in range(1, 30)}}


def test_a_writer_and_a_fold_with_a_listing_that_lags_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two checkpoints made from different listings: neither hides what only the other one saw."""
    monkeypatch.setattr(seal, "COMMITS", 2)
    one, store = LakeWarehouse(tmp_path), Lagging(tmp_path)
    other = LakeWarehouse(store)
    for i in range(3):
        one.deliver(batch_tables({f"a{i}": i}), kind="batch")
    store.names("_commits")
    one.deliver(batch_tables({"a0": 10, "a3": 3}), kind="batch")
    one.tidy()
    other.deliver(batch_tables({"a1": 11, "b0": 0}), kind="batch")
    other.tidy()
    expected = {"a0": 10, "a1": 11, "a2": 2, "a3": 3, "b0": 0}
    assert rows(LakeWarehouse(tmp_path)) == expected
    store.seen = None
    assert rows(other) == expected
    monkeypatch.setattr(seal, "LINGER_SECONDS", -1.0)
    for i in range(3):
        one.deliver(batch_tables({f"c{i}": i}), kind="batch")
        seal.seal(one.journal, least=1)
    assert rows(LakeWarehouse(tmp_path)) == {**expected, "c0": 0, "c1": 1, "c2": 2}
    assert len(one.journal.store.names("_commits")) <= 4


def test_a_checkpoint_that_comes_too_late_hides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its maker was suspended between listing and writing; what it did not see has been folded and removed since."""
    monkeypatch.setattr(seal, "LINGER_SECONDS", -1.0)
    fast, slow = LakeWarehouse(tmp_path), LakeWarehouse(tmp_path)
    fast.deliver(batch_tables({"a": 1}), kind="batch")
    write, done = slow.store.write, []

    def suspended(files: dict[str, bytes]) -> None:
        if not done and any(path.endswith(".checkpoint.json.gz") for path in files):
            done.append(True)
            for name in "bcd":
                fast.deliver(batch_tables({name: 2}), kind="batch")
                seal.seal(fast.journal, least=1)
        write(files)

    monkeypatch.setattr(slow.store, "write", suspended)
    monkeypatch.setattr("qod.warehouse.log.new_id", _ids_from("20990101T000000.000000Z", slow, done))
    seal.seal(slow.journal, least=1)
    assert done
    for lake in (fast, LakeWarehouse(tmp_path)):
        assert rows(lake) == {"a": 1, "b": 2, "c": 2, "d": 2}
    fast.deliver(batch_tables({"e": 3}), kind="batch")
    seal.seal(fast.journal, least=1)
    seal.seal(LakeWarehouse(tmp_path).journal, least=0)
    assert rows(LakeWarehouse(tmp_path)) == {"a": 1, "b": 2, "c": 2, "d": 2, "e": 3}


def _ids_from(moment: str, slow: LakeWarehouse, done: list[bool]) -> Callable[..., str]:
    """The first identifier, that of the slow checkpoint, sorts after all others."""
    from qod.warehouse import log

    made, original = [], log.new_id

    def new_id(newest: str, now: object) -> str:
        made.append(newest)
        if len(made) == 1:
            return f"{moment}-00000000"
        return original(newest, now)  # type: ignore[arg-type]

    return new_id


def test_a_rename_that_copies_shows_a_reader_nothing_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, seen = LakeWarehouse(tmp_path), []

    def copies(path: Path, target: Path) -> Path:
        data = path.read_bytes()
        target.write_bytes(data[: len(data) // 2])
        if ".checkpoint" not in target.name and "_commits" in str(target):
            try:
                seen.append(rows(reader))
            except WarehouseError as error:
                seen.append({"damaged": "damaged" in str(error)})
        target.write_bytes(data)
        os.unlink(path)
        return target

    monkeypatch.setattr(Path, "rename", copies)
    lake = LakeWarehouse(tmp_path)
    for i in range(3):
        lake.deliver(batch_tables({"a": i}), kind="batch")
        assert rows(reader) == {"a": i}
    assert seen == [{"damaged": True}] * 3, "half a commit is never taken for a whole one"


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EIO])
def test_a_mount_without_fsync_takes_deliveries_and_a_disk_that_fails_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    lake = LakeWarehouse(tmp_path)
    if number == errno.EIO:
        with pytest.raises(WarehouseError, match="cannot be written"):
            lake.deliver(batch_tables({"a": 5}), kind="batch")
        return
    lake.deliver(batch_tables({"a": 5}), kind="batch")
    assert rows(LakeWarehouse(tmp_path)) == {"a": 5}


def test_nothing_is_ever_replaced(tmp_path: Path) -> None:
    """Every name is new: a mounted bucket would answer a reader of a replaced file with an error."""
    lake, held = LakeWarehouse(tmp_path), {}
    for i in range(40):
        lake.deliver(batch_tables({f"b{i % 7}": i}), kind="batch")
        if i % 8 == 7:
            lake.tidy()
        for stored in lake.store.walk("."):
            content = (tmp_path / stored.path).read_bytes()
            assert held.setdefault(stored.path, content) == content
