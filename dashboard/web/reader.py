"""The warehouse as pages use it: opened late, one version a request, every answer through the cache."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

import pyarrow as pa

from dashboard.web.cache import AnswerCache, Key
from dashboard.web.gate import Gate
from dashboard.web.trouble import Kind, error_of, kind_of
from dashboard.web.versions import Version, Versions
from qod.errors import VigieError, WarehouseError
from qod.warehouse import TableState

T = TypeVar("T")


class Tables(Protocol):
    """The part of a warehouse that pages use."""

    def query(self, name: str, /, **params: Any) -> pa.Table:
        """The answer of ``queries/<name>.sql``."""
        ...

    def stamp(self) -> str:
        """A word that changes whenever the tables do."""
        ...

    def states(self) -> list[TableState]:
        """How much each table holds, and how fresh it is."""
        ...

    def deliver(self, tables: Mapping[str, pa.Table], *, kind: str) -> str:
        """Write rows of several tables as one delivery, all or nothing; its identifier."""
        ...


class Reader:
    """Opens the warehouse at the first question of each process, so that a fork never shares a connection.

    Within ``refresh_seconds`` of a stamp the warehouse is not asked for another.
    """

    def __init__(
        self,
        open_tables: Callable[[], Tables],
        cache: AnswerCache,
        *,
        refresh_seconds: float = 0,
        gate: Gate | None = None,
    ) -> None:
        self._open = open_tables
        self._lock = threading.Lock()
        self._tables: Tables | None = None
        self._process = -1
        self.cache = cache
        self.gate = gate or Gate()
        self.versions = Versions(
            lambda: self.gate.ask(lambda: self.tables().stamp(), kind="stamp"), refresh_seconds=refresh_seconds
        )

    def begin(self, *, within_seconds: float | None = None) -> Reading:
        """What one request reads; nothing is read yet.

        With ``within_seconds`` it shows the tables as they were so long ago or later, however old a stamp may else be.
        """
        return Reading(self, within_seconds=within_seconds)

    def deliver(self, tables: Mapping[str, pa.Table], *, kind: str) -> None:
        """Write rows of tables as one delivery: all of it or nothing. Raises WarehouseError when it was not taken."""
        self.gate.ask(lambda: self.tables().deliver(tables, kind=kind), kind="query")

    @property
    def lost(self) -> bool:
        """Whether the warehouse does not answer and there is nothing of before to show."""
        return not self.versions.known and self.versions.error is not None

    @property
    def hopeful(self) -> bool:
        """Whether a page that shows old data would now do well to ask again."""
        try:
            return self.versions.current().error is None and self.gate.pause_seconds == 0
        except VigieError:
            return False

    def tables(self) -> Tables:
        """The warehouse of this process."""
        with self._lock:
            if self._tables is None or self._process != os.getpid():
                self._tables, self._process = self._open(), os.getpid()
            return self._tables


class Reading:
    """The tables as one request sees them. The version is taken at the first question, before any data.

    ``trouble`` says how the warehouse failed this request, if it did. A ``pinned`` reading has only what is kept of the
    version ``number`` (of none: nothing), since the warehouse failed as ``pinned`` says.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        number: int | None = None,
        pinned: Kind | None = None,
        within_seconds: float | None = None,
    ) -> None:
        self._reader = reader
        self._number = number
        self._within_seconds = within_seconds
        self._version: Version | None = None
        self._as_of: tuple[date | None] | None = None
        self.pinned = pinned
        self.trouble: Kind | None = None

    @property
    def version(self) -> Version:
        """The version of the tables that this request shows; it raises what asking for the first one raised."""
        if self._version is None:
            self._version = self._reader.versions.current(within_seconds=self._within_seconds)
        return self._version

    @property
    def retry_seconds(self) -> float:
        """Seconds until the warehouse may be asked again."""
        return self._reader.gate.pause_seconds

    def attempts(self, key: Key = ()) -> Iterator[Reading]:
        """This reading; then, once the warehouse failed it, pinned ones of the versions before, newest first.

        They are the versions that an answer to ``key`` is kept of, and the last few.
        """
        yield self
        if self.trouble is None:
            return
        reader = self._reader
        numbers = {*reader.cache.versions(key), *reader.versions.recent}
        for number in sorted(numbers - {self.version.number}, reverse=True):
            yield Reading(reader, number=number, pinned=self.trouble)

    def blind(self, trouble: Kind) -> Reading:
        """A reading that has no data at all: enough for pages that need none."""
        return Reading(self._reader, pinned=trouble)

    def read(self, query: str, **params: Any) -> pa.Table:
        """The answer of a query; computed once for each version, query and parameters."""
        key = ("query", query, _plain(params))
        return self._asked(self._number, key, lambda: self._reader.tables().query(query, **params))

    def once(self, query: str, **params: Any) -> pa.Table:
        """The same, but not kept: for a large answer from which something smaller is made and kept instead."""
        key = ("query", query, _plain(params))
        return self._asked(self._number, key, lambda: self._reader.tables().query(query, **params), kept=False)

    def rows(self, query: str, **params: Any) -> list[dict[str, Any]]:
        """The answer as a fresh list of dictionaries; it is made from the table once, before the cache."""
        key = ("rows", query, _plain(params))
        return self.keep(key, lambda: self.read(query, **params).to_pylist())

    def states(self) -> list[TableState]:
        """How much each table holds and how fresh it is, as of the last stamp: deliveries need no new version.

        Where the warehouse does not answer: what it answered last.
        """
        key, reader = ("states",), self._reader
        try:
            return self._asked(None if self.pinned else self.version.refresh, key, lambda: reader.tables().states())
        except WarehouseError:
            kept = reader.cache.versions(key)
            if not kept:
                raise
            return reader.cache.get_or_compute(kept[0], key, list)

    def keep(self, key: Key, compute: Callable[[], T], *, when: Callable[[T], bool] | None = None) -> T:
        """The value of ``compute`` under ``key`` for as long as the tables do not change."""
        if self.pinned and self._number is None:
            return compute()
        number = self.version.number if self._number is None else self._number
        return self._noting(lambda: self._reader.cache.get_or_compute(number, key, compute, keep=when))

    @property
    def as_of(self) -> date | None:
        """The day the latest evaluation took for today."""
        if self._as_of is None:  # a page asks for every date that it writes
            self._as_of = (self.keep(("as_of",), lambda: self._latest("as_of")),)
        return self._as_of[0]

    @property
    def evaluated_at(self) -> datetime | None:
        """When the latest evaluation wrote something."""
        return self.keep(("evaluated_at",), lambda: self._latest("evaluated_at"))

    def _latest(self, column: str) -> Any:
        values = [value for value in self.read("fleet").column(column).to_pylist() if value is not None]
        return max(values, default=None)

    def _asked(self, number: int | None, key: Key, question: Callable[[], T], *, kept: bool = True) -> T:
        """The kept answer of a question to the warehouse, asked where it is not kept and this reading may ask.

        Unless ``kept``, only an answer that came too late is.
        """
        cache, pinned = self._reader.cache, self.pinned
        if pinned and number is None:
            raise error_of(pinned)
        kept_under = self.version.number if number is None else number

        def ask() -> T:
            if pinned:
                raise error_of(pinned)
            return self._reader.gate.ask(question, kind="query", late=lambda answer: cache.put(kept_under, key, answer))

        return self._noting(lambda: cache.get_or_compute(kept_under, key, ask, keep=lambda _: kept))

    def _noting(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except WarehouseError as error:  # perhaps another reader's, who asked for the same
            self.trouble = self.trouble or kind_of(error)
            raise


def _plain(value: object) -> object:
    """The value with every container turned to tuples, so that equal parameters make equal keys."""
    if isinstance(value, dict):
        return tuple(sorted((key, _plain(item)) for key, item in value.items()))
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    return value
