"""Progress bars, on stderr and only for a person's eyes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Called with how much is done, of how much, and what is being done."""

    def __call__(self, done: int, total: int, label: str = "", /) -> None: ...


@contextmanager
def progress_bar(title: str) -> Iterator[Progress | None]:
    """A callback that draws a bar while the block runs; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from dashboard.commands.ending import printable

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[label]}", markup=False),
    )
    # What the command prints goes above the bar, but never to stderr where stdout is a file.
    shared = sys.stdout.isatty()
    with Bar(*columns, console=Console(stderr=True), transient=True, redirect_stdout=shared) as bar:
        task = bar.add_task(title, total=None, label="")

        def advance(done: int, total: int, label: str = "", /) -> None:
            bar.update(task, completed=done, total=total, label=printable(label)[:40])

        yield advance
