"""The lake as an engine: the rows are delivered into a folder of their own, then asked through DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pyarrow as pa

from qod.contract import DELIVERY_COLUMNS
from qod.warehouse import lake, log
from qod.warehouse.query import Query
from tests.sql.engine import deliveries, fingerprint


class LakeEngine:
    """The product's own lake, in a folder under ``root`` for each set of rows."""

    name = "lake"

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lakes: dict[str, lake.LakeWarehouse] = {}

    def run(self, query: Query, params: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> pa.Table:
        """The rows of ``query`` once every delivery has arrived, in the order in which they were sent."""
        rows = fingerprint(tables)
        if rows not in self._lakes:
            self._lakes[rows] = _filled(self._root / rows, tables)
        return self._lakes[rows].query(query.name, **params)


def _filled(folder: Path, tables: Mapping[str, pa.Table]) -> lake.LakeWarehouse:
    """A lake in ``folder``. Only the clock and the chance in an identifier are set: engines must agree on both."""
    warehouse = lake.LakeWarehouse(folder)
    for delivery_id, parts in deliveries(tables).items():
        at = next(iter(parts.values())).column("delivered_at")[0].as_py()
        bare = {name: rows.drop_columns(list(DELIVERY_COLUMNS)) for name, rows in parts.items()}
        with (
            patch.object(lake, "datetime", SimpleNamespace(now=lambda _, at=at: at)),
            patch.object(log, "new_id", lambda *_, id=delivery_id: id),
        ):
            warehouse.deliver(bare, kind="batch")
    return warehouse
