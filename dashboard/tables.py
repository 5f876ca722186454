"""The warehouse that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.settings import Settings

if TYPE_CHECKING:
    from qod.warehouse import Warehouse


def tables_of(settings: Settings) -> Warehouse:
    """The warehouse at ``settings.warehouse``, with the limits that are set; WarehouseError for no such kind."""
    from qod.warehouse import open_warehouse

    return open_warehouse(settings.warehouse, max_bytes_billed=settings.max_bytes_billed)
