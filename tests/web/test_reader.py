from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from flask import Flask

from dashboard.web.cache import AnswerCache
from dashboard.web.reader import Reader


class Shelf:
    """Tables of one row: how often they were asked."""

    def __init__(self, stamp: str) -> None:
        self.now = stamp
        self.asked = 0

    def stamp(self) -> str:
        return self.now

    def query(self, name: str, /, **params: Any) -> pa.Table:
        self.asked += 1
        return pa.table({"asked": [self.asked], "name": [name]})


@pytest.fixture
def reader_of() -> Callable[[Shelf], Reader]:
    return lambda shelf: Reader(lambda: shelf, AnswerCache(Flask("test")))


def test_an_answer_is_kept_until_the_stamp_changes(reader_of: Callable[[Shelf], Reader]) -> None:
    shelf = Shelf("1")
    reader = reader_of(shelf)
    for _ in range(2):
        assert reader.begin().rows("fleet") == [{"asked": 1, "name": "fleet"}]
    assert reader.begin().rows("fleet", model_id="a", metrics=["psi"])[0]["asked"] == 2
    assert reader.begin().rows("fleet", metrics=["psi"], model_id="a")[0]["asked"] == 2
    shelf.now = "2"
    assert reader.begin().rows("fleet")[0]["asked"] == 3


def test_one_request_sees_one_stamp(reader_of: Callable[[Shelf], Reader]) -> None:
    shelf = Shelf("1")
    reading = reader_of(shelf).begin()
    assert reading.rows("fleet")[0]["asked"] == 1
    shelf.now = "2"
    assert reading.stamp == "1"


def test_before_the_first_evaluation_nothing_is_kept_between_requests(reader_of: Callable[[Shelf], Reader]) -> None:
    shelf = Shelf("")
    reader = reader_of(shelf)
    first = reader.begin()
    assert first.rows("fleet") == first.rows("fleet")
    assert shelf.asked == 1
    assert reader.begin().rows("fleet")[0]["asked"] == 2


def test_rows_belong_to_who_asked(reader_of: Callable[[Shelf], Reader]) -> None:
    reader = reader_of(Shelf("1"))
    reader.begin().rows("fleet")
    reader.begin().rows("fleet")[0]["name"] = "changed"
    assert reader.begin().rows("fleet")[0]["name"] == "fleet"


def test_the_tables_are_opened_late_and_once() -> None:
    opened = []

    def open_tables() -> Shelf:
        opened.append(1)
        return Shelf("1")

    reader = Reader(open_tables, AnswerCache(Flask("test")))
    reading = reader.begin()
    assert not opened
    reading.read("fleet")
    reader.begin().read("fleet")
    assert len(opened) == 1
