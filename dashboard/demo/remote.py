"""The demo in a dataset or a bucket: filled when empty, used again when it is the same demo, else left alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter
from typing import Final

from dashboard.demo import marker, people
from dashboard.demo.fill import Filled, fill, register
from dashboard.demo.fleet import fleet
from dashboard.demo.marker import Parameters
from dashboard.evaluation.evaluate import evaluate
from qod.contract import table_from_columns
from qod.errors import WarehouseError
from qod.warehouse import Warehouse, open_warehouse

EVENT: Final = "demo"
"""The event that says which demo the tables hold, as the marker does in a folder."""


def fill_warehouse(address: str, parameters: Parameters) -> Iterator[Filled]:
    """Fill the warehouse at ``address``, model by model; nothing when it holds this demo already.

    Raises WarehouseError when it holds anything else: the tables of a dataset may be somebody's.
    """
    warehouse = open_warehouse(address)
    held = [json.loads(row["facts"]) for row in warehouse.table("events").to_pylist() if row["event_id"] == EVENT]
    if held == [marker.content(parameters, complete=True)]:
        return
    if held or warehouse.query("registry").num_rows:
        raise WarehouseError(
            f"{address} holds {'another demo' if held else 'models that are not a demo'}; it stays as it is.",
            hint="name a dataset or a prefix that is empty.",
        )
    _note(warehouse, parameters, complete=False)
    chosen = fleet(parameters.models)
    register(warehouse, chosen, parameters)
    for model in chosen:
        yield fill(warehouse, parameters, model, evaluated=False)
    before = perf_counter()
    evaluate(warehouse, as_of=parameters.today)
    people.write(warehouse, parameters)
    _note(warehouse, parameters, complete=True)
    yield None, 0, {"evaluate": perf_counter() - before}


def _note(warehouse: Warehouse, parameters: Parameters, *, complete: bool) -> None:
    columns: dict[str, object] = {
        "event_id": [EVENT],
        "happened_at": [datetime.now(UTC)],
        "kind": [EVENT],
        "facts": [json.dumps(marker.content(parameters, complete=complete))],
    }
    warehouse.deliver({"events": table_from_columns("events", columns)}, kind="demo")
