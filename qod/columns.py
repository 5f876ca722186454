"""One column's values: the type that text stands for, and numbers and levels from any type."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from qod.bins import Floats
from qod.errors import InputError

MISSING_WORDS: Final = ("", "NA", "NaN", "nan", "NULL", "null", "N/A")
"""What an unquoted CSV cell may say for "no value"."""

ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
"""How the text of an ISO day, or of a moment, begins."""
_WHOLE: Final = 2.0**53


@dataclass(frozen=True, slots=True)
class Where:
    """Which column of which file a value stands in, for messages."""

    file: str
    column: str

    def error(self, message: str, *, row: int | None = None, hint: str | None = None) -> InputError:
        """An InputError about this column; ``row`` counts from 1."""
        return InputError(message, file=self.file, row=row, column=self.column, hint=hint)


def is_text(kind: pa.DataType) -> bool:
    """Whether values of this type are text (dictionaries of text included)."""
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_number(kind: pa.DataType) -> bool:
    """Whether values of this type are numbers; booleans are not."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def is_time(kind: pa.DataType) -> bool:
    """Whether values of this type are days, times or durations."""
    return bool(pa.types.is_temporal(kind))


def is_plain(kind: pa.DataType) -> bool:
    """Whether a column of this type can be looked at at all: not nested, not binary."""
    if pa.types.is_dictionary(kind):
        return is_plain(kind.value_type)
    simple = pa.types.is_boolean(kind) or pa.types.is_null(kind)
    return bool(simple or is_text(kind) or is_number(kind) or is_time(kind))


def require_plain(values: pa.ChunkedArray, where: Where) -> pa.ChunkedArray:
    """The values themselves; InputError when they are nested or binary."""
    if not is_plain(values.type):
        raise where.error(
            f"values of type {values.type} cannot be used.", hint="deliver text, numbers, booleans or dates."
        )
    return values


def infer(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of text with the type that ALL its values have: boolean, whole number, number, day, time; else text.

    Numbers with leading zeros (007) and whole numbers too long for 64 bits stay text: they are codes.
    """
    if text.null_count == len(text):
        return pa.chunked_array([pa.nulls(len(text))])
    first = _first_value(text).strip()
    if first.lower() in ("true", "false"):
        lower = pc.utf8_lower(text)
        words = set(pc.unique(lower).to_pylist())
        return pc.equal(lower, "true") if words <= {"true", "false", None} else text
    if parse_number(first) is not None:
        return _inferred_number(text)
    if ISO_DAY.match(first):
        for kind in (pa.date32(), pa.timestamp("us"), pa.timestamp("ns"), pa.timestamp("us", "UTC")):
            typed = cast_or_none(text, kind)
            if typed is not None:
                return typed
    return text


def _first_value(text: pa.ChunkedArray) -> str:
    for chunk in text.chunks:
        if chunk.null_count < len(chunk):
            return str(chunk.drop_null()[0].as_py())
    return ""


def _inferred_number(text: pa.ChunkedArray) -> pa.ChunkedArray:
    typed = cast_or_none(text, pa.int64())
    if typed is not None:
        coded = pc.or_(pc.starts_with(text, "0"), pc.starts_with(text, "-0"))
        candidates = pc.unique(text.filter(coded)).to_pylist()
        return text if any(re.fullmatch(r"-?0[0-9xX].*", value) for value in candidates if value) else typed
    typed = cast_or_none(text, pa.float64())
    if typed is None:
        trimmed = pc.utf8_trim_whitespace(text)
        found = text if trimmed.equals(text) else _inferred_number(trimmed)
        return text if is_text(found.type) else found
    long = text.filter(pc.greater_equal(pc.utf8_length(text), 19))
    if any(re.fullmatch(r"[+-]?\d{19,}", value) for value in pc.unique(long).to_pylist() if value):
        return text
    return typed


def cast_or_none(values: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray | None:
    """The values as ``kind``, or None when one of them is no such thing."""
    try:
        return values.cast(kind)
    except pa.ArrowInvalid:
        return None


def parse_number(text: str) -> float | None:
    """The number a text stands for (decimal point, exponent, inf); None when it is none."""
    word = text.strip()
    if "_" in word:
        return None
    try:
        return float(word)
    except ValueError:
        return None


def numbers(values: pa.ChunkedArray, where: Where) -> Floats:
    """The column as float64, missing is NaN. Text is read as numbers; InputError names the first row that is none."""
    kind = values.type
    if is_text(kind):
        return _numbers_of_text(values, where)
    if pa.types.is_dictionary(kind):
        return numbers(values.cast(kind.value_type), where)
    if pa.types.is_null(kind):
        return np.full(len(values), np.nan)
    if not (is_number(kind) or pa.types.is_boolean(kind)):
        raise where.error(f"numbers were expected, found {kind}.", hint="deliver the type that training had.")
    if pa.types.is_decimal(kind) or pa.types.is_boolean(kind):
        values = values.cast(pa.float64()) if pa.types.is_decimal(kind) else values.cast(pa.int8())
    out = np.empty(len(values), dtype=np.float64)
    place = 0
    for chunk in values.chunks:
        out[place : place + len(chunk)] = fixed_width(chunk)
        if chunk.null_count:
            out[place : place + len(chunk)][_missing(chunk)] = np.nan
        place += len(chunk)
    return out


def fixed_width(chunk: pa.Array) -> npt.NDArray[Any]:
    """The values of a fixed-width array as they lie in memory; whatever stands under NULL included."""
    data = chunk.buffers()[1]
    if data is None or len(chunk) == 0:
        return np.full(len(chunk), 0, dtype=chunk.type.to_pandas_dtype())
    return np.frombuffer(data, dtype=chunk.type.to_pandas_dtype())[chunk.offset : chunk.offset + len(chunk)]


def _missing(chunk: pa.Array) -> npt.NDArray[np.bool_]:
    held = np.frombuffer(chunk.buffers()[0], dtype=np.uint8)
    bits = np.unpackbits(held, count=chunk.offset + len(chunk), bitorder="little")
    return np.equal(bits[chunk.offset :], 0)


def _numbers_of_text(values: pa.ChunkedArray, where: Where) -> Floats:
    codes, words = dictionary(values)
    table = np.full(len(words) + 1, np.nan)
    wrong = []
    for i, word in enumerate(words):
        number = parse_number(word) if word is not None else math.nan
        if number is not None:
            table[i] = number
        elif word.strip() not in MISSING_WORDS:
            wrong.append(i)
    if wrong:
        row = int(np.flatnonzero(np.isin(codes, wrong))[0])
        raise where.error(
            f"{words[codes[row]]!r} is not a number, and the variable is numeric.",
            row=row + 1,
            hint="write numbers with a decimal point and no thousands separator; leave missing cells empty "
            f"(or write {', '.join(word for word in MISSING_WORDS if word)}).",
        )
    return table[codes]


def dictionary(values: pa.ChunkedArray) -> tuple[npt.NDArray[np.int32], list[Any]]:
    """Each row's code (-1 is missing) and the value of each code, in order of first appearance."""
    if pa.types.is_string_view(values.type):
        values = values.cast(pa.string())
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    values = values.unify_dictionaries()
    if values.num_chunks == 0:
        return np.zeros(0, dtype=np.int32), []
    out = np.empty(len(values), dtype=np.int32)
    place = 0
    for chunk in values.chunks:
        part = out[place : place + len(chunk)]
        part[:] = fixed_width(chunk.indices)
        if chunk.indices.null_count:
            part[_missing(chunk.indices)] = -1
        place += len(chunk)
    return out, values.chunk(0).dictionary.to_pylist()


def levels(values: pa.ChunkedArray) -> tuple[npt.NDArray[np.int32], list[str]]:
    """The column as categories: each row's code (-1 is missing) and the text of each code.

    Whole numbers are written without a point whatever their type (1.0 is 1), booleans as true and false, days in
    ISO form. Empty text and NaN are missing: a CSV cannot tell them from an empty cell.
    """
    if pa.types.is_null(values.type):
        return np.full(len(values), -1, dtype=np.int32), []
    codes, raw = dictionary(values)
    texts = [level_text(value) for value in raw]
    distinct: dict[str, int] = {}
    table = np.full(len(texts) + 1, -1, dtype=np.int32)
    for i, text in enumerate(texts):
        if text is not None:
            table[i] = distinct.setdefault(text, len(distinct))
    straight = len(distinct) == len(texts)
    return (codes if straight else table[codes]), list(distinct)


def level_text(value: object) -> str | None:
    """How a value is written as a category; None when it is missing."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def spellings(level: str) -> tuple[str, ...]:
    """Other ways a file may write the same level: 1, 1.0; true, True, TRUE."""
    lower = level.lower()
    if lower in ("true", "false"):
        return (lower, lower.capitalize(), lower.upper())
    number = parse_number(level) if level[-1:].isdigit() or level[-1:] == "." else None
    if number is None or not math.isfinite(number):
        return ()
    return tuple(text for text in (level_text(number), repr(number)) if text is not None and text != level)
