"""The same work for every column, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import TypeVar

from qod.receipt import Progress

Result = TypeVar("Result")


def in_threads(task: Callable[[str], Result], names: Sequence[str], progress: Progress | None) -> list[Result]:
    """``task`` of every name, in order, on all cores; the first error in that order is raised."""
    results = []
    with ThreadPoolExecutor(max(1, min(cpu_count() or 1, len(names)))) as pool:
        pending = [pool.submit(task, name) for name in names]
        try:
            for done, future in enumerate(pending, start=1):
                results.append(future.result())
                if progress is not None:
                    progress(done, len(names))
        finally:
            for future in pending:
                future.cancel()
    return results
