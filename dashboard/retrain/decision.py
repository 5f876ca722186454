"""What was decided about training a model anew, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dashboard.text import Text

Outcome = Literal["asked", "refused", "awaiting", "failed"]
"""It was asked for; a guard does not hold; only a person's approval is missing; the target did not take it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """About one red run of one model, which began on ``since``. ``reasons`` are whole sentences, one a guard or fault.

    ``request_id`` is the same for the same run however often it is decided, so that a target can refuse a repeat.
    """

    model_id: str
    model_version: str
    batch_id: str
    since: date
    outcome: Outcome
    target: str
    request_id: str
    reasons: tuple[Text, ...] = ()
