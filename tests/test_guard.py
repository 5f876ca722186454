"""The guard of a version is made of what its training knew, and its counts are delivered with the batch."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import qod
from qod.errors import InputError, MissingVersionError, UnknownNameError
from qod.frozen import reference_of
from qod.guard import Rule, as_json, guard_of, split
from tests.deliveries import register
from tests.guarded import DAY, ROWS, TRAINING, counts, trained, whole

ROOT = Path(__file__).resolve().parents[1]


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
