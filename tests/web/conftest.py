"""Fleets made by hand, once for all tests of the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from qod.warehouse import Warehouse
from tests.web.asking import Asker
from tests.web.changing import changing
from tests.web.lake import small_fleet
from tests.web.moving import moving


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Six models in all states; read it, never write to it."""
    return small_fleet(tmp_path_factory.mktemp("small"))


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
