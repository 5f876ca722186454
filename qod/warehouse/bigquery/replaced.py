"""What was replaced: rows of delivered tables that a later delivery took the place of, kept for a while."""

from __future__ import annotations

from typing import Final

from qod.contract import SOURCES, TABLES, Column, Table

KEPT_DAYS: Final = 400
"""Days that replaced rows are kept for, from the day they were replaced."""

_EXTRA: Final = (
    Column("replaced_by", "STRING", "the delivery that took the row's place", nullable=False),
    Column("replaced_at", "TIMESTAMP", "when it did", nullable=False),
)


def replaced_name(name: str) -> str:
    """The table that keeps the replaced rows of the table ``name``."""
    return f"replaced_{name}"


REPLACED: Final[dict[str, Table]] = {
    name: Table(
        replaced_name(name),
        "deliveries",
        f"rows of {name} that a later delivery replaced, kept for {KEPT_DAYS} days",
        key=(*TABLES[name].key, "delivery_id"),
        scope=TABLES[name].scope,
        partition="replaced_at",
        columns=(*TABLES[name].columns, *_EXTRA),
    )
    for name in SOURCES
}
"""By the name of the table that the rows were in."""
