"""The lake's log: commits are a set of immutable files, and their union is the state.

A commit names the files one delivery wrote and the scopes it replaces. No commit is ever changed, so writers
need no lock: of two deliveries of a scope the one with the later identifier holds, wherever and in whatever order
the commits are read. Folding writes the same rows into fewer files under the same identifiers.
"""

from __future__ import annotations

import gzip
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from qod.errors import WarehouseError

FOLDER: Final = "_commits"
SUFFIX: Final = ".json.gz"

Scope = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file, or, with no path, the statement that these scopes have no rows in the table.

    ``scopes`` and ``orders`` are parallel: the scope's values and the delivery that wrote its rows.
    """

    table: str
    path: str | None
    rows: int
    model_id: str | None
    first: str | None
    last: str | None
    scopes: tuple[Scope, ...]
    orders: tuple[str, ...]

    @property
    def place(self) -> str:
        """The folder the file lies in: the table, or the model and month in it."""
        return "" if self.path is None else self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Commit:
    """One delivery (or one folding): everything in it becomes visible at once."""

    delivery_id: str
    delivered_at: str
    kind: str
    files: tuple[DataFile, ...]


@dataclass(frozen=True, slots=True)
class LiveFile:
    """A file that still holds rows that count, and the scopes in it that no longer do."""

    file: DataFile
    dead: tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What holds at one moment: the commits, the live files of each table, and each scope's newest delivery."""

    commits: tuple[Commit, ...]
    live: dict[str, tuple[LiveFile, ...]]
    orders: dict[str, dict[Scope, str]]
    stamp: str


def new_id(newest: str, now: datetime) -> str:
    """An identifier that sorts after ``newest`` even if this machine's clock runs behind the writer of that one."""
    if newest:
        seen = datetime.strptime(newest.split("-")[0], "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
        now = max(now, seen + timedelta(microseconds=1))
    return f"{now:%Y%m%dT%H%M%S.%f}Z-{secrets.token_hex(4)}"


def encode(commits: Sequence[Commit]) -> bytes:
    """The bytes of a commit file."""
    shape = [
        {
            "delivery_id": c.delivery_id,
            "delivered_at": c.delivered_at,
            "kind": c.kind,
            "files": [
                {
                    "table": f.table,
                    "path": f.path,
                    "rows": f.rows,
                    "model_id": f.model_id,
                    "first": f.first,
                    "last": f.last,
                    "scopes": f.scopes,
                    **({} if set(f.orders) <= {c.delivery_id} else {"orders": f.orders}),
                }
                for f in c.files
            ],
        }
        for c in commits
    ]
    return gzip.compress(json.dumps({"format": 1, "commits": shape}, ensure_ascii=False).encode(), 1, mtime=0)


def decode(data: bytes, *, name: str) -> tuple[Commit, ...]:
    """The commits of a commit file; WarehouseError when it is damaged or of a later release."""
    try:
        shape: dict[str, Any] = json.loads(gzip.decompress(data))
        if shape["format"] != 1:
            raise WarehouseError(
                f"{FOLDER}/{name} has format {shape['format']}; this release of Vigie reads format 1.",
                hint="run the release that wrote the warehouse, or a later one.",
            )
        return tuple(
            Commit(
                c["delivery_id"],
                c["delivered_at"],
                c["kind"],
                tuple(
                    DataFile(
                        f["table"],
                        f["path"],
                        f["rows"],
                        f["model_id"],
                        f["first"],
                        f["last"],
                        tuple(tuple(s) for s in f["scopes"]),
                        tuple(f["orders"]) if "orders" in f else (c["delivery_id"],) * len(f["scopes"]),
                    )
                    for f in c["files"]
                ),
            )
            for c in shape["commits"]
        )
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise WarehouseError(
            f"{FOLDER}/{name} is damaged: {error}.",
            hint="restore the file from a backup; the data files it names are untouched.",
        ) from error


def write_once(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` so that a reader sees all of it or nothing, also after a power cut."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("wb") as sink:
            sink.write(data)
            sink.flush()
            os.fsync(sink.fileno())
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
