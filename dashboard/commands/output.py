"""Rows to stdout: as CSV or JSON for programs, or as a table for people."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

Row = Sequence[Any]


class DataFormat(StrEnum):
    """What a program reads."""

    csv = "csv"
    json = "json"


class TableFormat(StrEnum):
    """What a person or a program reads."""

    table = "table"
    json = "json"
    csv = "csv"


def write_csv(columns: Sequence[str], rows: Iterable[Row]) -> None:
    """A header and the rows; nothing where there is no value, numbers with every digit they have."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_plain(value) for value in row] for row in rows)


def write_json(columns: Sequence[str], rows: Iterable[Row]) -> None:
    """A list of objects, one a line; null where there is no value."""
    sys.stdout.write("[")
    for lead, row in zip(_leads(), rows, strict=False):
        entry = {name: _plain(value) for name, value in zip(columns, row, strict=True)}
        sys.stdout.write(lead + json.dumps(entry, ensure_ascii=False, allow_nan=False))
    sys.stdout.write("\n]\n")


def _leads() -> Iterator[str]:
    yield "\n"
    while True:
        yield ",\n"


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, date) else value
