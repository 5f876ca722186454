"""What a metric declares about itself, and what it returns with an uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from dashboard.text import Text

Unit = Literal["index", "share", "count", "quantity", "colour"]
"""How a value is written: ``.17``, ``38 %``, ``2,114``, in the outcome's own unit, or as a colour."""


@dataclass(frozen=True, slots=True)
class Metric:
    """The facts of a metric. ``subjects`` are variable, batch or model; ``better`` says which way is good, if any.

    A formula or a source in one string holds no words of a language: symbols, or a reference to a publication.
    """

    key: str
    name: Text
    meaning: Text
    formula: str | Text
    source: str | Text
    example: Text
    unit: Unit
    better: Literal["low", "high"] | None
    subjects: tuple[Literal["variable", "batch", "model"], ...]


class Estimate(NamedTuple):
    """A value with its standard error, 95 % interval and the rows behind it; None where there is no such number.

    A tuple: a year of cohorts holds thousands, and pages keep them pickled.
    """

    value: float | None
    se: float | None
    low: float | None
    high: float | None
    n: int


MINIMUM_ROWS = 10
"""Fewer positives, negatives or rows than this give no performance value at all."""

COLOURED_ROWS = 30
"""Fewer than this give a value without a colour: grey."""
