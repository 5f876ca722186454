"""gcsfs, asked with limits: so many requests at once, so many tries, and for a page so many seconds."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import random
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MethodType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from qod.warehouse import purpose
from qod.warehouse.gcs.address import Place
from qod.warehouse.gcs.errors import passing, translated

if TYPE_CHECKING:
    from gcsfs import GCSFileSystem

T = TypeVar("T")

_AT_ONCE: Final = 32
"""Requests under way at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one question may take, with all that it asks; and how often one request is sent."""

    seconds: float
    attempts: int


PAGE: Final = Limits(8.0, 3)
COMMAND: Final = Limits(1800.0, 7)

_READ_SECONDS: Final = 30.0
"""A reply that says nothing for so long has broken off."""


class Client:
    """The way to one bucket, made when it is first used; safe with many threads, and after a fork."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._files: GCSFileSystem | None = None
        self._pid = 0
        self._lock = threading.Lock()
        self._question = threading.local()

    @contextmanager
    def one_question(self) -> Iterator[None]:
        """Within it, all that this thread asks shares one limit."""
        if getattr(self._question, "end", None) is not None:
            yield
            return
        self._question.end = time.monotonic() + _limits().seconds
        try:
            yield
        finally:
            self._question.end = None

    def run(self, doing: str, jobs: Sequence[Callable[[GCSFileSystem], Awaitable[T]]]) -> list[T]:
        """The results of requests sent at once, in their order; the first error ends them all.

        FileNotFoundError is passed on; every other error becomes a sentence, in which ``doing`` names the work.
        """
        with self.one_question():
            limits = _limits()
            seen: list[BaseException] = []
            try:
                files = self._connected()
                future = asyncio.run_coroutine_threadsafe(
                    _all(files, jobs, self._left(), limits.attempts, seen), files.loop
                )
                try:
                    return future.result(self._left() + 0.5)  # a token is fetched in the loop, and may hang it
                finally:
                    future.cancel()
            except FileNotFoundError:
                raise
            except TimeoutError as error:
                cause = seen[-1] if seen else error  # it did answer, but only to refuse
                raise translated(cause, doing=doing, place=self.place, seconds=limits.seconds) from error
            except Exception as error:
                raise translated(error, doing=doing, place=self.place, seconds=limits.seconds) from error

    def _left(self) -> float:
        end: float = self._question.end
        return max(end - time.monotonic(), 0.01)

    def _connected(self) -> GCSFileSystem:
        with self._lock:
            if self._files is None or self._pid != os.getpid():  # a fork does not take the loop's thread along
                made = concurrent.futures.Future[Any]()
                threading.Thread(target=_resolve, args=(made, _connect), name="gcs", daemon=True).start()
                self._files, self._pid = made.result(self._left()), os.getpid()
            return self._files


def _limits() -> Limits:
    return PAGE if purpose.current().kind == "page" else COMMAND


def _resolve(future: concurrent.futures.Future[Any], work: Callable[[], Any]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # handed to the thread that waits
        future.set_exception(error)


def _connect() -> GCSFileSystem:
    # Read when gcsfs is imported: with it, operations on a bucket may stall for a minute each.
    os.environ["GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT"] = "false"
    import gcsfs
    from aiohttp import ClientTimeout

    files = gcsfs.GCSFileSystem(
        token="anon" if os.environ.get("STORAGE_EMULATOR_HOST") else "google_default",
        access="read_write",
        use_listings_cache=False,
        skip_instance_cache=True,
        requests_timeout=ClientTimeout(total=None, sock_connect=10, sock_read=_READ_SECONDS),
    )
    # Without its own tries: they take a minute, whoever waits, and print what went wrong.
    files._request = MethodType(gcsfs.GCSFileSystem._request.__wrapped__, files)
    return files


async def _all(
    files: Any,
    jobs: Sequence[Callable[[Any], Awaitable[T]]],
    seconds: float,
    attempts: int,
    seen: list[BaseException],
) -> list[T]:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(job: Callable[[Any], Awaitable[T]]) -> T:
        async with gate:
            for attempt in range(attempts):
                try:
                    return await job(files)
                except Exception as error:
                    if attempt == attempts - 1 or not passing(error):
                        raise
                    seen.append(error)
                    await asyncio.sleep(0.2 * 2**attempt * (0.5 + random.random()))
        raise AssertionError("unreachable")

    tasks = [asyncio.ensure_future(one(job)) for job in jobs]
    try:
        return await asyncio.wait_for(asyncio.gather(*tasks), seconds)
    finally:
        for task in tasks:
            task.cancel()
