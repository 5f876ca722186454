"""A guard sets aside exactly the rows that training did not know, whatever holds them, and counts each."""

from __future__ import annotations

import atexit
import json
import math
import runpy
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

import qod
from qod.errors import InputError, MissingVersionError, UnknownNameError
from qod.frozen import Reference, reference_of
from qod.guard import Guard, HeldCounts, Rule, as_json, guard_of, read_guard, split, where
from qod.guard_sql import identifier, literal
from tests.deliveries import register

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2026, 11, 19)
MADE = datetime(2026, 11, 19, 6, tzinfo=UTC)
TRAINING = pd.DataFrame(
    {
        "gb": [0.0, 1.5, 40.0, 120.0] * 20,
        "brand": ["Apple", "Samsung", "Apple", "O'Neil `x`"] * 20,
        "code": [1, 2, 2, 3] * 20,
        "vip": [True, False] * 40,
        "score": np.linspace(0.1, 0.9, 80),
    }
)


def trained(frame: pd.DataFrame = TRAINING, **options: Any) -> Reference:
    named = {"categorical": ["code"], "score": "score", **options}
    return reference_of(qod.build_reference("churn", "v3", frame, task="binary", **named))


def whole(reference: Reference | None = None, *variables: str) -> Guard:
    return guard_of("churn", "v3", reference or trained(), variables=variables or None, made_at=MADE)


def guard(*rules: Rule) -> Guard:
    return Guard("churn", "v3", MADE, rules)


def counts(found: HeldCounts) -> list[tuple[str, str, str | None, int]]:
    return [(one.variable, one.reason, one.level, one.rows) for one in found.counts]


ROWS = pd.DataFrame(
    {
        "gb": [1.0, 999.0, math.nan, -5.0, 120.0, 0.0],
        "brand": ["Apple", "Nothing", "Samsung", "Nothing", None, "O'Neil `x`"],
        "code": ["1", "2.0", "7", "2", "3", ""],
        "vip": ["TRUE", "false", "maybe", None, "True", "true"],
    },
    index=[10, 20, 30, 40, 50, 60],
)


# -- splitting ---------------------------------------------------------------------------------------------


def test_a_data_frame_is_split_and_each_row_says_why() -> None:
    found = split(ROWS, whole())
    assert found.kept.index.tolist() == [10, 50, 60]
    assert found.held.index.tolist() == [20, 30, 40]
    assert found.held["held_variables"].tolist() == [["gb", "brand"], ["code", "vip"], ["gb", "brand"]]
    assert found.held["held_reasons"].tolist() == [
        ["out_of_range", "unseen"],
        ["unseen"] * 2,
        ["out_of_range", "unseen"],
    ]
    assert list(found.kept.columns) == list(ROWS.columns)
    assert (found.counts.rows, found.counts.held, found.counts.kept) == (6, 3, 3)
    assert counts(found.counts) == [
        ("gb", "out_of_range", None, 2),
        ("brand", "unseen", "Nothing", 2),
        ("code", "unseen", "7", 1),
        ("vip", "unseen", "maybe", 1),
    ]


@pytest.mark.parametrize("kind", ["arrow", "csv", "csv.gz", "parquet", "ndjson"])
def test_a_file_and_a_table_are_split_as_a_frame_is(kind: str, tmp_path: Path) -> None:
    expected = split(ROWS, whole())
    path = tmp_path / f"rows.{kind}"
    if kind == "parquet":
        ROWS.to_parquet(path, index=False)
    elif kind == "ndjson":
        ROWS.to_json(path, orient="records", lines=True)
    elif kind != "arrow":
        ROWS.to_csv(path, index=False)
    given = pa.Table.from_pandas(ROWS, preserve_index=False) if kind == "arrow" else path
    with split(given, whole()) as found:
        assert found.counts == expected.counts
        found.write_held(tmp_path / "held.parquet")
        found.write_kept(tmp_path / "kept.parquet")
        assert found.held["held_reasons"].to_pylist() == expected.held["held_reasons"].tolist()
        built = qod.build_batch("churn", "v3", DAY, found.kept, reference=trained(), task="binary", held=found.counts)
    assert built.rows == 3
    held, kept = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("held", "kept"))
    assert held["gb"].to_pylist() == [999.0, None, -5.0]
    assert held["held_variables"].to_pylist() == expected.held["held_variables"].tolist()
    assert (kept["gb"].to_pylist(), kept.column_names) == ([1.0, 120.0, 0.0], list(ROWS.columns))


def test_missing_rows_are_held_where_the_guard_says_so_and_only_there() -> None:
    rules = (Rule("brand", "categorical", missing=True), Rule("gb", "numeric", high=500.0, missing=True))
    found = split(ROWS, guard(*rules))
    assert found.held.index.tolist() == [20, 30, 50]
    assert counts(found.counts) == [
        ("brand", "missing", None, 1),
        ("gb", "out_of_range", None, 1),
        ("gb", "missing", None, 1),
    ]
    assert split(ROWS, guard()).counts == HeldCounts("churn", "v3", 6, 0, ())


def test_named_levels_are_held_alone_and_a_long_one_by_what_is_told_of_it() -> None:
    long = "x" * 600
    rows = pa.table({"brand": ["Nothing", "Fairphone", long, "x" * 512, None]})
    found = split(rows, guard(Rule("brand", "categorical", levels=("Nothing", "x" * 511 + "…"))))
    assert found.kept["brand"].to_pylist() == ["Fairphone", "x" * 512, None]
    assert counts(found.counts)[-1] == ("brand", "unseen", "x" * 511 + "…", 1)


def test_twenty_levels_are_named_and_the_rest_are_counted_together() -> None:
    rows = pa.table({"brand": [f"new {n:02}" for n in range(30) for _ in range(n + 1)]})
    found = split(rows, whole(trained(), "brand")).counts
    assert len(found.counts) == 21
    assert counts(found)[0] == ("brand", "unseen", "new 29", 30)
    assert counts(found)[-1] == ("brand", "unseen", None, sum(range(1, 11)))
    assert sum(one.rows for one in found.counts) == found.held == found.rows


def test_many_rows_are_written_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qod.guard_split.AT_ONCE", 7)
    rows = pa.table({"gb": [float(n) for n in range(100)], "brand": pa.array(["a", "b"] * 50).dictionary_encode()})
    found = split(rows, guard(Rule("gb", "numeric", low=30.0), Rule("brand", "categorical", levels=("a",))))
    found.write_held(tmp_path / "held.parquet")
    written = pq.read_table(tmp_path / "held.parquet")
    assert written.num_rows == found.counts.held == 65
    assert written["held_variables"].to_pylist() == [
        [*(["gb"] if n < 30 else []), *(["brand"] if n % 2 == 0 else [])] for n in range(100) if n < 30 or n % 2 == 0
    ]
    assert list(tmp_path.iterdir()) == [tmp_path / "held.parquet"]


def test_what_was_held_before_can_be_split_again(tmp_path: Path) -> None:
    """The way back: a version trained with the rows knows them, and its guard lets them pass."""
    first = split(ROWS, whole())
    first.write_held(tmp_path / "held.parquet")
    held = pd.read_parquet(tmp_path / "held.parquet")
    same = split(held, whole())
    assert (same.counts.kept, same.held["held_variables"].map(list).tolist()) == (
        0,
        first.held["held_variables"].tolist(),
    )
    again = pd.concat([TRAINING, held[["gb", "brand", "code", "vip"]].assign(score=0.5)]).astype({"code": str})
    assert split(held, whole(trained(again.astype({"vip": str}), categorical=["code", "vip"]))).counts.held == 0


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (pa.table({"brand": ["a"]}), "column 'gb' was not found"),
        (pa.table({"gb": ["much"]}), "'much' is not a number"),
        (pa.table({"gb": pa.array([], pa.float64())}), "there are no rows"),
        ("bigquery://p/d/t", "vigie guard MODEL --sql"),
        ("nowhere.csv", "nowhere.csv"),
    ],
)
def test_rows_that_cannot_be_split_are_refused(rows: Any, words: str) -> None:
    with pytest.raises((InputError, UnknownNameError), match=words.replace("'", ".")):
        split(rows, guard(Rule("gb", "numeric", high=1.0)))


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "held.parquet").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        split(ROWS, whole()).write_held(tmp_path / "held.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["held.parquet"]


# -- what training knows -----------------------------------------------------------------------------------


def test_the_guard_of_a_version_is_of_its_columns_and_not_of_what_comes_with_scoring() -> None:
    made = whole()
    assert [rule.variable for rule in made.rules] == ["gb", "brand", "code", "vip"]
    assert made.rules[1] == Rule(
        "brand", "categorical", unseen=True, known=("Apple", "O'Neil `x`", "Samsung"), type="text"
    )
    assert [rule.variable for rule in whole(trained(), "score", "gb").rules] == ["gb", "score"]
    for name in ("nobody", "prediction"):
        with pytest.raises(UnknownNameError, match=name):
            whole(trained(threshold=0.5), name)


def test_a_variable_of_which_nobody_can_tell_what_is_new_has_a_note_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qod.bins.LONGEST_TAIL", 5)
    frame = pd.DataFrame({"zip": [f"z{n % 100:03}" for n in range(400)], "empty": [None] * 400, "gb": [1.0, 2.0] * 200})
    made = guard_of("m", "1", reference_of(qod.build_reference("m", "1", frame, task="regression")))
    assert [rule.variable for rule in made.rules] == ["gb"]
    assert [note.split()[0] for note in made.notes] == ["'zip'", "'empty'"]


def test_a_guard_comes_from_the_warehouse_and_its_counts_go_there_with_the_batch(tmp_path: Path) -> None:
    home = register(tmp_path / "lake")
    qod.deliver_reference("churn", "v3", TRAINING, warehouse=home, score="score", categorical=["code"])
    made = qod.guard.from_reference("churn", "v3", warehouse=home, variables=["gb", "brand"])
    assert made.rules == whole(trained(), "gb", "brand").rules
    with pytest.raises(MissingVersionError):
        qod.guard.from_reference("churn", "v9", warehouse=home)
    found = split(ROWS, made)
    qod.deliver_batch("churn", "v3", DAY, found.kept, warehouse=home, held=found.counts)
    kept = home.table("held").drop_columns(["delivery_id", "delivered_at"]).to_pylist()
    assert [(row["variable"], row["reason"], row["level"], row["rows"]) for row in kept] == counts(found.counts)
    assert {(row["batch_id"], row["batch_date"], row["held_rows"], row["all_rows"]) for row in kept} == {
        ("2026-11-19", DAY, 2, 6)
    }
    # Delivered again without a guard, nothing is held back any more; as part of a history neither.
    qod.deliver_batch("churn", "v3", DAY, ROWS, warehouse=home)
    assert home.table("held").num_rows == 0
    qod.deliver_batch("churn", "v3", DAY, found.kept, warehouse=home, held=found.counts)
    qod.deliver_history("churn", "v3", ROWS.assign(day="2026-11-19"), warehouse=home, date="day", every="day")
    assert home.table("held").num_rows == 0


def test_the_example_of_a_scoring_job_sets_rows_aside_and_delivers_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    home = register(tmp_path / "warehouse")
    qod.deliver_reference("churn", "v3", TRAINING, warehouse=home, score="score", categorical=["code"])
    Path("guard.json").write_text(json.dumps(as_json(whole())))
    ROWS.assign(customer_id=[f"c{n}" for n in range(6)]).to_parquet("rows.parquet")
    runpy.run_path(str(ROOT / "examples" / "guard.py"))["main"]("guard.json", "rows.parquet", "2026-11-19")
    assert capsys.readouterr().out == "3 rows scored, 3 held back.\n"
    assert sorted(home.table("predictions")["entity_id"].to_pylist()) == ["c0", "c4", "c5"]
    assert pq.read_table("held-2026-11-19.parquet")["customer_id"].to_pylist() == ["c1", "c2", "c3"]
    assert {row["held_rows"] for row in home.table("held").to_pylist()} == {3}


def test_counts_of_another_version_or_of_other_rows_are_refused() -> None:
    found = split(ROWS, whole())
    for version, data, words in (
        ("v4", found.kept, "the guard is of 'churn' 'v3'"),
        ("v3", ROWS, "kept 3 rows, but 6"),
    ):
        with pytest.raises(InputError, match=words):
            qod.build_batch("churn", version, DAY, data, reference=trained(), task="binary", held=found.counts)


# -- its JSON ----------------------------------------------------------------------------------------------

ENTRY: dict[str, Any] = {"variable": "gb", "kind": "numeric", "high": 1}
LEVELS: dict[str, Any] = {"variable": "brand", "kind": "categorical", "hold": {"levels": ["x"]}}
GOOD: dict[str, Any] = {
    "version": 1,
    "model_id": "churn",
    "model_version": "v3",
    "made_at": "2026-11-19T06:00:00+00:00",
    "rules": [ENTRY, LEVELS],
}


def test_a_guard_is_the_same_once_written_and_read(tmp_path: Path) -> None:
    made = guard(
        *whole().rules[:2],
        Rule("a`'\n", "categorical", levels=("Ünï\u202e", "'; DROP TABLE x --"), missing=True),
        Rule("n", "numeric", low=-1e300, missing=True),
    )
    path = tmp_path / "guard.json"
    path.write_text(json.dumps(as_json(made), ensure_ascii=False))
    assert read_guard(path) == read_guard(str(path)) == read_guard(as_json(made)) == made
    assert read_guard(GOOD).rules == (Rule("gb", "numeric", high=1.0), Rule("brand", "categorical", levels=("x",)))
    assert read_guard({**GOOD, "comment": "of the night shift"}).rules, "what stands beside the rules is no matter"
    assert read_guard({**GOOD, "rules": []}).rules == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2}, "version 1 .* was expected, found 2"),
        ({"version": None}, "found none"),
        ({"version": True}, "found True"),
        ({"model_id": ""}, "model needs a name"),
        ({"model_version": 3}, "model version needs a name, found 3"),
        ({"made_at": "yesterday"}, "made_at.*'yesterday'"),
        ({"made_at": "2026-11-19T06:00:00"}, "moment with its zone"),
        ({"rules": None}, "rules.*found nothing"),
        ({"rules": "gb"}, "rules.*'gb'"),
        ({"rules": ["gb"]}, "rule 1 is an object, found 'gb'"),
        ({"rules": [ENTRY, {}]}, "rule 2: .variable."),
        ({"rules": [ENTRY, ENTRY]}, "'gb' has two rules"),
        ({"rules": [{**ENTRY, "kind": "number"}]}, "categorical or numeric, found 'number'"),
        ({"rules": [{**ENTRY, "kind": ["numeric"]}]}, "categorical or numeric, found a list"),
        ({"rules": [{**ENTRY, "hihg": 2}]}, "'hihg' was not found.*'high'"),
        ({"rules": [{**ENTRY, "type": "float"}]}, "type.*'float'"),
        ({"rules": [{**ENTRY, "missing": "yes"}]}, "missing.* true or false, found 'yes'"),
        ({"rules": [{**ENTRY, "high": "120"}]}, "high.*finite number, found '120'"),
        ({"rules": [{**ENTRY, "high": math.inf}]}, "high.*finite number, found inf"),
        ({"rules": [{**ENTRY, "high": 10**400}]}, "high.*finite number"),
        ({"rules": [{**ENTRY, "low": 7}]}, "low. 7.0 is above .high. 1.0"),
        ({"rules": [{"variable": "gb", "kind": "numeric"}]}, "'gb' holds nothing back"),
        ({"rules": [{**LEVELS, "hold": []}]}, "hold. is an object, found a list"),
        ({"rules": [{**LEVELS, "hold": {"level": ["x"]}}]}, "'level' was not found.*'levels'"),
        ({"rules": [{**LEVELS, "hold": {"levels": "x"}}]}, "levels. is a list of texts, found 'x'"),
        ({"rules": [{**LEVELS, "hold": {"levels": ["x", None]}}]}, "levels. has nothing in it"),
        ({"rules": [{**LEVELS, "hold": {"levels": [1]}}]}, "levels. has 1 in it"),
        ({"rules": [{**LEVELS, "hold": {"unseen": True}}]}, "no .known. levels"),
    ],
)
def test_a_guard_that_says_something_else_is_refused_in_a_sentence(
    change: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises((InputError, UnknownNameError), match=words):
        read_guard({**GOOD, **change})
    path = tmp_path / "guard.json"
    path.write_text(json.dumps({**GOOD, **change}))
    with pytest.raises((InputError, UnknownNameError), match=r"guard\.json"):
        read_guard(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"{", "no JSON"), (b"[1]", "found a list"), (b"\xff\xfe", "cannot be read"), (b"[" * 100_000, "no JSON")],
)
def test_a_file_that_holds_no_guard_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "guard.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_guard(path)
    with pytest.raises(InputError, match="no such file"):
        read_guard(tmp_path / "other.json")


# -- what always holds -------------------------------------------------------------------------------------

WORDS = [
    "a",
    "b",
    "A",
    "true",
    "TRUE",
    "False",
    "1",
    "1.0",
    "2",
    "-3.5",
    "x'y",
    "x\\",
    "`",
    "é\u202e",
    "\n",
    "nan",
    "…",
]
LEVEL = st.none() | st.sampled_from(["", *WORDS])
NUMBER = st.none() | st.sampled_from([0.0, 1.0, 2.5, -7.0, 1e9, math.inf, -math.inf])


@given(
    seen=st.lists(st.tuples(LEVEL, NUMBER), min_size=1, max_size=12),
    came=st.lists(st.tuples(LEVEL, NUMBER), min_size=1, max_size=12),
)
@settings(max_examples=60, deadline=None)
def test_a_batch_of_the_kept_rows_has_nothing_new_and_no_row_is_lost(
    seen: list[tuple[str | None, float | None]], came: list[tuple[str | None, float | None]]
) -> None:
    def table(rows: list[tuple[str | None, float | None]], first: int = 0) -> pa.Table:
        texts, values = zip(*rows, strict=True)
        columns = {"t": pa.array(texts, pa.string()), "x": pa.array(values, pa.float64())}
        return pa.table({**columns, "row": range(first, first + len(rows))})

    built = qod.build_reference(
        "m", "1", table(seen), task="regression", categorical=["t"], numeric=["x"], exclude=["row"]
    )
    reference = reference_of(built)
    made = guard_of("m", "1", reference, made_at=MADE)
    found = split(table(came), made)
    assert Counter(found.kept["row"].to_pylist()) + Counter(found.held["row"].to_pylist()) == Counter(range(len(came)))
    everything = counted(table(came), reference)
    per_reason = Counter[tuple[str, str]]()
    for one in found.counts.counts:
        per_reason[one.variable, one.reason] += one.rows
    if made.rules and made.rules[0].variable == "t":
        assert per_reason["t", "unseen"] == everything["t"]["counts"][-2]
    assert per_reason["x", "out_of_range"] == (everything["x"]["below"] + everything["x"]["above"]) * any(
        rule.variable == "x" for rule in made.rules
    )
    if found.kept.num_rows:
        rest = counted(found.kept, reference)
        guarded = {rule.variable for rule in made.rules}
        assert "t" not in guarded or rest["t"]["counts"][-2] == 0
        assert "x" not in guarded or rest["x"]["below"] + rest["x"]["above"] == 0


def counted(rows: pa.Table, reference: Reference) -> dict[str, dict[str, Any]]:
    built = qod.build_batch("m", "1", DAY, rows, reference=reference, task="regression")
    return {row["variable"]: row for row in built.tables["batch_variables"].to_pylist()}


# -- the same in SQL ---------------------------------------------------------------------------------------

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
