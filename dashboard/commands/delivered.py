"""What a delivery is said to be once it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.commands.counted import counted
from dashboard.commands.ending import printable, say

if TYPE_CHECKING:
    from qod import Receipt, Warehouse


def told(warehouse: Warehouse, model: str, what: str, receipt: Receipt) -> None:
    """Say what came in: the notes of whoever counted it on stderr, one line about the delivery on stdout."""
    for note in receipt.notes:
        say(f"Note: {note}")
    stored = {d.table: d.rows for d in warehouse.deliveries(model) if d.delivery_id == receipt.delivery_id}
    facts = [counted(receipt.rows, "row")]
    batches = stored.get("batches", 0)
    if batches > 1:
        facts.append(counted(batches, "batch", "batches"))
    variables = stored.get("reference_variables", 0) or stored.get("batch_variables", 0) // max(batches, 1)
    if variables:
        facts.append(counted(variables, "variable"))
    print(printable(f"Delivered {what}: {', '.join(facts)}."), flush=True)
