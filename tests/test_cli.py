"""The command line as people and programs use it: real commands on real files."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from dashboard.all_measures import COLUMNS as MEASURE_COLUMNS
from dashboard.cli import app
from dashboard.commands.ending import end, printable
from dashboard.evaluation.evaluate import evaluate
from dashboard.status import COLUMNS
from qod.errors import UnavailableError, WarehouseError
from qod.warehouse.purpose import current
from tests.commands import ROOT, commands, measures, process, rows, status, vigie

FIRST = date(2026, 11, 1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A model with a reference and four daily batches, the last three with a moved age, and the truth of them all.

    As it was delivered, and evaluated as of the last batch's day; tests work on copies.
    """
    made = tmp_path_factory.mktemp("prepared") / "delivered"
    made.mkdir()
    with contextlib.chdir(made):
        Path("churn.toml").write_text('model_id = "churn"\ntask = "binary"\ncohort = "batch"\n')
        vigie("register", "churn.toml")
        pq.write_table(rows(2000, 0), "train.parquet")
        vigie(
            "reference", "churn", "v1", "train.parquet", "--score", "score", "--outcome", "churned", "--exclude", "id"
        )
        truths = []
        for day in range(4):
            batch = rows(1000, day + 1, shift=8.0 if day else 0.0)
            pq.write_table(batch.drop_columns(["churned"]), f"batch{day}.parquet")
            truths.append(batch.select(["id", "churned"]))
            vigie("batch", "churn", "v1", FIRST + timedelta(days=day), f"batch{day}.parquet", "--id", "id")
        pq.write_table(pa.concat_tables(truths), "truth.parquet")
        vigie("outcomes", "churn", "truth.parquet", "--id", "id", "--outcome", "churned")
    judged = made.parent / "evaluated"
    shutil.copytree(made, judged)
    with contextlib.chdir(judged):
        result = vigie("evaluate", "--as-of", "2026-11-04")
        assert "churn: new -> red." in result.stdout
        assert "Evaluated 1 of 1 model: 4 batches new or changed, 1 colour changed." in result.stdout
    return {"delivered": made, "evaluated": judged}


@pytest.fixture
def delivered(prepared: dict[str, Path], folder: Path) -> Path:
    shutil.copytree(prepared["delivered"], folder, dirs_exist_ok=True)
    return folder


@pytest.fixture
def evaluated(prepared: dict[str, Path], folder: Path) -> Path:
    shutil.copytree(prepared["evaluated"], folder, dirs_exist_ok=True)
    return folder


def test_alone_it_prints_the_way_of_a_batch() -> None:
    result = vigie()
    for command in ("register", "reference", "batch", "outcomes", "evaluate", "status", "serve", "demo"):
        assert f"vigie {command}" in result.stdout


@pytest.mark.parametrize("name", commands())
def test_help_of_every_command_teaches(name: str) -> None:
    text = " ".join(vigie(*name.split(), "--help").stdout.split())
    assert f"Example: vigie {name}" in text


def test_help_and_the_map_load_nothing_heavy(tmp_path: Path) -> None:
    heavy = ("dash", "duckdb", "google.cloud", "pandas", "plotly", "scipy.stats", "sqlglot", "flask", "gcsfs")
    code = (
        "import sys\nfrom dashboard.cli import app\n"
        "for args in (['--help'], ['batch', '--help'], [], ['settings']): app(args, standalone_mode=False)\n"
        f"print(sorted(set(sys.modules) & {set(heavy)!r}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.strip() == "[]"
    assert list(tmp_path.iterdir()) == []


def test_the_whole_way_of_a_batch(evaluated: Path) -> None:
    (row,) = status()
    assert list(row) == list(COLUMNS)
    assert (row["model_id"], row["model_version"], row["batch_id"], row["batch_date"]) == (
        "churn",
        "v1",
        "2026-11-04",
        "2026-11-04",
    )
    assert (row["colour"], row["drift"], row["quality"], row["freshness"]) == ("red", "red", "green", "green")
    assert "age" in row["headline"]
    again = vigie("evaluate", "--as-of", "2026-11-04")
    assert "0 batches new or changed, 0 colours changed" in again.stdout


def test_messages_say_what_was_delivered(folder: Path) -> None:
    Path("churn.toml").write_text('model_id = "churn"\ntask = "binary"\n')
    assert vigie("register", "churn.toml").stdout == "Registered 1 model: churn.\n"
    pq.write_table(rows(2000, 0), "train.parquet")
    result = vigie("reference", "churn", "v1", "train.parquet", "--exclude", "id", "--exclude", "churned")
    assert result.stdout == "Delivered the reference of churn v1: 2,000 rows, 3 variables.\n"
    pq.write_table(rows(1000, 1).append_column("colour", pa.array(["blue"] * 1000)), "batch.parquet")
    result = vigie("batch", "churn", "v1", "2026-11-19", "batch.parquet", "--batch-id", "noon", "--id", "id")
    assert result.stdout == "Delivered batch noon of churn v1: 1,000 rows, 3 variables.\n"
    assert "colour" in result.stderr, "what a producer has to say goes to stderr"
    result = vigie("batch", "churn", "v1", "2026-11-20", "batch.parquet")
    assert result.stdout.startswith("Delivered batch 2026-11-20 of churn v1: ")


def test_history_and_outcomes_by_date(folder: Path) -> None:
    Path("churn.toml").write_text('model_id = "churn"\ntask = "binary"\ncohort = "batch"\n')
    vigie("register", "churn.toml")
    pq.write_table(rows(2000, 0), "train.parquet")
    vigie("reference", "churn", "v1", "train.parquet", "--exclude", "id", "--exclude", "churned", "--score", "score")
    days = pa.array([(FIRST + timedelta(days=n // 500)).isoformat() for n in range(2000)])
    # The same ids are scored every day: only the date tells which prediction a truth is about.
    table = rows(2000, 1).append_column("day", days)
    table = table.set_column(0, "id", pa.array([str(n % 500) for n in range(2000)]))
    table = table.append_column("part", pa.array(["north", "south"] * 1000))
    pq.write_table(table, "year.parquet")
    result = vigie(
        *("history", "churn", "v1", "year.parquet", "--date", "day", "--every", "day", "--id", "id"),
        *("--score", "score", "--segment", "part"),
    )
    assert "2,000 rows, 4 batches, 4 variables" in result.stdout
    vigie(
        "outcomes", "churn", "year.parquet", "--id", "id", "--outcome", "churned", "--observed", "day", "--date", "day"
    )
    vigie("evaluate", "--as-of", "2026-11-04")
    known = [m for m in measures() if m["metric"] == "auc" and m["value"] is not None]
    assert len(known) == 4
    assert all(0.6 < m["value"] < 0.95 and m["n"] == 500 for m in known)


def test_measures_are_sorted_whole_and_equal_in_both_formats(evaluated: Path) -> None:
    found = measures()
    keys = [(m["model_version"], m["batch_date"], m["batch_id"], m["subject"], m["metric"]) for m in found]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    lines = list(csv.reader(io.StringIO(vigie("measures", "churn").stdout)))
    assert lines[0] == list(MEASURE_COLUMNS) == list(found[0])
    for line, entry in zip(lines[1:], found, strict=True):
        for text, value in zip(line, entry.values(), strict=True):
            assert text == ("" if value is None else repr(value) if isinstance(value, float) else str(value))
    assert any(m["low"] is None for m in found)
    assert {"psi", "rows", "missing_share", "auc"} <= {m["metric"] for m in found}


def test_a_policy_is_tried_on_the_history(evaluated: Path) -> None:
    calm = vigie("policy", "test", "churn", "--set", "drift.amber=2", "--set", "drift.red=9").stdout
    assert "of 4 batches would have another colour.\n" in calm
    assert "■ red" in calm
    found = json.loads(vigie("policy", "test", "churn", "--set", "rules.drift=false", "--json").stdout)
    assert found["set"] == {"rules.drift": False}
    assert found["batches"] == 4
    red = [change for change in found["changes"] if change["before"] == "red"]
    assert [change["batch_id"] for change in red] == ["2026-11-02", "2026-11-03", "2026-11-04"]
    assert red[0]["headline"]["en"] != red[0]["headline"]["fr"]
    assert {"subject": "age", "rule": "drift", "before": "red", "after": "green"} in red[0]["subjects"]
    assert {"subject": "age", "rule": "drift", "before": "red", "after": "green", "batches": 3} in found["subjects"]
    late = ("--since", "2026-11-04", "--json")
    assert json.loads(vigie("policy", "test", "churn", "--set", "rules.drift=false", *late).stdout)["batches"] == 1
    own = json.loads(vigie("policy", "test", "churn", "--set", "variables.age.drift.red=9", *late).stdout)
    assert {"subject": "age", "rule": "drift", "before": "red", "after": "amber", "batches": 1} in own["subjects"]
    nothing = vigie("policy", "test", "churn", "--set", "drift.amber=0.1").stdout
    assert nothing.endswith("\n0 of 4 batches would have another colour.\n")
    assert status()[0]["colour"] == "red", "nothing is written"


def test_a_policy_that_is_none_is_refused_before_anything_is_read(folder: Path) -> None:
    for value, words in (
        ("drift.ambr=0.1", "'drift.amber'"),
        ("rules.drfit=false", "'drift'"),
        ("drift.amber", "drift.amber=0.15"),
        ("drift.amber=0", "above 0"),
    ):
        assert words in vigie("policy", "test", "churn", "--set", value, code=1).stderr
    assert not Path("warehouse").exists()
    assert "--set" in vigie("policy", "test", "churn", code=2).stderr
    assert "Missing command" in vigie("policy", code=2).stderr
    assert "'show'" in vigie("policy", "shw", code=2).stderr


def test_a_policy_on_a_variable_or_model_that_is_not_there_is_refused(evaluated: Path) -> None:
    wrong = vigie("policy", "test", "churn", "--set", "variables.aeg.drift.amber=0.2", code=1).stderr
    assert "variable 'aeg' was not found" in wrong
    assert "'age'" in wrong
    contradicting = vigie("policy", "test", "churn", "--set", "variables.age.drift.amber=0.3", code=1).stderr
    assert "variable 'age': drift.amber (0.3) must be no higher than drift.red (0.25)" in contradicting
    for args in (["policy", "show", "chrun"], ["explain", "chrun"], ["policy", "test", "chrun", "--set", "auc.red=1"]):
        assert "did you mean 'churn'" in vigie(*args, code=1).stderr


def test_the_policy_of_the_fleet_holds_for_every_model_and_shows_where_it_comes_from(evaluated: Path) -> None:
    Path("fleet.toml").write_text("fleet = true\n[policy.drift]\namber = 0.2\nred = 9\n[policy.rules]\nlate = false\n")
    Path("churn.toml").write_text(
        'model_id = "churn"\ntask = "binary"\ncohort = "batch"\n'
        "[policy.missing]\namber = 0.02\n[policy.variables.score.drift]\namber = 0.22\n"
    )
    said = vigie("register", "churn.toml", "fleet.toml").stdout
    assert said == "Registered the fleet's policy and 1 model: churn.\n"
    rows = {row["key"]: row for row in json.loads(vigie("policy", "show", "churn", "--format", "json").stdout)}
    for key, value, origin in (
        ("drift.amber", 0.2, "fleet"),
        ("missing.amber", 0.02, "model"),
        ("missing.red", 0.05, "default"),
        ("rules.late", False, "fleet"),
        ("variables.score.drift.amber", 0.22, "model"),
    ):
        assert rows[key] == {"key": key, "value": value, "from": origin}
    assert "rules.late" in vigie("policy", "show", "churn").stdout
    assert "rules.late,false,fleet" in vigie("policy", "show", "churn", "--format", "csv").stdout
    assert "Evaluated 1 of 1 model" in vigie("evaluate", "--as-of", "2026-11-04").stdout
    assert status()[0]["drift"] == "amber"
    assert "no violation" in vigie("check").stdout
    assert "Evaluated 0 of 1" in vigie("evaluate", "--as-of", "2026-11-04").stdout
    # Nothing but the fleet's policy is delivered, and every model is due.
    Path("fleet.toml").write_text("fleet = true\n")
    assert vigie("register", "fleet.toml").stdout == "Registered the fleet's policy.\n"
    assert "Evaluated 1 of 1 model" in vigie("evaluate", "--as-of", "2026-11-04").stdout
    assert status()[0]["drift"] == "red"


def test_policies_that_contradict_each_other_are_refused_when_they_are_registered(evaluated: Path) -> None:
    Path("strict.toml").write_text('model_id = "churn"\ntask = "binary"\n[policy.drift]\nred = 0.12\n')
    Path("fleet.toml").write_text("fleet = true\n[policy.drift]\namber = 0.2\n")
    vigie("register", "strict.toml")
    refused = vigie("register", "fleet.toml", code=1).stderr
    assert "model 'churn': drift.amber (0.2) must be no higher than drift.red (0.12)" in refused
    assert ",fleet" not in vigie("policy", "show", "churn", "--format", "csv").stdout


def test_a_verdict_is_derived(evaluated: Path) -> None:
    told = vigie("explain", "churn").stdout
    assert told.startswith("churn v1, batch 2026-11-04: red, since 2\u00a0November.\nDrift red, quality green, ")
    assert "\nage, drift: red\n" in told
    assert "\n  1. " in told
    assert "  Policy: drift.amber 0.1 (default), drift.red 0.25 (default)" in told
    found = json.loads(vigie("explain", "churn", "--subject", "age", "--json").stdout)
    reason = next(reason for reason in found["reasons"] if reason["finding"]["rule"] == "drift")
    assert reason["finding"]["facts"]["clause"] == "at_once"
    assert reason["steps"][0]["en"] != reason["steps"][0]["fr"]
    psi = next(one for one in found["measures"] if one["metric"] == "psi")
    assert psi["value"] == pytest.approx(reason["finding"]["facts"]["psi"])


def test_a_green_subject_shows_its_numbers_and_what_it_is_held_to(evaluated: Path) -> None:
    told = vigie("explain", "churn", "--subject", "plan").stdout
    assert "No rule found anything on plan in this batch. Its measures:\n" in told
    for words in ("  PSI: 0.0", "  PSI, noise: 0.0", "  Drift, colour: green", "drift.amber 0.1 (default)"):
        assert words in told
    assert "freshness.grace_share" not in told


def test_explain_speaks_the_language_of_the_settings_and_finds_other_batches(
    evaluated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = vigie("explain", "churn", "--batch", "2026-11-01", "--version", "v1").stdout
    assert "batch 2026-11-01: " in first
    monkeypatch.setenv("VIGIE_LANGUAGE", "fr")
    told = vigie("explain", "churn").stdout
    assert "lot 2026-11-04\u00a0: rouge, depuis le 2\u00a0novembre" in told
    assert "Politique\u00a0: drift.amber" in told
    assert "'age'" in vigie("explain", "churn", "--subject", "aeg", code=1).stderr
    assert "'2026-11-04'" in vigie("explain", "churn", "--batch", "2026-11-0", code=1).stderr
    assert "'v1'" in vigie("explain", "churn", "--version", "v2", code=1).stderr


def test_tables_are_headed_in_the_language_of_the_settings(evaluated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vigie("status").stdout.split()[:2] == ["colour", "model"]
    assert vigie("status", "--language", "fr").stdout.split()[:2] == ["couleur", "modèle"]
    monkeypatch.setenv("VIGIE_LANGUAGE", "fr")
    told = vigie("status").stdout
    assert told.split()[:2] == ["couleur", "modèle"]
    assert "■ rouge" in told
    trial = vigie("policy", "test", "churn", "--set", "drift.amber=2", "--set", "drift.red=9").stdout
    assert trial.split()[:4] == ["date", "version", "lot", "avant"]
    assert trial.endswith(" sur 4.\n")


def test_explain_says_that_the_policy_is_another_one_now(evaluated: Path) -> None:
    changed = "the policy has changed since this was judged: run 'vigie evaluate'"
    assert changed not in vigie("explain", "churn").stdout
    Path("churn.toml").write_text(
        'model_id = "churn"\ntask = "binary"\ncohort = "batch"\n[policy.drift]\namber = 0.2\n'
    )
    vigie("register", "churn.toml")
    told = vigie("explain", "churn").stdout
    assert f"; {changed}." in told
    assert "drift.amber 0.2 (model)" in told


def test_explain_needs_an_evaluation(delivered: Path) -> None:
    assert "run 'vigie evaluate'" in vigie("explain", "churn", code=1).stderr


def test_status_says_when_the_evaluation_is_old(evaluated: Path) -> None:
    later = datetime(2026, 12, 15, tzinfo=UTC).date()
    from dashboard.status import outdated
    from qod.warehouse import open_warehouse

    warehouse = open_warehouse("warehouse")
    assert outdated(warehouse, today=later) == "Evaluated as of 4 November 2026, 41 days ago: run 'vigie evaluate'."
    assert outdated(warehouse, today=date(2026, 11, 4)) is None
    evaluate(warehouse, as_of=later)
    assert outdated(warehouse, today=later) is None
    assert outdated(warehouse, today=later + timedelta(days=1)) is None, "evaluating again would change nothing"


def test_the_note_of_an_old_evaluation_goes_to_stderr_of_the_table_alone(folder: Path) -> None:
    Path("churn.toml").write_text('model_id = "churn"\ntask = "binary"\n')
    vigie("register", "churn.toml")
    pq.write_table(rows(2000, 0), "train.parquet")
    vigie("reference", "churn", "v1", "train.parquet", "--exclude", "id")
    vigie("batch", "churn", "v1", "2020-01-01", "train.parquet")
    vigie("evaluate", "--as-of", "2020-01-01")
    assert "Note: Evaluated as of 1 January 2020, " in vigie("status").stderr
    assert vigie("status", "--format", "csv").stderr == ""
    vigie("evaluate")
    assert vigie("status").stderr == ""


def test_a_model_whose_batches_have_yet_to_come_says_so(folder: Path) -> None:
    Path("churn.toml").write_text('model_id = "churn"\ntask = "binary"\n')
    vigie("register", "churn.toml")
    pq.write_table(rows(2000, 0), "train.parquet")
    vigie("reference", "churn", "v1", "train.parquet", "--exclude", "id")
    assert "dated 2100-02-03, after today" in vigie("batch", "churn", "v1", "2100-02-03", "train.parquet").stderr
    for _ in range(2):
        assert "first batch is dated 3\u00a0February 2100, after today" in status()[0]["headline"]
        assert "3\u00a0février 2100" in status(language="fr")[0]["headline"]
        vigie("evaluate")


def test_status_in_three_formats_and_two_languages(evaluated: Path) -> None:
    english, french = status()[0], status(language="fr")[0]
    assert english["headline"] != french["headline"]
    assert {k: v for k, v in english.items() if k != "headline"} == {k: v for k, v in french.items() if k != "headline"}
    (line,) = csv.DictReader(io.StringIO(vigie("status", "--format", "csv").stdout))
    assert line == english
    table = vigie("status").stdout
    assert "■ red" in table
    assert "● green" in table
    assert "churn" in table
    assert "Invalid value for '--format': 'xml' is not" in vigie("status", "--format", "xml", code=2).stderr
    assert "'de' is no language" in vigie("status", "--language", "de", code=2).stderr


def test_status_says_what_is_missing_of_a_model_without_colour(folder: Path) -> None:
    assert "vigie register" in vigie("status").stderr
    assert status() == []
    Path("churn.toml").write_text('model_id = "churn"\ntask = "binary"\n')
    vigie("register", "churn.toml")
    assert "vigie reference churn VERSION FILE" in status()[0]["headline"]
    pq.write_table(rows(2000, 0), "train.parquet")
    vigie("reference", "churn", "v1", "train.parquet", "--exclude", "id")
    assert "vigie batch churn VERSION DATE FILE" in status()[0]["headline"]
    vigie("batch", "churn", "v1", "2026-11-19", "train.parquet")
    assert "vigie evaluate" in status()[0]["headline"]
    assert "vigie evaluate" in status(language="fr")[0]["headline"]
    (row,) = status()
    assert {row[name] for name in ("colour", "drift", "quality", "performance", "freshness")} == {"grey"}
    assert (row["model_version"], row["batch_id"], row["batch_date"]) == (None, None, None)


def test_a_narrow_terminal_still_shows_every_family(evaluated: Path) -> None:
    from rich.console import Console

    from dashboard.commands.look import _status_table

    for width in (80, 200):
        out = Console(file=io.StringIO(), width=width)
        out.print(_status_table(status(), width, "en"))
        text = out.file.getvalue()  # type: ignore[attr-defined]
        for word in ("■ ", "churn", "2026-11-04", "drift", "quality", "performance", "freshness"):
            assert word in text, f"{word} at {width}"


def test_registering_again_replaces_and_keeps_what_was_delivered(evaluated: Path) -> None:
    before = status()
    Path("churn.toml").write_text('model_id = "churn"\nname = "Churn!"\ntask = "binary"\ncohort = "batch"\n')
    vigie("register", "churn.toml")
    vigie("evaluate", "--as-of", "2026-11-04")
    assert status() == before
    lines = list(csv.DictReader(io.StringIO(vigie("deliveries", "churn", "--format", "csv").stdout)))
    entries = [line for line in lines if line["kind"] == "registration"]
    assert [entry["current"] for entry in entries] == ["False", "True"]


def test_deliveries_lists_what_was_replaced(delivered: Path) -> None:
    vigie("batch", "churn", "v1", FIRST, "batch0.parquet", "--id", "id")
    found = json.loads(vigie("deliveries", "churn", "--format", "json").stdout)
    first_day = [
        entry["current"] for entry in found if entry["table"] == "batches" and "2026-11-01" in entry["batches"]
    ]
    assert first_day == [False, True]
    table = vigie("deliveries", "churn").stdout
    assert "no, replaced" in table
    assert "batch_variables 4" in table


def test_register_takes_all_files_or_none(folder: Path) -> None:
    Path("a.toml").write_text('model_id = "a"\ntask = "binary"\n')
    Path("b.toml").write_text('model_id = "b"\ntask = "binray"\n')
    result = vigie("register", "a.toml", "b.toml", code=1)
    assert "b.toml" in result.stderr
    assert status() == []
    assert not Path("warehouse").exists()


def test_settings_shows_value_source_and_meaning(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("vigie.toml").write_text("port = 9000\n")
    monkeypatch.setenv("VIGIE_LANGUAGE", "fr")
    lines = {line.split()[0]: line for line in vigie("settings").stdout.splitlines() if line.startswith("VIGIE_")}
    assert "9000" in lines["VIGIE_PORT"]
    assert "vigie.toml" in lines["VIGIE_PORT"]
    assert "environment" in lines["VIGIE_LANGUAGE"]
    assert "default" in lines["VIGIE_HOST"]
    monkeypatch.setenv("VIGIE_PROT", "1")
    assert "did you mean 'VIGIE_PORT'" in vigie("status", code=1).stderr


def test_check_of_the_warehouse_and_of_a_file(evaluated: Path) -> None:
    assert "no violation of the contract" in vigie("check").stdout
    assert "no violation of the contract" in vigie("check", "--warehouse").stdout
    (batches, *_) = Path("warehouse/batches").rglob("*.parquet")
    table = pq.read_table(batches)
    pq.write_table(table.set_column(table.column_names.index("rows"), "rows", pa.array([-1])), "bad.parquet")
    result = vigie("check", "bad.parquet", code=1)
    assert "bad.parquet, row 1, column 'rows': it is negative" in result.stdout
    assert "violation" in result.stdout.splitlines()[-1]
    assert "not both" in vigie("check", "bad.parquet", "--warehouse", code=2).stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["regster"], ["No such command 'regster'", "'register'"]),
        (["batch", "churn"], ["Missing argument 'VERSION'"]),
        (["batch", "churn", "v1", "19/11/2026", "x.csv"], ["'19/11/2026' is no day", "2026-11-19"]),
        (["evaluate", "--as-of", "today"], ["'today' is no day"]),
        (["history", "churn", "v1", "x.csv", "--date", "d"], ["--every"]),
        (["history", "churn", "v1", "x.csv", "--date", "d", "--every", "0"], ["day, week, month"]),
        (["status", "--format", "yaml"], ["table", "json", "csv"]),
        (["status", "--fromat", "csv"], ["--fromat"]),
        (["serve", "--port", "99999"], ["65535"]),
        (["outcomes", "churn", "x.csv", "--outcome", "y"], ["--id"]),
    ],
)
def test_wrong_use_ends_with_2_in_one_line(args: list[str], words: list[str], folder: Path) -> None:
    result = vigie(*args, code=2)
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    for word in [*words, "--help"]:
        assert word in result.stderr


def test_unknown_names_are_refused_with_the_nearest(delivered: Path) -> None:
    for args in (["measures", "chrun"], ["deliveries", "chrun"], ["evaluate", "chrun"]):
        assert "did you mean 'churn'" in vigie(*args, code=1).stderr
    assert "'v1'" in vigie("batch", "churn", "v11", "2026-11-19", "batch0.parquet", code=1).stderr


def test_streams_and_exit_codes_of_true_processes(delivered: Path) -> None:
    done = process("measures", "nobody", cwd=delivered)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: model 'nobody' was not found.")
    assert len(done.stderr.splitlines()) == 1
    done = process("evaluate", "--as-of", "2026-11-04", cwd=delivered)
    assert done.returncode == 0
    assert done.stderr == "", "no progress bar where stderr is no terminal"
    done = process("status", "--format", "json", cwd=delivered)
    assert json.loads(done.stdout)[0]["colour"] == "red"
    assert process("status", "--nonsense", cwd=delivered).returncode == 2
    ascii_only = process("status", cwd=delivered, env={"PYTHONIOENCODING": "ascii"})
    assert ascii_only.returncode == 0
    assert "red" in ascii_only.stdout


def test_what_nobody_foresaw_is_one_sentence_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import dashboard.status

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a\nb")

    monkeypatch.setattr(dashboard.status, "fleet_status", broken)
    result = vigie("status", code=1)
    assert result.stderr.splitlines() == [
        "Error: something failed that Vigie did not foresee (ZeroDivisionError: a b). "
        "Hint: set VIGIE_DEBUG=1 to see where, and report it."
    ]
    monkeypatch.setenv("VIGIE_DEBUG", "1")
    assert "Traceback" in CliRunner().invoke(app, ["status"]).stderr


def test_a_stopped_command_ends_with_130(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import dashboard.status

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dashboard.status, "fleet_status", stopped)
    assert vigie("status", code=130).stderr == "Stopped.\n"


def test_a_reader_that_goes_away_is_no_error(evaluated: Path) -> None:
    command = f"{sys.executable} -m dashboard.cli measures churn | head -1"
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=evaluated,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("model_version")
    assert done.stderr == ""


def test_names_cannot_move_the_cursor() -> None:
    assert printable("a\x1b[2Jb\nc\x07") == "a\\x1b[2Jb c\\x07"
    assert printable("عميل é 📞") == "عميل é 📞"
    assert printable("gpj\u202eexe.") == "gpj\\u202eexe."


def test_serve_refuses_what_it_cannot_serve(delivered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = vigie("serve", "--port", port, code=1)
    assert f"Port {port} of 127.0.0.1 cannot be used" in result.stderr
    assert f"--port {port + 1}" in result.stderr
    assert "no address of this machine" in vigie("serve", "--host", "no.such.host.invalid", code=1).stderr
    monkeypatch.setenv("VIGIE_WAREHOUSE", "elsewhere")
    result = vigie("serve", code=1)
    assert "no model is registered in 'elsewhere'" in result.stderr
    assert "vigie demo" in result.stderr
    assert not Path("elsewhere").exists()


def test_serve_waits_for_a_warehouse_that_hangs_no_longer_than_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    purposes = []

    class Hanging:
        def query(self, name: str) -> None:
            purposes.append(current().kind)
            raise UnavailableError("BigQuery did not answer.", trouble="hang")

    monkeypatch.setattr("dashboard.commands.run.tables_of", lambda settings: Hanging())
    monkeypatch.setattr("dashboard.web.serve.serve", lambda *_: None)
    monkeypatch.setattr("dashboard.commands.run._check_free", lambda *_: None)
    assert "BigQuery did not answer. The pages say so until it answers." in vigie("serve").stderr
    assert purposes == ["page"]


@pytest.mark.parametrize(
    ("host", "environ", "warned"),
    [
        ("0.0.0.0", {}, True),
        ("::", {}, True),
        ("vigie.example.org", {}, True),
        ("127.0.0.1", {}, False),
        ("127.0.0.2", {}, False),
        ("localhost", {}, False),
        ("::1", {}, False),
        ("0.0.0.0", {"VIGIE_ENVIRONMENT": "run"}, False),
        ("0.0.0.0", {"VIGIE_IAP_AUDIENCE": "/projects/1/global/backendServices/2"}, False),
    ],
)
def test_serve_warns_where_others_may_sign_as_anyone(
    delivered: Path, monkeypatch: pytest.MonkeyPatch, host: str, environ: dict[str, str], warned: bool
) -> None:
    monkeypatch.setattr("dashboard.web.serve.serve", lambda *_: None)
    monkeypatch.setattr("dashboard.commands.run._check_free", lambda *_: None)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    result = vigie("serve", "--host", host)
    assert result.stderr.count(f"Warning: whoever reaches {host} may write under any name") == warned
    assert "Warning" not in result.stdout


def test_demo_on_a_file_is_refused_in_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("afile").touch()
    monkeypatch.setenv("VIGIE_WAREHOUSE", "afile")
    refused = vigie("demo", "--models", "1", "--days", "3", "--no-serve", code=1).stderr
    assert refused == "Error: The folder 'afile' cannot be made: File exists. Hint: name a folder, not a file.\n"


def test_a_warehouse_that_cannot_be_written_is_said_without_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> None:
        try:
            raise OSError(errno.EROFS, "Read-only file system", "w/health/.0001.tmp")
        except OSError as error:
            raise WarehouseError(f"The warehouse w cannot be written: {error}.") from error

    assert end(refuse) == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: The warehouse w cannot be written: Read-only file system. Hint: name a folder")
    assert "tmp" not in said


def test_an_unknown_model_is_told_to_register_where_none_is(folder: Path) -> None:
    for command in ("measures", "evaluate", "deliveries"):
        assert "run 'vigie register MODEL.toml'" in vigie(command, "nosuch", code=1).stderr


def test_demo_is_prepared_once_and_used_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = ("--models", "2", "--days", "40", "--no-serve")
    assert "Simulated 2 models over 40 days in vigie-demo" in vigie("demo", *size).stdout
    again = vigie("demo", *size).stdout
    assert "Used the demo that vigie-demo holds: 2 models over 40 days." in again
    assert "VIGIE_WAREHOUSE=vigie-demo vigie status" in again
    monkeypatch.setenv("VIGIE_WAREHOUSE", "vigie-demo")
    assert len(status()) == 2


def test_demo_leaves_a_folder_of_others_alone(evaluated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_WAREHOUSE", "warehouse")
    before = status()
    for days in ("40", "1"):
        refused = vigie("demo", "--models", "1", "--days", days, "--no-serve", code=1).stderr
        assert "The folder 'warehouse' is not empty and not a demo's" in refused
        assert status() == before


def test_serve_answers_until_it_is_stopped(evaluated: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "VIGIE_WORKERS": "1"}
    with subprocess.Popen(command, cwd=evaluated, env=environment, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        try:
            first = running.stderr.readline()
            assert first == f"Serving warehouse on http://127.0.0.1:{port}/ (Ctrl-C stops)\n"
            for line in running.stderr:
                if "Booting worker" in line:
                    break
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=60) as answer:
                assert json.load(answer) == {"status": "ok"}
        finally:
            running.send_signal(signal.SIGINT)
        rest = running.stderr.read()
    assert running.returncode == 0
    assert "Traceback" not in rest
    assert "terminate" not in rest, "a worker was forked off a process with threads"
    assert "leaked" not in rest
