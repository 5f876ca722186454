"""The condition in SQL holds back the very rows that the guard does."""

from __future__ import annotations

import atexit
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from qod.guard import Guard, Rule, split, where
from qod.guard_sql import identifier, literal
from tests.guarded import LEVEL, NUMBER, WORDS, guard

HOSTILE = ["plan", "a`b", "x'); DROP TABLE t; --", "back\\slash", "ligne\nsuivante", "\u202eevil", "été 🦊"]
DATABASE = duckdb.connect()
atexit.register(DATABASE.close)
TYPES = {"text": pa.string(), "number": pa.float64(), "boolean": pa.bool_()}


@given(
    name=st.sampled_from(HOSTILE),
    named=st.lists(st.sampled_from(WORDS), max_size=4, unique=True),
    known=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5, unique=True),
    unseen=st.booleans(),
    missing=st.booleans(),
    rows=st.lists(LEVEL, min_size=1, max_size=12),
)
@settings(max_examples=80, deadline=None)
def test_the_sql_holds_back_the_same_levels(
    name: str, named: list[str], known: list[str], unseen: bool, missing: bool, rows: list[str | None]
) -> None:
    rule = Rule(name, "categorical", tuple(named), unseen, tuple(known) if unseen else (), missing=missing, type="text")
    agree(rule, pa.array(rows, pa.string()))


@given(
    values=st.lists(NUMBER, min_size=1, max_size=10),
    low=st.none() | st.just(0.0),
    high=st.sampled_from([2.5, 2.4999975]),
    missing=st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_the_sql_holds_back_the_same_numbers(
    values: list[float | None], low: float | None, high: float, missing: bool
) -> None:
    agree(Rule("data gb", "numeric", low=low, high=high, missing=missing, type="number"), pa.array(values))


@pytest.mark.parametrize(
    ("type", "values", "known"),
    [
        ("number", [1.0, 2.0, 2.5, None, 1e6], ("1", "2.5")),
        ("boolean", [True, False, None], ("true",)),
        ("text", ["x" * 600, "x" * 511 + "…", "x" * 511 + "y", "x" * 512 + "…"], ("x" * 511 + "…",)),
    ],
)
def test_the_sql_knows_levels_that_are_no_text(type: Any, values: list[Any], known: tuple[str, ...]) -> None:
    agree(Rule("v", "categorical", levels=known, type=type), pa.array(values, TYPES[type]))
    if type != "text":
        agree(Rule("v", "categorical", unseen=True, known=known, type=type), pa.array(values, TYPES[type]))


def agree(rule: Rule, values: pa.Array) -> None:
    """The SQL, parsed as BigQuery's and run, keeps and holds back what ``split`` does."""
    if rule.empty:
        return
    made = guard(rule)
    found = split(pa.table({rule.variable: values, "row?": range(len(values))}), made)
    kept, held = clauses(made)
    assert (selected(kept, rule.variable, values), selected(held, rule.variable, values)) == (
        found.kept["row?"].to_pylist(),
        found.held["row?"].to_pylist(),
    )


def clauses(made: Guard) -> tuple[str, str]:
    """The two WHERE clauses; each alone is one clause, whatever the names in it."""
    first, second = where(made).removeprefix("-- kept\n").split("\n\n-- held back\n")
    return first, second


def selected(clause: str, name: str, values: pa.Array) -> list[int]:
    parsed = sqlglot.parse(f"SELECT n FROM t {clause} ORDER BY n", dialect="bigquery")
    assert len(parsed) == 1
    assert parsed[0] is not None
    columns = {one.name for one in parsed[0].find_all(sqlglot.exp.Column)}
    assert columns <= {"n", unescaped(name)}, "nothing in a name is read as SQL"
    # DuckDB knows neither the escapes of identifiers nor another type's text as BigQuery writes it.
    for column in parsed[0].find_all(sqlglot.exp.Column):
        if column.name != "n":
            column.set("this", sqlglot.exp.to_identifier("v", quoted=True))
    DATABASE.register("t", pa.table({"v": values, "n": pa.array(range(len(values)))}))
    return [row[0] for row in DATABASE.execute(parsed[0].sql(dialect="duckdb")).fetchall()]


def unescaped(name: str) -> str:
    return str(sqlglot.parse_one(f"SELECT {identifier(name)}", dialect="bigquery").find(sqlglot.exp.Column).name)  # type: ignore[union-attr]


def test_the_sql_is_one_statement_that_shows_everything_it_holds() -> None:
    text = where(guard(Rule("\u202ename`", "categorical", levels=("\u200b", "a\nb", "x'y\\", "\U000e0041"))))
    assert "\\u202ename\\``" in text
    assert all(part in text for part in ("'\\u200b'", "'a\\nb'", "'x\\'y\\\\'", "'\\U000e0041'"))
    assert all(one.isprintable() or one == "\n" for one in text)
    assert literal("é 🦊") == "'é 🦊'"
    assert where(guard()).split() == ["--", "kept:", "every", "row", "WHERE", "TRUE", "--", "held", "back:", "none",
                                      "WHERE", "FALSE"]  # fmt: skip
