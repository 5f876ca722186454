"""Checkpoints of the log: what a set of commits comes to, in columns, so that opening a lake reads little.

A checkpoint is a small file beside the commits it covers. For each table it names two files in columns: one row a file
that holds rows, and one row a scope, sorted, with the delivery that holds and the files that have its rows. Most
readers need the first of a table or two. What was delivered in the past lies in segments, which only a history reads.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from qod.warehouse.log import FOLDER, damaged, later_release, pack
from qod.warehouse.store import Store

SUFFIX: Final = ".checkpoint.json.gz"
PARTS: Final = f"{FOLDER}/parts"
"""The folder of the checkpoints' columns."""

FORMAT: Final = 2

_TEXT, _COUNT = pa.string(), pa.int64()

FILES: Final = pa.schema(
    [
        ("path", _TEXT),
        ("rows", _COUNT),
        ("bytes", _COUNT),
        ("model_id", _TEXT),
        ("first", _TEXT),
        ("last", _TEXT),
        ("scopes", _COUNT),
        ("replaced", pa.bool_()),
        ("dead", pa.list_(_TEXT)),
    ]
)
"""``scopes``: how many of its scopes hold; ``replaced``: whether a later delivery took any; ``dead``: those that no
longer hold."""

SCOPES: Final = pa.schema(
    [
        ("key", _TEXT),
        ("order", _TEXT),
        ("first", _TEXT),
        ("last", _TEXT),
        ("rows", _COUNT),
        ("files", pa.list_(_COUNT)),
    ]
)
"""``key``: the scope's values; ``order``: the delivery that holds; ``files``: places in the table of files."""

PAST: Final = pa.schema(
    [
        ("delivery_id", _TEXT),
        ("delivered_at", _TEXT),
        ("kind", _TEXT),
        ("table", _TEXT),
        ("key", _TEXT),
        ("first", _TEXT),
        ("last", _TEXT),
        ("rows", _COUNT),
    ]
)
"""What was delivered: one row a delivery, table and scope."""

REPLACED: Final = pa.schema([("path", _TEXT)])
"""Files whose rows were all replaced by later deliveries: kept, so that these can be found."""


@dataclass(frozen=True, slots=True)
class Part:
    """The columns of one table at a checkpoint: the paths of its files and scopes; when it was last delivered to."""

    files: str
    scopes: str
    delivered_at: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Some rows of the past: its path, its rows and the newest delivery in it."""

    path: str
    rows: int
    newest: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What was delivered of a model to the tables that evaluation reads: the newest delivery, and a sum of all."""

    newest: str = ""
    digest: int = 0


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One checkpoint.

    ``covers`` are the names in the log whose commits it holds; ``gone`` those of them that were removed when it was
    made. ``retired`` are other files that it no longer needs, to be removed once no reader needs them either.
    """

    name: str = ""
    stamp: str = ""
    newest: str = ""
    tables: Mapping[str, Part] = field(default_factory=dict)
    sources: Mapping[str, Sources] = field(default_factory=dict)
    past: tuple[Segment, ...] = ()
    replaced: tuple[Segment, ...] = ()
    covers: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    retired: tuple[str, ...] = ()
    swept_at: str = ""

    @property
    def named(self) -> set[str]:
        """The paths of the files in columns that it names."""
        parts = {path for part in self.tables.values() for path in (part.files, part.scopes)}
        return parts | {segment.path for segment in (*self.past, *self.replaced)}


def encode(checkpoint: Checkpoint) -> bytes:
    """The bytes of a checkpoint."""
    return pack(
        {
            "format": FORMAT,
            "stamp": checkpoint.stamp,
            "newest": checkpoint.newest,
            "tables": {name: [p.files, p.scopes, p.delivered_at] for name, p in checkpoint.tables.items()},
            "sources": {model: [s.newest, f"{s.digest:032x}"] for model, s in checkpoint.sources.items()},
            "past": [[s.path, s.rows, s.newest] for s in checkpoint.past],
            "replaced": [[s.path, s.rows, s.newest] for s in checkpoint.replaced],
            "covers": sorted(checkpoint.covers),
            "gone": sorted(checkpoint.gone),
            "retired": checkpoint.retired,
            "swept_at": checkpoint.swept_at,
        }
    )


def decode(data: bytes, *, name: str) -> Checkpoint:
    """The checkpoint ``name``; WarehouseError when it is damaged or of a later release."""
    try:
        shape: dict[str, Any] = json.loads(gzip.decompress(data))
        if shape["format"] != FORMAT:
            raise later_release(name, shape["format"], FORMAT)
        return Checkpoint(
            name,
            shape["stamp"],
            shape["newest"],
            {table: Part(*part) for table, part in shape["tables"].items()},
            {model: Sources(newest, int(digest, 16)) for model, (newest, digest) in shape["sources"].items()},
            tuple(Segment(*segment) for segment in shape["past"]),
            tuple(Segment(*segment) for segment in shape["replaced"]),
            frozenset(shape["covers"]),
            frozenset(shape["gone"]),
            tuple(shape["retired"]),
            shape["swept_at"],
        )
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise damaged(name, error) from error


def to_bytes(rows: pa.Table) -> bytes:
    """The rows as a file in columns."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(rows.combine_chunks())
    written: bytes = sink.getvalue().to_pybytes()
    return written


class Columns:
    """Reads files in columns, each once; they never change, so what was read stays right."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: dict[str, pa.Table] = {}

    def read(self, paths: Sequence[str], *, keep: bool = True) -> list[pa.Table]:
        """The rows of each path, all that are not here yet fetched at once."""
        missing = [path for path in dict.fromkeys(paths) if path not in self._held]
        read = {}
        for path, data in zip(missing, self._store.read(missing), strict=True):
            try:
                read[path] = pa.ipc.open_file(pa.BufferReader(data)).read_all().combine_chunks()
            except pa.ArrowException as error:
                raise damaged(path.removeprefix(f"{FOLDER}/"), error) from error
        if keep:
            self._held |= read
        return [read[path] if path in read else self._held[path] for path in paths]

    def keep_only(self, paths: Collection[str]) -> None:
        """Forget all others."""
        self._held = {path: rows for path, rows in self._held.items() if path in paths}
