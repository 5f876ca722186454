"""Reading a CSV as text, in blocks, and saying where it breaks."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO, Final

import pyarrow as pa
import pyarrow.csv as pa_csv

from qod.columns import MISSING_WORDS
from qod.errors import InputError
from qod.spill import Spill

BLOCK_BYTES: Final = 8 << 20
_LONGEST_HEADER: Final = 4 << 20
_OPEN_QUOTE: Final = (
    "a quote may open in this row and close only further down; a quote inside a text is written twice, "
    "the text in quotes."
)


def read_csv(stream: IO[bytes], spill: Spill, *, label: str) -> tuple[str, ...]:
    """Write every column of the CSV to ``spill`` as text; returns notes. ``stream`` can be rewound.

    Comma separated, one header row, UTF-8, quotes by doubling. Raises InputError with the row of what is wrong.
    """
    header = _header(stream, label)
    # Arrow would take an empty line before the header for the header.
    stream.seek(0)
    start = stream.read(_LONGEST_HEADER)
    stream.seek(len(start) - len(start.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n")))
    counting = _Quotes(stream)
    kept = [(place, name) for place, name in enumerate(header) if name]
    held = [f"c{place}" for place in range(len(header))]
    try:
        # Only the opener may raise for an empty file, which _header has excluded already.
        reader = pa_csv.open_csv(
            pa.PythonFile(counting, "r"),
            read_options=pa_csv.ReadOptions(column_names=held, skip_rows_after_names=1, block_size=BLOCK_BYTES),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(held, pa.string()),
                null_values=list(MISSING_WORDS),
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        last = None
        for block in reader:
            if block.num_rows:
                spill.add(
                    pa.RecordBatch.from_arrays([block.column(place) for place, _ in kept], names=[n for _, n in kept])
                )
                last = block
    except pa.ArrowInvalid as error:
        raise _diagnosed(stream, header, label, str(error)) from error
    if counting.quotes % 2 and last is not None:
        _refuse_open_quote(last, spill.rows, header, label)
    return tuple(f"Column {p + 1} has no name and was left out." for p, name in enumerate(header) if not name)


class _Quotes(io.RawIOBase):
    """A byte stream that counts the quotes that pass through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.quotes = 0

    def read(self, size: int | None = -1) -> bytes:
        data = self._stream.read(-1 if size is None else size)
        self.quotes += data.count(b'"')
        return data

    def readable(self) -> bool:
        return True


def _header(stream: IO[bytes], label: str) -> list[str]:
    try:
        text = stream.read(_LONGEST_HEADER).decode("utf-8-sig", errors="replace")
        header = next((row for row in csv.reader(io.StringIO(text, newline=""), strict=False) if row), None)
    except csv.Error as error:
        raise InputError(f"the header cannot be read: {_ended(error)}", file=label, hint=_OPEN_QUOTE) from error
    if header is None:
        raise InputError("the file is empty.", file=label, hint="deliver a header and at least one row.")
    if any("�" in name for name in header):
        raise _not_utf8(label, None, None)
    if header[0].lower().startswith("sep="):
        raise InputError(
            "the first line is 'sep=', which only Excel reads.",
            file=label,
            hint="the header must be the first line: take the line above it away.",
        )
    if len(header) == 1:
        for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if mark in header[0]:
                raise InputError(
                    f"the header is one column with {word} in it: {header[0][:80]!r}.",
                    file=label,
                    hint="write the CSV with commas between columns and decimal points (in R: write.csv).",
                )
    names = [name for name in header if name]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"the name stands {names.count(twice[0])} times in the header.",
            file=label,
            column=twice[0],
            hint="give every column a name of its own.",
        )
    if not names:
        raise InputError("no column has a name.", file=label, hint="the first row must name the columns.")
    return header


def _refuse_open_quote(last: pa.RecordBatch, rows: int, header: list[str], label: str) -> None:
    """A quote that is never closed swallows the rest of the file: its last cell then has line breaks in it."""
    for place, name in enumerate(header):
        cell = last.column(place)[last.num_rows - 1].as_py()
        if cell is not None and ("\n" in cell or "\r" in cell):
            raise InputError(
                "a quote opens here and is never closed.",
                file=label,
                row=rows,
                column=name or None,
                hint="the file may be cut off; a quote inside a text is written twice.",
            )


def _diagnosed(stream: IO[bytes], header: list[str], label: str, message: str) -> InputError:
    """Read the file again, slowly, to find the row that Arrow refused."""
    stream.seek(0)
    if "UTF8" in message:
        return _find_not_utf8(stream, header, label)
    row = 0
    try:
        for row, cells in enumerate(_records(stream), start=0):
            if row and len(cells) != len(header):
                return InputError(
                    f"{_count(len(cells), 'cell')} found where the header has {_count(len(header), 'column')}.",
                    file=label,
                    row=row,
                    hint=_uneven_hint(cells, header),
                )
    except csv.Error as error:
        return InputError(f"the row cannot be read: {_ended(error)}", file=label, row=row + 1, hint=_OPEN_QUOTE)
    return InputError(f"it cannot be read as CSV: {_ended(message)}", file=label, hint=_OPEN_QUOTE)


def _uneven_hint(cells: list[str], header: list[str]) -> str:
    """What probably made a row of another width than the header."""
    if any("\n" in cell or "\r" in cell for cell in cells):
        return _OPEN_QUOTE
    quotes = "a text with a comma in it must stand in quotes."
    if header[0].startswith(("#", "//")):
        return f"the header must be the first line of the file; {header[0][:40]!r} stands there."
    if len(header) == 1:
        return f"the header must be the first line of the file ({header[0][:40]!r} stands there), and {quotes}"
    return quotes


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _ended(reason: object) -> str:
    """Another library's words with one full stop."""
    return f"{str(reason).strip().rstrip('.')}."


def _records(stream: IO[bytes]) -> Iterator[list[str]]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    try:
        yield from (cells for cells in csv.reader(text) if cells)
    finally:
        text.detach()


def _find_not_utf8(stream: IO[bytes], header: list[str], label: str) -> InputError:
    for row, cells in enumerate(_records(stream)):
        for place, cell in enumerate(cells):
            if "�" in cell:
                return _not_utf8(label, row or None, header[place] if row and place < len(header) else None)
    return _not_utf8(label, None, None)


def _not_utf8(label: str, row: int | None, column: str | None) -> InputError:
    return InputError(
        "a character is not UTF-8.", file=label, row=row, column=column, hint="save the file as UTF-8 (not Latin-1)."
    )
