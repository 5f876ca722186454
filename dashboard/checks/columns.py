"""From a file's columns to the contract's types, and what is wrong on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qod.contract import DELIVERY_COLUMNS, Table, arrow_type
from qod.errors import nearest

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a file breaks the contract; ``row`` 1 is the first row of data."""

    file: str
    row: int | None
    column: str | None
    message: str

    def __str__(self) -> str:
        row = f", row {self.row:,}" if self.row is not None else ""
        column = f", column {self.column!r}" if self.column is not None else ""
        return f"{self.file}{row}{column}: {self.message}"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Rows of one table in the contract's types, each with the file and the row (from 1) it stands in.

    ``present`` are the columns that the file had; the others are all NULL in ``data``.
    """

    table: Table
    files: tuple[str, ...]
    file_of: Places
    row_of: Places
    data: pa.Table
    present: frozenset[str]

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def keep(self, rows: Mask) -> Part:
        """The rows where ``rows`` is true."""
        return replace(
            self, file_of=self.file_of[rows], row_of=self.row_of[rows], data=self.data.filter(pa.array(rows))
        )

    def flag(self, rows: Mask, column: str | None, message: str | Callable[[int], str]) -> Iterator[Violation]:
        """A violation for each row where ``rows`` is true; ``message`` may be made from the row's place in ``data``."""
        for place in np.flatnonzero(rows).tolist():
            text = message if isinstance(message, str) else message(place)
            yield Violation(self.files[self.file_of[place]], int(self.row_of[place]), column, text)

    @staticmethod
    def joined(parts: Sequence[Part]) -> Part:
        """The rows of several files of one table."""
        if len(parts) == 1:
            return parts[0]
        return Part(
            parts[0].table,
            tuple(part.files[0] for part in parts),
            np.repeat(np.arange(len(parts)), [len(part) for part in parts]),
            np.concatenate([part.row_of for part in parts]),
            pa.concat_tables([part.data for part in parts]),
            frozenset.intersection(*(part.present for part in parts)),
        )


def typed_part(
    table: Table, file: str, names: Iterable[str], read: Callable[[str], pa.ChunkedArray], rows: int
) -> tuple[Part, list[Violation]]:
    """The file's rows in the contract's types, and every column and value that does not fit.

    The warehouse's own columns may be absent, and those that may be empty. What cannot be read is NULL in the part and
    not reported twice.
    """
    names = list(names)
    found: list[Violation] = []
    for name in names:
        if name not in table.names:
            hint = nearest(name, table.names)
            found.append(Violation(file, None, name, f"table {table.name} has no such column; {hint}"))
    arrays, present = [], set()
    for column in table.columns:
        values: pa.ChunkedArray | None = None
        if column.name in names:
            given = read(column.name)
            values, bad = convert(given, column.type)
            if values is None:
                found.append(Violation(file, None, column.name, f"it is {given.type}; {column.type} is expected."))
            else:
                present.add(column.name)
            for place in bad:
                text = repr(given[place].as_py())[:80]
                found.append(
                    Violation(file, place + 1, column.name, f"{text} is no {column.type}{_form(column.type)}.")
                )
            if values is not None and not column.nullable and values.null_count:
                for place in sorted(set(np.flatnonzero(mask(values.is_null())).tolist()) - set(bad)):
                    found.append(
                        Violation(file, place + 1, column.name, "there is no value, and the contract needs one.")
                    )
        elif not (column.nullable or column.added or column.name in DELIVERY_COLUMNS):
            found.append(Violation(file, None, column.name, f"the column is missing from table {table.name}."))
        arrays.append(pa.chunked_array([pa.nulls(rows, arrow_type(column.type))]) if values is None else values)
    data = pa.table(arrays, names=list(table.names))
    numbers = np.arange(1, rows + 1)
    return Part(table, (file,), np.zeros(rows, np.int64), numbers, data, frozenset(present)), found


def mask(values: pa.Array | pa.ChunkedArray) -> Mask:
    """An Arrow boolean array as NumPy; NULL is False."""
    return np.asarray(values.fill_null(False)).astype(bool)


def convert(values: pa.ChunkedArray, type: str) -> tuple[pa.ChunkedArray | None, list[int]]:
    """``values`` in the Arrow type of the contract's ``type``, and the places (from 0) that do not fit (NULL there).

    None when the column's type is another altogether. Text is read as a CSV writes it: empty is NULL, arrays are JSON.
    """
    wanted = arrow_type(type)
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if values.type == wanted:
        return values, []
    if _is_text(values.type) and wanted != pa.string():
        return _read_text(values.cast(pa.string()), type)
    if not _fits(values.type, wanted):
        return None, []
    try:
        # Finer times than the contract's microseconds are cut.
        return values.cast(wanted, safe=not pa.types.is_timestamp(wanted)), []
    except pa.ArrowInvalid:
        return _one_by_one(values.to_pylist(), wanted)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _fits(found: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether every value of ``found`` is meant as one of ``wanted``."""
    if pa.types.is_null(found) or found == wanted:
        return True
    if pa.types.is_list(wanted):
        lists = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
        return any(is_one(found) for is_one in lists) and _fits(found.value_type, wanted.value_type)
    if pa.types.is_struct(wanted):
        fields = [field.name for field in wanted]
        return (
            pa.types.is_struct(found)
            and [field.name for field in found] == fields
            and all(_fits(found.field(name).type, wanted.field(name).type) for name in fields)
        )
    if pa.types.is_timestamp(wanted):
        return pa.types.is_timestamp(found) and found.tz is not None
    return (
        (pa.types.is_string(wanted) and _is_text(found))
        or (pa.types.is_integer(wanted) and pa.types.is_integer(found))
        or (pa.types.is_floating(wanted) and (pa.types.is_floating(found) or pa.types.is_integer(found)))
        or (pa.types.is_date(wanted) and pa.types.is_date(found))
    )


def _one_by_one(values: Sequence[Any], wanted: pa.DataType) -> tuple[pa.ChunkedArray, list[int]]:
    bad, kept = [], []
    for place, value in enumerate(values):
        try:
            pa.array([value], wanted)
            kept.append(value)
        except (pa.ArrowException, OverflowError, TypeError, ValueError):
            kept.append(None)
            bad.append(place)
    return pa.chunked_array([pa.array(kept, wanted)]), bad


def _read_text(values: pa.ChunkedArray, type: str) -> tuple[pa.ChunkedArray, list[int]]:
    """Each distinct text is read once."""
    wanted = arrow_type(type)
    encoded = pa.chunked_array([values.combine_chunks()]).combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    read, wrong = [], np.zeros(len(texts) + 1, bool)
    for place, text in enumerate(texts):
        try:
            value = None if text == "" else _READERS.get(type, json.loads)(text)
            pa.array([value], wanted)
        except (pa.ArrowException, OverflowError, TypeError, ValueError, RecursionError):
            value, wrong[place] = None, True
        read.append(value)
    places = np.asarray(encoded.indices.fill_null(len(texts))).astype(np.int64)
    distinct = pa.array([*read, None], wanted)
    return pa.chunked_array([distinct.take(pa.array(places))]), np.flatnonzero(wrong[places]).tolist()


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise ValueError(text)
    return int(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


def _day(text: str) -> date:
    if len(text) != len("2026-11-19"):
        raise ValueError(text)
    return date.fromisoformat(text)


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "INT64": _whole,
    "FLOAT64": float,
    "DATE": _day,
    "TIMESTAMP": _moment,
}


def _form(type: str) -> str:
    """How a value of the type is written, for a message."""
    return {
        "DATE": " (write 2026-11-19)",
        "TIMESTAMP": " (write 2026-11-19T08:30:00Z)",
    }.get(type, " (write JSON, as [1, 2])" if type.startswith("ARRAY") else "")
