"""Results of several models delivered together: a delivery costs seconds in a cloud, and files in a folder."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from dashboard.deliverable import Deliverable
from qod.warehouse import Scope, Warehouse

MODELS: Final = 50
ROWS: Final = 200_000
"""Results are delivered when they are of so many models, or of so many rows."""


class Group:
    """Gathers the results of models; each delivery is all or nothing, so that a run that is killed loses one group."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._held: list[Deliverable] = []
        self.deliveries = 0

    def add(self, results: Deliverable) -> None:
        """Take the results of one more model, and deliver what there is when it is enough."""
        self._held.append(results)
        if len(self._held) >= MODELS or sum(held.rows for held in self._held) >= ROWS:
            self.deliver()

    def deliver(self) -> None:
        """Deliver what is held."""
        if not self._held:
            return
        emptied: dict[str, list[Scope]] = {}
        for held in self._held:
            for table, scopes in held.emptied.items():
                emptied.setdefault(table, []).extend(scopes)
        tables = {name: pa.concat_tables([held.tables[name] for held in self._held]) for name in self._held[0].tables}
        days = {day for held in self._held for day in held.days}
        self._warehouse.deliver(tables, kind="evaluation", emptied=emptied, days=days)
        self.deliveries += 1
        self._held = []
