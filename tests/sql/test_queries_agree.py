"""Every query gives the same rows, in the same order, on the lake and on the reference engine of BigQuery's SQL."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pyarrow as pa
import pytest

from qod.contract import TABLES
from qod.warehouse import query
from tests.sql.cases import Case, cases, queries, tied, written
from tests.sql.engine import Engine, differences, holding, same
from tests.sql.lake import LakeEngine
from tests.sql.machine import RefusedError
from tests.sql.rows import delivered, row
from tests.sql.zeta import ZetaEngine, evaluate, register


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, ...]:
    """The engines that must agree; the others are held against the first."""
    return LakeEngine(tmp_path_factory.mktemp("lakes")), ZetaEngine()


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
    single = {"model", "reference_variable", "next_batch", "next_truth"}
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
