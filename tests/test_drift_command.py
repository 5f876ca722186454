"""`vigie measures --all`: every drift measure of one batch, in both formats, and what it says where there is none."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.csv as pa_csv
import pytest

from tests.commands import rows, vigie


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with three batches of version 1, the last moved, and a batch of the same name of version 2."""
    folder = tmp_path_factory.mktemp("drift")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_WAREHOUSE", str(folder / "warehouse"))
        (folder / "churn.toml").write_text(
            'model_id = "churn"\ntask = "binary"\ncadence = "P1D"\noutcome_window_days = 1\n'
        )
        vigie("register", folder / "churn.toml")
        for name, table in {"training": rows(2000, 1), "first": rows(500, 2), "moved": rows(500, 3, shift=8.0)}.items():
            pa_csv.write_csv(table, folder / f"{name}.csv")
        for version in ("1", "2"):
            vigie(
                "reference",
                "churn",
                version,
                folder / "training.csv",
                "--score",
                "score",
                "--exclude",
                "id",
                "--outcome",
                "churned",
            )
        for version, day, name in (
            ("1", "2026-11-18", "first"),
            ("1", "2026-11-17", "moved"),
            ("1", "2026-11-19", "moved"),
            ("2", "2026-11-18", "first"),
        ):
            vigie("batch", "churn", version, day, folder / f"{name}.csv", "--id", "id", "--score", "score")
    return folder


@pytest.fixture
def at(delivered: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(delivered / "warehouse"))
    return delivered


def asked(*args: str) -> dict[tuple[str, str, int | None], dict[str, Any]]:
    found = json.loads(vigie("measures", "churn", "--all", "--format", "json", *args).stdout)
    by_key = {(row["subject"], row["metric"], row["bin"]): row for row in found}
    assert len(by_key) == len(found)
    return by_key


def test_every_measure_of_a_batch_is_printed(at: Path) -> None:
    found = asked("--batch", "2026-11-19")
    age = {metric: row for (subject, metric, bin), row in found.items() if subject == "age" and bin is None}
    assert age["psi"]["value"] > 0.25
    assert age["wasserstein"]["value"] == pytest.approx(0.8, abs=0.1)
    assert age["changed"]["value"] == 1
    assert age["psi"]["n"] == 500
    assert {row["against"] for row in found.values()} == {"training"}
    assert found["plan", "ks", None]["value"] is None
    assert found["plan", "ks", None]["reason"] == "it is for numeric variables"
    parts = [row for (subject, metric, _), row in found.items() if (subject, metric) == ("age", "psi_contribution")]
    assert sum(row["value"] for row in parts) == pytest.approx(age["psi"]["value"])
    assert sum(row["n"] for row in parts) == 500
    assert parts[0]["bin_holds"].startswith("<= ")
    assert parts[-1]["bin_holds"] == "missing"
    assert [row["bin_holds"] for (s, m, _), row in found.items() if (s, m) == ("plan", "psi_contribution")][3:] == [
        *("other", "unseen", "missing"),
    ]


def test_both_formats_say_the_same(at: Path) -> None:
    lines = list(csv.reader(io.StringIO(vigie("measures", "churn", "--all", "--batch", "2026-11-19").stdout)))
    found = asked("--batch", "2026-11-19")
    assert len(lines) == len(found) + 1
    assert lines[0] == list(next(iter(found.values())))
    for line, row in zip(lines[1:], found.values(), strict=True):
        assert line == ["" if value is None else str(value) for value in row.values()]


def test_against_the_previous_batch(at: Path) -> None:
    found = asked("--batch", "2026-11-19", "--against", "previous")
    assert {row["against"] for row in found.values()} == {"2026-11-18"}
    training = asked("--batch", "2026-11-19")
    assert found["age", "psi", None]["value"] != training["age", "psi", None]["value"]
    assert found["age", "psi_noise", None]["value"] > training["age", "psi_noise", None]["value"], "both are small"


def test_the_psi_is_the_one_that_evaluation_stores(at: Path) -> None:
    vigie("evaluate", "--as-of", "2026-11-19")
    stored = json.loads(vigie("measures", "churn", "--batch", "2026-11-19", "--format", "json").stdout)
    assert {row["batch_id"] for row in stored} == {"2026-11-19"}
    found = asked("--batch", "2026-11-19")
    compared = 0
    for row in stored:
        computed = found.get((row["subject"], row["metric"], None))
        if computed is not None:
            assert [computed[k] for k in ("value", "low", "high", "n")] == [
                row[k] for k in ("value", "low", "high", "n")
            ]
            compared += 1
    assert compared >= 9


def test_what_cannot_be_answered_is_said(at: Path) -> None:
    for args, words in (
        (["--batch", "2026-11-18"], "versions '1', '2'"),
        (["--batch", "2026-11-17", "--against", "previous"], "no batch before '2026-11-17'"),
        (["--batch", "2026-11-91"], "batch '2026-11-91' was not found. Hint: did you mean"),
        (["--batch", "2026-11-19", "--version", "3"], "version '3' was not found"),
    ):
        assert words in vigie("measures", "churn", "--all", *args, code=1).output
    assert "--batch" in vigie("measures", "churn", "--all", code=2).output
    assert "--all" in vigie("measures", "churn", "--batch", "2026-11-19", "--against", "previous", code=2).output


def test_a_batch_counted_in_earlier_bins_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(tmp_path / "warehouse"))
    (tmp_path / "m.toml").write_text('model_id = "churn"\ntask = "binary"\ncadence = "P1D"\noutcome_window_days = 1\n')
    vigie("register", tmp_path / "m.toml")
    for seed in (1, 5):
        pa_csv.write_csv(rows(1000, seed), tmp_path / f"{seed}.csv")
        vigie(
            "reference",
            "churn",
            "1",
            tmp_path / f"{seed}.csv",
            "--score",
            "score",
            "--exclude",
            "id",
            "--outcome",
            "churned",
        )
        if seed == 1:
            vigie("batch", "churn", "1", "2026-11-19", tmp_path / "1.csv", "--id", "id", "--score", "score")
    assert "deliver the batch again" in vigie("measures", "churn", "--all", "--batch", "2026-11-19", code=1).output
