import threading

import pytest
from flask import Flask

from dashboard.web.cache import AnswerCache


@pytest.fixture
def cache() -> AnswerCache:
    return AnswerCache(Flask("test"), entries=50)


def test_many_readers_at_once_make_one_computation(cache: AnswerCache) -> None:
    computed, started, go = [], threading.Event(), threading.Event()

    def compute() -> str:
        computed.append(1)
        started.set()
        assert go.wait(5)
        return "answer"

    found: list[str] = []
    readers = [threading.Thread(target=lambda: found.append(cache.get_or_compute(("k",), compute))) for _ in range(8)]
    for reader in readers:
        reader.start()
    assert started.wait(5)
    go.set()
    for reader in readers:
        reader.join()
    assert found == ["answer"] * 8
    assert len(computed) == 1
    assert not cache._locks


def test_other_keys_do_not_wait(cache: AnswerCache) -> None:
    assert cache.get_or_compute(("outer",), lambda: cache.get_or_compute(("inner",), lambda: 1) + 1) == 2


def test_none_is_kept_too(cache: AnswerCache) -> None:
    computed = []
    for _ in range(3):
        assert cache.get_or_compute(("none",), lambda: computed.append(1)) is None
    assert len(computed) == 1


@pytest.mark.parametrize(
    ("one", "other"), [((1,), ("1",)), ((1,), (True,)), (("a", "b"), ("a,b",)), ((None,), ("None",))]
)
def test_keys_that_look_alike_differ(cache: AnswerCache, one: tuple[object], other: tuple[object]) -> None:
    assert cache.get_or_compute(one, lambda: "one") == "one"
    assert cache.get_or_compute(other, lambda: "other") == "other"


def test_a_failure_reaches_its_reader_and_is_not_kept(cache: AnswerCache) -> None:
    def fail() -> str:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        cache.get_or_compute(("k",), fail)
    assert cache.get_or_compute(("k",), lambda: "mended") == "mended"


def test_what_is_not_to_be_kept_is_computed_again(cache: AnswerCache) -> None:
    computed = []
    for _ in range(2):
        cache.get_or_compute(("k",), lambda: computed.append(1), keep=lambda _: False)
    assert len(computed) == 2


def test_old_entries_go_when_it_is_full(cache: AnswerCache) -> None:
    for number in range(200):
        cache.get_or_compute((number,), lambda: "x" * 100)
    assert len(cache._cache.cache._cache) <= 51
