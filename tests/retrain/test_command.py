"""`vigie retrain`: what a person sees and says."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.alerts.read import read_world
from dashboard.retrain.ask import retrain
from dashboard.settings import Settings
from qod.contract import table_from_columns
from qod.warehouse import Warehouse
from tests.alerts.http_server import http_server
from tests.commands import process, vigie
from tests.retrain.trainers import QUICK, SECRETS, Receiver, to_webhook
from tests.retrain.worlds import event, fill, kinds, written
from tests.sending import send_events

TODAY = datetime.now(UTC).date()
SINCE = TODAY - timedelta(days=2)


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A red model, churn, that asks a webhook once somebody approves, and a green one."""
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(tmp_path / "lake"))
    monkeypatch.chdir(tmp_path)
    lake = fill(tmp_path / "lake")
    register(lake, "churn", "red", retrain={"target": "webhook"}, policy={"retrain": {"approval": "yes"}})
    register(lake, "calm", "green", retrain={"target": "webhook"})
    return lake


def register(lake: Warehouse, model_id: str, colour: str, **entry: Any) -> None:
    """A registered model as an evaluation left it."""
    models = {
        **{"model_id": model_id, "name": model_id, "task": "binary", "cadence": "P1D", "cohort": "month"},
        **{"outcome_window_days": 0, "registered_at": datetime(2026, 1, 1, tzinfo=UTC)},
        **{name: json.dumps(value) for name, value in entry.items()},
    }
    colours = dict.fromkeys(("colour", "drift", "quality", "performance", "freshness"), colour)
    strip = [{"batch_date": SINCE + timedelta(days=n), "colour": colour} for n in range(3)]
    standing = {
        **{"model_id": model_id, "model_version": "v1", "batch_id": "b", "batch_date": TODAY, "since": SINCE},
        **{"headline_en": "It moved.", "headline_fr": "Cela a bougé.", "as_of": TODAY, "strip": strip, "mark": "m"},
        **colours,
    }
    found = {
        **{"model_id": model_id, "model_version": "v1", "batch_id": "b", "batch_date": TODAY, "since": SINCE},
        **{"subject": "age", "rule": "drift", "family": "drift", "colour": colour, "facts": "{}"},
    }
    rows = {"models": models, "standing": standing} | ({"findings": found} if colour == "red" else {})
    tables = {name: table_from_columns(name, {key: [v] for key, v in row.items()}) for name, row in rows.items()}
    lake.deliver(tables, kind="evaluate")


def decided(lake: Warehouse, settings: Settings) -> str:
    (decision,) = retrain(lake, read_world(lake, datetime.now(UTC), settings), settings, deadline=QUICK)
    return decision.outcome


def test_the_way_of_a_request_from_the_wait_to_the_training(warehouse: Warehouse) -> None:
    assert "Nothing was decided" in vigie("retrain", "list").stderr
    with http_server(answer=Receiver()) as server:
        settings = to_webhook(server)
        assert decided(warehouse, settings) == "awaiting"
        (waits,) = json.loads(vigie("retrain", "list", "--json").stdout)
        assert (waits["model_id"], waits["outcome"], waits["open"]) == ("churn", "awaiting", True)
        assert "awaits approval" in vigie("retrain", "list").stdout
        said = vigie("retrain", "approve", "churn", "--by", "Ada", "--reason", "new tariff").stdout
        assert said == f"Approved: churn, red since {SINCE}.\n"
        approval = written(warehouse)[-1]
        assert (approval.kind, approval.author, approval.facts["text"]) == ("retraining_approved", "Ada", "new tariff")
        assert approval.facts["since"] == SINCE.isoformat()
        assert decided(warehouse, settings) == "asked"
    (asked,) = json.loads(vigie("retrain", "list", "--json").stdout)
    assert (asked["outcome"], asked["open"], asked["target"]) == ("asked", False, "webhook")
    late = vigie("retrain", "decline", "churn", "--by", "Bob", "--reason", "no", code=1).stderr
    assert "asked for on" in late
    assert "request_id" not in vigie("retrain", "list").stdout
    assert not any(secret in vigie("retrain", "list", "--json").stdout for secret in SECRETS)


def test_a_declined_retraining_is_not_asked_for(warehouse: Warehouse) -> None:
    vigie("retrain", "approve", "churn", "--by", "Ada")
    vigie("retrain", "decline", "churn", "--by", "Bob", "--reason", "the campaign ends")
    with http_server() as server:
        assert decided(warehouse, to_webhook(server)) == "refused"
        assert not server.requests
    assert "the campaign ends" in vigie("retrain", "list").stdout
    assert kinds(warehouse)[-1] == "refused"


def test_explain_shows_every_guard_with_its_numbers_and_writes_nothing(warehouse: Warehouse) -> None:
    said = vigie("retrain", "explain", "churn").stdout
    assert "since training: 1,200, 1,000 needed" in said
    assert "Only somebody" in said
    told = json.loads(vigie("retrain", "explain", "churn", "--json").stdout)
    assert {row["guard"]: row["holds"] for row in told["guards"]} == {
        **dict.fromkeys(("quality", "evidence", "cool_down", "per_month", "rows", "trial"), True),
        "approval": False,
    }
    assert all(row["numbers_en"] and row["numbers_fr"] for row in told["guards"])
    assert written(warehouse) == []
    assert "not red" in vigie("retrain", "explain", "calm").stdout


def test_what_cannot_be_answered_is_refused_and_not_written(warehouse: Warehouse) -> None:
    register(warehouse, "plain", "red")
    for arguments, word in (
        (("approve", "nosuch", "--by", "Ada"), "'nosuch'"),
        (("approve", "calm", "--by", "Ada"), "not red"),
        (("approve", "plain", "--by", "Ada"), "[retrain]"),
        (("approve", "churn", "--by", " "), "name"),
        (("approve", "churn", "--by", "A\nB"), "name"),
        (("decline", "churn", "--by", "Ada", "--reason", " "), "declined"),
        (("approve", "churn", "--by", "Ada", "--reason", "x" * 2001), "2,001"),
    ):
        assert word in vigie("retrain", *arguments, code=1).stderr
    vigie("retrain", "approve", "churn", code=2)
    assert written(warehouse) == []


def test_a_list_tells_what_nobody_knows_as_open_and_survives_foreign_rows(warehouse: Warehouse) -> None:
    now = datetime.now(UTC)
    doubt: dict[str, Any] = {
        "run": "r",
        "doubt": True,
        "reasons": [{"en": "who knows\x1b[2J", "fr": "qui sait"}, 7, {"en": 1}],
    }
    send_events(
        warehouse,
        event("retraining_planned", now, run="r"),
        event("retraining_failed", now, target="gitlab", **doubt),
        event("retraining_refused", now, "e", request_id="other", reasons="none", target=["x"]),
        event("retraining_refused", now, request_id=None),
    )
    found = {one["request_id"]: one for one in json.loads(vigie("retrain", "list", "--json").stdout)}
    assert [found[key]["open"] for key in sorted(found)] == [False, True]
    assert "\x1b" not in vigie("retrain", "list").stdout


def test_a_french_reader_is_told_in_french(warehouse: Warehouse, tmp_path: Path) -> None:
    env = {"VIGIE_WAREHOUSE": str(tmp_path / "lake"), "VIGIE_LANGUAGE": "fr"}
    said = process("retrain", "explain", "churn", cwd=tmp_path, env=env).stdout
    assert "Données saines" in said
    assert "Il ne manque que l\u2019approbation" in said


def test_the_day_that_is_looked_from(warehouse: Warehouse) -> None:
    old = datetime.combine(date.today() - timedelta(days=200), datetime.min.time(), UTC)
    send_events(warehouse, event("retraining_refused", old, target="webhook"))
    assert json.loads(vigie("retrain", "list", "--json").stdout) == []
    assert len(json.loads(vigie("retrain", "list", "--json", "--since", "2026-01-01").stdout)) == 1
