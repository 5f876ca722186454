"""What a producer hands back: the rows it built, and what it wants to say about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from qod.warehouse import Warehouse

Progress = Callable[[int, int], None]
"""Called with (columns done, columns in all) while a delivery is counted."""


@dataclass(frozen=True, slots=True)
class Built:
    """The tables of one delivery, not yet delivered: table name -> rows; ``rows`` read; ``notes`` for a person."""

    tables: Mapping[str, pa.Table]
    rows: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: its identifier, the rows it read and what a person should know of them."""

    delivery_id: str
    rows: int
    notes: tuple[str, ...]


def deliver(warehouse: Warehouse, built: Built, *, kind: str) -> Receipt:
    """Hand ``built`` to the warehouse as one delivery: all of it becomes visible, or nothing."""
    return Receipt(warehouse.deliver(built.tables, kind=kind), built.rows, built.notes)


def as_warehouse(warehouse: Warehouse | str | PathLike[str]) -> Warehouse:
    """The warehouse itself, or the one at a path."""
    if isinstance(warehouse, str | PathLike):
        from qod.warehouse import open_warehouse

        return open_warehouse(str(warehouse))
    return warehouse
