"""A bucket that fails: each fault is a sentence, a page never waits for long, and it recovers by itself."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest

from qod.errors import UnavailableError, WarehouseError
from qod.warehouse import open_warehouse
from qod.warehouse.gcs import client
from qod.warehouse.lake import LakeWarehouse
from qod.warehouse.purpose import purpose
from tests.warehouse.deliveries import batch_tables
from tests.warehouse.gcs_server import Asked, Front
from tests.warehouse.homes import Home


class Failing:
    """Makes the first ``times`` requests of a kind fail."""

    def __init__(self, fault: str, *, times: int = 10**9, method: str = "", name: str = "") -> None:
        self.fault, self.times, self.method, self.name = fault, times, method, name

    def __call__(self, asked: Asked) -> str | None:
        if self.times and self.method in asked.method and self.name in asked.name:
            self.times -= 1
            return self.fault
        return None


@pytest.fixture
def lake(bucket: Home, faulty: Front) -> LakeWarehouse:
    """A lake with one delivery, that has not been read."""
    bucket.open().deliver(batch_tables({"a": 5}), kind="batch")
    return bucket.open()


@pytest.mark.parametrize("fault", ["503", "429", "500", "torn"])
@pytest.mark.parametrize("name", ["_commits/", ".json.gz", ".parquet"])
def test_a_fault_that_passes_is_not_seen(lake: LakeWarehouse, faulty: Front, fault: str, name: str) -> None:
    faulty.fault = Failing(fault, times=2, name=name)
    with purpose("page", "fleet"):
        assert lake.table("batches")["rows"].to_pylist() == [5]


@pytest.mark.parametrize(
    ("fault", "trouble", "says"),
    [
        ("503", "busy", "HTTP 503"),
        ("429", "busy", "HTTP 429"),
        ("torn", "broken", "broke off its reply"),
        ("401", "expired", "did not accept the credentials"),
        ("403", "denied", "storage.objects.list is missing"),
    ],
)
def test_a_fault_that_stays_is_a_sentence_and_goes_by_itself(
    lake: LakeWarehouse, faulty: Front, fault: str, trouble: str, says: str
) -> None:
    faulty.fault = Failing(fault)
    with purpose("page", "fleet"):
        with pytest.raises(UnavailableError, match=says) as caught:
            lake.stamp()
        assert caught.value.trouble == trouble
        faulty.fault = Failing(fault, times=0)
        assert lake.table("batches").num_rows == 1


def test_a_missing_permission_names_the_role(lake: LakeWarehouse, faulty: Front) -> None:
    faulty.fault = Failing("403", method="GET")
    with pytest.raises(UnavailableError, match=r"grant roles/storage\.objectViewer on the bucket 'lakes'"):
        lake.stamp()


def test_a_hang_ends_for_a_page_and_eight_readers_wait_together(
    lake: LakeWarehouse, faulty: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PAGE", client.Limits(0.5, 3))
    monkeypatch.setattr("qod.warehouse.lake._PAGE_SECONDS", 0.5)
    lake.stamp()
    faulty.fault = Failing("hang")
    troubles = []

    def read() -> None:
        with purpose("page", "fleet"):
            try:
                lake.table("batches")
            except UnavailableError as error:
                troubles.append(error.trouble)

    lake.journal.forget()
    readers = [threading.Thread(target=read) for _ in range(8)]
    start = time.monotonic()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert time.monotonic() - start < 1.9, "not one after another"
    assert troubles == ["hang"] * 8
    faulty.fault = Failing("", times=0)
    assert lake.table("batches").num_rows == 1


@pytest.mark.parametrize("times", [1, 3])
def test_a_write_whose_reply_is_lost_is_made_once(bucket: Home, faulty: Front, times: int) -> None:
    lake = bucket.open()
    faulty.fault = Failing("after", times=times, method="POST")
    lake.deliver(batch_tables({"a": 5, "b": 6}), kind="batch")
    assert lake.table("batch_variables").num_rows == 4
    assert len([d for d in lake.deliveries("churn") if d.table == "batches"]) == 1


def test_a_delivery_that_cannot_be_written_leaves_what_held(
    bucket: Home, faulty: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "COMMAND", client.Limits(60.0, 2))
    lake = bucket.open()
    lake.deliver(batch_tables({"a": 5}), kind="batch")
    for name in ("batch_variables/", "_commits/"):
        faulty.fault = Failing("503", method="POST", name=name)
        with pytest.raises(UnavailableError, match="HTTP 503"):
            lake.deliver(batch_tables({"a": 50}), kind="batch")
        faulty.fault = Failing("", times=0)
        assert bucket.open().table("batches")["rows"].to_pylist() == [5]


def test_a_bucket_that_does_not_exist_is_named(bucket: Home) -> None:
    for ask in (lambda w: w.stamp(), lambda w: w.deliver(batch_tables({"a": 5}), kind="batch")):
        with pytest.raises(WarehouseError, match="bucket 'no-such-bucket' was not found"):
            ask(open_warehouse("gs://no-such-bucket/x"))


def test_a_server_that_is_not_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{free.getsockname()[1]}")
    with purpose("page", "fleet"), pytest.raises(UnavailableError, match="cannot be reached") as caught:
        open_warehouse("gs://lakes/x").stamp()
    assert caught.value.trouble == "unreachable"


def test_no_credentials_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STORAGE_EMULATOR_HOST", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    with pytest.raises(WarehouseError, match=r"no credentials for gs://lakes/x.*application-default login"):
        open_warehouse("gs://lakes/x").stamp()


def test_a_service_account_file_that_is_none_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    (tmp_path / "key.json").write_text("{}")
    for name in ("key.json", "nowhere.json"):
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / name))
        with pytest.raises(WarehouseError, match=f"GOOGLE_APPLICATION_CREDENTIALS names '.*{name}'"):
            open_warehouse("gs://lakes/x").stamp()


def test_a_page_does_not_wait_for_a_command_that_hangs(
    lake: LakeWarehouse, faulty: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qod.warehouse.lake._PAGE_SECONDS", 0.3)
    faulty.fault = Failing("hang", times=1)
    command = threading.Thread(target=lake.stamp)
    command.start()
    while not faulty.asked or not faulty.asked[-1].listing:
        time.sleep(0.01)
    with purpose("page", "fleet"), pytest.raises(UnavailableError, match="another question") as caught:
        lake.stamp()
    assert caught.value.trouble == "hang"
    faulty.released.set()
    command.join()
