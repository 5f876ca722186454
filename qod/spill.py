"""A temporary columnar copy of a text file: written once in blocks, read back one column at a time."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyarrow as pa

from qod.columns import level_text

PREFIX: Final = "vigie-"
"""How the names of temporary folders begin."""
ABANDONED_SECONDS: Final = 86_400
"""A temporary folder that was not touched for so long is of a command that was killed."""


class Spill:
    """Blocks of rows in a temporary folder; each block may lack columns, or give one another type."""

    def __init__(self) -> None:
        _sweep(Path(tempfile.gettempdir()))
        self._folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        self._blocks: list[tuple[Path, int, frozenset[str]]] = []
        self.names: dict[str, None] = {}
        self.rows = 0

    def add(self, block: pa.RecordBatch) -> None:
        """Write one block; its rows come after those of the earlier ones."""
        path = Path(self._folder.name) / f"{len(self._blocks)}.arrow"
        options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, block.schema, options=options) as writer:
            writer.write_batch(block)
        self._blocks.append((path, block.num_rows, frozenset(block.schema.names)))
        self.names.update(dict.fromkeys(block.schema.names))
        self.rows += block.num_rows

    def column(self, name: str) -> pa.ChunkedArray:
        """All values of one column, in one type that holds them all; a block without it gives missing values."""
        return unified(
            [self._read(path, name) if name in held else pa.nulls(rows) for path, rows, held in self._blocks]
        )

    def close(self) -> None:
        """Delete the temporary copy."""
        self._folder.cleanup()

    @staticmethod
    def _read(path: Path, name: str) -> pa.Array:
        with pa.memory_map(str(path)) as source:
            schema = pa.ipc.open_file(source).schema
            options = pa.ipc.IpcReadOptions(included_fields=[schema.get_field_index(name)], use_threads=False)
            return pa.ipc.open_file(source, options=options).get_batch(0).column(0)


def _sweep(home: Path) -> None:
    """Remove what killed commands of this user left behind: folders of spills, and of nothing else, a day old."""
    before = time.time() - ABANDONED_SECONDS
    for folder in home.glob(f"{PREFIX}*"):
        with suppress(OSError):
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mtime > before:
                continue
            held = list(folder.iterdir())
            # Nobody's own folder that happens to be called so: one that holds blocks, and nothing but blocks.
            if held and all(re.fullmatch(r"\d+\.arrow", path.name) for path in held):
                shutil.rmtree(folder, ignore_errors=True)


def unified(blocks: list[pa.Array]) -> pa.ChunkedArray:
    """Blocks of one column as one: whole numbers beside floats become floats, anything else mixed becomes text."""
    kinds = {block.type for block in blocks if not pa.types.is_null(block.type)}
    if len(kinds) > 1:
        kind = pa.float64() if kinds <= {pa.int64(), pa.float64()} else pa.string()
    else:
        kind = next(iter(kinds), pa.null())
    return pa.chunked_array([_as(block, kind) for block in blocks], kind)


def _as(block: pa.Array, kind: pa.DataType) -> pa.Array:
    if block.type == kind:
        return block
    if pa.types.is_null(block.type) or kind == pa.float64():
        return block.cast(kind, safe=False)
    return pa.array([level_text(value) for value in block.to_pylist()], pa.string())
