from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from dashboard.events import Statement, about, to_table
from dashboard.finding import Finding, from_row
from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse
from tests.alerts import fleet
from tests.commands import ROOT, vigie


@pytest.fixture
def folder(made_fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fleet of its own, in the working directory, with everything set that 'vigie notify' needs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_CHANNELS", "file")
    monkeypatch.setenv("VIGIE_PUBLIC_URL", "https://vigie.example.org/")
    return fleet.copy(made_fleet, tmp_path / "warehouse")


def findings(warehouse: Warehouse, model: str) -> list[Finding]:
    rows = warehouse.query("open_findings", days=[fleet.LAST]).to_pylist()
    return [from_row(row) for row in rows if row["model_id"] == model]


def write(warehouse: Warehouse, kind: str, model: str, **options: Any) -> None:
    """Somebody acknowledges or snoozes what is wrong with a model."""
    statement = Statement(f"{kind}-{model}", kind, "Ana B.", **options)
    made = about(statement, findings(warehouse, model), datetime.now(UTC))
    assert made
    warehouse.deliver({"events": to_table(made)}, kind="events")


def files(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def test_a_dry_run_says_what_would_be_sent_and_leaves_no_trace(folder: Path, tmp_path: Path) -> None:
    before = files(tmp_path)
    told = vigie("notify", "--dry-run").stdout.splitlines()
    assert told == [
        "file: would tell ana@example.org: churn green -> red (began).",
        "file: would tell bob@example.org: credit green -> red (began).",
        "file: would tell chloé@example.org: fraud green -> red (began).",
        "file: would tell dan@example.org: upsell green -> red (began).",
        "Would send 4 messages. Nothing was sent or written.",
    ]
    assert files(tmp_path) == before


def test_a_warehouse_without_models_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = vigie("notify", "--dry-run").stdout
    assert told.startswith("No model is registered yet: run 'vigie register MODEL.toml', or set VIGIE_WAREHOUSE")
    assert not files(tmp_path)


def test_a_dry_run_needs_no_channel(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIGIE_CHANNELS")
    monkeypatch.delenv("VIGIE_PUBLIC_URL")
    result = vigie("notify", "--dry-run")
    assert "would tell ana@example.org: churn green -> red (began)." in result.stdout.splitlines()
    assert "Set VIGIE_CHANNELS." in result.stderr


def test_each_owner_gets_one_letter_whose_links_lead_to_the_finding(folder: Path, tmp_path: Path) -> None:
    told = vigie("notify").stdout.splitlines()
    assert told[0] == "file: told ana@example.org: churn green -> red (began)."
    assert told[-1] == "Sent 4 messages."
    letters = sorted((tmp_path / "outbox").glob("*.eml"))
    assert {path.stem for path in letters} == {path.stem for path in (tmp_path / "outbox").glob("*.json")}
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in letters]
    assert sorted(str(mail["To"]) for mail in mails) == sorted(fleet.OWNERS[model] for model in fleet.RED)
    events = open_warehouse(folder).table("events").to_pylist()
    sent = [row for row in events if row["kind"] == "message_sent"]
    links = {row["event_id"] for row in sent if json.loads(row["facts"])["rule"] == "missing"}
    assert len(links) == 4
    for path in letters:
        body = path.with_suffix(".json").read_text(encoding="utf-8")
        assert any(f"event={link}" in body for link in links), body


def test_who_was_told_is_told_no_more_and_it_says_why(folder: Path) -> None:
    vigie("notify")
    again = vigie("notify").stdout
    assert again.splitlines() == [
        "file: silent about churn (red), credit (red), fraud (red), upsell (red). "
        "Its owner has been told, and nothing is new.",
        "Sent 0 messages.",
    ]


def test_what_somebody_takes_care_of_is_silent_and_it_says_who(folder: Path) -> None:
    warehouse = open_warehouse(folder)
    write(warehouse, "acknowledged", "churn")
    until = datetime.now(UTC).date() + timedelta(days=3)
    write(warehouse, "snoozed", "credit", text="known", until=until)
    told = vigie("notify").stdout
    assert "ana@example.org" not in told
    assert "bob@example.org" not in told
    assert "churn (red, acknowledged by Ana B.)" in told
    assert f"credit (red, snoozed until {until.isoformat()} by Ana B.)" in told
    assert "Sent 2 messages." in told


def test_what_an_owner_cannot_be_told_yet_is_said_to_be_held(folder: Path) -> None:
    vigie("notify")
    warehouse = open_warehouse(folder)
    for model in ("well", "churn"):  # of one owner
        fleet.deliver(warehouse, model, fleet.LAST, holes=model == "well")
    vigie("evaluate", "--as-of", fleet.LAST.isoformat())
    told = vigie("notify").stdout
    [held] = [line for line in told.splitlines() if line.startswith("file: held")]
    assert held.startswith("file: held for ana@example.org until ")
    assert "churn red -> green (recovered)" in held
    assert "well green -> red (began)" in held
    assert told.splitlines()[-1] == "Sent 0 messages. 1 held."


def test_models_that_nobody_owns_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = open_warehouse(folder)
    rows = [row for row in warehouse.table("models").to_pylist() if row["model_id"] == "churn"]
    columns: dict[str, object] = {
        name: [row[name] for row in rows] for name in rows[0] if not name.startswith("deliver")
    }
    columns["owner_email"] = [None]
    warehouse.deliver({"models": table_from_columns("models", columns)}, kind="register")
    said = "no person is told of churn green -> red (began): no owner_email is registered"
    assert said in vigie("notify", "--dry-run").stdout
    monkeypatch.setenv("VIGIE_DEFAULT_OWNER", "team@example.org")
    assert "would tell team@example.org: churn green -> red (began)." in vigie("notify", "--dry-run").stdout
    monkeypatch.delenv("VIGIE_DEFAULT_OWNER")
    # A channel that goes to people cannot tell it, and that is no failure.
    monkeypatch.setenv("VIGIE_CHANNELS", "smtp")
    monkeypatch.setenv("VIGIE_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("VIGIE_SMTP_PORT", "9")
    monkeypatch.setenv("VIGIE_MAIL_FROM", "vigie@example.org")
    told = vigie("notify", code=1)
    assert said in told.stdout
    assert "3 failed." in told.stdout.splitlines()[-1]


def test_a_channel_that_fails_is_told_and_makes_up_for_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where a folder should be", encoding="utf-8")
    result = vigie("notify", code=1)
    assert result.stdout.splitlines()[-1] == "Sent 0 messages. 3 failed. 1 left for the next run."
    failures = result.stderr.splitlines()
    assert len(failures) == 4
    assert failures[0].startswith("file: not sent to ana@example.org (churn green -> red (began)): ")
    assert failures[3] == "file: 1 message left for the next run, since the channel could not be reached."
    (tmp_path / "outbox").unlink()
    assert vigie("notify").stdout.splitlines()[-1] == "Sent 4 messages."
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 4


def test_the_answer_for_programs(folder: Path) -> None:
    dry = json.loads(vigie("notify", "--dry-run", "--json").stdout)
    assert dry["dry_run"] is True
    [channel] = dry["channels"]
    assert [message["state"] for message in channel["messages"]] == ["planned"] * 4
    [change] = channel["messages"][0]["changes"]
    assert (change["model_id"], change["kind"], change["before"], change["now"]) == ("churn", "began", "green", "red")
    assert {"subject": "age", "rule": "missing", "colour": "red", "since": fleet.LAST.isoformat()} in change["findings"]
    sent = json.loads(vigie("notify", "--json").stdout)
    assert [message["state"] for message in sent["channels"][0]["messages"]] == ["sent"] * 4
    assert [m["letter_id"] for m in sent["channels"][0]["messages"]] == [m["letter_id"] for m in channel["messages"]]
    silent = json.loads(vigie("notify", "--json").stdout)["channels"][0]["silent"]
    assert [one["model_id"] for one in silent] == list(fleet.RED)
    assert all(one["reason_en"] and one["reason_fr"] for one in silent)


@pytest.mark.parametrize(
    ("unset", "options", "said"),
    [
        ("VIGIE_CHANNELS", [], "No channel is set: nobody could be told. Hint: set VIGIE_CHANNELS to some of "),
        ("VIGIE_PUBLIC_URL", [], "The setting public_url is not set: the links in messages would lead nowhere. Hint: "),
        ("", ["--channel", "smtp"], "The channel smtp lacks smtp_host and mail_from. Hint: set VIGIE_SMTP_HOST and "),
        ("", ["--channel", "smpt"], "channel 'smpt' was not found. Hint: did you mean 'smtp'?"),
    ],
)
def test_what_is_not_set_is_said_before_anything_is_done(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unset: str, options: list[str], said: str
) -> None:
    if unset:
        monkeypatch.delenv(unset)
    before = files(tmp_path)
    assert f"Error: {said}" in vigie("notify", *options, code=1).stderr
    assert files(tmp_path) == before


def test_a_warehouse_without_models_has_nobody_to_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert vigie("notify", "--dry-run").stdout.splitlines()[-1] == "Would send 0 messages. Nothing was sent or written."


def test_runs_that_find_nothing_leave_no_trace_but_now_and_then(folder: Path) -> None:
    vigie("notify")
    before = files(folder)
    for _ in range(3):
        vigie("notify")
    assert files(folder) == before


def test_it_needs_no_web_application(folder: Path) -> None:
    code = (
        "import sys\nfrom dashboard.cli import app\n"
        "app(['notify', '--dry-run'], standalone_mode=False)\n"
        "print('loaded:', *sorted({'dash', 'plotly', 'flask'} & {name.split('.')[0] for name in sys.modules}))"
    )
    command, environment = [sys.executable, "-c", code], {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder.parent, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "loaded:", done.stderr


def test_a_wrong_setting_ends_it_with_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_CHANNELS", "pigeon")
    said = vigie("notify", code=1).stderr
    assert said.startswith("Error: VIGIE_CHANNELS should be some of smtp, webhook and file")
