"""Fleets made by hand, once for all tests of the pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qod.warehouse import Warehouse, open_warehouse
from tests.web.asking import Asker
from tests.web.changing import changing
from tests.web.lake import small_fleet
from tests.web.moving import moving


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of six models in all states; read it, or copy it, never write to it."""
    folder = tmp_path_factory.mktemp("small")
    small_fleet(folder)
    return folder


@pytest.fixture(scope="session")
def small(made: Path) -> Warehouse:
    """These six models; read them, never write to them."""
    return open_warehouse(made)


@pytest.fixture
def warehouse(made: Path, folder: Path) -> Warehouse:
    """The same to write to."""
    shutil.copytree(made, folder)
    return open_warehouse(folder)


@pytest.fixture
def asker(small: Warehouse) -> Asker:
    """The application on the small fleet, with an empty cache."""
    return Asker(small)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for a warehouse of the test's own."""
    return tmp_path / "warehouse"


@pytest.fixture(scope="session")
def moving_pages(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    """The application on ``tests.web.moving``, asked without cookies: no test's language becomes the next one's."""
    return Asker(moving(tmp_path_factory.mktemp("moving_pages")), cookies=False)


@pytest.fixture(scope="session")
def changing_pages(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    """The application on ``tests.web.changing``, asked without cookies."""
    return Asker(changing(tmp_path_factory.mktemp("changing_pages")), cookies=False)
