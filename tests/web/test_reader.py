from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from dashboard.web.cache import AnswerCache
from dashboard.web.reader import Reader
from qod.errors import UnavailableError, WarehouseError
from qod.warehouse import TableState


class Shelf:
    """Tables of one row: how often they were asked."""

    def __init__(self, stamp: str) -> None:
        self.now = stamp
        self.asked = 0
        self.fails = False

    def stamp(self) -> str:
        return self.now

    def query(self, name: str, /, **params: Any) -> pa.Table:
        self.asked += 1
        if self.fails:
            raise UnavailableError("no", trouble="broken")
        return pa.table({"asked": [self.asked], "name": [name]})

    def states(self) -> list[TableState]:
        return [TableState("models", self.query("states").num_rows, None, None)]


@pytest.fixture
def reader_of() -> Callable[[Shelf], Reader]:
    return lambda shelf: Reader(lambda: shelf, AnswerCache())


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
    assert reading.version.stamp == "1"
    assert reading.rows("fleet")[0]["asked"] == 1


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

    reader = Reader(open_tables, AnswerCache())
    reading = reader.begin()
    assert not opened
    reading.read("fleet")
    reader.begin().read("fleet")
    assert len(opened) == 1


def test_after_a_failure_what_is_kept_of_earlier_versions_can_be_read(reader_of: Callable[[Shelf], Reader]) -> None:
    shelf = Shelf("1")
    reader = reader_of(shelf)
    reader.begin().rows("fleet")
    shelf.now = "2"
    reader.begin().rows("model")
    shelf.fails = True
    reading = reader.begin()
    assert [attempt for attempt in reader.begin().attempts() if attempt.pinned] == [], "nothing failed yet"
    with pytest.raises(UnavailableError):
        reading.rows("fleet")
    assert reading.trouble == "broken"
    _, before = reading.attempts()
    assert before.rows("fleet") == [{"asked": 1, "name": "fleet"}]
    asked = shelf.asked
    with pytest.raises(UnavailableError):
        before.rows("model")
    assert shelf.asked == asked, "a pinned reading asks nothing"


def test_states_are_as_old_as_the_stamp_and_outlive_a_failure(reader_of: Callable[[Shelf], Reader]) -> None:
    shelf = Shelf("1")
    reader = reader_of(shelf)
    known = [TableState("models", 1, None, None)]
    assert reader.begin().states() == reader.begin().states() == known
    assert shelf.asked == 2, "each refresh of the stamp asks for them, though the tables that pages show are the same"
    shelf.fails = True
    reading = reader.begin()
    assert reading.states() == known
    assert reading.trouble == "broken"
    shelf.now = "2"
    assert next(iter(reader.begin().attempts())).states() == known
    with pytest.raises(WarehouseError):
        reader_of(shelf).begin().states()
