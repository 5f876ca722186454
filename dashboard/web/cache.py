"""The cache of answers: keyed by the tables' stamp, computed once for many readers at once, None kept too."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask
from flask_caching import Cache

T = TypeVar("T")

_ABSENT: Final = None


class AnswerCache:
    """Keeps what was computed under a key of plain values.

    A key holds the stamp of the tables, so an entry is never stale and needs no expiry; old ones are dropped when
    ``entries`` is reached. Readers that ask for the same key at once wait for one computation.
    """

    def __init__(self, server: Flask, *, entries: int = 2000) -> None:
        # Not for ever: when the cache is full, entries nearest to their end go first, which are then the oldest.
        self._cache = Cache(
            server, config={"CACHE_TYPE": "SimpleCache", "CACHE_THRESHOLD": entries, "CACHE_DEFAULT_TIMEOUT": 7 * 86400}
        )
        self._server = server
        self._guard = threading.Lock()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}

    def get_or_compute(
        self, key: tuple[object, ...], compute: Callable[[], T], *, keep: Callable[[T], bool] | None = None
    ) -> T:
        """The value kept under ``key``, or that of ``compute()``, which is then kept (unless ``keep`` says no).

        An exception of ``compute`` reaches its caller and is not kept.
        """
        name = _digest(key)
        found = self._cache.cache.get(name)
        if found is not _ABSENT:
            return _unwrap(found)
        lock = self._enter(name)
        try:
            with lock:
                found = self._cache.cache.get(name)
                if found is not _ABSENT:
                    return _unwrap(found)
                value = compute()
                if keep is None or keep(value):
                    self._cache.cache.set(name, (value,))
                return value
        finally:
            self._leave(name)

    def _enter(self, name: str) -> threading.Lock:
        with self._guard:
            lock, waiting = self._locks.get(name, (threading.Lock(), 0))
            self._locks[name] = (lock, waiting + 1)
            return lock

    def _leave(self, name: str) -> None:
        with self._guard:
            lock, waiting = self._locks[name]
            if waiting == 1:
                del self._locks[name]
            else:
                self._locks[name] = (lock, waiting - 1)


def _unwrap(found: tuple[Any]) -> Any:
    return found[0]


def _digest(key: tuple[object, ...]) -> str:
    """A short name of the key. ``repr`` tells 1 from '1' and True; every part is a plain value or a tuple of them."""
    return hashlib.blake2b(repr(key).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
