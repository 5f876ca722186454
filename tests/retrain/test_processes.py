"""Two processes that decide at the same moment, and one that is killed: the request is taken once."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.retrain.ask import retrain
from qod.warehouse import open_warehouse
from tests.alerts.http_server import http_server
from tests.commands import ROOT
from tests.longer import slow
from tests.retrain.trainers import QUICK, GitLab, Receiver, to_webhook
from tests.retrain.worlds import NOW, fill, kinds, red_model, world, written

_RUN = """
import os, sys
from pathlib import Path
from dashboard.retrain.ask import retrain
from qod.warehouse import open_warehouse
from tests.retrain.trainers import GitLab, to_gitlab, to_webhook
from tests.alerts.http_server import HttpServer
from tests.retrain.worlds import red_model, world
target, port, folder, end = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
server = HttpServer(port=port)
entry = {"target": "gitlab", "project": "group/churn", "ref": "main"} if target == "gitlab" else {"target": "webhook"}
settings = to_gitlab(server) if target == "gitlab" else to_webhook(server)
lake = open_warehouse(Path(folder))
deliver, count = lake.deliver, [0]
def delivering(*arguments, **values):
    if count[0] == end:
        os._exit(9)
    count[0] += 1
    return deliver(*arguments, **values)
lake.deliver = delivering
print("ready", flush=True)
sys.stdin.readline()
print(retrain(lake, world(red_model(retrain=entry)), settings)[0].outcome)
"""
NEVER = -1


def start(target: str, port: int, folder: Path, end: int = NEVER) -> subprocess.Popen[str]:
    """A process that waits for a line before it decides, and ends itself before its delivery of that number."""
    arguments = [sys.executable, "-c", _RUN, target, str(port), str(folder), str(end)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(arguments, cwd=ROOT, text=True, **pipes)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("target", slow("webhook", "gitlab"))
def test_two_processes_at_once_train_at_most_once(target: str, tmp_path: Path) -> None:
    fill(tmp_path / "lake")
    receiver, gitlab = Receiver(), GitLab()
    with http_server(answer=gitlab if target == "gitlab" else receiver) as server:
        both = [start(target, server.port, tmp_path / "lake") for _ in range(2)]
        for process in both:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in both:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        outcomes = sorted(process.communicate(timeout=120)[0].strip() for process in both)
    if target == "webhook":
        assert outcomes == ["asked", "asked"]
        assert len(receiver.trained) == 1
        assert "asked" in kinds(open_warehouse(tmp_path / "lake"))
    else:
        assert len(gitlab.pipelines) <= 1
        assert outcomes.count("asked") == len(gitlab.pipelines) or outcomes == ["asked", "asked"]


@pytest.mark.slow
def test_a_process_that_is_killed_between_request_and_record_is_repaired_by_the_next_run(tmp_path: Path) -> None:
    lake = fill(tmp_path / "lake")
    receiver = Receiver()
    with http_server(answer=receiver) as server:
        killed = start("webhook", server.port, tmp_path / "lake", end=1)
        killed.communicate("\n", timeout=120)
        assert killed.returncode == 9
        assert len(receiver.trained) == 1
        assert kinds(lake) == ["planned"]
        seen = world(red_model(), events=written(lake), now=NOW + timedelta(days=1))
        (decision,) = retrain(lake, seen, to_webhook(server), deadline=QUICK)
    assert decision.outcome == "asked"
    assert len(receiver.trained) == 1
    assert kinds(lake) == ["planned", "asked"]
