"""Being asked to stop: at once between two letters, and never between a letter and the record of it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

_ASKED: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def orderly() -> Iterator[None]:
    """Within it, SIGTERM stops the program as Ctrl-C does, so that what was claimed is released."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    with _handled(stop, (signal.SIGTERM,)):
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """Within it, a first request to stop waits until its end; a second one does not."""
    asked: list[int] = []

    def wait(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        if len(asked) > 1:
            raise KeyboardInterrupt

    with _handled(wait, _ASKED):
        yield
    if asked:
        raise KeyboardInterrupt


@contextmanager
def _handled(handler: Any, numbers: tuple[signal.Signals, ...]) -> Iterator[None]:
    """``handler`` in place of what handles the signals; only a program's main thread may say so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, held in before.items():
            signal.signal(number, held)
