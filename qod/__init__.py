"""What a training or scoring job needs to tell Vigie what it saw: counts in frozen bins, scores and outcomes."""

from __future__ import annotations

from qod import guard
from qod.batch import build_batch, deliver_batch
from qod.errors import InputError, UnknownNameError, VigieError, WarehouseError
from qod.history import build_history, deliver_history
from qod.outcomes import build_outcomes, deliver_outcomes
from qod.receipt import Built, Receipt
from qod.reference import build_reference, deliver_reference
from qod.source import Source, open_source
from qod.warehouse import Warehouse, open_warehouse

__all__ = [
    "Built",
    "InputError",
    "Receipt",
    "Source",
    "UnknownNameError",
    "VigieError",
    "Warehouse",
    "WarehouseError",
    "build_batch",
    "build_history",
    "build_outcomes",
    "build_reference",
    "deliver_batch",
    "deliver_history",
    "deliver_outcomes",
    "deliver_reference",
    "guard",
    "open_source",
    "open_warehouse",
]
