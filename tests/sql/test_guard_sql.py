"""The SQL of a guard means on the reference engine of BigQuery's dialect what ``qod.guard`` does to the same rows."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from qod.guard import Guard, Rule, split, where
from qod.guard_sql import identifier
from tests.sql.engine import holding
from tests.sql.zeta import evaluate, register

MADE = datetime(2026, 11, 19, tzinfo=UTC)
TEXTS = [None, "", "a", "A", "1", "1.0", "01", "TRUE", "x'y", "back\\slash", "`", "é\u202e", "two\nlines", "nan", "🦊"]
NUMBERS = [None, math.nan, -1.0, 0.0, 1.0, 2.5, 1e6, math.inf, -math.inf]
NAMES = ["plan", "a`b", "x'); DROP TABLE t; --", "back\\slash", "two\nlines", "\u202eevil", "été 🦊", "@p", "-- c"]

CASES = [
    *((name, "STRING", TEXTS, {"levels": ("a", "x'y"), "missing": True, "type": "text"}) for name in NAMES),
    ("v", "STRING", TEXTS, {"unseen": True, "known": tuple(t for t in TEXTS if t)[::2], "type": "text"}),
    ("v", "STRING", TEXTS, {"unseen": True, "known": ("1", "true", "back\\slash", "é\u202e", "two\nlines")}),
    ("v", "STRING", TEXTS, {"levels": ("1", "True", "`", "🦊"), "unseen": True, "known": ("A", "nan")}),
    ("v", "STRING", ["x" * 600, "x" * 511 + "…", "x" * 512 + "…", "x" * 511], {"levels": ("x" * 511 + "…",)}),
    ("v", "INT64", [None, 1, 2, 3], {"unseen": True, "known": ("1", "3"), "missing": True, "type": "number"}),
    ("v", "INT64", [None, 1, 2, 3], {"levels": ("2",)}),
    ("v", "FLOAT64", NUMBERS, {"unseen": True, "known": ("1", "2.5", "1000000"), "missing": True, "type": "number"}),
    ("v", "BOOL", [None, True, False], {"unseen": True, "known": ("true",), "missing": True, "type": "boolean"}),
    ("v", "FLOAT64", NUMBERS, {"low": -0.5, "high": 2.5, "missing": True, "type": "number"}),
    ("v", "FLOAT64", NUMBERS, {"high": 1e300}),
    ("v", "INT64", [None, 1, 2, 3], {"low": 1.5, "missing": True}),
    ("v", "STRING", [None, "1", "2.5", "-3"], {"low": 0.0, "high": 2.0, "missing": True, "type": "text"}),
    ("v", "BOOL", [None, True, False], {"high": 0.5, "type": "boolean"}),
]
ARROW = {"STRING": pa.string(), "INT64": pa.int64(), "FLOAT64": pa.float64(), "BOOL": pa.bool_()}


@pytest.fixture(scope="module")
def catalog() -> int:
    return register(holding({}))


@pytest.mark.parametrize(("name", "kind", "values", "rule"), CASES)
def test_the_sql_splits_as_the_guard_does(
    name: str, kind: str, values: list[Any], rule: dict[str, Any], catalog: int
) -> None:
    numeric = {"low", "high"} & rule.keys()
    made = Guard("m", "1", MADE, (Rule(name, "numeric" if numeric else "categorical", **rule),))
    rows = pa.array(values, ARROW[kind])
    found = split(pa.table({name: rows, "n": range(len(values))}), made)
    kept, held = where(made).removeprefix("-- kept\n").split("\n\n-- held back\n")
    for clause, expected in ((kept, found.kept), (held, found.held)):
        sql = f"SELECT n FROM UNNEST(@rows) AS {identifier(name)} WITH OFFSET AS n {clause} ORDER BY n"
        answer = evaluate(sql, {"rows": f"ARRAY<{kind}>"}, {"rows": values}, catalog)
        assert answer["n"].to_pylist() == expected["n"].to_pylist(), clause
