"""A finding: one rule's verdict on one subject of one batch, with every number it rests on."""

from __future__ import annotations

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
