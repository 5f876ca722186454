"""The version that pages show: asked for again after a while, by one reader, known to all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from dashboard.web.versions import Versions
from qod.errors import UnavailableError
from tests.web.failing import Clock, await_sharers, together


class Stamps:
    """What asking for the stamp gives, and how often it was asked for."""

    def __init__(self) -> None:
        self.asked = 0
        self.now: str | Exception = "1"
        self.inside: Callable[[], None] = lambda: None

    def __call__(self) -> str:
        self.asked += 1
        self.inside()
        if isinstance(self.now, Exception):
            raise self.now
        return self.now


GONE = UnavailableError("gone", trouble="unreachable")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stamps() -> Stamps:
    return Stamps()


@pytest.fixture
def versions(stamps: Stamps, clock: Clock) -> Versions:
    return Versions(stamps, refresh_seconds=60, clock=clock)


def test_a_stamp_holds_for_as_long_as_the_setting_says(versions: Versions, stamps: Stamps, clock: Clock) -> None:
    for _ in range(3):
        assert versions.current().stamp == "1"
    clock.now += 59.9
    stamps.now = "2"
    assert versions.current().number == 1
    assert stamps.asked == 1
    clock.now += 0.1
    assert (versions.current().stamp, versions.current().number) == ("2", 2)
    assert stamps.asked == 2
    assert versions.recent == (2, 1)


def test_without_such_a_time_every_request_asks(stamps: Stamps) -> None:
    versions = Versions(stamps, refresh_seconds=0)
    numbers = [versions.current().number for _ in range(3)]
    assert (stamps.asked, numbers) == (3, [1, 1, 1])


def test_where_nothing_was_evaluated_every_refresh_is_a_version(
    versions: Versions, stamps: Stamps, clock: Clock
) -> None:
    stamps.now = ""
    numbers = []
    for _ in range(2):
        numbers += [versions.current().number, versions.current().number]
        clock.now += 60
    assert numbers == [1, 1, 2, 2]


def test_one_reader_asks_and_the_others_go_on(versions: Versions, stamps: Stamps, clock: Clock) -> None:
    versions.current()
    clock.now += 60
    stamps.now = "2"
    others: list[str] = []
    stamps.inside = lambda: others.extend(version.stamp for version in together(versions.current))
    assert versions.current().stamp == "2"
    assert others == ["1"] * 8
    assert stamps.asked == 2


def test_the_first_readers_wait_and_share_what_comes(versions: Versions, stamps: Stamps) -> None:
    stamps.now, stamps.inside = GONE, lambda: await_sharers(7)
    assert together(versions.current) == [GONE] * 8
    assert stamps.asked == 1
    assert not versions.known


def test_a_stamp_that_cannot_be_had_leaves_the_one_before(versions: Versions, stamps: Stamps, clock: Clock) -> None:
    versions.current()
    clock.now += 60
    stamps.now = GONE
    assert (versions.current().stamp, versions.current().error) == ("1", GONE)
    stamps.now = "1"
    assert (versions.current().number, versions.current().error) == (1, None)
    asked = stamps.asked
    versions.current()
    assert stamps.asked == asked, "and it holds for its time again"


def test_a_reader_who_has_written_gets_a_stamp_that_was_asked_for_since() -> None:
    clock, stamps = Clock(), ["a", "b", "c"]
    versions = Versions(lambda: stamps.pop(0), refresh_seconds=60, clock=clock)
    assert versions.current().stamp == "a"
    clock.now += 10
    assert versions.current(within_seconds=11).stamp == "a", "it was written before the stamp was asked for"
    assert versions.current(within_seconds=5).stamp == "b"
    assert versions.current().stamp == "b", "the others see it too"
    clock.now += 2
    assert versions.current(within_seconds=1).stamp == "c"


def test_a_stamp_that_is_on_its_way_since_before_does_not_serve_who_has_written() -> None:
    clock, held, asked = Clock(), threading.Event(), threading.Event()
    stamps = ["a", "old", "new"]

    def ask() -> str:
        stamp = stamps.pop(0)
        if stamp == "old":
            asked.set()
            assert held.wait(5)
        return stamp

    versions = Versions(ask, refresh_seconds=0, clock=clock)
    assert versions.current().stamp == "a"
    other = threading.Thread(target=versions.current)
    other.start()
    assert asked.wait(5)
    clock.now += 1
    found: list[str] = []
    writer = threading.Thread(target=lambda: found.append(versions.current(within_seconds=0).stamp))
    writer.start()
    await_sharers(1)
    held.set()
    for thread in (other, writer):
        thread.join(5)
    assert found == ["new"]


def test_a_warehouse_that_fails_keeps_no_writer_waiting() -> None:
    stamps: list[Any] = ["a"]

    def ask() -> str:
        if not stamps:
            raise UnavailableError("gone", trouble="unreachable")
        return str(stamps.pop(0))

    versions = Versions(ask, refresh_seconds=60)
    versions.current()
    version = versions.current(within_seconds=0)
    assert version.stamp == "a"
    assert version.error is not None
