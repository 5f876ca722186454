"""Reading the warehouse for pages: opened late, one stamp a request, every answer through the cache."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

import pyarrow as pa

from dashboard.web.cache import AnswerCache

T = TypeVar("T")


class Tables(Protocol):
    """The part of a warehouse that pages use."""

    def query(self, name: str, /, **params: Any) -> pa.Table:
        """The answer of ``queries/<name>.sql``."""
        ...

    def stamp(self) -> str:
        """A word that changes whenever the tables do."""
        ...


class Reader:
    """Opens the warehouse at the first question of each process, so that a fork never shares a connection."""

    def __init__(self, open_tables: Callable[[], Tables], cache: AnswerCache) -> None:
        self._open = open_tables
        self._cache = cache
        self._lock = threading.Lock()
        self._tables: Tables | None = None
        self._process = -1

    def begin(self) -> Reading:
        """What one request reads; nothing is read yet."""
        return Reading(self._current, self._cache)

    def _current(self) -> Tables:
        with self._lock:
            if self._tables is None or self._process != os.getpid():
                self._tables, self._process = self._open(), os.getpid()
            return self._tables


class Reading:
    """The tables as one request sees them. The stamp is taken at the first question, before any data."""

    def __init__(self, tables: Callable[[], Tables], cache: AnswerCache) -> None:
        self._tables = tables
        self._cache = cache
        self._stamp: str | None = None
        self._own: dict[tuple[object, ...], Any] = {}

    @property
    def stamp(self) -> str:
        """The version of the tables that this request's answers are kept under."""
        if self._stamp is None:
            self._stamp = self._tables().stamp()
        return self._stamp

    def read(self, query: str, **params: Any) -> pa.Table:
        """The answer of a query; computed once for each stamp, query and parameters."""
        key = ("query", query, _plain(params))
        return self.keep(key, lambda: self._tables().query(query, **params))

    def rows(self, query: str, **params: Any) -> list[dict[str, Any]]:
        """The answer as a fresh list of dictionaries; it is made from the table once, before the cache."""
        key = ("rows", query, _plain(params))
        return self.keep(key, lambda: self.read(query, **params).to_pylist())

    def keep(self, key: tuple[object, ...], compute: Callable[[], T], *, when: Callable[[T], bool] | None = None) -> T:
        """The value of ``compute`` under ``key`` for as long as the tables do not change."""
        if not self.stamp:  # nothing was evaluated yet: deliveries come and go without a new stamp
            if key not in self._own:
                self._own[key] = compute()
            return self._own[key]
        return self._cache.get_or_compute((self.stamp, *key), compute, keep=when)

    @property
    def as_of(self) -> date | None:
        """The day the latest evaluation took for today."""
        return self.keep(("as_of",), lambda: self._latest("as_of"))

    @property
    def evaluated_at(self) -> datetime | None:
        """When the latest evaluation wrote something."""
        return self.keep(("evaluated_at",), lambda: self._latest("evaluated_at"))

    def _latest(self, column: str) -> Any:
        values = [value for value in self.read("fleet").column(column).to_pylist() if value is not None]
        return max(values, default=None)


def _plain(value: object) -> object:
    """The value with every container turned to tuples, so that equal parameters make equal keys."""
    if isinstance(value, dict):
        return tuple(sorted((key, _plain(item)) for key, item in value.items()))
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    return value
