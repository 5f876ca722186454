"""Where the tables live, behind one small protocol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from qod.errors import WarehouseError

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Delivery:
    """One entry of a model's delivery history; ``current`` is False once a later one took its place."""

    delivery_id: str
    delivered_at: str
    kind: str
    table: str
    model_version: str | None
    batches: tuple[str, ...]
    rows: int
    current: bool


class Warehouse(Protocol):
    """What every home of the tables can do."""

    def deliver(self, tables: Mapping[str, pa.Table], *, kind: str, emptied: Iterable[tuple[str, ...]] = ()) -> str:
        """Write rows of several tables as one delivery: all of it becomes visible, or nothing.

        Each table comes without its delivery columns (``contract.table_from_columns``). Rows replace those of
        earlier deliveries of the same scope; scopes named by one of the tables are replaced in all tables of the
        delivery that share the scope's columns, also where they now have no rows, and so are the scopes of ``emptied``.
        Returns the delivery's identifier.
        """

    def query(self, name: str, /, **params: Any) -> pa.Table:
        """The rows of ``queries/<name>.sql`` with its @parameters bound."""

    def table(self, name: str) -> pa.Table:
        """All rows of a table that hold now, delivery columns included."""

    def stamp(self) -> str:
        """Changes with what pages show: by an evaluation, a registration, a reference; empty before the first."""

    def inputs(self) -> dict[str, str]:
        """By model: a digest that changes when a delivery changes anything that evaluation reads of it."""

    def deliveries(self, model_id: str) -> list[Delivery]:
        """Every delivery about a model, oldest first, superseded ones included."""

    def tidy(self) -> None:
        """Fold small files together; safe at any time, beside readers and writers."""


def open_warehouse(address: str | Path) -> Warehouse:
    """The warehouse at ``address``: a folder (it need not exist yet).

    Raises WarehouseError when the address is of a kind this release does not know, or is a file.
    """
    text = str(address)
    if "://" in text:
        raise WarehouseError(
            f"The warehouse address {text!r} is not a folder.", hint="give a folder, as VIGIE_WAREHOUSE=./warehouse."
        )
    from qod.warehouse.lake import LakeWarehouse

    return LakeWarehouse(Path(text))
