"""A model one of whose batches had holes, with the message that was sent about them; the batch can be mended."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

import qod
from dashboard.evaluation.evaluate import evaluate
from dashboard.finding import Finding, from_row
from dashboard.links import finding_link
from dashboard.rules import sentence
from qod.contract import table_from_columns
from qod.warehouse import Warehouse
from tests.deliveries import register

FIRST: Final = date(2026, 11, 12)
BROKEN: Final = (FIRST + timedelta(days=4), FIRST + timedelta(days=5))
"""Days whose batches lack a third of the ages; the day after them, the newest, is whole again."""
LAST: Final = FIRST + timedelta(days=6)
EVENT: Final = "mail/1 <b>"
VARIABLE: Final = "age"


def redelivered(folder: Path) -> Warehouse:
    """The model ``churn``, evaluated, and the event of a message about the holes in the first broken batch."""
    warehouse = delivered(folder, until=LAST)
    tell(warehouse, finding_of(warehouse))
    return warehouse


def delivered(folder: Path, *, until: date) -> Warehouse:
    """The model ``churn`` with its batches up to a day, evaluated as of then."""
    warehouse = register(folder)
    chance = np.random.default_rng(3)
    qod.deliver_reference("churn", "v1", _rows(chance, 4000), warehouse=warehouse)
    for number in range((until - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        qod.deliver_batch("churn", "v1", day, _rows(chance, 500, holes=day in BROKEN), warehouse=warehouse)
    evaluate(warehouse, as_of=until)
    return warehouse


def finding_of(warehouse: Warehouse, day: date = BROKEN[0]) -> Finding:
    """What the rule on missing values found in the batch of ``day``."""
    rows = warehouse.query(
        "model_findings", model_id="churn", model_version="v1", batch_id=day.isoformat(), batch_date=day
    ).to_pylist()
    return next(from_row(row) for row in rows if row["rule"] == "missing")


def tell(warehouse: Warehouse, finding: Finding, event_id: str = EVENT, **facts: object) -> None:
    """Write down that a message about ``finding`` was sent now."""
    words = sentence(finding)
    said = {"rule": finding.rule, "colour": finding.colour, "since": finding.since.isoformat()}
    columns = {
        "event_id": [event_id],
        "happened_at": [datetime.now(UTC)],
        "kind": ["message_sent"],
        "model_id": [finding.model_id],
        "model_version": [finding.model_version],
        "batch_id": [finding.batch_id],
        "subject": [finding.subject],
        "facts": [json.dumps({**said, "sentence_en": words.en, "sentence_fr": words.fr, **facts})],
    }
    warehouse.deliver({"events": table_from_columns("events", columns)}, kind="event")


def mend(warehouse: Warehouse, day: date = BROKEN[0], *, as_of: date = LAST) -> None:
    """Deliver the batch of ``day`` again, without holes, and judge it."""
    qod.deliver_batch("churn", "v1", day, _rows(np.random.default_rng(9), 500), warehouse=warehouse)
    evaluate(warehouse, as_of=as_of)


def link(finding: Finding, event_id: str | None = EVENT) -> str:
    """The address in the message, from the application's root on."""
    return finding_link("", finding, event_id)


def _rows(chance: np.random.Generator, n: int, *, holes: bool = False) -> pa.Table:
    ages = chance.normal(40, 10, n)
    return pa.table(
        {
            "age": pa.array(ages, mask=(np.arange(n) % 3 == 0) if holes else None),
            "plan": pa.array(chance.choice(["a", "b"], n).tolist()),
        }
    )
