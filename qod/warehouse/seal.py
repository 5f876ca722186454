"""Seals the log: many commits become one checkpoint, and what nobody needs any more is removed, some time later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import pyarrow as pa

from qod.contract import TABLES
from qod.warehouse import checkpoint as cp
from qod.warehouse import log
from qod.warehouse.checkpoint import PARTS, PAST, REPLACED, Checkpoint, Columns, Part, Segment
from qod.warehouse.journal import Journal
from qod.warehouse.log import FOLDER
from qod.warehouse.past import rows_of, with_deliveries
from qod.warehouse.state import State

COMMITS: Final = 32
"""So many files of the log since the last checkpoint make a new one."""

CLAIMS: Final = 20_000
"""So many scopes in them do too: every reader would have to read them all."""

LINGER_SECONDS: Final = 600.0
"""What a checkpoint made needless stays so long, for readers who began before it or whose listing is old.

A bucket that is mounted as a folder may show a listing that is a minute old.
"""

ORPHAN_SECONDS: Final = 24 * 3600.0
"""Files that nothing names are swept away when they are this old: a slower writer may still commit them."""

SWEEP_DAYS: Final = 7
"""Days between two sweeps: each lists every file of the lake."""

_MANY: Final = 8
"""So many segments of like size become one."""


@dataclass(slots=True)
class _Work:
    """A checkpoint in the making: the files in columns that it will name, and those that it makes needless."""

    label: str
    files: dict[str, bytes] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)

    def put(self, name: str, rows: pa.Table) -> str:
        path = f"{PARTS}/{self.label}/{name}.arrow"
        self.files[path] = cp.to_bytes(rows)
        return path


def seal(journal: Journal, *, least: int | None = None) -> None:
    """Make a checkpoint of the log once it has ``least`` files (COMMITS unless it is said), or CLAIMS, since the last.

    Safe beside readers and writers, and when killed at any moment: the checkpoint becomes visible by one small file,
    written last. The commits it covers and the files it makes needless are removed by a later one, once it is old.
    """
    state = journal.state()
    claims = sum(len(file.claims) for commit in state.commits for file in commit.files)
    if len(state.names) < (COMMITS if least is None else least) and claims < CLAIMS:
        return
    now, before = datetime.now(UTC), state.checkpoint
    gone = _remove_needless(journal, before)
    work = _Work(log.new_id(max(state.newest, before.name.removesuffix(cp.SUFFIX)), now))
    tables, replaced = _tables(state, work)
    deliveries = rows_of(state.commits)
    past = _grown(journal.columns, before.past, "past", pa.Table.from_pylist(deliveries, PAST), work)
    taken = pa.table({"path": replaced}, REPLACED)
    kept = _grown(journal.columns, before.replaced, "replaced", taken, work)
    due = bool(before.swept_at) and datetime.fromisoformat(before.swept_at) < now - timedelta(days=SWEEP_DAYS)
    head = Checkpoint(
        f"{work.label}{cp.SUFFIX}",
        state.stamp,
        state.newest,
        tables,
        with_deliveries(before.sources, deliveries),
        past,
        kept,
        (before.covers - before.gone) | state.names | journal.heads,
        gone,
        (*(() if gone else before.retired), *work.retired),
        before.swept_at if before.swept_at and not due else now.isoformat(),
    )
    journal.store.write(work.files)
    journal.store.write({f"{FOLDER}/{head.name}": cp.encode(head)})
    journal.written()
    if due:
        _sweep(journal, head)


def _remove_needless(journal: Journal, before: Checkpoint) -> frozenset[str]:
    """Remove what ``before`` made needless, if it is old enough; the names in the log that are gone thereby."""
    if not before.name:
        return frozenset()
    listed = {stored.path: stored.age for stored in journal.store.walk(FOLDER)}
    if listed.get(f"{FOLDER}/{before.name}", 0.0) <= LINGER_SECONDS:
        return frozenset()
    covered = [path for name in before.covers if (path := f"{FOLDER}/{name}") in listed]
    journal.store.remove([*covered, *before.retired])
    return before.covers


def _tables(state: State, work: _Work) -> tuple[dict[str, Part], list[str]]:
    """The parts of all tables, those made anew that changed; and the files that later deliveries replaced."""
    parts, replaced = dict(state.checkpoint.tables), list[str]()
    names = state.table_names
    for name, held in zip(names, state.tables(names), strict=True):
        if not held.changed:
            continue
        sealed = held.seal()
        if name in parts:
            work.retired += (parts[name].files, parts[name].scopes)
        parts[name] = Part(
            work.put(f"{name}.files", sealed.files),
            work.put(f"{name}.scopes", sealed.scopes),
            state.delivered_at(name),
        )
        work.retired += sealed.folded
        replaced += sealed.replaced
    return parts, replaced


def _grown(
    columns: Columns, segments: tuple[Segment, ...], name: str, rows: pa.Table, work: _Work
) -> tuple[Segment, ...]:
    """The segments with ``rows`` added as a new one; many of like size become one, so that there are never many."""
    if not rows.num_rows:
        return segments
    newest = max(rows["delivery_id"].to_pylist()) if "delivery_id" in rows.column_names else ""
    kept = list(segments)
    while True:
        size = rows.num_rows.bit_length() // 3
        alike = [segment for segment in kept if segment.rows.bit_length() // 3 == size]
        if len(alike) < _MANY - 1:
            return (*kept, Segment(work.put(name, rows), rows.num_rows, newest))
        rows = pa.concat_tables([*columns.read([segment.path for segment in alike], keep=False), rows])
        newest = max(newest, *(segment.newest for segment in alike))
        kept = [segment for segment in kept if segment not in alike]
        work.retired += [segment.path for segment in alike]


def _sweep(journal: Journal, head: Checkpoint) -> None:
    """Remove files that nothing names, left by processes that were killed."""
    paths = [*(part.files for part in head.tables.values()), *(segment.path for segment in head.replaced)]
    named = {*head.named, *head.retired}
    for rows in journal.columns.read(paths, keep=False):
        named.update(rows["path"].to_pylist())
    orphans = [
        stored.path
        for folder in (*TABLES, FOLDER)
        for stored in journal.store.walk(folder)
        if stored.age > ORPHAN_SECONDS and _sweepable(stored.path) and stored.path not in named
    ]
    journal.store.remove(orphans)


def _sweepable(path: str) -> bool:
    return path.endswith((".tmp", ".parquet", ".arrow"))
