"""What a test writes into a warehouse by hand: rows as dictionaries, and events."""

from __future__ import annotations

from typing import Any

from dashboard.events import Event, to_table
from qod.contract import table_from_columns
from qod.warehouse import Warehouse


def send_rows(warehouse: Warehouse, kind: str, **tables: list[dict[str, Any]]) -> None:
    """Deliver rows of some tables at once; all rows of a table have the same columns."""
    columns = {
        name: {key: [row[key] for row in rows] for key in rows[0]} if rows else {} for name, rows in tables.items()
    }
    warehouse.deliver({name: table_from_columns(name, own) for name, own in columns.items()}, kind=kind)


def send_events(warehouse: Warehouse, *events: Event) -> None:
    """Deliver events, as people and jobs do."""
    warehouse.deliver({"events": to_table(events)}, kind="events")
