from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.events import Event, to_table
from qod.warehouse import open_warehouse
from tests.alerts import fleet
from tests.alerts.breaking_line import Line, breaking_line
from tests.alerts.mail_server import HOST, MailServer, mail_server
from tests.commands import ROOT, vigie
from tests.longer import slow

EVERYBODY = sorted(fleet.OWNERS[model] for model in fleet.RED)


@pytest.fixture
def folder(made_fleet: Path, tmp_path: Path) -> Path:
    return fleet.copy(made_fleet, tmp_path / "warehouse")


@contextmanager
def mails() -> Iterator[tuple[MailServer, Line]]:
    with mail_server() as server, breaking_line(server.port) as line:
        yield server, line


def settings(folder: Path, port: int, channel: str) -> dict[str, str]:
    return {
        "VIGIE_WAREHOUSE": str(folder),
        "VIGIE_CHANNELS": channel,
        "VIGIE_PUBLIC_URL": "https://vigie.example.org/",
        "VIGIE_MAIL_FROM": "vigie@example.org",
        "VIGIE_SMTP_HOST": HOST,
        "VIGIE_SMTP_PORT": str(port or 1),
        "VIGIE_SMTP_SECURITY": "none",
        "VIGIE_OUTBOX": str(folder.parent / "outbox"),
    }


def begin(folder: Path, port: int = 0, channel: str = "smtp") -> subprocess.Popen[str]:
    """A run of the real command, in a process of its own."""
    command = [sys.executable, "-m", "dashboard.cli", "notify"]
    environment = {**os.environ, **settings(folder, port, channel), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, cwd=folder.parent, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def run_again(folder: Path, port: int = 0, channel: str = "smtp") -> None:
    """Run it to its end, now that whoever died is buried, and see that then nothing is left to tell."""
    bury(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings(folder, port, channel).items():
            patch.setenv(name, value)
        vigie("notify")
        assert "Sent 0 messages." in vigie("notify").stdout


def end(process: subprocess.Popen[str], code: int | None = 0) -> str:
    out, err = process.communicate(timeout=120)
    assert code is None or process.returncode == code, out + err
    assert "Traceback" not in err
    return out + err


def bury(folder: Path) -> None:
    """Let the claims of whoever died run out now: nobody needs to wait for that."""
    warehouse, now = open_warehouse(folder), datetime.now(UTC)
    rows = [row for row in warehouse.table("events").to_pylist() if row["kind"] == "notify_claimed"]
    facts = {"until": now.isoformat()}
    dead = [Event(row["event_id"], row["happened_at"], row["kind"], author="notify", facts=facts) for row in rows]
    if dead:
        warehouse.deliver({"events": to_table(dead)}, kind="test")


def received(server: MailServer) -> Counter[tuple[str, str]]:
    """How often each person got each Message-ID."""
    addressed = [(rcpt, mail) for envelope, mail in zip(server.envelopes, server.mails, strict=True)
                 for rcpt in envelope.rcpt_tos]  # fmt: skip
    return Counter((rcpt, str(mail["Message-ID"])) for rcpt, mail in addressed)


def told_once(server: MailServer, *, in_doubt: int) -> None:
    """Everybody was told, in one letter; of those whose record may be missing, so many came again, as the same."""
    found = received(server)
    assert sorted(person for person, _ in found) == EVERYBODY
    assert sum(found.values()) <= len(EVERYBODY) + in_doubt
    assert max(found.values()) <= 1 + in_doubt


def killed_at(folder: Path, server: MailServer, line: Line, answer: int) -> bool:
    """Kill a run at an answer of the mail server, run again twice, and say whether it was killed."""
    line.answers.clear()
    line.kill_at = answer
    process = line.victim = begin(folder, line.port)
    end(process, code=None)
    line.kill_at, line.victim = 0, None
    run_again(folder, line.port)
    return process.returncode == -signal.SIGKILL


def test_killed_before_the_second_mail_was_taken(folder: Path) -> None:
    with mails() as (server, line):
        # Greeting, EHLO, then MAIL, RCPT, DATA and the mail itself for each, with RSET between two.
        assert killed_at(folder, server, line, 2 + 4 + 1 + 3)
        assert received(server) == Counter(dict.fromkeys(received(server), 1))
        told_once(server, in_doubt=0)


def test_killed_between_the_servers_yes_and_the_record_of_it(folder: Path) -> None:
    with mails() as (server, line):
        assert killed_at(folder, server, line, 2 + 4 + 1 + 4)
        told_once(server, in_doubt=1)
        # The one mail that nobody could know of came again, under the same Message-ID.
        assert sorted(received(server).values()) == [1, 1, 1, 2]


@pytest.mark.slow
def test_killed_at_any_answer_of_the_mail_server(made_fleet: Path, tmp_path: Path) -> None:
    answer, dead = 0, True
    while dead:
        answer += 1
        with mails() as (server, line):
            dead = killed_at(fleet.copy(made_fleet, tmp_path / str(answer) / "warehouse"), server, line, answer)
            told_once(server, in_doubt=1)
    assert answer > 2 + 4 * 5


def killed_at_delivery(folder: Path, number: int, port: int = 0, channel: str = "smtp") -> bool:
    """Kill a run as soon as it has written so often to the warehouse, and say whether it was."""
    commits = folder / "_commits"
    before = {path.name for path in commits.iterdir()}
    process = begin(folder, port, channel)
    while process.poll() is None:
        if len({path.name for path in commits.iterdir()} - before) >= number:
            process.kill()
            break
        time.sleep(0.001)
    end(process, code=None)
    return process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("number", [2, *slow(1, 3, 4, 5, 6)])
def test_killed_when_something_was_written_into_an_outbox_that_knows_what_it_has(folder: Path, number: int) -> None:
    """Here nothing is ever told twice: the claim, the plans, a letter, ... were written when it was killed."""
    assert killed_at_delivery(folder, number, channel="file")
    outbox = folder.parent / "outbox"
    before = {path: path.stat().st_mtime_ns for path in outbox.glob("*.eml")}
    run_again(folder, channel="file")
    assert len(list(outbox.glob("*.eml"))) == len(EVERYBODY)
    assert {path: path.stat().st_mtime_ns for path in before} == before  # none was written again
    assert [path.name for path in outbox.iterdir() if path.name.startswith(".")] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_killed_again_and_again_at_moments_that_nobody_chose(folder: Path, seed: int) -> None:
    chance, kills = random.Random(seed), 0
    with mails() as (server, line):
        for _ in range(4):
            process = begin(folder, line.port)
            try:
                process.wait(chance.uniform(0.3, 3.0))
            except subprocess.TimeoutExpired:
                process.kill()
                kills += 1
            end(process, code=None)
            bury(folder)
        run_again(folder, line.port)
        told_once(server, in_doubt=kills)


@pytest.mark.parametrize("rounds", [1, *slow(5)])
def test_several_at_once_tell_everybody_once(made_fleet: Path, tmp_path: Path, rounds: int) -> None:
    for number in range(rounds):
        folder = fleet.copy(made_fleet, tmp_path / str(number) / "warehouse")
        with mail_server() as server:
            said = [end(process) for process in [begin(folder, server.port) for _ in range(3)]]
            told_once(server, in_doubt=0)
        assert sum(words.count("told ") for words in said) == len(EVERYBODY)
