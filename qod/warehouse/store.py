"""Where the lake's files lie, behind one small protocol: a folder, a mounted bucket or a bucket."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """One file: its path below the root, with slashes; its size in bytes; the seconds since it was written."""

    path: str
    size: int
    age: float


class Store(Protocol):
    """What the lake asks of a place for files.

    Files are written once under names that nobody else uses, and are never changed. Paths are relative to the root,
    with slashes. Methods raise WarehouseError where the place itself is at fault (UnavailableError where a later try
    may succeed), and FileNotFoundError for a file that is not there: it was folded away, so the caller looks again.
    """

    share_seconds: float
    """Questions of pages within this many seconds share one listing: 0 where a listing costs nothing."""

    def names(self, folder: str) -> frozenset[str]:
        """The names of the files that lie directly in ``folder``; none where it does not exist."""

    def walk(self, folder: str) -> Iterator[Stored]:
        """Every file below ``folder``."""

    def read(self, paths: Sequence[str]) -> list[bytes]:
        """The contents of ``paths``, in their order; fetched at once where that is quicker."""

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files by path: each is seen whole or not at all, and safe on disk when this returns."""

    def remove(self, paths: Collection[str]) -> None:
        """Remove files; those that are gone already are passed over."""

    def local(self, paths: Sequence[str], *, afresh: bool = False) -> list[str]:
        """Names under which this machine can open the files, in their order; ``afresh`` trusts no copy of them."""

    def one_question(self) -> AbstractContextManager[None]:
        """Within it, everything asked by this thread is one question: a page's has an end, whatever hangs."""
