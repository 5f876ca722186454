"""Places for lakes; the emulator of Cloud Storage is started once for a module that needs it."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse.gcs_server import BUCKET, Front, emulator, front
from tests.warehouse.homes import Home


@pytest.fixture(scope="module")
def cloud_storage() -> Iterator[str]:
    """The address of an emulator with one bucket."""
    with emulator() as address:
        yield address


@pytest.fixture
def bucket(cloud_storage: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Home:
    """An empty place in the emulator's bucket."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", cloud_storage)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return Home(f"gs://{BUCKET}/{secrets.token_hex(6)}")


@pytest.fixture
def faulty(bucket: Home, cloud_storage: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    """A server before the emulator, through which whatever opens ``bucket`` from now on must go."""
    with front(cloud_storage) as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.address)
        yield server


@pytest.fixture(params=["folder", "gs"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """An empty place for a lake, in a folder and in a bucket."""
    if request.param == "folder":
        return Home(str(tmp_path / "lake"))
    place = request.getfixturevalue("bucket")
    assert isinstance(place, Home)
    return place
