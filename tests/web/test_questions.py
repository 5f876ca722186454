"""What a page view asks of the tables: each once at most, the large ones for a model and days, and nothing twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

import pages
from dashboard.policy import Policy
from qod.contract import TABLES
from qod.warehouse import TableState, Warehouse, query
from tests.bigquery.server import BigQueryServer
from tests.web.asking import Asker, of_class
from tests.web.cost import page_queries
from tests.web.moving import FIRST, MODEL, RETRAINED, TODAY, moving
from tests.web.year import DRIFTING, Year, year
from tests.web.year import MODEL as CHURN

OLD = (RETRAINED - timedelta(days=9)).isoformat()
ADDRESSES = (
    *(route.page.write({"model_id": MODEL, "variable": "brand"}) for route in pages.load().values()),
    f"/models/{MODEL}?batch={OLD}",
    f"/models/{MODEL}?page=4",
    f"/models/{MODEL}/inputs?show=missing&last=30",
    f"/models/{MODEL}/inputs?show=unseen&last=0&version=v1",
    f"/models/{MODEL}/inputs/wait?last=30&batch={OLD}&against={TODAY - timedelta(days=40)}&version=v1",
    f"/models/{MODEL}/inputs/tenure?last=0&levels=1",
    f"/models/{MODEL}/performance?last=0&version=v1",
    "/models/bare",
    "/models/bare/inputs",
    "/models/bare/performance",
)
AGAIN = {
    # Which batch is a model's latest is a join there: a row a model, where the batches of the days would be findings.
    "/incidents": {"standing"},
    # The score and the class that is made of it are two variables, and each may have bins of its own.
    f"/models/{MODEL}/predictions": {"batch_variables", "measures"},
    # A verdict rests on the bins of every version, the menu on their names; cohorts are cut as the model says.
    f"/models/{MODEL}/policy": {"models", "reference_variables"},
}
"""Tables that a page asks twice, and why; it asks two questions then, never one twice."""
LARGE = {name for name, table in TABLES.items() if table.large}
MEGABYTE = 1_000_000


class Recorder:
    """Tables that note every question with its parameters."""

    def __init__(self, tables: Warehouse) -> None:
        self.tables = tables
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def query(self, name: str, /, **params: Any) -> Any:
        self.asked.append((name, params))
        return self.tables.query(name, **params)

    def stamp(self) -> str:
        return self.tables.stamp()

    def states(self) -> list[TableState]:
        return self.tables.states()


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return moving(tmp_path_factory.mktemp("moving"))


@pytest.fixture
def recorder(tables: Warehouse) -> Recorder:
    return Recorder(tables)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_view_asks_each_table_once_at_most_and_no_question_twice(recorder: Recorder, address: str) -> None:
    nodes, _ = Asker(recorder).ask(address)
    assert not of_class(nodes, "failure")
    asked = Counter(table for name, _ in recorder.asked for table in query.load(name).tables)
    twice = {table: times for table, times in asked.items() if times > 1}
    assert twice == dict.fromkeys(AGAIN.get(address, ()), 2)
    questions = [(name, repr(params)) for name, params in recorder.asked]
    assert len(questions) == len(set(questions))


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_second_view_asks_nothing(recorder: Recorder, address: str) -> None:
    asker = Asker(recorder)
    asker.ask(address)
    first = len(recorder.asked)
    asker.ask(address)
    asker.ask(f"{address}{'&' if '?' in address else '?'}lang=fr")
    assert len(recorder.asked) == first


@pytest.mark.parametrize("address", ADDRESSES)
def test_large_tables_are_asked_for_one_model_and_for_days_that_it_has(recorder: Recorder, address: str) -> None:
    Asker(recorder).ask(address)
    for name, params in recorder.asked:
        question = query.load(name)
        if not LARGE & set(question.tables):
            continue
        of_evaluation = "models" in params
        assert params["models" if of_evaluation else "model_id"] == ([MODEL] if of_evaluation else MODEL)
        days = params["days"] if "days" in params else [params["since"], params["until"]]
        assert days
        assert FIRST - timedelta(days=6) <= min(days) <= max(days) <= TODAY, "a week's cohort begins on its Monday"
        beside = {"models"} if name == "cohort_truth" else set()  # how the model's cohorts are cut: one row of it
        assert set(question.tables) - beside <= LARGE, "the days bound every table of the question"
        assert re.search(r"\b(\w)\.model_id (= @model_id\b|IN UNNEST\(@models\))", question.sql)
        assert re.search(r"\b(\w)\.batch_date (BETWEEN @since AND @until|IN UNNEST\(@days\))", question.sql)


def test_a_window_limits_the_days_that_are_read(recorder: Recorder) -> None:
    asker = Asker(recorder)
    for address in ("inputs?last=30", "inputs/wait?last=30&version=v1", "performance?last=12"):
        asker.ask(f"/models/{MODEL}/{address}")
    since = {name: params.get("since") or min(params["days"]) for name, params in recorder.asked if "measures" in name}
    assert since["inputs_measures"] == TODAY - timedelta(days=29)
    pooled = Policy().pool_batches
    assert since["variable_measures"] == FIRST + timedelta(days=47 - 30 + 1 - pooled), (
        "and what is judged with the first"
    )
    asker.ask(f"/models/{MODEL}/inputs/wait?last=0&version=v1")
    every = [params["since"] for name, params in recorder.asked if name == "variable_measures"]
    assert every[1:] == [FIRST], "what is kept of 30 batches is not all of them"


# -- what it costs -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[BigQueryServer]:
    with BigQueryServer() as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("BIGQUERY_EMULATOR_HOST", started.address)
        yield started


@pytest.fixture(scope="module")
def fleet(server: BigQueryServer) -> Year:
    """300 models of 50 variables with a batch a day for a year."""
    return year(server)


def test_the_fleet_page_reads_ten_megabytes_at_most(server: BigQueryServer, fleet: Year) -> None:
    asked = page_queries(server, fleet, "/")
    assert {one.query for one in asked} == {"fleet", "fleet_findings"}
    assert 0 < sum(one.before for one in asked) <= 10 * MEGABYTE, "as a dry run says it"


@pytest.mark.parametrize("address", ["", "?page=9", "/inputs", "/inputs?last=0&show=missing", f"/inputs/{DRIFTING}",
                                     f"/inputs/{DRIFTING}?last=0", "/performance", "/performance?last=0"])  # fmt: skip
def test_a_page_of_a_model_reads_ten_megabytes_at_most(server: BigQueryServer, fleet: Year, address: str) -> None:
    asked = page_queries(server, fleet, f"/models/{CHURN}{address}")
    assert len(asked) >= 5
    assert 0 < sum(one.after for one in asked) <= 10 * MEGABYTE, "after cluster pruning"


def test_the_sentence_on_performance_rests_on_cohorts_before_the_window_too(fleet: Year) -> None:
    words = Asker(fleet.warehouse).words(f"/models/{CHURN}/performance?last=12")
    assert "Provisional" in words
    assert "Green" not in words.partition("Cohorts")[2], "the truth of the last 30 days is not there"
    assert "Nothing can be said about performance yet" not in words
    assert "No truth yet" not in words
