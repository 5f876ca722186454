"""What a figure or a table shows, as plain values: for a table beneath a figure, and for a file."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

Value = str | float | int | None


@dataclass(frozen=True, slots=True)
class Data:
    """Headings, and rows of words and numbers; days are ISO dates, shares 0..1, unrounded where there is no reason."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def to_csv(data: Data) -> str:
    """The data as CSV (RFC 4180), with a byte order mark, so that spreadsheets read its accents.

    A text that begins like a formula is preceded by an apostrophe: it must not become one in a spreadsheet. The buttons
    beneath a figure write the same (assets/figures.js).
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([_field(column) for column in data.columns])
    writer.writerows([_field(value) for value in row] for row in data.rows)
    return "\ufeff" + written.getvalue()


def _field(value: Value) -> Value:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return int(value)  # as a browser writes it
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return "'" + value
    return value
