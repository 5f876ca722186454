"""The marker of a demo's folder: what it was prepared with, and whether that came to its end."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

from qod.contract import TABLES
from qod.errors import WarehouseError
from qod.warehouse.log import FOLDER as COMMITS

MARKER: Final = "vigie-demo.json"
LOCK: Final = "vigie-demo.lock"
DEMO_VERSION: Final = 5
"""Raise it when the demo comes out differently: folders of an older one are prepared anew."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What makes a demo: the same parameters give the same tables."""

    models: int
    days: int
    seed: int
    today: date


def is_ready(folder: Path, parameters: Parameters) -> bool:
    """Whether the folder holds a whole demo of these parameters, made by this version."""
    return _read(folder) == content(parameters, complete=True)


def start_over(folder: Path, parameters: Parameters) -> None:
    """Make the folder ready to be filled: its tables go, and the marker says that the new ones are not whole.

    Only an empty folder or one with a demo's marker is touched, and in it only what a warehouse writes; WarehouseError
    for any other.
    """
    held = {path.name for path in folder.iterdir()} - {LOCK}
    if held and _read(folder) is None:
        raise WarehouseError(
            f"The folder {str(folder)!r} is not empty and not a demo's ({MARKER} is missing); it stays as it is.",
            hint="name a folder that is empty or does not exist.",
        )
    _write(folder, content(parameters, complete=False))
    for name in (COMMITS, *TABLES):
        shutil.rmtree(folder / name, ignore_errors=True)


def finish(folder: Path, parameters: Parameters) -> None:
    """Say that the folder holds a whole demo."""
    _write(folder, content(parameters, complete=True))


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder, made when it does not exist, for one preparation at a time: a second one waits for the first."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("w")
    except OSError as error:
        raise WarehouseError(f"The folder {str(folder)!r} cannot be made: {error}.") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def content(parameters: Parameters, *, complete: bool) -> dict[str, object]:
    """What a marker holds."""
    shown = {**asdict(parameters), "today": parameters.today.isoformat()}
    return {"demo": "vigie", "version": DEMO_VERSION, **shown, "complete": complete}


def _read(folder: Path) -> dict[str, object] | None:
    """What the marker says; None when there is none, or it is something else's."""
    try:
        content = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and content.get("demo") == "vigie" else None


def _write(folder: Path, content: dict[str, object]) -> None:
    """Put the marker in place at once: a reader finds the old one or the new one, never a half."""
    draft = folder / f"{MARKER}.{os.getpid()}"
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(folder / MARKER)
