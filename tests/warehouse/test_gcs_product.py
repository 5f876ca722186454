"""The whole product on a bucket: register, reference, history, evaluate, status, a new batch, and the pages."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.commands import rows, status, vigie
from tests.warehouse.homes import Home

ENTRY = """
model_id = "churn"
name = "Churn"
team = "Base care"
owner_email = "ada@example.org"
task = "binary"
cadence = "P1D"
outcome_window_days = 30
"""


def test_a_model_is_registered_delivered_evaluated_and_shown(
    bucket: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_WAREHOUSE", bucket.address)
    Path("churn.toml").write_text(ENTRY)
    pq.write_table(rows(3000, 1), "train.parquet")
    first = date(2026, 11, 1)
    days = [rows(600, 10 + n) for n in range(6)]
    dated = [t.append_column("day", pa.array([first + timedelta(days=n)] * 600)) for n, t in enumerate(days)]
    pq.write_table(pa.concat_tables(dated).drop_columns(["churned"]), "scored.parquet")
    pq.write_table(rows(600, 30, shift=30).drop_columns(["churned"]), "moved.parquet")

    vigie("register", "churn.toml")
    vigie("reference", "churn", "1", "train.parquet", "--score", "score", "--outcome", "churned", "--exclude", "id")
    vigie(
        "history", "churn", "1", "scored.parquet", "--date", "day", "--every", "day", "--id", "id", "--score", "score"
    )
    vigie("evaluate", "--as-of", "2026-11-06")
    assert [(row["model_id"], row["drift"]) for row in status()] == [("churn", "green")]
    vigie("batch", "churn", "1", "2026-11-07", "moved.parquet", "--id", "id", "--score", "score")
    vigie("evaluate", "--as-of", "2026-11-07")
    (row,) = status()
    assert row["drift"] == "red"
    assert "age" in row["headline"]
    assert f"Checked {bucket.address}: " in vigie("check", "--warehouse").output
    lake = bucket.open()
    gone = str(lake.live_files("predictions")["predictions"][0].file.path)
    lake.store.remove([gone])
    assert (
        f"{bucket.address}/{gone}: it cannot be read: it is not there" in vigie("check", "--warehouse", code=1).output
    )
    assert not (tmp_path / "gs:").exists(), "the address is no folder"
