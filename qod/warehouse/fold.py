"""Folding: the same rows in fewer files, under the identifiers they were delivered with."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from qod.contract import TABLES, arrow_schema
from qod.warehouse.log import Commit, DataFile, LiveFile
from qod.warehouse.seal import seal

if TYPE_CHECKING:
    from qod.warehouse.lake import LakeWarehouse

MANY: Final = 8
"""This many files of like size in one place are folded."""

_AT_ONCE: Final = 64 * 2**20
"""About so many bytes of files are read at once to be folded."""

_GUESS: Final = 2**20
"""The size that a file of an earlier release is taken to have."""


def fold(lake: LakeWarehouse) -> None:
    """Fold files of like size in each place (table; model and month for large tables), then the log.

    Files of like size only, so that a row is written again a few times in its life, not every day. Safe beside
    readers and writers and when killed: a fold only adds a file that says the same. Superseded rows stay in the
    files they came in, so an earlier delivery can still be found.
    """
    state = lake.journal.state()
    crowded = []
    for name, held in zip(TABLES, state.tables(tuple(TABLES)), strict=True):
        # Most days most places are not: then their files are not looked at one by one.
        if any(many >= MANY for many in Counter(_heap(path, rows) for path, rows in held.sizes()).values()):
            crowded += [(name, files) for files in _crowded(held.live())]
    if crowded:
        now = datetime.now(UTC)
        delivery_id = lake.next_id(now)
        written: list[DataFile] = []
        for some in _portions(crowded):
            written += _folded(lake, some, delivery_id)
        lake.commit(Commit(delivery_id, now.isoformat(timespec="microseconds"), "fold", tuple(written)))
    seal(lake.journal)


def _crowded(live: tuple[LiveFile, ...]) -> Iterator[list[LiveFile]]:
    """The files to fold, by place."""
    heaps: dict[tuple[str, int], list[LiveFile]] = {}
    for held in live:
        heaps.setdefault(_heap(held.file.path or "", held.file.rows), []).append(held)
    places: dict[str, list[LiveFile]] = {}
    for (place, _), heap in sorted(heaps.items()):
        if len(heap) >= MANY:
            places.setdefault(place, []).extend(heap)
    yield from places.values()


def _heap(path: str, rows: int) -> tuple[str, int]:
    """The folder of a file, and about how large it is: files that have both in common are folded."""
    return path.rpartition("/")[0], int(math.log(rows + 1, MANY))


def _portions(crowded: list[tuple[str, list[LiveFile]]]) -> Iterator[list[tuple[str, list[LiveFile]]]]:
    """The places to fold, some at a time."""
    portion, size = [], 0
    for name, files in crowded:
        portion.append((name, files))
        size += sum(live.file.bytes or _GUESS for live in files)
        if size >= _AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _whole(name: str, rows: pa.Table) -> pa.Table:
    """The rows of a file with all columns of its table: NULL in those that an earlier release did not write."""
    schema = arrow_schema(name)
    if rows.schema.equals(schema):
        return rows
    for field in schema:
        if field.name not in rows.column_names:
            rows = rows.append_column(field, pa.nulls(len(rows), field.type))
    return rows.select(schema.names).cast(schema)


def _folded(lake: LakeWarehouse, places: list[tuple[str, list[LiveFile]]], label: str) -> list[DataFile]:
    import pyarrow.parquet as pq

    paths = [str(live.file.path) for _, files in places for live in files]
    read = dict(zip(paths, lake.store.read(paths), strict=True))
    pieces = []
    for name, files in places:
        scope, parts = TABLES[name].scope, []
        for live in files:
            source = pq.ParquetFile(pa.BufferReader(read.pop(str(live.file.path))))
            # Small files: handing their columns to other threads takes longer than reading them.
            rows = _whole(name, source.read(use_threads=False))
            if live.dead:
                gone = set(live.dead)
                keep = [s not in gone for s in zip(*(rows.column(c).to_pylist() for c in scope), strict=True)]
                rows = rows.filter(pa.array(keep))
            parts.append(rows)
        folded = pa.concat_tables(parts)
        if "model_id" in TABLES[name].names:
            folded = folded.sort_by([(c, "ascending") for c in ("model_id", TABLES[name].partition) if c])
        pieces.append((name, folded))
    return lake.write_files(pieces, label)
