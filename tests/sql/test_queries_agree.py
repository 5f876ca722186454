"""Every query gives the same rows, in the same order, on the lake, on the reference engine of BigQuery's SQL, and to
BigQuery's own client.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from qod.contract import TABLES
from qod.errors import WarehouseError
from qod.warehouse import query
from qod.warehouse.bigquery import rows as results
from tests.bigquery.server import BigQueryServer
from tests.sql.bigquery import BigQueryEngine
from tests.sql.cases import Case, cases, queries, tied, written
from tests.sql.engine import Engine, differences, holding, same
from tests.sql.lake import LakeEngine
from tests.sql.machine import RefusedError
from tests.sql.rows import delivered, row
from tests.sql.zeta import ZetaEngine, evaluate, register
from tests.warehouse.bigquery_home import emulated


@pytest.fixture(scope="module")
def server() -> Iterator[BigQueryServer]:
    """The server of BigQuery's API that the product's clients find; a result of more than three rows is a large one."""
    with emulated() as started, pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "INLINE_ROWS", 3)
        yield started


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory, server: BigQueryServer) -> tuple[Engine, ...]:
    """The engines that must agree; the others are held against the first."""
    return LakeEngine(tmp_path_factory.mktemp("lakes")), ZetaEngine(), BigQueryEngine(server)


@pytest.fixture(scope="module")
def ask(engines: tuple[Engine, ...]) -> Callable[[Case], dict[str, pa.Table]]:
    """A function that gives each engine's answer to a case, asked once."""
    answers: dict[str, dict[str, pa.Table]] = {}

    def asked(case: Case) -> dict[str, pa.Table]:
        if str(case) not in answers:
            question, tables = query.load(case.query), delivered(case.rows)
            answers[str(case)] = {engine.name: engine.run(question, case.params, tables) for engine in engines}
        return answers[str(case)]

    return asked


def test_every_query_has_a_case_and_every_case_a_query() -> None:
    assert queries() == set(query.names())
    assert len({str(case) for case in cases()}) == len(cases())


@pytest.mark.parametrize("case", cases(), ids=str)
def test_engines_agree(case: Case, ask: Callable[[Case], dict[str, pa.Table]]) -> None:
    (first, expected), *others = ask(case).items()
    for name, answer in others:
        found = differences(expected, answer)
        assert not found, f"{first} and {name} differ: " + "\n".join(found)


@pytest.mark.parametrize("case", tied(), ids=str)
def test_the_order_of_the_rows_changes_nothing(case: Case, ask: Callable[[Case], dict[str, pa.Table]]) -> None:
    """Where ORDER BY, or the order within a window, leaves a tie, an engine takes what it meets first."""
    turned = ask(replace(case, label=f"{case.label}, last row first", rows=case.rows[::-1]))
    for name, answer in ask(case).items():
        found = differences(answer, turned[name])
        assert not found, f"{name} depends on it: " + "\n".join(found)


@pytest.mark.parametrize("name", query.names())
def test_the_cases_of_a_query_show_something(name: str, ask: Callable[[Case], dict[str, pa.Table]]) -> None:
    """Engines agree on nothing easily: over the cases of a query, each column has a value, and some rows an order."""
    answers = [answer for case in written(name) for answer in ask(case).values()]
    assert answers, f"queries/{name}.sql has no case in tests/sql/cases.py"
    together = pa.concat_tables(answers, promote_options="permissive")
    empty = [column for column in together.column_names if together.column(column).null_count == together.num_rows]
    assert not empty, f"no case shows a value of {empty}"
    single = {"model", "last_run"}
    assert (max(answer.num_rows for answer in answers) > 1) != (name in single)


def test_the_rows_of_the_cases_keep_the_contract() -> None:
    for rows in {id(case.rows): case.rows for case in cases()}.values():
        for name, held in holding(delivered(rows)).items():
            # A truth may be told again: the query takes the latest.
            key = (*TABLES[name].key, *(("delivery_id",) if name == "outcomes" else ()))
            seen = Counter(zip(*(held.column(column).to_pylist() for column in key), strict=True))
            assert [values for values, times in seen.items() if times > 1] == []


# -- the proof itself --------------------------------------------------------------------------------------


def test_a_query_that_the_reference_engine_refuses_fails() -> None:
    catalog = register(holding({}))
    with pytest.raises(RefusedError, match="Partitioning by expressions of type FLOAT64"):
        evaluate("SELECT COUNT(*) OVER (PARTITION BY p.score) AS n FROM predictions AS p", {}, {}, catalog)
    with pytest.raises(RefusedError, match="ORDER BY does not support expressions of type JSON"):
        evaluate("SELECT f.facts FROM findings AS f ORDER BY f.facts", {}, {}, catalog)
    with pytest.raises(RefusedError, match="division by zero"):
        evaluate("SELECT 1 / @n AS x", {"n": "INT64"}, {"n": 0}, catalog)
    assert evaluate("SELECT 1 AS x", {}, {}, catalog).to_pylist() == [{"x": 1}], "it goes on after a refusal"


def test_results_come_from_bigquery_with_the_reply_and_over_grpc(
    server: BigQueryServer, ask: Callable[[Case], dict[str, pa.Table]]
) -> None:
    few, many = written("model")[0], written("measures")[0]
    for case, large in ((few, False), (many, True)):
        server.log.clear()
        answer = ask(replace(case, label="asked again"))["bigquery"]
        assert (answer.num_rows > 3, server.log.count("gRPC ReadRows")) == (large, int(large))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT p.nothing FROM predictions AS p WHERE p.batch_date > '2026-01-01' ORDER BY p.nothing", "nothing"),
        ("SELECT p.score FROM predictions AS p WHERE p.model_id = 'churn' ORDER BY p.score", "without a filter over"),
    ],
)
def test_a_query_that_bigquery_refuses_fails(
    server: BigQueryServer, sql: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "FOLDER", tmp_path)
    (tmp_path / "refused_by_bigquery.sql").write_text(f"-- What: nothing.\n{sql}\n")
    with pytest.raises(WarehouseError, match=said):
        BigQueryEngine(server).run(query.load("refused_by_bigquery"), {}, delivered((row("predictions"),)))
    query.load.cache_clear()


def test_a_query_that_breaks_the_reference_engine_fails_alone(ask: Callable[[Case], dict[str, pa.Table]]) -> None:
    catalog = register(holding({}))
    with pytest.raises(RefusedError, match="the engine broke"):
        evaluate(f"SELECT {'ABS(' * 3000}1{')' * 3000} AS x", {}, {}, catalog)
    case = replace(written("registry")[0], label="after a break")
    assert ask(case)["zetasql"].num_rows > 1


def test_rows_that_hold_are_those_of_the_latest_delivery_of_their_scope() -> None:
    tables = delivered(
        (
            row("batch_variables", variable="age"),
            row("batch_variables", variable="plan"),
            row("batch_variables", variable="age", batch_id="b2"),
            row("batch_variables", 2, variable="age", mean=2.0),
            # The delivery names the batch, and the table, but has no rows of the batch in the table.
            row("batches", 3, batch_id="b2"),
            row("batch_variables", 3, variable="age", batch_id="b3"),
        )
    )
    held = holding(tables)["batch_variables"].to_pylist()
    assert [(one["batch_id"], one["variable"], one["mean"]) for one in held] == [("b1", "age", 2.0), ("b3", "age", 1.0)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": [1]}, {"b": [1]}),
        ({"a": [1]}, {"a": [1.0]}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": [1]}, {"a": [1, 1]}),
        ({"a": ["x"]}, {"a": [None]}),
        ({"a": [0.1]}, {"a": [0.1 + 1e-12]}),
        ({"a": [[1, 2]]}, {"a": [[1]]}),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}),
    ],
)
def test_a_difference_is_seen(one: dict[str, list[object]], other: dict[str, list[object]]) -> None:
    assert differences(pa.table(one), pa.table(other))
    assert not differences(pa.table(one), pa.table(one))


def test_numbers_may_differ_by_what_adding_in_another_order_does() -> None:
    assert same(0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1)
    assert not same(1.0, 1.0 + 3e-12)
    assert same(math.nan, math.nan)
    assert not same(math.nan, 0.0)
