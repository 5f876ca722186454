"""Does a file, or a whole warehouse, honour the contract? Every violation, with file, row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.checks.between import Known, between
from dashboard.checks.columns import Part, Violation, typed_part
from dashboard.checks.policies import policies
from dashboard.checks.rows import within
from qod.contract import DELIVERY_COLUMNS, TABLES, Table
from qod.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from qod.warehouse import Warehouse
    from qod.warehouse.log import LiveFile
    from qod.warehouse.store import Store

LEAST_LIKENESS: Final = 0.3
"""A file's table is told by its columns when this share of all names, the file's and the table's, is in both."""


@dataclass(slots=True)
class Looked:
    """How much a check has looked at so far."""

    files: int = 0
    rows: int = 0


def check_file(path: Path, *, table: str | None = None, looked: Looked | None = None) -> Iterator[Violation]:
    """Every violation in a file of one contract table: Parquet, or CSV or NDJSON (.gz).

    ``table`` names the table; without it the file's columns tell which. In a CSV, arrays are written as JSON.
    Raises InputError when the columns do not tell, UnknownNameError when there is no such table.
    """
    from qod.source import open_source

    try:
        source = open_source(path)
    except InputError as error:
        # The message begins with the place, as the violation does.
        place = str(Violation(error.file or str(path), error.row, error.column, ""))
        yield Violation(str(path), error.row, error.column, error.message.removeprefix(place))
        return
    with source:
        # Empty text and NULL are the same in a CSV.
        read = (lambda name: _without_empty(source.raw(name))) if source.untyped else source.raw
        chosen = TABLES[table] if table in TABLES else _table_of(source.names, table, path)
        part, found = typed_part(chosen, str(path), source.names, read, source.rows)
        if looked is not None:
            looked.files, looked.rows = looked.files + 1, looked.rows + source.rows
        yield from found
        yield from within(part)


def check_warehouse(
    warehouse: Warehouse,
    *,
    looked: Looked | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Iterator[Violation]:
    """Every violation in the rows of the warehouse that hold now, and between its tables.

    Superseded rows are left out. Of files, one model of a large table is held in memory at a time; of a dataset, a
    whole table, which is read and billed as such.
    """
    looked = Looked() if looked is None else looked
    known = Known()
    for done, table in enumerate(TABLES.values()):
        if progress is not None:
            progress(done, len(TABLES), table.name)
        for pieces in _groups(warehouse, table):
            parts = []
            for part, found in pieces:
                yield from found
                if part is not None:
                    parts.append(part)
                    looked.files, looked.rows = looked.files + 1, looked.rows + len(part)
            if parts:
                part = Part.joined(parts)
                yield from within(part)
                yield from between(part, known)
                known.learn(part)
    yield from policies(known)


def _without_empty(values: pa.ChunkedArray) -> pa.ChunkedArray:
    texts = values.cast(pa.string())
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _table_of(names: Sequence[str], table: str | None, path: Path) -> Table:
    """The table whose columns are most like ``names``."""
    if table is not None:
        raise UnknownNameError("table", table, TABLES)
    have = set(names) - set(DELIVERY_COLUMNS)
    likeness = {}
    for candidate in TABLES.values():
        want = set(candidate.names) - set(DELIVERY_COLUMNS)
        likeness[candidate.name] = len(have & want) / len(have | want)
    best = sorted(likeness, key=lambda name: -likeness[name])
    if likeness[best[0]] < LEAST_LIKENESS or likeness[best[0]] == likeness[best[1]]:
        raise InputError(
            "its columns do not tell which table of the contract it is.",
            file=str(path),
            hint=f"say --table NAME, one of {', '.join(TABLES)}; docs/contract.md lists their columns.",
        )
    return TABLES[best[0]]


_Piece = tuple[Part | None, list[Violation]]


def _groups(warehouse: Warehouse, table: Table) -> Iterator[Iterator[_Piece]]:
    """The table's rows in pieces: files of one model at a time for a large table, all at once for the others."""
    from qod.warehouse.lake import LakeWarehouse

    if not isinstance(warehouse, LakeWarehouse):
        rows = warehouse.table(table.name)
        yield iter([typed_part(table, table.name, rows.column_names, rows.column, rows.num_rows)])
        return
    groups: dict[str | None, list[LiveFile]] = {}
    for live in warehouse.live_files(table.name)[table.name]:
        groups.setdefault(live.file.model_id if table.large else None, []).append(live)
    for files in groups.values():
        yield (_read(table, warehouse.store, live) for live in files)


def _read(table: Table, store: Store, live: LiveFile) -> tuple[Part | None, list[Violation]]:
    """The rows of one file that hold now; a file that cannot be read is itself a violation."""
    import pyarrow.parquet as pq

    path = f"{store}/{live.file.path}"
    try:
        (copy,) = store.local([str(live.file.path)], afresh=True)
        with pq.ParquetFile(copy) as file:
            rows = file.read()
    except (OSError, pa.ArrowException) as error:
        reason = "it is not there" if isinstance(error, FileNotFoundError) else " ".join(str(error).split())[:200]
        return None, [Violation(path, None, None, f"it cannot be read: {reason}.")]
    part, found = typed_part(table, path, rows.column_names, rows.column, rows.num_rows)
    if live.dead:
        columns = [part.data.column(name).to_pylist() for name in table.scope]
        dead = set(live.dead)
        part = part.keep(np.array([scope not in dead for scope in zip(*columns, strict=True)], bool))
        numbers = set(part.row_of.tolist())
        found = [violation for violation in found if violation.row is None or violation.row in numbers]
    return part, found
