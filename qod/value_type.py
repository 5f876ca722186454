"""What the values of a column are, whatever part they play: numbers, booleans, text or times."""

from __future__ import annotations

from typing import Literal

import pyarrow as pa

from qod.columns import is_number, is_text, is_time
from qod.source import Source

ValueType = Literal["number", "boolean", "text", "time"]


def value_type(kind: pa.DataType) -> ValueType | None:
    """What values of this type are; None for a column without any value, and for what cannot be counted."""
    if pa.types.is_dictionary(kind):
        return value_type(kind.value_type)
    if pa.types.is_boolean(kind):
        return "boolean"
    if is_number(kind):
        return "number"
    if is_text(kind):
        return "text"
    return "time" if is_time(kind) else None


def type_in(source: Source, kind: pa.DataType) -> ValueType | None:
    """``value_type`` of a column of ``source``; None where the file cannot say, as a CSV, in which all is text."""
    return None if source.untyped else value_type(kind)
