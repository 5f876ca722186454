"""Copies of a bucket's files on this machine, so that each is fetched once; the ones not used for longest go first."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from qod.errors import WarehouseError

KEPT_BYTES: Final = 2 * 2**30
"""Copies kept, all processes of a user together."""

_IN_USE_SECONDS: Final = 60.0
"""A copy that was asked for so lately is not removed: a query may be about to open it."""


class Copies:
    """Copies of files that never change, by path; safe with several processes.

    They lie in the machine's temporary folder (TMPDIR): on Cloud Run that is memory.
    """

    def __init__(self, address: str, *, kept_bytes: int = KEPT_BYTES) -> None:
        self._address = address
        self._kept_bytes = kept_bytes
        self._folder: Path | None = None

    def find(self, paths: Sequence[str]) -> dict[str, str]:
        """Where the copies lie of those paths that have one; they stay for the next minute."""
        found = {}
        for path in paths:
            copy = self._copy(path)
            with suppress(OSError):
                os.utime(copy)
                found[path] = str(copy)
        return found

    def add(self, contents: Mapping[str, bytes]) -> dict[str, str]:
        """Keep copies; where they lie."""
        for path, data in contents.items():
            copy = self._copy(path)
            temporary = copy.with_name(f".{secrets.token_hex(8)}.tmp")
            try:
                temporary.write_bytes(data)
                temporary.rename(copy)
            except OSError as error:
                raise WarehouseError(
                    f"Files of {self._address} cannot be copied to {copy.parent}: {error}.",
                    hint="make room there, or set TMPDIR to a folder with more.",
                ) from error
            finally:
                temporary.unlink(missing_ok=True)
        self._make_room()
        return {path: str(self._copy(path)) for path in contents}

    def _copy(self, path: str) -> Path:
        if self._folder is None:
            self._folder = _private_folder()
        name = hashlib.sha256(f"{self._address}/{path}".encode()).hexdigest()[:40]
        return self._folder / f"{name}.parquet"

    def _make_room(self) -> None:
        assert self._folder is not None
        held = []
        with suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(OSError):
                    found = entry.stat()
                    held.append((found.st_mtime, found.st_size, entry.path))
        size = sum(bytes for _, bytes, _ in held)
        for used_at, bytes, path in sorted(held):
            if size <= self._kept_bytes or used_at > time.time() - _IN_USE_SECONDS:
                break
            with suppress(OSError):
                os.unlink(path)
            size -= bytes


def _private_folder() -> Path:
    """A folder of this user alone, the same for all processes."""
    folder = Path(tempfile.gettempdir()) / f"vigie-{os.getuid()}"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        held = folder.lstat()
        if stat.S_ISDIR(held.st_mode) and held.st_uid == os.getuid() and not held.st_mode & 0o077:
            return folder
    return Path(tempfile.mkdtemp(prefix="vigie-"))
