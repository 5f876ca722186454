"""A finding: one rule's verdict on one subject of one batch, with every number it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict that is not green.

    ``colour`` is amber, red, grey, or note (worth knowing, no colour); ``since`` is the first day of the present run
    of that colour; ``weight`` the variable's importance when known. ``facts`` holds plain JSON values, unrounded.
    """

    model_id: str
    model_version: str
    batch_id: str
    batch_date: date
    subject: str
    rule: str
    family: str
    colour: str
    since: date
    weight: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def from_row(row: Mapping[str, Any]) -> Finding:
    """The finding that a row of the table ``findings`` holds; without facts where the query leaves them out."""
    return Finding(
        model_id=row["model_id"],
        model_version=row["model_version"],
        batch_id=row["batch_id"],
        batch_date=row["batch_date"],
        subject=row["subject"],
        rule=row["rule"],
        family=row["family"],
        colour=row["colour"],
        since=row["since"],
        weight=row["weight"],
        facts=json.loads(row["facts"]) if row.get("facts") else {},
    )
