"""The places a lake can lie in, each empty: a folder, and a bucket of the emulator."""

from __future__ import annotations

from dataclasses import dataclass

from qod.warehouse import open_warehouse
from qod.warehouse.lake import LakeWarehouse


@dataclass(frozen=True)
class Home:
    """The address of a lake."""

    address: str

    def open(self) -> LakeWarehouse:
        """The lake there, as a process sees it that has just begun."""
        lake = open_warehouse(self.address)
        assert isinstance(lake, LakeWarehouse)
        return lake
