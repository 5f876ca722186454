"""Files in a folder of this machine, or in a bucket that is mounted as one.

One code serves both. A mounted bucket (Cloud Storage FUSE) caches what it knows of files, so a reader may be refused
a file that is there (ESTALE), or be shown a name that has gone: reads are tried again, and nothing is ever replaced.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

from qod.errors import WarehouseError
from qod.warehouse.store import Stored

_TRIES: Final = 3
_WRITERS: Final = 8
"""Files that are written at once: a disk is slow to say that one is safe, and says it of several as fast."""

_NO_SYNC: Final = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)


class FolderStore:
    """The files below ``root``; the folder is made by the first write."""

    share_seconds = 0.0

    def __init__(self, root: Path) -> None:
        if root.exists() and not root.is_dir():
            raise WarehouseError(f"The warehouse {str(root)!r} is a file, not a folder.", hint="name a folder.")
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def names(self, folder: str) -> frozenset[str]:
        """The names of the files directly in ``folder``."""
        try:
            with os.scandir(self.root / folder) as entries:
                return frozenset(entry.name for entry in entries if not entry.is_dir())
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise self._unreadable(error) from error

    def walk(self, folder: str) -> Iterator[Stored]:
        """Every file below ``folder``; those that go meanwhile are passed over."""
        now = time.time()
        for path in (self.root / folder).rglob("*"):
            try:
                if path.is_file():
                    held = path.stat()
                    yield Stored(path.relative_to(self.root).as_posix(), held.st_size, now - held.st_mtime)
            except OSError:
                continue

    def read(self, paths: Sequence[str]) -> list[bytes]:
        """The contents of ``paths``."""
        return [self._read(self.root / path) for path in paths]

    def _read(self, path: Path) -> bytes:
        for attempt in range(_TRIES):
            try:
                return path.read_bytes()
            except FileNotFoundError:
                raise
            except OSError as error:
                if attempt == _TRIES - 1:
                    raise self._unreadable(error) from error
        raise AssertionError("unreachable")

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write each file under another name, then give it its own; also after a power cut it is whole or absent."""
        try:
            with ThreadPoolExecutor(min(_WRITERS, max(1, len(files)))) as pool:
                list(pool.map(_write, (self.root / path for path in files), files.values()))
        except OSError as error:
            raise WarehouseError(f"The warehouse {self.root} cannot be written: {error}.") from error

    def remove(self, paths: Collection[str]) -> None:
        """Remove files; one that cannot be removed now is left for the next time."""
        for path in paths:
            try:
                (self.root / path).unlink(missing_ok=True)
            except OSError:
                continue

    def local(self, paths: Sequence[str], *, afresh: bool = False) -> list[str]:
        """The files themselves."""
        return [str(self.root / path) for path in paths]

    def one_question(self) -> AbstractContextManager[None]:
        """A folder has no time-outs."""
        return nullcontext()

    def _unreadable(self, error: OSError) -> WarehouseError:
        return WarehouseError(f"The warehouse {self.root} cannot be read: {error}.")


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("wb") as sink:
            sink.write(data)
            sink.flush()
            try:
                os.fsync(sink.fileno())
            except OSError as error:
                if error.errno not in _NO_SYNC:  # some mounts have no such call: closing the file sends it
                    raise
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
