"""`vigie incidents`: what it lists, since when, and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import vigie
from tests.web.lake import TODAY, long_history, small_fleet


def test_the_incidents_of_the_fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_fleet(tmp_path / "warehouse")
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(tmp_path / "warehouse"))
    text = " ".join(vigie("incidents").stdout.split())
    assert "2026-11-19 2 1 tenure_months broke on 19 November in Churn, fixed line and Churn, mobile postpaid" in text
    (found,) = json.loads(vigie("incidents", "--json").stdout)
    assert found == {
        "id": "2026-11-19:tenure_months",
        "kind": "break",
        "colour": "red",
        "since": "2026-11-19",
        "last": "2026-11-19",
        "models": ["churn-fixed", "churn-postpaid"],
        "variables": ["tenure_months"],
        "rules": ["missing"],
        "sentence_en": found["sentence_en"],
        "sentence_fr": found["sentence_fr"],
    }
    assert found["sentence_fr"].startswith("tenure_months\u00a0: rupture le 19\u00a0novembre dans Churn, fixed line et")


def test_only_those_of_the_days_that_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long_history(tmp_path / "warehouse")
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(tmp_path / "warehouse"))
    assert "2026-11-10" in vigie("incidents").stdout
    assert "2026-11-10" in vigie("incidents", "--since", "2026-11-10").stdout
    assert json.loads(vigie("incidents", "--since", "2026-11-11", "--json").stdout) == []
    assert json.loads(vigie("incidents", "--since", "2031-01-01", "--json").stdout) == []
    assert "No incident" in vigie("incidents", "--since", TODAY.isoformat()).stderr
    assert "is no day" in vigie("incidents", "--since", "yesterday", code=2).output


def test_where_nothing_is_evaluated_yet_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(tmp_path / "warehouse"))
    assert "vigie evaluate" in vigie("incidents").stderr
    assert json.loads(vigie("incidents", "--json").stdout) == []
