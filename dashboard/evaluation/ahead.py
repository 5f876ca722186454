"""Reading ahead: the next piece of work is fetched while this one is done."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar

Piece = TypeVar("Piece")


@contextmanager
def ahead(pieces: Iterator[Piece]) -> Iterator[Iterator[Piece]]:
    """The same pieces, none of them None: each is made by another thread while the one before it is in use."""
    context = copy_context()

    def fetched() -> Piece | None:
        return context.run(lambda: next(pieces, None))

    def given() -> Iterator[Piece]:
        coming = pool.submit(fetched)
        while (piece := coming.result()) is not None:
            coming = pool.submit(fetched)
            yield piece

    with ThreadPoolExecutor(1) as pool:
        yield given()
