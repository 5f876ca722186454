"""The cache of answers: kept by version of the tables, computed once for many readers at once, failures shared too."""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from flask_caching.backends import SimpleCache

T = TypeVar("T")

Key = tuple[object, ...]


class AnswerCache:
    """Keeps what was computed for a version of the tables under a key of plain values.

    A version never changes, so an answer is never stale and needs no expiry. Versions are numbered; of a key the newest
    answer is the last to go: when there are more than ``entries``, or they hold more than ``most_bytes``, the ones that
    a newer version has replaced go first, and only then the ones that were not asked for the longest. The answers lie
    pickled in flask-caching's store: whoever gets one may change it.
    """

    def __init__(self, *, entries: int = 2000, most_bytes: int = 256 * 2**20) -> None:
        self._entries = entries
        self._most_bytes = most_bytes
        self._sizes: dict[str, int] = {}
        self._bytes = 0
        # What goes, and when, is decided here: the store's own threshold is never reached, and nothing expires.
        self._store = SimpleCache(threshold=entries + 2, default_timeout=0)
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, set[int]] = OrderedDict()
        self._replaced: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._count = 0
        self._flights: dict[tuple[str, int], Future[bytes]] = {}

    def get_or_compute(
        self, version: int, key: Key, compute: Callable[[], T], *, keep: Callable[[T], bool] | None = None
    ) -> T:
        """The answer kept under ``version`` and ``key``, or that of ``compute()``, then kept unless ``keep`` says no.

        Readers that ask for the same while it is computed wait, and get the same: the answer, or the exception, which
        is not kept.
        """
        place = (_digest(key), version)
        with self._lock:
            kept = self._store.get(_name(*place))
            if kept is not None:
                self._kept.move_to_end(place[0])
            else:
                flight = self._flights.get(place)
                if flight is None:
                    own = self._flights[place] = Future[bytes]()
        if kept is not None:
            return _opened(kept)
        if flight is not None:
            return _opened(flight.result())
        try:
            value = compute()
            packed = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
            if keep is None or keep(value):
                self._keep(place, packed)
        except BaseException as error:
            self._land(place)
            own.set_exception(error)
            raise
        self._land(place)
        own.set_result(packed)
        return value

    def put(self, version: int, key: Key, value: object) -> None:
        """Keep an answer that came after its readers had given up."""
        self._keep((_digest(key), version), pickle.dumps(value, pickle.HIGHEST_PROTOCOL))

    def versions(self, key: Key) -> tuple[int, ...]:
        """The versions whose answer to ``key`` is kept, newest first."""
        with self._lock:
            return tuple(sorted(self._kept.get(_digest(key), ()), reverse=True))

    def __len__(self) -> int:
        return self._count

    def _land(self, place: tuple[str, int]) -> None:
        with self._lock:
            del self._flights[place]

    def _keep(self, place: tuple[str, int], packed: bytes) -> None:
        name, version = place
        with self._lock:
            self._store.set(_name(name, version), packed)
            self._bytes += len(packed) - self._sizes.get(_name(name, version), 0)
            self._sizes[_name(name, version)] = len(packed)
            versions = self._kept.setdefault(name, set())
            self._kept.move_to_end(name)
            self._count += version not in versions
            versions.add(version)
            newest = max(versions)
            for older in versions - {newest}:
                self._replaced.setdefault((name, older))
            while self._count > self._entries or (self._bytes > self._most_bytes and self._count > 1):
                self._drop()

    def _drop(self) -> None:
        self._count -= 1
        if self._replaced:
            (name, version), _ = self._replaced.popitem(last=False)
            self._kept[name].remove(version)
        else:
            name, (version,) = self._kept.popitem(last=False)
        self._store.delete(_name(name, version))
        self._bytes -= self._sizes.pop(_name(name, version))


def _name(name: str, version: int) -> str:
    return f"{name}/{version}"


def _opened(packed: bytes) -> Any:
    return pickle.loads(packed)


def _digest(key: Key) -> str:
    """A short name of the key. ``repr`` tells 1 from '1' and True; every part is a plain value or a tuple of them."""
    return hashlib.blake2b(repr(key).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
