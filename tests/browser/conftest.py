"""The pages of the small fleet made by hand, on a server of this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import served
from tests.web.lake import small_fleet


@pytest.fixture(scope="session")
def small_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the small fleet, without a slash at its end."""
    folder = tmp_path_factory.mktemp("small")
    small_fleet(folder)
    with served(folder) as address:
        yield address
