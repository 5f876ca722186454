"""Reading newline-delimited JSON in blocks of lines, and saying where it breaks."""

from __future__ import annotations

import io
import json
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.json as pa_json

from qod.columns import level_text
from qod.errors import InputError
from qod.spill import Spill

BLOCK_BYTES: Final = 8 << 20


def read_ndjson(stream: IO[bytes], spill: Spill, *, label: str) -> tuple[str, ...]:
    """Write the objects, one a line, to ``spill``; a key that a line lacks is missing there. Returns notes.

    Raises InputError with the row of a line that is no JSON object.
    """
    first = True
    lines_before = 0
    while True:
        lines = stream.readlines(BLOCK_BYTES)
        if not lines:
            break
        if first and lines[0].startswith(b"\xef\xbb\xbf"):
            lines[0] = lines[0][3:]
        first = False
        lines = [line for line in lines if not line.isspace()]
        if not lines:
            continue
        table = _quickly(lines)
        if table is None:
            table = _slowly(lines, lines_before, label)
        for block in table.combine_chunks().to_batches():
            spill.add(block)
        lines_before += len(lines)
    return ()


def _quickly(lines: list[bytes]) -> pa.Table | None:
    """The block by Arrow's own parser; None when it does not take it, or took it for something else."""
    data = b"".join(lines)
    try:
        data.decode("utf-8")
        table = _parsed(data, lines, None)
        # Arrow turns ISO text into times; text it must stay, since another block may hold other text.
        times = [field.name for field in table.schema if pa.types.is_temporal(field.type)]
        if times:
            kept = pa.schema([pa.field(name, pa.string()) for name in times])
            table = _parsed(data, lines, kept).select(table.column_names)
    except (pa.ArrowException, UnicodeDecodeError):
        return None
    fine = all(_simple(field.type) or pa.types.is_nested(field.type) for field in table.schema)
    return table if table.num_rows == len(lines) and fine else None


def _simple(kind: pa.DataType) -> bool:
    return kind in (pa.int64(), pa.float64(), pa.string(), pa.bool_(), pa.null())


def _parsed(data: bytes, lines: list[bytes], schema: pa.Schema | None) -> pa.Table:
    longest = max(len(data), 1 << 16)
    return pa_json.read_json(
        io.BytesIO(data),
        read_options=pa_json.ReadOptions(use_threads=False, block_size=longest + 1),
        parse_options=pa_json.ParseOptions(explicit_schema=schema),
    )


def _slowly(lines: list[bytes], before: int, label: str) -> pa.Table:
    """The block line by line: for values of mixed types, NaN, and to find the line that is broken."""
    columns: dict[str, list[Any]] = {}
    for place, line in enumerate(lines):
        row = before + place + 1
        for name, value in _object(line, row, label).items():
            columns.setdefault(name, [None] * place).append(value)
        for held in columns.values():
            if len(held) == place:
                held.append(None)
    return pa.table({name: _typed(held) for name, held in columns.items()}) if columns else pa.table({"": []})


def _object(line: bytes, row: int, label: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError("the key stands twice in one object.", file=label, row=row, column=twice)
        return found

    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=once)
    except UnicodeDecodeError as error:
        raise InputError(
            "a character is not UTF-8.", file=label, row=row, hint="save the file as UTF-8 (not Latin-1)."
        ) from error
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise InputError(
            f"the line is not JSON ({reason}).", file=label, row=row, hint="write one complete JSON object a line."
        ) from error
    if not isinstance(value, dict):
        raise InputError(
            f"an object was expected, found {type(value).__name__}.",
            file=label,
            row=row,
            hint='write one JSON object a line, as {"age": 31, "plan": "A"}.',
        )
    return value


def _typed(values: list[Any]) -> pa.Array:
    try:
        found = pa.array(values)
        if _simple(found.type) or pa.types.is_nested(found.type):
            return found
    except (pa.ArrowException, OverflowError, TypeError):
        pass
    if all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    # Mixed types: text, each value as it would be written as a category.
    return pa.array([json.dumps(v) if isinstance(v, list | dict) else level_text(v) for v in values], pa.string())
