"""The README's first model really takes five commands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.cli import app

ROOT = Path(__file__).resolve().parents[1]


def test_the_first_model_of_the_readme_gets_its_colour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## Your first model")[1].split("\n## ")[0]
    commands = re.findall(r"^ {4}(vigie .+)$", section, re.MULTILINE)
    assert [shlex.split(command)[1] for command in commands] == [
        *("register", "reference", "history", "outcomes", "evaluate"),
    ]
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    batch = re.findall(r"`(vigie batch [^`]+)`", section)
    for command in [*commands, *batch, "vigie evaluate --as-of 2026-11-19"]:
        code = app(shlex.split(command)[1:], standalone_mode=False)
        assert code == 0, f"{command}: {capsys.readouterr().err}"
    capsys.readouterr()
    app(["status", "--format", "json"], standalone_mode=False)
    [row] = json.loads(capsys.readouterr().out)
    assert (row["model_id"], row["batch_date"]) == ("churn", "2026-11-19")
    assert [row[family] for family in ("colour", "drift", "quality", "performance", "freshness")] == ["green"] * 5


def write_files(folder: Path) -> None:
    """The files the README speaks of: six thousand training rows, seventy days of 300 scored customers, their truth."""
    (folder / "examples").mkdir()
    (folder / "examples" / "churn.toml").write_bytes((ROOT / "examples" / "churn.toml").read_bytes())
    generator = np.random.default_rng(7)
    trained = customers(generator, 6000).assign(scored_on=np.repeat(pd.date_range("2026-07-01", periods=30), 200))
    trained.assign(churned=lambda rows: truth(generator, rows)).to_parquet(folder / "train.parquet")
    days = [str(day.date()) for day in pd.date_range("2026-09-10", periods=70)]
    scored = customers(generator, 300 * len(days)).assign(scored_on=np.repeat(days, 300))
    scored.to_parquet(folder / "scored.parquet")
    known = scored.assign(churned=truth(generator, scored))
    known[["customer_id", "scored_on", "churned"]].to_csv(folder / "truth.csv", index=False)
    customers(generator, 400).to_csv(folder / "scored.csv", index=False)


def customers(generator: np.random.Generator, rows: int) -> pd.DataFrame:
    score = generator.beta(1, 6, rows).round(4)
    return pd.DataFrame(
        {
            "customer_id": [f"c{number}" for number in generator.choice(10**9, rows, replace=False)],
            "tenure_months": generator.gamma(2, 20, rows).round(),
            "plan": generator.choice(["start", "family", "business"], rows, p=[0.5, 0.3, 0.2]),
            "score": score,
        }
    )


def truth(generator: np.random.Generator, rows: pd.DataFrame) -> list[int]:
    return [int(value) for value in generator.random(len(rows)) < rows["score"]]
