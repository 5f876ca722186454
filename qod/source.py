"""Rows from a data frame, an Arrow table or a file, read one column at a time."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

import pyarrow as pa

from qod.columns import infer, is_text, level_text
from qod.errors import InputError, UnknownNameError

Data = Any
"""A pandas data frame, an Arrow table (or anything that exports one), the path of a file, or a table's address."""

_PARQUET: Final = b"PAR1"
_GZIP: Final = b"\x1f\x8b"
_FORMATS: Final = "deliver CSV, CSV.gz, NDJSON, NDJSON.gz or Parquet."


def is_table(data: Data) -> bool:
    """Whether this is the address of a table in BigQuery, bigquery://PROJECT/DATASET/TABLE."""
    return isinstance(data, str) and data.startswith("bigquery://")


@dataclass(frozen=True)
class Source:
    """Rows that can be read column by column; a context manager, since a text file has a temporary copy.

    ``label`` names the file in messages; ``notes`` say what a person should know of the reading.
    """

    label: str
    rows: int
    names: tuple[str, ...]
    read: Callable[[str], pa.ChunkedArray] = field(repr=False)
    untyped: bool = False
    notes: tuple[str, ...] = ()
    release: Callable[[], None] = field(default=lambda: None, repr=False)

    def column(self, name: str) -> pa.ChunkedArray:
        """The column with its type; a CSV's is the type that all of its values have.

        Raises UnknownNameError when there is no such column and InputError when it cannot be read.
        """
        values = self.raw(name)
        return infer(values) if self.untyped and is_text(values.type) else values

    def raw(self, name: str) -> pa.ChunkedArray:
        """The column as it was written: a CSV's as text."""
        self.require(name)
        return self.read(name)

    def require(self, *names: str | None) -> None:
        """UnknownNameError for the first of ``names`` that is no column; None is skipped."""
        for name in names:
            if name is not None and name not in self.names:
                raise UnknownNameError(f"{self.label}: column", name, self.names)

    def close(self) -> None:
        """Delete the temporary copy, if there is one."""
        self.release()

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_source(data: Data, *, label: str | None = None) -> Source:
    """Open ``data``: a pandas data frame, an Arrow table, or the path of a CSV(.gz), NDJSON(.gz) or Parquet file.

    The content decides what a file is, not its name. Never holds more than a few columns in memory at a time.
    Raises InputError when there is nothing to read, or when it is not what it should be.
    """
    if isinstance(data, Source):
        return data
    if isinstance(data, str) and "://" in data:
        raise InputError(
            "rows cannot be read from this address.",
            file=data,
            hint="give the path of a file; a reference and a batch may also be bigquery://PROJECT/DATASET/TABLE.",
        )
    if isinstance(data, str | PathLike):
        source = _open_file(Path(fspath(data)), label or str(data))
    elif isinstance(data, pa.Table | pa.RecordBatch):
        source = _open_arrow(pa.table(data), label or "the table")
    elif type(data).__module__.partition(".")[0] == "pandas" and hasattr(data, "columns"):
        source = _open_frame(data, label or "the data frame")
    elif hasattr(data, "__arrow_c_stream__"):
        source = _open_arrow(pa.table(data), label or "the table")
    else:
        raise InputError(
            f"a {type(data).__name__} cannot be read as rows.", file=label, hint="give a data frame, a table or a path."
        )
    if source.rows == 0:
        source.close()
        raise InputError("there are no rows.", file=source.label, hint="deliver at least one row.")
    return source


def _distinct(names: list[str], label: str) -> tuple[str, ...]:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(
            f"the column name stands {names.count(twice)} times.",
            file=label,
            column=twice,
            hint="give every column a name of its own.",
        )
    if not names:
        raise InputError("there are no columns.", file=label, hint=_FORMATS)
    return tuple(names)


def _open_arrow(table: pa.Table, label: str) -> Source:
    names = _distinct(table.column_names, label)
    return Source(label, table.num_rows, names, table.column)


def _open_frame(frame: Any, label: str) -> Source:
    names = _distinct([str(name) for name in frame.columns], label)
    places = {name: place for place, name in enumerate(names)}

    def read(name: str) -> pa.ChunkedArray:
        series = frame.iloc[:, places[name]]
        try:
            array = pa.array(series, from_pandas=True)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            # Mixed types in one column: text, each value as it would be written as a category.
            array = pa.array([_whole(level_text(_plain(value))) for value in series], pa.string())
        return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])

    return Source(label, len(frame), names, read)


def _whole(text: str | None) -> str | None:
    """The text without halves of characters, which no file could hold."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")


def _plain(value: Any) -> Any:
    """A NumPy or pandas scalar as Python's own; pandas' NA and NaT as None."""
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    return value.item() if hasattr(value, "item") else value


def _open_file(path: Path, label: str) -> Source:
    try:
        if path.is_dir():
            raise InputError("this is a folder, not a file.", file=label, hint=_FORMATS)
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError as error:
        raise InputError("there is no such file.", file=label, hint="check the path.") from error
    except OSError as error:
        raise InputError(f"it cannot be opened: {error.strerror or error}.", file=label) from error
    if not start:
        raise InputError("the file is empty.", file=label, hint=_FORMATS)
    if start.startswith(_PARQUET):
        return _open_parquet(path, label)
    if path.suffix.lower() in (".parquet", ".pq"):
        raise InputError(
            "it is called Parquet, but does not begin as one.", file=label, hint="the file may be damaged or misnamed."
        )
    return _open_text(path, label, packed=start.startswith(_GZIP))


def _open_parquet(path: Path, label: str) -> Source:
    import pyarrow.parquet as pq

    def broken(error: Exception, column: str | None = None) -> InputError:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        reason = reason[:200].rstrip(". ")
        if _ends_as_parquet(path):
            return InputError(
                f"the Parquet file is damaged: {reason}.", file=label, column=column, hint="write or send it again."
            )
        return InputError(
            f"it is no complete Parquet file: {reason}.",
            file=label,
            column=column,
            hint="the file may be cut off: write it again.",
        )

    try:
        metadata = pq.read_metadata(path)
        schema = metadata.schema.to_arrow_schema()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise broken(error) from error
    names = _distinct(schema.names, label)
    texts = [f.name for f in schema if is_text(f.type) and not pa.types.is_dictionary(f.type)]

    def read(name: str) -> pa.ChunkedArray:
        # A reader of its own for each call: columns are read by several threads at once.
        try:
            # Not mapped into memory: a file cut short while it is read would end the process.
            coded = [name] if name in texts else None
            with pq.ParquetFile(path, metadata=metadata, read_dictionary=coded, pre_buffer=False) as file:
                return file.read(columns=[name], use_threads=False).column(name)
        except (pa.ArrowException, OSError, ValueError, KeyError) as error:
            raise broken(error, name) from error

    return Source(label, metadata.num_rows, names, read)


def _ends_as_parquet(path: Path) -> bool:
    """Whether the end of the file is there: what cannot be read of it is damaged, then, not cut off."""
    try:
        with path.open("rb") as file:
            return file.seek(0, io.SEEK_END) >= 12 and file.seek(-4, io.SEEK_END) >= 0 and file.read() == _PARQUET
    except OSError:
        return False


def _open_text(path: Path, label: str, *, packed: bool) -> Source:
    from qod.csvfile import read_csv
    from qod.ndjsonfile import read_ndjson
    from qod.spill import Spill

    spill = Spill()
    try:
        with _opened(path, packed=packed) as stream:
            start = stream.read(4096)
            _refuse_foreign(start, label)
            stream.seek(0)
            lines = _is_ndjson(start, path)
            notes = (read_ndjson if lines else read_csv)(stream, spill, label=label)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        spill.close()
        raise InputError(
            f"the gzip file is damaged or cut off ({error}).", file=label, hint="pack and send it again."
        ) from error
    except OSError as error:
        spill.close()
        raise InputError(f"it cannot be read: {error.strerror or error}.", file=label) from error
    except BaseException:
        spill.close()
        raise
    if spill.rows == 0:
        spill.close()
        raise InputError(
            "there is a header but there are no rows." if not lines else "there are no rows.",
            file=label,
            hint="deliver at least one row.",
        )
    names = tuple(name for name in spill.names if name)
    if not names:
        spill.close()
        raise InputError("there are no columns.", file=label, hint=_FORMATS)
    return Source(label, spill.rows, names, spill.column, untyped=not lines, notes=notes, release=spill.close)


def _opened(path: Path, *, packed: bool) -> IO[bytes]:
    return io.BufferedReader(gzip.open(path, "rb"), 1 << 20) if packed else path.open("rb")


def _refuse_foreign(start: bytes, label: str) -> None:
    if not start:
        raise InputError("the file is empty.", file=label, hint=_FORMATS)
    if start.startswith(_PARQUET):
        raise InputError("this is a Parquet file inside a gzip file.", file=label, hint="unpack it first.")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError("this is a zip or a spreadsheet.", file=label, hint=f"save it in another format: {_FORMATS}")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in start:
        raise InputError(
            "this is not UTF-8 text (it has zero bytes, as UTF-16 or a binary file does).",
            file=label,
            hint="save the file as UTF-8.",
        )


def _is_ndjson(start: bytes, path: Path) -> bool:
    if ".csv" in (suffix.lower() for suffix in path.suffixes[-2:]):
        return False
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    named = any(suffix.lower() in (".ndjson", ".jsonl") for suffix in path.suffixes[-2:])
    return named or text.startswith((b"{", b"["))
