"""The lake's log: commits are a set of immutable files, and their union is the state.

A commit names the files one delivery wrote and the scopes it replaces. No commit is ever changed, so writers
need no lock: of two deliveries of a scope the one with the later identifier holds, wherever and in whatever order
the commits are read. Folding writes the same rows into fewer files under the same identifiers.
"""

from __future__ import annotations

import gzip
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from qod.errors import WarehouseError
from qod.warehouse import Scope

FOLDER: Final = "_commits"
SUFFIX: Final = ".json.gz"


class Claim(NamedTuple):
    """What a file holds of one scope: the delivery that wrote the rows, their first and last day (ISO), their number.

    The days are None where the table has none, or some of the rows have none.
    """

    order: str
    first: str | None
    last: str | None
    rows: int


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file, or, with no path, the statement that the claimed scopes have no rows in the table.

    ``bytes`` is None in commits of earlier releases.
    """

    table: str
    path: str | None
    rows: int
    bytes: int | None
    model_id: str | None
    first: str | None
    last: str | None
    claims: Mapping[Scope, Claim]

    @property
    def place(self) -> str:
        """The folder the file lies in: the table, or the model and month in it."""
        return "" if self.path is None else self.path.rpartition("/")[0]

    @property
    def label(self) -> str:
        """The commit that wrote the file, which its name says."""
        return "" if self.path is None else self.path.rpartition("/")[2].removesuffix(".parquet")


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


def new_id(newest: str, now: datetime) -> str:
    """An identifier that sorts after ``newest`` even if this machine's clock runs behind the writer of that one."""
    if newest:
        seen = datetime.strptime(newest.split("-")[0], "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
        now = max(now, seen + timedelta(microseconds=1))
    return f"{now:%Y%m%dT%H%M%S.%f}Z-{secrets.token_hex(4)}"


def pack(shape: Mapping[str, Any]) -> bytes:
    """The bytes of a file of the log."""
    return gzip.compress(json.dumps(shape, ensure_ascii=False).encode(), 1, mtime=0)


def encode(commits: Sequence[Commit]) -> bytes:
    """The bytes of a commit file."""
    shape = [
        {
            "delivery_id": c.delivery_id,
            "delivered_at": c.delivered_at,
            "kind": c.kind,
            "files": [_file_shape(c.delivery_id, f) for f in c.files],
        }
        for c in commits
    ]
    return pack({"format": 1, "commits": shape})


def _file_shape(delivery_id: str, file: DataFile) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "table": file.table,
        "path": file.path,
        "rows": file.rows,
        "bytes": file.bytes,
        "model_id": file.model_id,
        "first": file.first,
        "last": file.last,
        "scopes": list(file.claims),
    }
    claims = list(file.claims.values())
    if any(claim.order != delivery_id for claim in claims):
        shape["orders"] = [claim.order for claim in claims]
    if any((claim.first, claim.last, claim.rows) != (file.first, file.last, file.rows) for claim in claims):
        shape["spans"] = [[claim.first, claim.last, claim.rows] for claim in claims]
    return shape


def decode(data: bytes, *, name: str) -> tuple[Commit, ...]:
    """The commits of a commit file; WarehouseError when it is damaged or of a later release."""
    try:
        shape: dict[str, Any] = json.loads(gzip.decompress(data))
        if shape["format"] != 1:
            raise later_release(name, shape["format"], 1)
        return tuple(
            Commit(
                c["delivery_id"],
                c["delivered_at"],
                c["kind"],
                tuple(_file(c["delivery_id"], f) for f in c["files"]),
            )
            for c in shape["commits"]
        )
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise damaged(name, error) from error


def _file(delivery_id: str, shape: Mapping[str, Any]) -> DataFile:
    scopes, rows = [tuple(scope) for scope in shape["scopes"]], shape["rows"]
    orders = shape.get("orders") or [delivery_id] * len(scopes)
    spans = shape.get("spans")
    if spans is None:
        # Commits of earlier releases know the rows of a file only: they are shared out, so that sums are right.
        share, rest = divmod(rows, len(scopes) or 1)
        spans = [(shape["first"], shape["last"], share + (place < rest)) for place in range(len(scopes))]
    claims = {scope: Claim(order, *span) for scope, order, span in zip(scopes, orders, spans, strict=True)}
    return DataFile(
        shape["table"],
        shape["path"],
        rows,
        shape.get("bytes"),
        shape["model_id"],
        shape["first"],
        shape["last"],
        claims,
    )


class DamagedError(WarehouseError):
    """A file of the warehouse that cannot be read as what it should be: for good, or because it is not whole yet."""


def damaged(name: str, error: Exception) -> DamagedError:
    """The error of a file of the log that cannot be read."""
    return DamagedError(
        f"{FOLDER}/{name} is damaged: {error}.",
        hint="restore the file from a backup; the data files it names are untouched.",
    )


def later_release(name: str, found: object, known: int) -> WarehouseError:
    """The error of a file of the log that a later release wrote."""
    return WarehouseError(
        f"{FOLDER}/{name} has format {found}; this release of Vigie reads format {known}.",
        hint="run the release that wrote the warehouse, or a later one.",
    )
