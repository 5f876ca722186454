"""Where the tables live, behind one small protocol."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

from qod.errors import WarehouseError

if TYPE_CHECKING:
    import pyarrow as pa

    from qod.warehouse.news import News

Scope = tuple[str, ...]
"""What one delivery replaces as a whole: the values of a table's scope columns."""


_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
"""How an address begins that is no folder's, also with one slash: a folder of that name would be made."""

EMPTY: Final[Mapping[str, Iterable[Scope]]] = MappingProxyType({})


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


@dataclass(frozen=True, slots=True)
class TableState:
    """How much a table holds and how fresh it is; ``bytes`` is None where that is not known."""

    name: str
    rows: int
    bytes: int | None
    delivered_at: datetime | None


class Warehouse(Protocol):
    """What every home of the tables can do."""

    def deliver(
        self,
        tables: Mapping[str, pa.Table],
        *,
        kind: str,
        emptied: Mapping[str, Iterable[Scope]] = EMPTY,
        days: Collection[date] | None = None,
    ) -> str:
        """Write rows of several tables as one delivery: all of it becomes visible, or nothing.

        Each table comes without its delivery columns (``contract.table_from_columns``). Rows replace those of
        earlier deliveries of the same scope; scopes named by one of the tables are replaced in all tables of the
        delivery that share the scope's columns, also where they now have no rows. So are the scopes of ``emptied``, by
        a table of the delivery that has such scopes. ``days`` are those of all rows that it replaces, where the caller
        knows them: then they need not be looked for. Returns the delivery's identifier.
        """

    def query(self, name: str, /, **params: Any) -> pa.Table:
        """The rows of ``queries/<name>.sql`` with its @parameters bound."""

    def table(self, name: str) -> pa.Table:
        """All rows of a table that hold now, delivery columns included."""

    def stamp(self) -> str:
        """Changes with what pages show: by an evaluation, a registration, a reference; empty before the first."""

    def news(self, marks: Mapping[str, str], *, since: str = "") -> News:
        """What was delivered to the tables that evaluation reads, of every model, since the marks it was given.

        A model without a mark, or with one that cannot be followed up, may have changed in any way. ``since`` is the
        mark of the last news that covered every model: what came before it need not be read again.
        """

    def states(self) -> list[TableState]:
        """Every table of the contract: how much it holds, and how fresh it is."""

    def deliveries(self, model_id: str) -> list[Delivery]:
        """Every delivery about a model, oldest first, superseded ones included."""

    def tidy(self) -> None:
        """Fold small files together; safe at any time, beside readers and writers."""


def open_warehouse(address: str | Path, *, max_bytes_billed: int | None = None) -> Warehouse:
    """The warehouse at ``address``: a folder (it need not exist yet), bigquery://PROJECT/DATASET or gs://BUCKET/PREFIX.

    ``max_bytes_billed`` is the most that BigQuery may bill for one query; VIGIE_MAX_BYTES_BILLED where it is not given.
    Raises WarehouseError when the address is of a kind this release does not know, or is a file.
    """
    text = str(address)
    if text.startswith("bigquery://"):
        from qod.warehouse.bigquery.warehouse import open_bigquery

        return open_bigquery(text, max_bytes=max_bytes_billed)
    if text.startswith("gs://"):
        from qod.warehouse.gcs.address import parse_address
        from qod.warehouse.gcs.store import GcsStore
        from qod.warehouse.lake import LakeWarehouse

        return LakeWarehouse(GcsStore(parse_address(text)))
    if _SCHEME.match(text):
        raise WarehouseError(
            f"The warehouse address {text!r} is of no kind that Vigie knows.",
            hint="give a folder, bigquery://PROJECT/DATASET or gs://BUCKET/PREFIX.",
        )
    from qod.warehouse.lake import LakeWarehouse

    return LakeWarehouse(Path(text))
