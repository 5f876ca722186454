"""The product served as ``vigie serve`` does, in a process of its own, for measurements from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen


@contextmanager
def serving(folder: Path, *, workers: int = 2) -> Iterator[tuple[str, int]]:
    """The address of the pages of a warehouse, and the identifier of the process; it ends with the context."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port)],
        env={**os.environ, "VIGIE_WAREHOUSE": str(folder), "VIGIE_WORKERS": str(workers), "VIGIE_LOG_LEVEL": "error"},
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                with urlopen(f"{address}/health", timeout=1):
                    break
            except (URLError, OSError):
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def memory(process: int) -> dict[int, float]:
    """MB that only it holds (its share of what is shared counted once a process), of a process and its children."""
    found = {}
    for one in [process, *_children(process)]:
        lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        found[one] = next(int(line.split()[1]) / 1000 for line in lines if line.startswith("Pss:"))
    return found


def _children(process: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
