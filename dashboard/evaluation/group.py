"""Results of several models delivered together: a delivery costs seconds in a cloud, and files in a folder."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from itertools import chain
from types import TracebackType
from typing import Final, Self

import pyarrow as pa

from dashboard.evaluation.deliverable import Deliverable
from qod.contract import table_from_columns
from qod.warehouse import Scope, Warehouse

MODELS: Final = 100
ROWS: Final = 2_000_000
"""Results are delivered when they are of so many models, or have so many measures."""

_TABLES: Final = ("health", "findings", "cohorts", "standing")


class Group:
    """Gathers the results of models; each delivery is all or nothing, so that a run that is killed loses two at most.

    One is delivered while the next is gathered. At the end of its ``with`` all are delivered; after an error those that
    are on their way still arrive, and what is gathered is given up.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._held: list[Deliverable] = []
        self._rows = 0
        self._sender = ThreadPoolExecutor(1)
        self._sent: Future[str] | None = None
        self.deliveries = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._sender:
            if kind is None:
                self._deliver()
                self._arrive()

    def add(self, results: Deliverable) -> None:
        """Take the results of one more model, and deliver what there is when it is enough."""
        self._held.append(results)
        self._rows += results.measures.num_rows
        if len(self._held) >= MODELS or self._rows >= ROWS:
            self._deliver()

    def _deliver(self) -> None:
        if not self._held:
            return
        emptied: dict[str, list[Scope]] = {}
        for held in self._held:
            for table, scopes in held.emptied.items():
                emptied.setdefault(table, []).extend(scopes)
        tables = {name: table_from_columns(name, self._columns(name)) for name in _TABLES}
        tables["measures"] = pa.concat_tables([held.measures for held in self._held])
        days = {day for held in self._held for day in held.days}
        self._arrive()
        deliver, context = self._warehouse.deliver, copy_context()
        self._sent = self._sender.submit(
            lambda: context.run(deliver, tables, kind="evaluation", emptied=emptied, days=days)
        )
        self.deliveries += 1
        self._held, self._rows = [], 0

    def _columns(self, table: str) -> dict[str, object]:
        """The rows of all models."""
        parts = [held.columns[table] for held in self._held if table in held.columns]
        return {name: list(chain.from_iterable(part[name] for part in parts)) for name in (parts[0] if parts else ())}

    def _arrive(self) -> None:
        """Wait for the delivery on its way, and raise what went wrong with it."""
        if self._sent is not None:
            self._sent.result()
