from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from dashboard.web.cache import AnswerCache
from tests.web.failing import await_sharers


@pytest.fixture
def cache() -> AnswerCache:
    return AnswerCache(entries=50)


def all_at_once(ask: Callable[[], Any], cache: AnswerCache, *, readers: int = 8) -> tuple[list[Any], int]:
    """What each of the readers got, all of them waiting for one computation; and how many computations there were."""
    computed, go, found = [], threading.Event(), list[Any]()

    def compute() -> Any:
        computed.append(1)
        assert go.wait(5)
        return ask()

    def read() -> None:
        try:
            found.append(cache.get_or_compute(1, ("k",), compute))
        except ValueError as error:
            found.append(str(error))

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    await_sharers(readers - 1)
    go.set()
    for thread in threads:
        thread.join()
    return found, len(computed)


def test_many_readers_at_once_make_one_computation(cache: AnswerCache) -> None:
    assert all_at_once(lambda: "answer", cache) == (["answer"] * 8, 1)


def test_a_failure_is_shared_by_those_who_waited_for_it_and_is_not_kept(cache: AnswerCache) -> None:
    def fail() -> str:
        raise ValueError("broken")

    assert all_at_once(fail, cache) == (["broken"] * 8, 1)
    assert cache.get_or_compute(1, ("k",), lambda: "mended") == "mended"


def test_other_keys_and_versions_do_not_wait(cache: AnswerCache) -> None:
    def outer() -> int:
        return cache.get_or_compute(1, ("inner",), lambda: 1) + cache.get_or_compute(2, ("outer",), lambda: 1)

    assert cache.get_or_compute(1, ("outer",), outer) == 2


def test_none_is_kept_too(cache: AnswerCache) -> None:
    computed: list[int] = []
    for _ in range(3):
        assert cache.get_or_compute(1, ("none",), lambda: computed.append(1)) is None
    assert len(computed) == 1


@pytest.mark.parametrize(
    ("one", "other"), [((1,), ("1",)), ((1,), (True,)), (("a", "b"), ("a,b",)), ((None,), ("None",))]
)
def test_keys_that_look_alike_differ(cache: AnswerCache, one: tuple[object], other: tuple[object]) -> None:
    assert cache.get_or_compute(1, one, lambda: "one") == "one"
    assert cache.get_or_compute(1, other, lambda: "other") == "other"


def test_what_is_not_to_be_kept_is_computed_again(cache: AnswerCache) -> None:
    computed: list[int] = []
    for _ in range(2):
        cache.get_or_compute(1, ("k",), lambda: computed.append(1), keep=lambda _: False)
    assert len(computed) == 2


def test_an_answer_may_be_changed_by_whoever_got_it(cache: AnswerCache) -> None:
    for _ in range(3):
        cache.get_or_compute(1, ("k",), lambda: [1]).append(2)
    assert cache.get_or_compute(1, ("k",), list) == [1]


def test_old_entries_go_when_it_is_full(cache: AnswerCache) -> None:
    for number in range(200):
        cache.get_or_compute(1, ("first",), lambda: "first")
        cache.get_or_compute(1, (number,), lambda: "x" * 100)
    assert len(cache) == 50
    assert cache.get_or_compute(1, ("first",), lambda: "again") == "first", "what is in use stays"
    assert not cache.versions((3,))


def test_large_answers_go_when_they_hold_too_much() -> None:
    cache = AnswerCache(entries=50, most_bytes=10_000)
    for number in range(20):
        cache.get_or_compute(1, ("large", number), lambda: b"x" * 3000)
        cache.get_or_compute(1, ("large", number), lambda: b"x" * 3000)
    assert len(cache) == 3
    assert cache.versions(("large", 19))
    cache.get_or_compute(1, ("huge",), lambda: b"x" * 30_000)
    assert cache.versions(("huge",)) == (1,), "the newest stays, whatever its size"
    assert len(cache) == 1


def test_a_new_version_drives_out_only_what_it_replaces(cache: AnswerCache) -> None:
    for number in range(25):
        cache.get_or_compute(1, ("page", number), lambda: "good")
    for round in range(2, 9):
        for number in range(10):
            cache.get_or_compute(round, ("page", number), lambda: "newer")
    assert len(cache) == 50
    assert [cache.versions(("page", number)) for number in range(10, 25)] == [(1,)] * 15, "their last good answers"
    assert cache.versions(("page", 9))[:2] == (8, 7)


def test_an_answer_that_came_too_late_is_there_for_the_next(cache: AnswerCache) -> None:
    cache.put(3, ("k",), "late")
    assert cache.versions(("k",)) == (3,)
    assert cache.get_or_compute(3, ("k",), lambda: "asked") == "late"
