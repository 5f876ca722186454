"""What several tests of messages share: a fleet with something to tell, made once, and a clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.alerts import notify
from dashboard.alerts.writing.compose import compose
from qod.warehouse import Warehouse, open_warehouse
from tests.alerts import fleet
from tests.alerts.clocks import Hand


@pytest.fixture(scope="session")
def made_fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of tests.alerts.fleet. Read it, or copy it, never write to it."""
    folder = tmp_path_factory.mktemp("fleet") / "warehouse"
    fleet.make(folder)
    return folder


@pytest.fixture
def warehouse(made_fleet: Path, tmp_path: Path) -> Warehouse:
    """A copy of the fleet that a test may write to."""
    return open_warehouse(fleet.copy(made_fleet, tmp_path / "warehouse"))


@pytest.fixture
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take most of a run's time; for tests that are not about them."""
    monkeypatch.setattr(notify, "compose", lambda *args, **options: compose(*args, **(options | {"reading": None})))


@pytest.fixture
def hand() -> Hand:
    """A clock that a test moves."""
    return Hand()
