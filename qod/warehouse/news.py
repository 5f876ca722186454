"""What was delivered since evaluation last looked: told by a warehouse, read by evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows that one delivery brought to one table of a model.

    ``model_version`` and ``batch_id`` are None where the table's scope has none. ``first`` and ``last`` bound the days
    of the rows; None where the table has no days, or some of the rows have none.
    """

    delivery_id: str
    table: str
    model_version: str | None
    batch_id: str | None
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class ModelNews:
    """What was delivered of one model since a mark; ``changes`` is None where anything may have changed.

    ``mark`` is what to ask from the next time; only the warehouse that made it can read it.
    """

    mark: str
    changes: tuple[Changed, ...] | None


@dataclass(frozen=True, slots=True)
class News:
    """The news of every registered model; ``mark`` stands for all that was seen, whatever model it is of."""

    mark: str
    models: dict[str, ModelNews]
