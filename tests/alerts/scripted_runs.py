"""Runs of 'vigie notify' on the small fleet over a scripted channel, and what they leave behind."""

from __future__ import annotations

from typing import Any, Final

from dashboard.alerts.notify import Run, notify
from dashboard.events import Event, from_row
from dashboard.settings import Settings
from qod.warehouse import Warehouse
from tests.alerts import fleet
from tests.alerts.clocks import Hand
from tests.alerts.scripted import Scripted

EVERYBODY: Final = sorted(fleet.OWNERS[model] for model in fleet.RED)


def quiet(_: str) -> None:
    """Nobody looks on."""


def run(warehouse: Warehouse, scripted: Scripted, hand: Hand, **options: Any) -> Run:
    """One run over the scripted channel, at the time of ``hand``."""
    settings = Settings(public_url="https://vigie.example.org/")
    return notify(warehouse, settings, [scripted.channel], quiet, clock=hand.clock, **options)


def written(warehouse: Warehouse, kind: str = "") -> list[Event]:
    """The events in the warehouse, or those of one kind, by their identifiers."""
    events = [from_row(row) for row in warehouse.table("events").to_pylist()]
    return sorted((e for e in events if e.kind == kind or not kind), key=lambda e: e.event_id)
