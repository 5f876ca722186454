"""The warehouse in BigQuery: the same queries as the lake's, each a job with labels and limits."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from qod.contract import TABLES
from qod.errors import SettingError
from qod.warehouse import EMPTY, Delivery, Scope, TableState, query
from qod.warehouse.bigquery.ask import Param, ask
from qod.warehouse.bigquery.connect import MAX_BYTES, Connection, parse_address
from qod.warehouse.bigquery.deadline import Deadline, bounded, retrying

if TYPE_CHECKING:
    import pyarrow as pa

    from qod.warehouse.news import News

LIMIT: Final = "VIGIE_MAX_BYTES_BILLED"
_LEAST: Final = 10 << 20  # BigQuery bills no query for less
_STATES_SECONDS: Final = 8.0
_LOOKS: Final = 4
"""Tables looked up at a time."""

SHOWN: Final = ("models", "versions", "standing", "events")
"""Tables that change whenever pages would show something else."""


class BigQueryWarehouse:
    """The tables of one dataset, which hold only the rows that hold now; safe with many threads and processes."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # -- reading -------------------------------------------------------------------------------------------

    def query(self, name: str, /, **params: Any) -> pa.Table:
        """The rows of ``queries/<name>.sql``; BigQuery gives an answer that it still has for nothing."""
        question = query.load(name)
        missing, extra = set(question.params) - set(params), set(params) - set(question.params)
        if missing or extra:
            raise TypeError(f"query {name} takes {sorted(question.params)}, got {sorted(params)}")
        bound = {key: Param(question.params[key], value) for key, value in params.items()}
        return ask(self.connection, question.sql, bound, query=name).table

    def table(self, name: str) -> pa.Table:
        """All rows of a table, delivery columns included: it is read, and billed, as a whole."""
        table = TABLES[name]
        sql = f"SELECT {', '.join(f't.`{column}`' for column in table.names)} FROM `{name}` AS t"
        if table.partition:  # a large table is not read without saying which of its days
            sql += f" WHERE t.`{table.partition}` >= DATE '0001-01-01'"
            if table.column(table.partition).nullable:
                sql += f" OR t.`{table.partition}` IS NULL"
        return ask(self.connection, sql, {}, query=f"table_{name}").table

    def stamp(self) -> str:
        """A digest of when the tables that pages show last changed; empty before the first delivery.

        BigQuery keeps account of it: no query is run, and nothing billed.
        """
        held = self._looked_up(SHOWN, doing="the look-up of what changed")
        if not any(state.rows for state in held):
            return ""
        return hashlib.sha256(repr([(state.name, state.delivered_at) for state in held]).encode()).hexdigest()[:16]

    def states(self) -> list[TableState]:
        """Every table of the contract, from BigQuery's own account of it, which costs nothing.

        ``delivered_at`` is when it was last changed.
        """
        return self._looked_up(tuple(TABLES), doing="the look-up of the tables' sizes")

    def _looked_up(self, names: Sequence[str], *, doing: str) -> list[TableState]:
        def work(deadline: Deadline) -> list[TableState]:
            with ThreadPoolExecutor(_LOOKS) as threads:
                return list(threads.map(lambda name: self._state(name, deadline), names))

        return bounded(work, seconds=_STATES_SECONDS, doing=doing, connection=self.connection)

    def _state(self, name: str, deadline: Deadline) -> TableState:
        from google.api_core.exceptions import NotFound

        client, reference = self.connection.client, self.connection.table_ref(name)
        try:
            table = client.get_table(reference, retry=retrying(deadline, 3), timeout=deadline.left())
        except NotFound as error:
            if "Not found: Table" not in str(error):
                raise
            return TableState(name, 0, None, None)
        rows = table.num_rows or 0
        return TableState(name, rows, table.num_bytes, table.modified if rows else None)

    # -- writing -------------------------------------------------------------------------------------------

    def deliver(
        self,
        tables: Mapping[str, pa.Table],
        *,
        kind: str,
        emptied: Mapping[str, Iterable[Scope]] = EMPTY,
        days: Collection[date] | None = None,
    ) -> str:
        """Write one delivery in one transaction; see ``Warehouse.deliver``."""
        from qod.warehouse.bigquery.deliver import deliver

        return deliver(self.connection, tables, kind=kind, emptied=emptied, days=days)

    def news(self, marks: Mapping[str, str], *, since: str = "") -> News:
        """What was delivered since the marks; see ``Warehouse.news``."""
        from qod.warehouse.bigquery.news import news

        return news(self.connection, marks, since=since)

    def deliveries(self, model_id: str) -> list[Delivery]:
        """Every delivery about a model, oldest first, superseded ones included."""
        from qod.warehouse.bigquery.news import deliveries

        return deliveries(self.connection, model_id)

    def tidy(self) -> None:
        """Drop what deliveries that were broken off left behind."""
        from qod.warehouse.bigquery.deliver import tidy

        tidy(self.connection)


def open_bigquery(address: str, *, max_bytes: int | None = None) -> BigQueryWarehouse:
    """The warehouse at ``bigquery://PROJECT/DATASET``; nothing is asked of it yet.

    ``max_bytes`` may be billed for one query; VIGIE_MAX_BYTES_BILLED, or 20 GiB, where it is not given.
    Raises WarehouseError for another address, SettingError where VIGIE_MAX_BYTES_BILLED is no number of bytes.
    """
    return BigQueryWarehouse(Connection(parse_address(address), max_bytes=max_bytes or _max_bytes()))


def _max_bytes() -> int:
    given = os.environ.get(LIMIT, "").strip()
    if not given:
        return MAX_BYTES
    if not given.isascii() or not given.isdigit() or int(given) < _LEAST:
        raise SettingError(
            f"{LIMIT} must be a whole number of bytes, {_LEAST} at least, but is {given!r}.",
            hint=f"{MAX_BYTES} allows 20 GiB.",
        )
    return int(given)
