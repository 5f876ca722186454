"""A guard sets aside exactly the rows that training did not know, whatever holds them, and counts each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qod
from qod.errors import InputError, UnknownNameError
from qod.frozen import Reference, reference_of
from qod.guard import HeldCounts, Rule, guard_of, split
from tests.guarded import DAY, LEVEL, MADE, NUMBER, ROWS, TRAINING, counts, guard, trained, whole


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
