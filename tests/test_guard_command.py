"""``vigie guard`` and ``vigie batch --guard``: from what is wrong now to rows set aside, delivered and released."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qod.guard import read_guard
from qod.warehouse import open_warehouse
from tests.commands import vigie

DAYS = [f"2026-11-{day:02}" for day in range(1, 5)]


def rows(seed: int, *, new: int = 0, far: int = 0) -> pa.Table:
    """1,000 rows: ``new`` of them of a brand that training did not have, ``far`` with a use beyond all it had."""
    chance = np.random.default_rng(seed)
    brands = chance.choice(["Apple", "Samsung", "O'Neil `x`"], 1000).astype(object)
    use = chance.integers(0, 121, 1000).astype(float)
    brands[:new] = "Nothing\u202e'"
    use[new : new + far] = 9999.0
    return pa.table(
        {"id": [f"{seed}-{n}" for n in range(1000)], "brand": brands, "gb": use, "score": chance.random(1000)}
    )


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of four batches, of which the last two have a new brand and values out of range, all at once."""
    folder = tmp_path_factory.mktemp("broken")
    with contextlib.chdir(folder):
        Path("churn.toml").write_text('model_id = "churn"\ntask = "binary"\n')
        vigie("register", "churn.toml")
        pq.write_table(rows(0), "train.parquet")
        vigie("reference", "churn", "v1", "train.parquet", "--score", "score", "--exclude", "id")
        for number, day in enumerate(DAYS):
            late = number >= 2
            pq.write_table(rows(number + 1, new=60 * late, far=20 * late), f"{day}.parquet")
            vigie("batch", "churn", "v1", day, f"{day}.parquet", "--id", "id")
        vigie("evaluate", "--as-of", DAYS[-1])
    return folder


@pytest.fixture
def folder(broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(broken, tmp_path / "home")
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "home"


def held() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = open_warehouse("warehouse").table("held").to_pylist()
    return rows


def test_it_says_what_to_hold_back_now_in_both_languages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = vigie("guard", "churn").stdout
    assert "at most 80 rows (8.0\u00a0%) of this batch" in said
    assert "outside 0" in said
    assert "\u202e" not in said
    monkeypatch.setenv("VIGIE_LANGUAGE", "fr")
    assert "au plus 80 lignes (8,0\u202f%) de ce lot" in vigie("guard", "churn").stdout


def test_json_and_sql_are_of_the_same_rows_and_of_the_variables_asked_for(folder: Path) -> None:
    made = read_guard(json.loads(vigie("guard", "churn", "--json").stdout))
    assert [(rule.variable, rule.kind) for rule in made.rules] == [("brand", "categorical"), ("gb", "numeric")]
    assert made.rules[0].levels == ("Nothing\u202e'",)
    assert "`brand` IN ('Nothing\\u202e\\'')" in vigie("guard", "churn", "--sql").stdout
    only = vigie("guard", "churn", "--variable", "gb", "--sql").stdout
    assert "brand" not in only
    assert "`gb` >" in only
    everything = read_guard(json.loads(vigie("guard", "churn", "--all", "--json").stdout))
    assert everything.rules[0].known == ("Apple", "O'Neil `x`", "Samsung") or everything.rules[0].unseen
    assert "another level than the 3 of training" in vigie("guard", "churn", "--all", "--variable", "brand").stdout


def test_held_back_delivered_counted_and_released(folder: Path) -> None:
    Path("guard.json").write_text(vigie("guard", "churn", "--json").stdout)
    day = DAYS[-1]
    done = vigie(
        "batch", "churn", "v1", day, f"{day}.parquet", "--id", "id", "--guard", "guard.json", "--held", "h.parquet"
    )
    assert "80 of 1,000 rows held back (brand unseen 60, gb out_of_range 20); written to h.parquet." in done.stderr
    assert "920 rows" in done.stdout
    assert [(row["variable"], row["reason"], row["rows"]) for row in held()] == [
        ("brand", "unseen", 60),
        ("gb", "out_of_range", 20),
    ]
    waiting = pq.read_table("h.parquet")
    assert waiting.num_rows == 80
    assert waiting["held_reasons"].to_pylist()[0] == ["unseen"]
    # The batch is calm without them, and the guard of what is wrong now is empty.
    vigie("evaluate", "--as-of", day)
    calm = vigie("guard", "churn", "--json")
    assert read_guard(json.loads(calm.stdout)).rules == ()
    assert "Nothing to hold back" in calm.stderr
    # Retrained with them, the new version knows them: its guard lets them pass, and it scores them.
    again = pa.concat_tables([rows(0), waiting.select(["id", "brand", "gb", "score"])])
    pq.write_table(again, "train2.parquet")
    vigie("reference", "churn", "v2", "train2.parquet", "--score", "score", "--exclude", "id")
    Path("v2.json").write_text(vigie("guard", "churn", "--version", "v2", "--all", "--json").stdout)
    done = vigie("batch", "churn", "v2", day, "h.parquet", "--id", "id", "--guard", "v2.json")
    assert "the guard holds back no row" in done.stderr
    wrong = vigie("batch", "churn", "v2", day, "h.parquet", "--guard", "guard.json", code=1)
    assert "the guard is of 'churn' 'v1', the batch of 'churn' 'v2'" in wrong.stderr


def test_of_a_file_of_all_days_the_rows_of_the_day_are_split(folder: Path) -> None:
    Path("guard.json").write_text(vigie("guard", "churn", "--json").stdout)
    both = pa.concat_tables([pq.read_table(f"{day}.parquet").append_column("day", [[day] * 1000]) for day in DAYS[1:3]])
    pq.write_table(both, "all.parquet")
    for day, kept in ((DAYS[1], "1,000 rows"), (DAYS[2], "920 rows")):
        done = vigie("batch", "churn", "v1", day, "all.parquet", "--date", "day", "--guard", "guard.json")
        assert kept in done.stdout
        assert "not in the reference, not counted: 'id'" in done.stderr


def test_a_batch_of_which_no_row_is_left_is_refused_once_its_rows_are_safe(folder: Path) -> None:
    pq.write_table(rows(9, new=1000), "all.parquet")
    Path("guard.json").write_text(vigie("guard", "churn", "--json").stdout)
    before = held()
    done = vigie(
        "batch", "churn", "v1", DAYS[-1], "all.parquet", "--guard", "guard.json", "--held", "h.parquet", code=1
    )
    assert "the guard holds back all rows: nothing is left to deliver" in done.stderr
    assert pq.read_metadata("h.parquet").num_rows == 1000
    assert held() == before


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (("guard", "churn", "--sql", "--json"), 2, "ask for one at a time"),
        (("guard", "nobody"), 1, "model 'nobody' was not found"),
        (("guard", "churn", "--version", "v9"), 1, "no version 'v9'"),
        (("guard", "churn", "--version", "v9", "--all"), 1, "no version 'v9'"),
        (("guard", "churn", "--all", "--variable", "brnd"), 1, "did you mean 'brand'"),
        (("guard", "churn", "--variable", "brnd"), 1, "did you mean 'brand'"),
        (("batch", "churn", "v1", DAYS[0], "train.parquet", "--held", "h.parquet"), 2, "--held goes with --guard"),
        (("batch", "churn", "v1", DAYS[0], "train.parquet", "--guard", "no.json"), 1, "no.json: there is no such file"),
        (("batch", "churn", "v1", DAYS[0], "bigquery://p/d/t", "--guard", "g.json"), 1, "vigie guard MODEL --sql"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    folder: Path, command: tuple[str, ...], code: int, words: str
) -> None:
    Path("g.json").write_text(
        json.dumps(
            {"version": 1, "model_id": "churn", "model_version": "v1", "made_at": "2026-11-08T00:00Z", "rules": []}
        )
    )
    assert words in vigie(*command, code=code).stderr


def test_a_model_without_an_evaluated_batch_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("churn.toml").write_text('model_id = "churn"\ntask = "binary"\n')
    vigie("register", "churn.toml")
    assert "no batch of 'churn' was evaluated yet" in vigie("guard", "churn", code=1).stderr
