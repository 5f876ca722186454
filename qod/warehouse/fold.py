"""Folding: the same rows in fewer files, under the identifiers they were delivered with."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Set
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from qod.contract import TABLES, arrow_schema
from qod.warehouse import log
from qod.warehouse.log import Commit, DataFile, LiveFile, Scope
from qod.warehouse.state import State

if TYPE_CHECKING:
    from qod.warehouse.lake import LakeWarehouse

MANY: Final = 8
"""This many files of like size in one place are folded."""

COMMITS: Final = 32
"""A log with this many files or more is folded."""

ORPHAN_SECONDS: Final = 24 * 3600
"""Files that no commit names are swept away when they are this old: a slower writer may still commit them."""


def fold(lake: LakeWarehouse) -> None:
    """Fold files of like size in each place (table; model and month for large tables), then the log.

    Files of like size only, so that a row is written again a few times in its life, not every day. Safe beside
    readers and writers and when killed: a fold only adds a file that says the same. Superseded rows stay in the
    files they came in, so an earlier delivery can still be found.
    """
    snapshot = lake.snapshot()
    heaps: dict[tuple[str, str, int], list[LiveFile]] = {}
    for name, files in snapshot.live.items():
        for live in files:
            size = int(math.log(live.file.rows + 1, MANY))
            heaps.setdefault((name, live.file.place, size), []).append(live)
    crowded: dict[tuple[str, str], list[LiveFile]] = {}
    for (name, place, _), heap in sorted(heaps.items()):
        if len(heap) >= MANY:
            crowded.setdefault((name, place), []).extend(heap)
    if crowded:
        delivery_id = log.new_id(snapshot.commits[-1].delivery_id, datetime.now(UTC))
        written = [f for (name, _), files in crowded.items() for f in _folded(lake, name, files, delivery_id)]
        lake.commit(Commit(delivery_id, datetime.now(UTC).isoformat(timespec="microseconds"), "fold", tuple(written)))
    _fold_log(lake)
    _sweep(lake)


def _folded(lake: LakeWarehouse, name: str, files: list[LiveFile], label: str) -> list[DataFile]:
    import pyarrow.parquet as pq

    scope = TABLES[name].scope
    parts, orders = [], {}
    for live in files:
        rows = pq.ParquetFile(lake.root / str(live.file.path)).read().cast(arrow_schema(name))
        gone = set(live.dead)
        if gone:
            keep = [s not in gone for s in zip(*(rows.column(c).to_pylist() for c in scope), strict=True)]
            rows = rows.filter(pa.array(keep))
        parts.append(rows)
        held = {s: o for s, o in zip(live.file.scopes, live.file.orders, strict=True) if s not in gone}
        orders.update(held)
    rows = pa.concat_tables(parts)
    if "model_id" in TABLES[name].names:
        rows = rows.sort_by([(c, "ascending") for c in ("model_id", TABLES[name].partition) if c])
    return lake.write_files(name, rows, label, orders)


def _fold_log(lake: LakeWarehouse) -> None:
    """Write the commits of many log files into one, then remove those. Readers see the union either way.

    A file whose rows all stand in a fold is no longer named: its commit keeps that it was, and how many rows it had.
    """
    folder = lake.root / log.FOLDER
    names = sorted(p.name for p in folder.glob(f"*{log.SUFFIX}")) if folder.exists() else []
    if len(names) < COMMITS:
        return
    commits = {}
    for name in names:
        try:
            for commit in log.decode((folder / name).read_bytes(), name=name):
                commits[commit.delivery_id] = commit
        except FileNotFoundError:
            return  # another process is folding the log
    live_files = [live for files in State(commits.values()).snapshot().live.values() for live in files]
    dead = {live.file.path: frozenset(live.dead) for live in live_files}
    held = {
        (live.file.place, scope): order
        for live in live_files
        for scope, order in zip(live.file.scopes, live.file.orders, strict=True)
        if scope not in dead[live.file.path]
    }
    ordered = [
        replace(commit, files=tuple(_lean(file, held, dead.keys()) for file in commit.files))
        for _, commit in sorted(commits.items())
    ]
    merged = f"{ordered[-1].delivery_id}.log{log.SUFFIX}"
    if merged in names:
        return
    log.write_once(folder / merged, log.encode(ordered))
    for name in names:
        (folder / name).unlink(missing_ok=True)


def _lean(file: DataFile, held: Mapping[tuple[str, Scope], str], live_paths: Set[str | None]) -> DataFile:
    """The file without its name and scopes if every row of it stands in a fold too."""
    if file.path is None or file.path in live_paths or not file.scopes:
        return file
    claims = zip(file.scopes, file.orders, strict=True)
    if all(held.get((file.place, scope)) == order for scope, order in claims):
        return replace(file, path=None, scopes=(), orders=())
    return file


def _sweep(lake: LakeWarehouse) -> None:
    """Remove files that no commit names, left by a process that was killed."""
    named = {file.path for commit in lake.snapshot().commits for file in commit.files}
    before = time.time() - ORPHAN_SECONDS
    for table in (*TABLES, log.FOLDER):
        for path in (lake.root / table).rglob("*"):
            relative = path.relative_to(lake.root).as_posix()
            with suppress(OSError):
                orphan = path.suffix == ".tmp" or (path.suffix == ".parquet" and relative not in named)
                if orphan and path.stat().st_mtime < before:
                    path.unlink()
