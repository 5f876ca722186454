"""Results of several models in one delivery, made while the next are assessed: nothing is lost and nothing hidden."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

import pyarrow as pa
import pytest

from dashboard.evaluation import group as groups
from dashboard.evaluation.ahead import ahead
from dashboard.evaluation.deliverable import Deliverable
from dashboard.evaluation.group import Group
from dashboard.evaluation.measure_rows import Measures
from dashboard.evaluation.results import cohorts_columns, findings_columns, health_columns
from qod.errors import WarehouseError
from qod.warehouse import Warehouse, purpose

DAY = date(2026, 11, 19)


def results(model_id: str) -> Deliverable:
    measures = Measures(model_id)
    measures.add("psi", version="v1", batches=[("a", DAY)], subjects=["x"], value=0.1, n=10)
    columns = {
        "health": health_columns(model_id, [], {}, as_of=DAY),
        "findings": findings_columns(model_id, []),
        "cohorts": cohorts_columns(model_id, {("v1", "month:2026-10"): (DAY, DAY, 1, 1, "{}")}),
    }
    emptied = {"standing": [(model_id,)]}
    return Deliverable(measures.table(lambda _: True), columns, emptied, {DAY}, 1, None)


class Recorder:
    """Takes deliveries, and refuses some of them."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.taken: list[Mapping[str, pa.Table]] = []
        self.asked: list[Any] = []

    def deliver(self, tables: Mapping[str, pa.Table], *, kind: str, emptied: Any, days: Any) -> str:
        if self.fails:
            raise WarehouseError("the disk is full.")
        self.taken.append(tables)
        self.asked.append((kind, emptied, days, purpose.current(), threading.current_thread()))
        return "id"


def test_models_are_delivered_together_and_the_last_ones_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MODELS", 2)
    lake = Recorder()
    with purpose.purpose("command", "evaluate"), Group(cast(Warehouse, lake)) as group:
        for name in ("a", "b", "c"):
            group.add(results(name))
    assert [tables["measures"]["model_id"].to_pylist() for tables in lake.taken] == [["a", "b"], ["c"]]
    assert lake.taken[0]["cohorts"]["batch_id"].to_pylist() == ["month:2026-10"] * 2
    assert {name: table.num_rows for name, table in lake.taken[1].items()} == {
        **{"measures": 1, "health": 0, "findings": 0, "cohorts": 1, "standing": 0}
    }
    kind, emptied, days, asked_for, thread = lake.asked[0]
    assert (kind, emptied, days) == ("evaluation", {"standing": [("a",), ("b",)]}, {DAY})
    assert asked_for.name == "evaluate", "its cost is the command's"
    assert thread is not threading.current_thread()
    assert group.deliveries == 2


def gather(lake: Recorder, names: str) -> None:
    with Group(cast(Warehouse, lake)) as group:
        for name in names:
            if name == "!":
                raise KeyError(name)
            group.add(results(name))


@pytest.mark.parametrize("models", [1, 100])
def test_a_delivery_that_fails_is_raised_though_another_thread_made_it(
    models: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "MODELS", models)
    with pytest.raises(WarehouseError, match="disk is full"):
        gather(Recorder(fails=True), "abc")


def test_after_an_error_what_is_gathered_is_given_up() -> None:
    lake = Recorder()
    with pytest.raises(KeyError):
        gather(lake, "ab!")
    assert not lake.taken


def test_the_next_piece_is_fetched_while_one_is_in_use() -> None:
    made, second = list[int](), threading.Event()

    def pieces() -> Iterator[int]:
        for number in range(3):
            made.append(number)
            if number == 1:
                second.set()
            yield number

    found = []
    with ahead(pieces()) as given:
        for piece in given:
            assert piece or second.wait(10), "the second was not begun"
            found.append(piece)
    assert found == made == [0, 1, 2]


def test_what_goes_wrong_while_fetching_is_raised_where_the_piece_is_asked_for() -> None:
    def pieces() -> Iterator[int]:
        yield 1
        raise WarehouseError("a file is gone.")

    found = []
    with pytest.raises(WarehouseError, match="a file is gone"), ahead(pieces()) as given:
        found += list(given)
    assert found == []
